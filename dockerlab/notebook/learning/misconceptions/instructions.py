"""Misconceptions about the instructions of a Dockerfile."""

from __future__ import annotations

from dockerlab.notebook.learning.experiment import Run, Write
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.question import Choice, Question

DOCKERFILE = "/lab/Dockerfile"
BUILD = Run("docker build -q -t app .")
SERVER = "#!/bin/sh\ntrap 'echo tidied up; exit 0' TERM\nwhile :; do sleep 1; done\n"

MISCONCEPTIONS = (
    Misconception(
        16,
        "3.1.2b",
        belief="RUN cd /x lasts for the next RUN.",
        truth="Each RUN is a process of its own, and starts in the image's working directory. WORKDIR lasts.",
        experiment=(
            Write(DOCKERFILE, "FROM busybox\nRUN cd /etc\nRUN pwd > /without\nWORKDIR /etc\nRUN pwd > /with\n"),
            BUILD,
            Run("docker run --rm app cat /without /with", r"\A/\n/etc\n\Z"),
        ),
        question=Question(
            "3.1.2b cd",
            "A Dockerfile has RUN cd /etc, then RUN pwd. What does pwd print?",
            (
                Choice(
                    "/etc",
                    "It prints /: the first shell, with its directory, has ended. After WORKDIR it prints /etc.",
                    believed=True,
                ),
                Choice("/", "Each RUN starts in the working directory of the image.", right=True),
                Choice("The build fails", "Both commands succeed; the first one just has no lasting effect."),
            ),
        ),
    ),
    Misconception(
        17,
        "3.1.2b",
        belief="RUN export A=1 lasts.",
        truth="A shell's variables end with it. ENV lasts, in the build and in containers.",
        experiment=(
            Write(
                DOCKERFILE,
                'FROM busybox\nRUN export A=1\nRUN echo "A is [$A]" > /without\nENV A=1\nRUN echo "A is [$A]" > /with\n',
            ),
            BUILD,
            Run("docker run --rm app cat /without /with", r"\AA is \[\]\nA is \[1\]\n\Z"),
            Run("docker run --rm app env", r"^A=1$"),
        ),
        question=Question(
            "3.1.2b export",
            'A Dockerfile has RUN export A=1, then RUN echo "A is [$A]". What is printed?',
            (
                Choice(
                    "A is [1]",
                    "It prints A is []: the shell that knew A has ended. After ENV A=1 it prints A is [1].",
                    believed=True,
                ),
                Choice("A is []", "Each RUN is a shell of its own.", right=True),
                Choice("A is [$A]", "RUN runs a shell, and the shell puts in the variable's value: here nothing."),
            ),
        ),
    ),
    Misconception(
        18,
        "3.1.2b",
        belief="ARG is there at run time, and nobody can see what ENV holds.",
        truth="ARG is there only in the build. Both can be read by everybody who has the image: no place for secrets.",
        experiment=(
            Write(DOCKERFILE, "FROM busybox\nARG TOKEN\nENV MODE=quiet\nRUN echo $TOKEN | md5sum > /sum\n"),
            Run("docker build -q -t app --build-arg TOKEN=hunter2 ."),
            Run("docker run --rm app env | grep -E 'TOKEN|MODE'", r"\AMODE=quiet\n\Z"),
            Run("docker history --no-trunc app", r"TOKEN=hunter2"),
            Run("docker inspect -f '{{.Config.Env}}' app", r"MODE=quiet"),
        ),
        question=Question(
            "3.1.2b arg",
            "A token is handed to a build with ARG and --build-arg, and used in a RUN. Who can read it later?",
            (
                Choice(
                    "Nobody: ARG ends with the build",
                    "docker history --no-trunc shows TOKEN=hunter2 beside the RUN.",
                    believed=True,
                ),
                Choice(
                    "Everybody who has the image",
                    "It is written into the history. Secrets need RUN --mount=type=secret.",
                    right=True,
                ),
                Choice("Every program in a container, with env", "env lists what ENV has set, and no ARG."),
            ),
        ),
    ),
    Misconception(
        19,
        "3.1.2b",
        belief="EXPOSE publishes a port.",
        truth="It notes which port the program listens on. docker run -p publishes.",
        experiment=(
            Write(DOCKERFILE, "FROM nginx\nEXPOSE 80\n"),
            BUILD,
            Run("docker run -d --name noted app"),
            Run("docker ps --format '{{.Ports}}'", r"^80/tcp$"),
            Run("curl -s localhost:80", fails=True),
            Run("docker run -d --name published -p 8080:80 app"),
            Run("curl -s localhost:8080", "Welcome to nginx"),
        ),
        question=Question(
            "3.1.2 quick: expose",
            "What does EXPOSE 80 do?",
            (
                Choice(
                    "It publishes port 80 on the host",
                    "curl localhost:80 can't connect. With docker run -p 8080:80, curl localhost:8080 gets the page.",
                    believed=True,
                ),
                Choice(
                    "It writes down that the container listens on port 80",
                    "A note in the image's settings.",
                    right=True,
                ),
                Choice("It opens the host's firewall", "Nothing on the host changes."),
            ),
        ),
    ),
    Misconception(
        20,
        "3.1.2b",
        belief="CMD and ENTRYPOINT are the same.",
        truth="Words after the image's name replace CMD. They are added to ENTRYPOINT, whose default arguments CMD gives.",
        experiment=(
            Write("/lab/cmd", 'FROM busybox\nCMD ["echo", "from cmd"]\n'),
            Write("/lab/entry", 'FROM busybox\nENTRYPOINT ["echo", "from entrypoint"]\n'),
            Write("/lab/both", 'FROM busybox\nENTRYPOINT ["echo", "from entrypoint"]\nCMD ["and cmd"]\n'),
            Run("for name in cmd entry both; do docker build -q -t $name -f $name .; done"),
            Run("docker run --rm busybox echo none", r"^none$"),
            Run("docker run --rm cmd; docker run --rm cmd echo words", r"^from cmd$\n^words$"),
            Run("docker run --rm entry; docker run --rm entry words", r"^from entrypoint$\n^from entrypoint words$"),
            Run(
                "docker run --rm both; docker run --rm both words",
                r"^from entrypoint and cmd$\n^from entrypoint words$",
            ),
        ),
        question=Question(
            "3.1.2b entrypoint",
            'An image has ENTRYPOINT ["echo", "hello"]. What does docker run IMAGE ls do?',
            (
                Choice(
                    "It runs ls, as with CMD",
                    "Run it with words, and they come after 'hello'. With CMD they would take the command's place.",
                    believed=True,
                ),
                Choice("It prints 'hello ls'", "Words after the name become arguments of the entrypoint.", right=True),
                Choice("It prints 'hello', then runs ls", "One command is run, not two."),
            ),
        ),
    ),
    Misconception(
        21,
        "3.1.2b",
        belief="The shell form and the exec form are the same.",
        truth="The shell form runs under /bin/sh -c: the shell puts in variables, and the shell gets the signals.",
        experiment=(
            Write("/lab/serve.sh", SERVER),
            Run("chmod +x serve.sh"),
            Write("/lab/exec", 'FROM busybox\nCOPY serve.sh /\nCMD ["/serve.sh"]\n'),
            Write("/lab/shell", "FROM busybox\nCOPY serve.sh /\nCMD /serve.sh; echo over\n"),
            Run("docker build -q -t exec -f exec . && docker build -q -t shell -f shell ."),
            Run("docker run -d --name exec exec && docker run -d --name shell shell && docker stop exec shell"),
            Run("docker inspect -f '{{.State.ExitCode}}' exec shell", r"^0$\n^137$"),
            Run("docker logs exec", r"^tidied up$"),
            Run("docker logs shell | wc -l", r"^0$"),
            Write(DOCKERFILE, 'FROM busybox\nENV WORD=hello\nCMD ["echo", "$WORD"]\n'),
            Run("docker build -q -t exec . && docker run --rm exec", r"^\$WORD$"),
            Write(DOCKERFILE, "FROM busybox\nENV WORD=hello\nCMD echo $WORD\n"),
            Run("docker build -q -t shell . && docker run --rm shell", r"^hello$"),
        ),
        question=Question(
            "3.1.2b shell form",
            "A server tidies up when it gets SIGTERM. Its image says CMD /serve.sh; echo over. What does docker stop do?",
            (
                Choice(
                    "The server gets the signal and tidies up",
                    "Exit code 137 and an empty log: the shell gets SIGTERM, and after ten seconds all is killed. The exec form ends with 0.",
                    believed=True,
                ),
                Choice(
                    "It waits ten seconds and kills",
                    "Process 1 is the shell, which does not hand the signal on.",
                    right=True,
                ),
                Choice(
                    "Nothing: a shell can't be stopped", "After ten seconds comes SIGKILL, which nobody can ignore."
                ),
            ),
        ),
    ),
    Misconception(
        22,
        "3.1.2b",
        belief="A second CMD is added to the first.",
        truth="Only the last CMD counts.",
        experiment=(
            Write(DOCKERFILE, 'FROM busybox\nCMD ["echo", "first"]\nCMD ["echo", "second"]\n'),
            BUILD,
            Run("docker run --rm app", r"\Asecond\n\Z"),
            Run("docker inspect -f '{{json .Config.Cmd}}' app", r'^\["echo","second"\]$'),
        ),
        question=Question(
            "3.1.2 quick: cmd",
            "A Dockerfile has two CMD instructions. What does docker run do?",
            (
                Choice(
                    "Run one after the other",
                    "Only the second one prints, and docker inspect shows one command under Config.Cmd.",
                    believed=True,
                ),
                Choice("Run the last one", "Each CMD replaces the one before.", right=True),
                Choice("Run the first one", "The first one is forgotten."),
            ),
        ),
    ),
    Misconception(
        23,
        "3.1.2b",
        belief="ADD and COPY are the same.",
        truth="ADD unpacks tar archives of the context, and fetches URLs. COPY copies, and nothing else.",
        experiment=(
            Run("echo hi > page.html && tar -czf site.tar.gz page.html"),
            Write(DOCKERFILE, "FROM busybox\nCOPY site.tar.gz /copied/\nADD site.tar.gz /added/\n"),
            BUILD,
            Run("docker run --rm app ls /copied /added", r"^/added:$\n^page\.html$.*^/copied:$\n^site\.tar\.gz$"),
            Run("docker run -d -p 8080:80 nginx"),
            Write(DOCKERFILE, "FROM busybox\nADD http://localhost:8080/index.html /\n"),
            BUILD,
            Run("docker run --rm app cat /index.html", "Welcome to nginx"),
            Write(DOCKERFILE, "FROM busybox\nCOPY http://localhost:8080/index.html /\n"),
            Run("docker build .", "source can't be a URL", fails=True),
        ),
        question=Question(
            "3.1.2b add",
            "ADD site.tar.gz /added/ and COPY site.tar.gz /copied/. What is in the two folders?",
            (
                Choice(
                    "site.tar.gz in both", "ls shows the archive's files in /added: ADD has unpacked it.", believed=True
                ),
                Choice("Its files in /added, the archive in /copied", "Only ADD unpacks.", right=True),
                Choice("Its files in both", "COPY leaves an archive as it is."),
            ),
        ),
    ),
)
