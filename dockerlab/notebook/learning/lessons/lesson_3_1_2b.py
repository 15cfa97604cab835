"""Questions and exercises of lesson 3.1.2b, every instruction of a Dockerfile."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    ContainerOf,
    ContainerStatus,
    ExitCode,
    ImageFile,
    ImageSetting,
    LineBefore,
    Logged,
    Prints,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.1.2b quick: onbuild",
        "An image has ONBUILD RUN make. When is make run?",
        (
            Choice("When this image is built", "Then it is only written down, under Config.OnBuild."),
            Choice("When another image is built FROM this one", "Right after that FROM: a trigger.", right=True),
            Choice("Each time a container starts", "What a container runs is said by ENTRYPOINT and CMD."),
        ),
    ),
    Question(
        "3.1.2b quick: user",
        "USER nobody stands above RUN apt-get install -y curl. What does the build do?",
        (
            Choice("It installs curl for nobody", "Packages go into /usr, where only root may write."),
            Choice(
                "It fails: nobody may not install packages",
                "USER counts for all RUNs below it, and for the container. Install first, then change the user.",
                right=True,
            ),
            Choice("It installs curl: builds always run as root", "Only until the first USER."),
        ),
    ),
    Question(
        "3.1.2b quick: health",
        "The command of a HEALTHCHECK fails three times. What does Docker do with the container?",
        (
            Choice("It stops it", "It goes on running; docker ps says (unhealthy)."),
            Choice("It restarts it", "Not by itself: a restart policy looks at the exit of the main process."),
            Choice(
                "It marks it unhealthy, and lets it run",
                "A mark for people, for docker ps --filter, and for programs that look after containers.",
                right=True,
            ),
        ),
    ),
)


def build(name: str, *lines: str) -> str:
    """A build whose Dockerfile comes from standard input."""
    text = "\n".join(lines)
    return f"docker build -q -t {name} - <<'END'\n{text}\nEND"


PUZZLE = (
    "FROM busybox",
    "WORKDIR /srv",
    "COPY raw .",
    "RUN tr a-z A-Z < raw > motd",
    "USER nobody",
    'CMD ["cat", "motd"]',
)


def in_order(*numbers: int) -> tuple[str, str]:
    """The puzzle's lines in that order, and the build."""
    lines = "\n".join(PUZZLE[number] for number in numbers)
    return f"cat > /lab/puzzle/Dockerfile <<'END'\n{lines}\nEND", "docker build -q -t puzzle /lab/puzzle"


TIDY = "/lab/tidy/Dockerfile"
TIDY_RUN = ("docker build -q -t tidy /lab/tidy", "docker run -d --name tidy tidy", "docker stop tidy")

EXERCISES = (
    Exercise(
        name="3.1.2b greet",
        task="Build an image `greet` from `busybox`: `docker run greet` prints `hello world`, and `docker run greet Rishi` prints `hello Rishi`.",
        start=("docker image rm -f greet 2>/dev/null",),
        goals=(Prints("greet", "", "hello world"), Prints("greet", "Rishi", "hello Rishi")),
        solution=(build("greet", "FROM busybox", 'ENTRYPOINT ["echo", "hello"]', 'CMD ["world"]'),),
        wrong_turns=(
            WrongTurn(
                (build("greet", "FROM busybox", 'CMD ["echo", "hello", "world"]'),),
                ImageSetting("greet", "Config.Entrypoint", None),
                "Rishi takes the place of the whole CMD, and there is no program Rishi. What stays whatever is typed?",
            ),
            WrongTurn(
                (build("greet", "FROM busybox", 'ENTRYPOINT ["echo", "hello", "world"]'),),
                Prints("greet", "Rishi", "hello world Rishi"),
                "Words are added to the entrypoint, so 'world' stays. Which instruction gives arguments that can be replaced?",
            ),
            WrongTurn(
                (build("greet", "FROM busybox", "ENTRYPOINT echo hello", 'CMD ["world"]'),),
                ImageSetting("greet", "Config.Entrypoint", ["/bin/sh", "-c", "echo hello"]),
                "In the shell form the words go to the shell, not to echo. Write the entrypoint as a list.",
            ),
        ),
        hints=(
            "One part of the command stays, the other one can be replaced.",
            "ENTRYPOINT stays; CMD gives the default words that follow it.",
            'ENTRYPOINT ["echo", "hello"] and CMD ["world"]',
        ),
    ),
    Exercise(
        name="3.1.2b in order",
        task="A puzzle: bring the lines into an order that builds the image `puzzle`. As user `nobody` it prints `/srv/motd`, which is the file `raw` in capitals.",
        start=(
            "docker image rm -f puzzle 2>/dev/null",
            "rm -rf /lab/puzzle; mkdir -p /lab/puzzle",
            "echo 'mind the order' > /lab/puzzle/raw",
        ),
        goals=(
            ImageFile("puzzle", "/srv/motd", "MIND THE ORDER"),
            ImageSetting("puzzle", "Config.User", "nobody"),
            Prints("puzzle", "", "MIND THE ORDER"),
        ),
        solution=in_order(0, 1, 2, 3, 4, 5),
        wrong_turns=(
            WrongTurn(
                in_order(0, 2, 1, 3, 4, 5),
                LineBefore("/lab/puzzle/Dockerfile", "COPY", "WORKDIR"),
                "COPY comes before WORKDIR, so raw lies in /, and RUN looks for it in /srv.",
            ),
            WrongTurn(
                in_order(0, 1, 2, 4, 3, 5),
                LineBefore("/lab/puzzle/Dockerfile", "USER", "RUN"),
                "USER counts for all RUNs below it, and nobody may not write into /srv. Do root's work first.",
            ),
            WrongTurn(
                in_order(0, 1, 3, 2, 4, 5),
                LineBefore("/lab/puzzle/Dockerfile", "RUN", "COPY"),
                "RUN needs raw, which is not there yet: COPY brings it.",
            ),
        ),
        hints=(
            "Ask of each line what it needs from the lines above it.",
            "RUN needs raw (COPY) in the folder that it works in (WORKDIR), and the right to write there (before USER).",
            "FROM, WORKDIR, COPY, RUN, USER, CMD",
        ),
    ),
    Exercise(
        name="3.1.2b tidy",
        task="`/lab/tidy/serve.sh` prints `tidied up` when it gets SIGTERM. Mend `/lab/tidy/Dockerfile`, build the image `tidy`, run a container `tidy` from it in the background, and stop it: it should tidy up and end with exit code 0.",
        start=(
            "docker rm -f tidy 2>/dev/null",
            "docker image rm -f tidy 2>/dev/null",
            "mkdir -p /lab/tidy",
            "printf '#!/bin/sh\\ntrap \"echo tidied up; exit 0\" TERM\\nwhile :; do sleep 1; done\\n' > /lab/tidy/serve.sh",
            "chmod +x /lab/tidy/serve.sh",
            f"printf 'FROM busybox\\nCOPY serve.sh /\\nCMD /serve.sh; echo over\\n' > {TIDY}",
        ),
        goals=(ContainerOf("tidy", "tidy"), Logged("tidy", "tidied up"), ExitCode("tidy", 0)),
        solution=(f"printf 'FROM busybox\\nCOPY serve.sh /\\nCMD [\"/serve.sh\"]\\n' > {TIDY}", *TIDY_RUN),
        wrong_turns=(
            WrongTurn(
                TIDY_RUN,
                ExitCode("tidy", 137),
                "137: it was killed. Process 1 is a shell that does not hand the signal on, or the signal was not SIGTERM. (docker rm tidy, then again.)",
            ),
            WrongTurn(
                (f"printf 'FROM busybox\\nCOPY serve.sh /\\nCMD [\"/serve.sh\"]\\n' > {TIDY}", *TIDY_RUN[:2]),
                ContainerStatus("tidy", "running"),
                "It runs, and was not stopped yet.",
            ),
        ),
        hints=(
            "Which process gets the signal? docker inspect shows the command.",
            "The exec form makes the program process 1, without a shell between.",
            'CMD ["/serve.sh"], then docker build -t tidy /lab/tidy, docker run -d --name tidy tidy, docker stop tidy',
        ),
    ),
)
