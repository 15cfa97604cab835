"""Misconceptions about builds: the context, the cache, and what a build leaves in the image."""

from __future__ import annotations

from dockerlab.notebook.learning.experiment import Later, Run, Write
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.question import Choice, Question

DOCKERFILE = "/lab/Dockerfile"
APART = "FROM ubuntu\nRUN apt-get update\nRUN apt-get install -y curl{}\n"
LINKED = "FROM ubuntu\nRUN apt-get update && apt-get install -y curl{}\n"

MISCONCEPTIONS = (
    Misconception(
        24,
        "3.1.2",
        belief="The build can read any file of my disk.",
        truth="It reads only the context, the folder that is sent to the builder, without what .dockerignore names.",
        experiment=(
            Run("mkdir app && echo private > notes.txt && echo draft > app/draft.txt"),
            Write("/lab/app/Dockerfile", "FROM busybox\nCOPY ../notes.txt /\n"),
            Run("docker build app", r'"/notes.txt": not found', fails=True),
            Write("/lab/app/Dockerfile", "FROM busybox\nCOPY draft.txt /\n"),
            Run("docker build -q -t app app"),
            Run("echo draft.txt > app/.dockerignore; docker build app", r'"/draft.txt": not found', fails=True),
        ),
        question=Question(
            "3.1.2 context",
            "COPY ../notes.txt / stands in a Dockerfile that is built with docker build . What happens?",
            (
                Choice(
                    "It copies the file from the folder above",
                    "'\"/notes.txt\": not found': the builder looks in the context, and .. leads nowhere there.",
                    believed=True,
                ),
                Choice(
                    "It fails: the file is outside the context",
                    "Only what is sent to the builder can be copied.",
                    right=True,
                ),
                Choice("It is skipped", "A COPY that finds nothing is an error."),
            ),
        ),
    ),
    Misconception(
        25,
        "3.1.2",
        belief="A file with a new date is copied again by the next build.",
        truth="The cache compares what files hold and their modes, not their dates.",
        experiment=(
            Run("echo one > app.py"),
            Write(DOCKERFILE, "FROM busybox\nCOPY app.py /\n"),
            Run("docker build -q -t app ."),
            Run("touch -d 2031-01-01 app.py && docker build -t app .", r"COPY app\.py /$\n#\d+ CACHED$"),
            Run("echo two > app.py && docker build -t app .", r"COPY app\.py /$\n#\d+ DONE "),
        ),
        question=Question(
            "3.1.2 touch",
            "An image was built with COPY app.py /. Now touch app.py changes the file's date, not its content. What does the next build do?",
            (
                Choice(
                    "COPY is done again: the file is newer",
                    "The build says CACHED for the COPY after touch, and no longer after an edit: content counts.",
                    believed=True,
                ),
                Choice("COPY comes from the cache", "Same content, same mode: same step.", right=True),
                Choice("Everything is built again", "Only what comes after the first changed step would be."),
            ),
        ),
    ),
    Misconception(
        26,
        "3.1.4",
        belief="The order of instructions in a Dockerfile is a matter of taste.",
        truth="Everything after the first change is built again. What changes seldom comes first.",
        experiment=(
            Run("echo flask > requirements.txt; echo one > app.py"),
            Write(
                "/lab/code-first",
                "FROM busybox\nCOPY app.py /\nCOPY requirements.txt /\nRUN echo install > /installed\n",
            ),
            Write(
                "/lab/code-last",
                "FROM busybox\nCOPY requirements.txt /\nRUN echo install > /installed\nCOPY app.py /\n",
            ),
            Run("docker build -q -f code-first . && docker build -q -f code-last ."),
            Run("echo two > app.py"),
            Run("docker build -f code-first .", r"RUN echo install > /installed$\n#\d+ DONE "),
            Run("docker build -f code-last .", r"RUN echo install > /installed$\n#\d+ CACHED$"),
        ),
        question=Question(
            "3.1.4 order",
            "A Dockerfile copies the code, then installs the requirements. You edit one line of code. What is built again?",
            (
                Choice(
                    "Only the COPY of the code, in whatever order they stand",
                    "With the code first the install is done again too; with the code last it is CACHED.",
                    believed=True,
                ),
                Choice(
                    "The COPY and all that follows it",
                    "Copy the requirements first, install, and copy the code last.",
                    right=True,
                ),
                Choice("Nothing: the Dockerfile is the same", "The cache of a COPY also looks at the files."),
            ),
        ),
    ),
    Misconception(
        27,
        "3.1.4",
        belief="An apt-get update that comes from the cache is fine.",
        truth="The list of packages grows old while the repository moves on. Update and install belong into one RUN.",
        experiment=(
            Write(DOCKERFILE, APART.format("")),
            Run("docker build -q -t apart ."),
            Write(DOCKERFILE, LINKED.format("")),
            Run("docker build -q -t linked ."),
            Later(90),
            Write(DOCKERFILE, APART.format(" git")),
            Run("docker build -t apart .", r"CACHED.*404  Not Found", fails=True),
            Write(DOCKERFILE, LINKED.format(" git")),
            Run("docker build -q -t linked ."),
        ),
        question=Question(
            "3.1.4 stale",
            "RUN apt-get update is followed by RUN apt-get install -y curl. Three months later you add git to the second line and build. What happens?",
            (
                Choice(
                    "The newest git is installed",
                    "'404  Not Found': update is CACHED, and its old list names a version that the repository has no more.",
                    believed=True,
                ),
                Choice(
                    "The install fails, or takes an old version", "The list is as old as the cached layer.", right=True
                ),
                Choice("apt updates its list by itself", "Only apt-get update does that, and it was not run."),
            ),
        ),
    ),
    Misconception(
        28,
        "3.1.4",
        belief="Cleaning up in the next RUN makes the image smaller.",
        truth="Only in the RUN that made the files. The layers before it stay as they are.",
        experiment=(
            Write("/lab/none", "FROM ubuntu\nRUN apt-get update\n"),
            Write("/lab/apart", "FROM ubuntu\nRUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*\n"),
            Write("/lab/joined", "FROM ubuntu\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\n"),
            Run("for name in none apart joined; do docker build -q -t $name -f $name .; done"),
            Run("size() { docker image inspect -f '{{.Size}}' $1; }"),
            Run("test $(size apart) -ge $(size none) && test $(size joined) -lt $(size none)"),
            Run("docker run --rm apart ls -A /var/lib/apt/lists | wc -l", r"^0$"),
        ),
        question=Question(
            "3.1.4 cleaning",
            "RUN apt-get update is followed by RUN rm -rf /var/lib/apt/lists/*. How does the second RUN change the image's size?",
            (
                Choice(
                    "It gets smaller by the lists",
                    "docker images shows no smaller image than without the second RUN. With && in one RUN it is smaller.",
                    believed=True,
                ),
                Choice(
                    "It doesn't get smaller",
                    "The lists are hidden by whiteouts, and still in the layer below.",
                    right=True,
                ),
                Choice("The lists are needed, so the build fails", "They are needed only to install packages."),
            ),
        ),
    ),
    Misconception(
        39,
        "3.1.4",
        belief="The same Dockerfile always gives the same image ID.",
        truth="The ID covers times, and what the build fetched that day. Both change.",
        experiment=(
            Write(DOCKERFILE, "FROM busybox\nRUN date > /built\n"),
            Run("docker build -q --no-cache . > first"),
            Run("docker build -q . | cmp - first"),
            Later(1),
            Run("docker build -q --no-cache . > second"),
            Run("cmp first second", "differ", fails=True),
        ),
        question=Question(
            "3.1.4 same ID",
            "You build one Dockerfile with --no-cache today and tomorrow. Are the image IDs the same?",
            (
                Choice(
                    "Yes: the same text gives the same image",
                    "After a day the two IDs differ. Only the cache gives the same one.",
                    believed=True,
                ),
                Choice("No: times, and maybe the base, have changed", "The ID is the digest of all of it.", right=True),
                Choice("Only if the computer is another one", "The same computer makes another image, too."),
            ),
        ),
    ),
    Misconception(
        42,
        "3.1.4",
        belief="A secret that was deleted is gone, and ENV hides one.",
        truth="The layer below keeps the file, and the settings show ENV, to everybody who has the image.",
        experiment=(
            Run("echo hunter2 > secret"),
            Write(DOCKERFILE, "FROM busybox\nCOPY secret /secret\nRUN rm /secret\nENV PASSWORD=swordfish\n"),
            Run("docker build -q -t app ."),
            Run("docker run --rm app cat /secret", "No such file", fails=True),
            Run("docker save app -o app.tar && tar -xf app.tar"),
            Run("for layer in */layer.tar; do tar -xOf $layer secret 2>/dev/null; done; true", r"^hunter2$"),
            Run("docker inspect -f '{{.Config.Env}}' app", "PASSWORD=swordfish"),
            Run("docker history --no-trunc app", "ENV PASSWORD=swordfish"),
        ),
        question=Question(
            "3.1.2 quick: earlier",
            "From lesson 3.1.1: RUN rm /secret in a later step. Who can still read the file?",
            (
                Choice(
                    "Nobody",
                    "docker save and tar open the layer of the COPY, and the secret is in it.",
                    believed=True,
                ),
                Choice(
                    "Everybody who has the image",
                    "It lies in an earlier layer; save the image and look.",
                    right=True,
                ),
                Choice("Only root", "Anyone can open an image's layers: they are tar files."),
            ),
        ),
    ),
    Misconception(
        47,
        "3.1.4",
        belief=".gitignore counts for the build.",
        truth="Only .dockerignore does.",
        experiment=(
            Run("mkdir app && cd app && touch app.py keys.txt"),
            Write("/lab/app/Dockerfile", "FROM busybox\nCOPY . /app\n"),
            Run("echo keys.txt > .gitignore && docker build -q -t app ."),
            Run("docker run --rm app ls /app", r"^keys\.txt$"),
            Run("echo keys.txt > .dockerignore && docker build -q -t app ."),
            Run("docker run --rm app ls /app | grep -c keys", r"^0$", fails=True),
        ),
        question=Question(
            "3.1.4 gitignore",
            ".gitignore names keys.txt. The Dockerfile says COPY . /app. Is keys.txt in the image?",
            (
                Choice("No: it is ignored", "ls /app lists it, until .dockerignore names it too.", believed=True),
                Choice("Yes", "The build reads .dockerignore, and no other list.", right=True),
                Choice("Only in the first layer", "COPY makes one layer, and the file is in it."),
            ),
        ),
    ),
)
