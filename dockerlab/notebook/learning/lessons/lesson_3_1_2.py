"""Questions and exercises of lesson 3.1.2, Dockerfile."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import ImageExists, ImageFile, ImageSetting, LayersAtMost, Prints
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.1.2 name",
        "docker build . -t rishiCSE/ubuntu_py:v2 names the image after a user with capital letters. What happens?",
        (
            Choice(
                "It builds; names may be written as one likes",
                "Repository names are lower case; only tags may have capitals.",
            ),
            Choice("It is refused", "The name is checked first: repository name must be lowercase.", right=True),
            Choice("The name is changed to lower case", "Docker never changes a name by itself."),
        ),
    ),
    Question(
        "3.1.2 label",
        'LABEL Description = "This is a test" has blanks around the =. What is the label\'s value?',
        (
            Choice("This is a test", 'That is what Description="This is a test" would give, without blanks.'),
            Choice(
                "= This is a test",
                "With a blank after the key the rest of the line is the value: the old form of LABEL.",
                right=True,
            ),
            Choice("It is an error", "The old form LABEL key value is still accepted, with a warning."),
        ),
    ),
    Question(
        "3.1.2 quick: from",
        "What may stand before FROM in a Dockerfile?",
        (
            Choice("Nothing at all", "Comments, parser directives and ARG may."),
            Choice("Comments and ARG", "An ARG before FROM may be used in FROM itself.", right=True),
            Choice("RUN, to prepare the build", "A RUN needs a base image to run in."),
        ),
    ),
    Question(
        "3.1.2 quick: file",
        "docker build -f recipes/web.Dockerfile app: in which folder does COPY index.html / look for the file?",
        (
            Choice("In recipes, where the Dockerfile lies", "-f says only which text is read as the Dockerfile."),
            Choice("In app", "The last word is the context, and COPY reads from the context only.", right=True),
            Choice("First in recipes, then in app", "There is one context, and no search."),
        ),
    ),
    Question(
        "3.1.2 quick: missing",
        "docker image history shows <missing> in the column IMAGE, in all rows but the first. Why?",
        (
            Choice("The layers have not been pulled", "They are there: the column SIZE shows their sizes."),
            Choice(
                "The steps between have no image of their own",
                "BuildKit makes one image, at the end. The legacy builder made one for each step.",
                right=True,
            ),
            Choice(
                "The cache was emptied", "The cache has nothing to do with the history, which is part of the image."
            ),
        ),
    ),
)

GREETER = 'printf \'FROM busybox\\nCOPY greeting.txt /greeting.txt\\nCMD ["cat", "/greeting.txt"]\\n\' > /lab/greeter/Dockerfile'

EXERCISES = (
    Exercise(
        name="3.1.2 first image",
        task="In `/lab/greeter` there is a file `greeting.txt`. Build an image `greeter:1.0` from `busybox` that has it as `/greeting.txt` and prints it when run.",
        start=(
            "docker image rm -f greeter:1.0 2>/dev/null",
            "mkdir -p /lab/greeter",
            "echo 'good evening' > /lab/greeter/greeting.txt",
            "rm -f /lab/greeter/Dockerfile",
        ),
        goals=(
            ImageFile("greeter:1.0", "/greeting.txt", "good evening"),
            Prints("greeter:1.0", "", "good evening"),
        ),
        solution=(GREETER, "docker build -t greeter:1.0 /lab/greeter"),
        wrong_turns=(
            WrongTurn(
                (GREETER.replace("CMD", "RUN"), "docker build -t greeter:1.0 /lab/greeter"),
                ImageSetting("greeter:1.0", "Config.Cmd", ["sh"]),
                "The image still has busybox's own command. RUN works while the image is built; CMD says what a container runs.",
            ),
            WrongTurn(
                (
                    GREETER.replace('"cat", "/greeting.txt"', '"cat /greeting.txt"'),
                    "docker build -t greeter:1.0 /lab/greeter",
                ),
                ImageSetting("greeter:1.0", "Config.Cmd", ["cat /greeting.txt"]),
                "There is no program called 'cat /greeting.txt': in the list each word stands for itself.",
            ),
        ),
        hints=(
            "Three instructions: where to start, what to copy, what to run.",
            "COPY takes a path in the build context first, then the path in the image.",
            'FROM busybox, COPY greeting.txt /greeting.txt, CMD ["cat", "/greeting.txt"]',
        ),
    ),
    Exercise(
        name="3.1.2 label",
        task="Build an image `labelled` from `busybox` whose label `Description` is exactly `This is a test`.",
        start=("docker image rm -f labelled 2>/dev/null", "mkdir -p /lab/labelled", "rm -f /lab/labelled/Dockerfile"),
        goals=(ImageExists("labelled:latest"), ImageSetting("labelled", "Config.Labels.Description", "This is a test")),
        solution=(
            "printf 'FROM busybox\\nLABEL Description=\"This is a test\"\\n' > /lab/labelled/Dockerfile",
            "docker build -t labelled /lab/labelled",
        ),
        wrong_turns=(
            WrongTurn(
                (
                    "printf 'FROM busybox\\nLABEL Description = \"This is a test\"\\n' > /lab/labelled/Dockerfile",
                    "docker build -t labelled /lab/labelled",
                ),
                ImageSetting("labelled", "Config.Labels.Description", "= This is a test"),
                "The = became part of the value: no blanks around it.",
            ),
            WrongTurn(
                (
                    "printf 'FROM busybox\\nLABEL description=\"This is a test\"\\n' > /lab/labelled/Dockerfile",
                    "docker build -t labelled /lab/labelled",
                ),
                ImageSetting("labelled", "Config.Labels.description", "This is a test"),
                "Labels know capitals from small letters: Description is another label than description.",
            ),
        ),
        hints=(
            "docker inspect shows labels under Config.Labels.",
            "LABEL key=value, the value in quotes when it has blanks.",
            'LABEL Description="This is a test"',
        ),
    ),
    Exercise(
        name="3.1.2 one layer",
        task="Build an image `tools` from `ubuntu` in which `curl` is installed (there is a file `/usr/bin/curl`), with one more layer than ubuntu.",
        start=(
            "docker image rm -f tools 2>/dev/null",
            "docker pull -q ubuntu",
            "mkdir -p /lab/tools",
            "rm -f /lab/tools/Dockerfile",
        ),
        goals=(ImageFile("tools", "/usr/bin/curl", ""), LayersAtMost("tools", "ubuntu", 1)),
        solution=(
            "printf 'FROM ubuntu\\nRUN apt-get update && apt-get install -y curl\\n' > /lab/tools/Dockerfile",
            "docker build -t tools /lab/tools",
        ),
        wrong_turns=(
            WrongTurn(
                (
                    "printf 'FROM ubuntu\\nRUN apt-get update\\nRUN apt-get install -y curl\\n' > /lab/tools/Dockerfile",
                    "docker build -t tools /lab/tools",
                ),
                ImageFile("tools", "/usr/bin/curl", ""),
                "curl is there, in two layers more than ubuntu. Join update and install with &&.",
            ),
            WrongTurn(
                (
                    "printf 'FROM ubuntu\\nRUN apt-get update\\n' > /lab/tools/Dockerfile",
                    "docker build -t tools /lab/tools",
                ),
                ImageFile("tools", "/usr/bin/curl", None),
                "There is no curl in the image yet: update only fetches the lists of packages.",
            ),
        ),
        hints=(
            "apt-get install needs the lists that apt-get update fetches.",
            "Each RUN is a layer; && joins two commands in one RUN; -y answers apt's question.",
            "RUN apt-get update && apt-get install -y curl",
        ),
    ),
)
