"""Misconceptions about containers: what they are, what they share, what they keep."""

from __future__ import annotations

from dockerlab.notebook.learning.experiment import Run, Write
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.question import Choice, Question

MISCONCEPTIONS = (
    Misconception(
        2,
        "3.1",
        belief="A container copies its image.",
        truth="It adds one thin writable layer. A hundred containers share one stack of read-only layers.",
        experiment=(
            Run("docker pull -q busybox"),
            Run("for i in $(seq 100); do docker run -d busybox sleep 3600; done"),
            Run("docker ps -s --format '{{.Size}}' | sort | uniq -c", r"^ *100 0B \(virtual 4\.\d+MB\)$"),
            Run("docker system df", r"^Images +1 +1 +4\.\d+MB.*^Containers +100 +100 +0B"),
        ),
        question=Question(
            "3.1 disk",
            "Three containers are started from one image of 4 MB. How much disk do they take together?",
            (
                Choice(
                    "About 12 MB, a copy each",
                    "docker ps -s shows 0B for each container: they read the same layers, and have written nothing yet.",
                    believed=True,
                ),
                Choice(
                    "About 4 MB",
                    "The image's layers are there once; each container adds only what it writes.",
                    right=True,
                ),
                Choice("About 16 MB, the image and three copies", "Nothing is copied when a container starts."),
            ),
        ),
    ),
    Misconception(
        3,
        "3.1.1",
        belief="Stopping a container loses its data.",
        truth="stop ends the process and keeps the writable layer. rm drops it.",
        experiment=(
            Run("docker run -d --name diary busybox sleep 3600"),
            Run("docker exec diary sh -c 'echo day 1 > /note'"),
            Run("docker stop diary && docker start diary"),
            Run("docker exec diary cat /note", r"^day 1$"),
            Run("docker rm -f diary"),
            Run("docker run --name diary busybox cat /note", "No such file", fails=True),
        ),
        question=Question(
            "3.1.1 stop",
            "A container writes /note and is stopped. After docker start, is /note still there?",
            (
                Choice(
                    "No: a stop loses it",
                    "After stop and start docker exec still reads the file. It is gone only after docker rm.",
                    believed=True,
                ),
                Choice("Yes", "The writable layer outlives a stop; docker rm ends it.", right=True),
                Choice(
                    "Only if it was written to a volume",
                    "A volume outlives docker rm too; for a stop the writable layer is enough.",
                ),
            ),
        ),
    ),
    Misconception(
        4,
        "3.1.1",
        belief="Containers are stateless, so they can't write.",
        truth="They can. What they write ends with them, unless it is in a volume.",
        experiment=(
            Run("docker run --name writer busybox sh -c 'echo kept > /note; cat /note'", r"^kept$"),
            Run("docker diff writer", r"^A /note$"),
            Run("docker rm writer"),
            Run("docker run --rm busybox cat /note", "No such file", fails=True),
            Run("docker run --rm -v notes:/data busybox sh -c 'echo kept > /data/note'"),
            Run("docker run --rm -v notes:/data busybox cat /data/note", r"^kept$"),
        ),
        question=Question(
            "3.1.1 quick: stateless",
            "Why are containers called stateless?",
            (
                Choice(
                    "They can't write",
                    "They can: docker diff lists 'A /note' for the file that a container has made.",
                    believed=True,
                ),
                Choice(
                    "What they write goes with them when they are removed",
                    "So data that must last belongs in a volume.",
                    right=True,
                ),
                Choice("They forget all when they stop", "The writable layer is still there after a stop."),
            ),
        ),
    ),
    Misconception(
        31,
        "3.2.3",
        belief="docker commit keeps what is in volumes.",
        truth="Volumes are outside the layers, so no image holds them.",
        experiment=(
            Run("docker run --name box -v data:/data busybox sh -c 'echo in > /data/note; echo out > /note'"),
            Run("docker commit box kept"),
            Run("docker run --rm kept cat /note", r"^out$"),
            Run("docker run --rm kept cat /data/note", "No such file", fails=True),
            Run("docker run --rm -v data:/data kept cat /data/note", r"^in$"),
        ),
        question=Question(
            "3.2.3 commit",
            "A container has written /note, and /data/note in a volume. docker commit makes an image of it. What is in the image?",
            (
                Choice(
                    "Both files",
                    "cat /note works in a container of the new image, cat /data/note says 'No such file': it is in the volume.",
                    believed=True,
                ),
                Choice("/note", "commit keeps the writable layer; the volume is not part of it.", right=True),
                Choice("Neither", "The writable layer with /note becomes the new image's top layer."),
            ),
        ),
    ),
    Misconception(
        32,
        "3.1.2b",
        belief="An anonymous volume goes when its container is removed.",
        truth="docker rm leaves it behind. Only docker rm -v and docker run --rm take it away.",
        experiment=(
            Run("docker run --name one -v /data busybox true"),
            Run("docker rm one"),
            Run("docker volume ls -q | wc -l", r"^1$"),
            Run("docker run --name two -v /data busybox true"),
            Run("docker rm -v two"),
            Run("docker run --rm -v /data busybox true"),
            Run("docker volume ls -q | wc -l", r"^1$"),
        ),
        question=Question(
            "3.1.2b anonymous volume",
            "An image has VOLUME /data. A container is made from it and removed with docker rm. What becomes of its volume?",
            (
                Choice("It goes with the container", "docker volume ls still lists it after docker rm.", believed=True),
                Choice("It stays until it is removed itself", "docker rm -v would have taken it along.", right=True),
                Choice("It becomes part of the image", "An image holds layers and settings, never a volume."),
            ),
        ),
    ),
    Misconception(
        40,
        "3.1",
        belief="Images that don't run are containers that have stopped, and the other way round.",
        truth="An image never runs. A container that was only created, or has exited, is still a container.",
        experiment=(
            Run("docker run --name done busybox true"),
            Run("docker create --name made busybox"),
            Run("docker ps -q | wc -l", r"^0$"),
            Run("docker ps -a --format '{{.Names}}: {{.Status}}'", r"^made: Created$.*^done: Exited \(0\)"),
            Run("docker images -q | wc -l", r"^1$"),
        ),
        question=Question(
            "3.1 quick: exited",
            "docker ps lists nothing, docker ps -a lists one row with 'Exited (0)'. What is that row?",
            (
                Choice(
                    "An image that is not running",
                    "docker images lists images, and no row of it says Exited: an image never runs.",
                    believed=True,
                ),
                Choice(
                    "A container whose main process has ended without an error",
                    "0 is the exit code of its process.",
                    right=True,
                ),
                Choice("A container that failed", "A failure has an exit code other than 0."),
            ),
        ),
    ),
    Misconception(
        44,
        "3.3.3",
        belief="A pull updates running containers.",
        truth="They keep the image that they were made from. Only a new container uses the new one.",
        experiment=(
            Run("docker run -d -p 5000:5000 --name registry registry:2"),
            Write("/lab/Dockerfile", "FROM busybox\nRUN echo 1 > /version\n"),
            Run(
                "docker build -q -t localhost:5000/app . && docker push -q localhost:5000/app && docker tag localhost:5000/app old"
            ),
            Write("/lab/Dockerfile", "FROM busybox\nRUN echo 2 > /version\n"),
            Run(
                "docker build -q -t localhost:5000/app . && docker push -q localhost:5000/app && docker tag old localhost:5000/app"
            ),
            Run("docker run -d --name web localhost:5000/app sleep 3600 && docker rmi old"),
            Run("docker pull localhost:5000/app", "Downloaded newer image"),
            Run("docker exec web cat /version", r"^1$"),
            Run("docker ps --filter name=web --format '{{.Image}}'", r"^[0-9a-f]{12}$"),
            Run("docker run --rm localhost:5000/app cat /version", r"^2$"),
        ),
        question=Question(
            "3.3.3 running container",
            "A container runs from app:latest. docker pull fetches a newer app:latest. What does the container run now?",
            (
                Choice(
                    "The new image",
                    "docker exec web cat /version still prints 1, and docker ps shows an ID where the name was: the name has moved.",
                    believed=True,
                ),
                Choice("The image that it was made from", "Replace the container to use the new one.", right=True),
                Choice(
                    "The new image, once it is restarted", "A restart starts the same container, with the same layers."
                ),
            ),
        ),
    ),
    Misconception(
        49,
        "3.1",
        belief="A container is a small virtual machine.",
        truth="It is a process with its own view of files. When the main process ends, the container has exited.",
        experiment=(
            Run("docker run -d --name short busybox echo hi && docker wait short", r"^0$"),
            Run("docker ps -a --format '{{.Names}}: {{.Status}}'", r"^short: Exited \(0\)"),
            Run("docker exec short ls", "is not running", fails=True),
            Run("docker run --rm busybox ps", r"^ +1 root .*ps$"),
        ),
        question=Question(
            "3.1 machine",
            "docker run -d busybox echo hi starts a container in the background. What does docker ps show a moment later?",
            (
                Choice(
                    "A running container, like a small computer",
                    "docker ps -a says Exited (0): the container lived as long as echo, its main process, and no longer.",
                    believed=True,
                ),
                Choice(
                    "No container: echo has ended, so the container has exited",
                    "A container is one process with its own view of files.",
                    right=True,
                ),
                Choice(
                    "An error, because echo is not a server",
                    "Any program may be the main process; this one just ends at once.",
                ),
            ),
        ),
    ),
)
