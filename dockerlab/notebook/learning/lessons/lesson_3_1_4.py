"""Questions and exercises of lesson 3.1.4, best practices."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    HostFile,
    ImageFile,
    ImageSetting,
    LayersAtMost,
    NoTrace,
    SizeBelow,
    StepBefore,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.1.4 quick: backslash",
        "A RUN with three commands, joined by && and broken into three lines with \\. How many layers does it make?",
        (
            Choice("Three, one for each line", "A backslash only goes on with the instruction in the next line."),
            Choice("Three, one for each command", "A layer is what one RUN leaves behind, whatever it ran."),
            Choice("One", "One instruction, one layer.", right=True),
        ),
    ),
    Question(
        "3.1.4 quick: concern",
        "A web server and a cleaning job shall run side by side. How are they packed best?",
        (
            Choice(
                "Both into one container, started by a script",
                "Docker looks after the main process only: nobody sees when the other one fails.",
            ),
            Choice(
                "Two containers, one for each", "Each has its own state, its own logs, its own restarts.", right=True
            ),
            Choice("Two containers, as a container can't run two processes", "It can run many. Docker watches one."),
        ),
    ),
    Question(
        "3.1.4 quick: secret",
        "A build needs a token to fetch a file. Which way leaves no trace of the token in the image?",
        (
            Choice("ARG TOKEN, and docker build --build-arg", "docker history shows it beside the RUN that used it."),
            Choice("COPY token, use it, and RUN rm token", "The layer of the COPY keeps it."),
            Choice(
                "RUN --mount=type=secret, and docker build --secret",
                "The file is there for this RUN only, and in no layer.",
                right=True,
            ),
        ),
    ),
)

PARCEL = "printf 'FROM busybox\\nCOPY . /app\\n{}' > /lab/parcel/Dockerfile"
BUILD_PARCEL = "docker build -q -t parcel /lab/parcel"
ORDER = (
    "FROM python:3.12-alpine",
    "WORKDIR /app",
    "COPY requirements.txt .",
    "RUN pip install -r requirements.txt",
    "COPY app.py .",
    'CMD ["python", "app.py"]',
)
FRESH = "printf 'FROM ubuntu\\nRUN {}\\n' | docker build -q -t fresh -"
CLEAN = "rm -rf /var/lib/apt/lists/*"


def in_order(*numbers: int) -> tuple[str, str]:
    """The Dockerfile with its lines in that order, and its build."""
    lines = "\n".join(ORDER[number] for number in numbers)
    return f"cat > /lab/order/Dockerfile <<'END'\n{lines}\nEND", "docker build -q -t order /lab/order"


EXERCISES = (
    Exercise(
        name="3.1.4 leave out",
        task="`/lab/parcel` holds `app.py`, `passwords.txt` and a Dockerfile with `COPY . /app`. Build an image `parcel` that has `/app/app.py`, and no trace of the passwords in any layer.",
        start=(
            "docker rmi -f parcel 2>/dev/null",
            "rm -rf /lab/parcel; mkdir -p /lab/parcel",
            "echo 'print(1)' > /lab/parcel/app.py; echo 'anna: open sesame' > /lab/parcel/passwords.txt",
            PARCEL.format(""),
        ),
        goals=(ImageFile("parcel", "/app/app.py", "print(1)"), NoTrace("parcel", "open sesame")),
        solution=("echo passwords.txt > /lab/parcel/.dockerignore", BUILD_PARCEL),
        wrong_turns=(
            WrongTurn(
                ("echo passwords.txt > /lab/parcel/.gitignore", BUILD_PARCEL),
                HostFile("/lab/parcel/.gitignore", "passwords.txt"),
                "The builder doesn't read .gitignore. Which file does it read?",
            ),
            WrongTurn(
                (PARCEL.format("RUN rm /app/passwords.txt\\n"), BUILD_PARCEL),
                ImageFile("parcel", "/app/passwords.txt", None),
                "The RUN hides the file, and the layer of the COPY still has it. It must not get into the context at all.",
            ),
        ),
        hints=(
            "What is not in the build context can't be copied.",
            "A file in the context's folder says what is left out, one pattern a line.",
            "echo passwords.txt > /lab/parcel/.dockerignore, then build.",
        ),
    ),
    Exercise(
        name="3.1.4 right order",
        task="A puzzle: put the lines of `/lab/order/Dockerfile` into an order in which a change of `app.py` does not install the requirements again, and build the image `order`, whose program is `/app/app.py`.",
        start=(
            "docker rmi -f order 2>/dev/null",
            "rm -rf /lab/order; mkdir -p /lab/order",
            "echo flask > /lab/order/requirements.txt; echo 'print(1)' > /lab/order/app.py",
        ),
        goals=(
            ImageFile("order", "/app/app.py", "print(1)"),
            StepBefore("order", "pip install", "COPY app.py"),
            ImageSetting("order", "Config.Cmd", ["python", "app.py"]),
        ),
        solution=in_order(0, 1, 2, 3, 4, 5),
        wrong_turns=(
            WrongTurn(
                in_order(0, 1, 4, 2, 3, 5),
                StepBefore("order", "COPY app.py", "pip install"),
                "app.py is copied before the installation: each change of it installs everything again. Copy it later.",
            ),
            WrongTurn(
                in_order(0, 2, 3, 4, 1, 5),
                ImageFile("order", "/app.py", "print(1)"),
                "app.py lies in /. WORKDIR counts for the lines after it: move it up.",
            ),
        ),
        hints=(
            "FROM comes first. What must be there before pip can read it? What changes most often?",
            "WORKDIR stands before the COPY lines, COPY requirements.txt before RUN pip, and COPY app.py after it.",
            "FROM, WORKDIR, COPY requirements.txt, RUN, COPY app.py, CMD",
        ),
    ),
    Exercise(
        name="3.1.4 fresh and small",
        task="Build an image `fresh` from `ubuntu` with `curl` (there is a file `/usr/bin/curl`). It adds one layer, of less than 30 MB, and its list of packages can't go stale.",
        start=("docker rmi -f fresh 2>/dev/null", "docker pull -q ubuntu"),
        goals=(
            ImageFile("fresh", "/usr/bin/curl", ""),
            LayersAtMost("fresh", "ubuntu", 1),
            SizeBelow("fresh", "ubuntu", 30_000_000),
        ),
        solution=(FRESH.format(f"apt-get update && apt-get install -y curl && {CLEAN}"),),
        wrong_turns=(
            WrongTurn(
                (FRESH.format("apt-get update && apt-get install -y curl"),),
                LayersAtMost("fresh", "ubuntu", 1),
                "One layer, and the lists of packages are in it. Delete them in the same RUN, when the installation is done.",
            ),
            WrongTurn(
                (FRESH.format(f"apt-get update\\nRUN apt-get install -y curl\\nRUN {CLEAN}"),),
                ImageFile("fresh", "/usr/bin/curl", ""),
                "curl is there, in more than one layer. What a later RUN deletes is still shipped: join all with &&.",
            ),
        ),
        hints=(
            "Three commands belong together: fetch the lists, install, throw the lists away.",
            "&& joins commands in one RUN; -y answers the question of apt-get install; the lists lie in /var/lib/apt/lists.",
            "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
        ),
    ),
)
