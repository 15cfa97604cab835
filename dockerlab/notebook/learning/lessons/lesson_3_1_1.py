"""Questions and exercises of lesson 3.1.1, layered file systems."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    ContainerChange,
    ContainerFile,
    ContainerStatus,
    ImageFile,
    LayersAtMost,
    SizeBelow,
    StartedAgain,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.1.1 quick: lookup",
        "Three layers hold /etc/app.conf. Which one does a container read?",
        (
            Choice("The bottom one, as it is the original", "Lookup goes from the top down."),
            Choice("The topmost one", "The first layer from the top that has the path wins.", right=True),
            Choice("All three, joined together", "Directories are merged, files are not."),
        ),
    ),
    Question(
        "3.1.1 quick: whiteout",
        "docker diff shows 'D /etc/motd'. Where is the file now?",
        (
            Choice("Gone from the image", "No container can change its image."),
            Choice(
                "Still in the image's layer, hidden in this container by a whiteout",
                "Other containers see it as before.",
                right=True,
            ),
            Choice("Moved into the writable layer", "The writable layer only notes that it is hidden."),
        ),
    ),
)

EXERCISES = (
    Exercise(
        name="3.1.1 copy up",
        task="Container `editor` runs from `busybox`. Make `docker diff editor` list `C /etc/passwd`, without making a new file.",
        start=("docker rm -f editor 2>/dev/null", "docker run -d --name editor busybox sleep 100000"),
        goals=(ContainerChange("editor", "C", "/etc/passwd"), ContainerStatus("editor", "running")),
        solution=("docker exec editor chmod 600 /etc/passwd",),
        wrong_turns=(
            WrongTurn(
                ("docker exec editor rm /etc/passwd",),
                ContainerChange("editor", "D", "/etc/passwd"),
                "You deleted the file: diff shows D. restart() brings it back; then change it instead.",
            ),
            WrongTurn(
                ("docker exec editor touch /etc/passwd.new",),
                ContainerChange("editor", "A", "/etc/passwd.new"),
                "That is a new file, so diff shows A. Change the one that comes from the image.",
            ),
        ),
        hints=(
            "docker exec CONTAINER COMMAND runs a command in a running container.",
            "Any change copies a file up: its content, its mode, its owner, its date.",
            "docker exec editor chmod 600 /etc/passwd",
        ),
    ),
    Exercise(
        name="3.1.1 survive",
        task="Container `keeper` runs from `busybox`. Write the word `kept` into its file `/note`, and bring it through a stop: in the end it runs again and the file is there.",
        start=("docker rm -f keeper 2>/dev/null", "docker run -d --name keeper busybox sleep 100000"),
        goals=(ContainerFile("keeper", "/note", "kept"), StartedAgain("keeper")),
        solution=("docker exec keeper sh -c 'echo kept > /note'", "docker stop keeper", "docker start keeper"),
        wrong_turns=(
            WrongTurn(
                ("docker exec keeper sh -c 'echo kept > /note'", "docker stop keeper"),
                ContainerStatus("keeper", "exited"),
                "keeper has stopped. Start it again and look whether /note is still there.",
            ),
            WrongTurn(
                ("docker rm -f keeper",),
                ContainerStatus("keeper", None),
                "docker rm took the writable layer with it. restart() gives you a new keeper; this time only stop it.",
            ),
        ),
        hints=(
            "Three steps: write, stop, start.",
            "A redirection belongs to a shell in the container: docker exec keeper sh -c '...'.",
            "docker exec keeper sh -c 'echo kept > /note', then docker stop keeper, then docker start keeper.",
        ),
    ),
    Exercise(
        name="3.1.1 no waste",
        task="`/lab/waste/Dockerfile` makes a file of 5 MB in one step and deletes it in the next. Build an image `lean` from `busybox` that also ends up with `/ready` but without `/big`, and adds less than 1 MB.",
        start=(
            "docker image rm -f lean 2>/dev/null",
            "docker pull -q busybox",
            "mkdir -p /lab/waste",
            "printf 'FROM busybox\\nRUN dd if=/dev/zero of=/big bs=1000 count=5000\\nRUN rm /big && echo ok > /ready\\n' > /lab/waste/Dockerfile",
        ),
        goals=(
            ImageFile("lean", "/ready", "ok"),
            ImageFile("lean", "/big", None),
            SizeBelow("lean", "busybox", 1_000_000),
            LayersAtMost("lean", "busybox", 2),
        ),
        solution=(
            "printf 'FROM busybox\\nRUN dd if=/dev/zero of=/big bs=1000 count=5000 && rm /big && echo ok > /ready\\n' > /lab/waste/Dockerfile",
            "docker build -t lean /lab/waste",
        ),
        wrong_turns=(
            WrongTurn(
                (
                    "printf 'FROM busybox\\nRUN dd if=/dev/zero of=/big bs=1000 count=5000\\n' > /lab/waste/Dockerfile",
                    "docker build -t lean /lab/waste",
                ),
                ImageFile("lean", "/big", "\0"),
                "/big is still in the image: delete it in the very RUN that makes it.",
            ),
            WrongTurn(
                ("docker build -t lean /lab/waste",),
                LayersAtMost("lean", "busybox", 2),
                "Look at docker history lean: which step holds the 5 MB? What is deleted in a later step is still shipped.",
            ),
        ),
        hints=(
            "Each RUN makes one layer, of what is there when that RUN ends.",
            "&& joins commands into one RUN.",
            "RUN dd ... && rm /big && echo ok > /ready",
        ),
    ),
)
