"""Questions and exercises of lesson 3.1, images and containers."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import ContainerOf, ContainerStatus, ImageExists, Logged
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.1 what is left",
        "hello-world prints its text and ends. What is left on the host afterwards?",
        (
            Choice(
                "Nothing: the program has ended", "The process has ended, but its container is still there, exited."
            ),
            Choice("An image", "The image is there, and one thing more: docker ps -a shows it."),
            Choice(
                "An image and a container that has exited",
                "A container outlives its process until docker rm takes it away.",
                right=True,
            ),
        ),
    ),
    Question(
        "3.1 quick: image",
        "Which of these is an image?",
        (
            Choice("A program that runs in the background", "What runs is a process in a container."),
            Choice(
                "Read-only layers of files with settings such as the command to run",
                "Files and settings; nothing in it runs.",
                right=True,
            ),
            Choice(
                "A container that has been stopped",
                "A stopped container is still a container: it has a writable layer of its own.",
            ),
        ),
    ),
    Question(
        "3.1 quick: many",
        "How many containers can be made from one image?",
        (
            Choice("One at a time", "Any number at once: none of them changes the image."),
            Choice("As many as you like", "They share its layers, which nobody writes to.", right=True),
            Choice("As many as it has layers", "Layers and containers have nothing to do with each other in number."),
        ),
    ),
    Question(
        "3.1 quick: pull",
        "docker run needs an image that is not on the host. What happens?",
        (
            Choice("It stops with an error", "Only if the registry does not have it either."),
            Choice(
                "It pulls the image from the registry, then runs it",
                "Docker Hub, unless the name says another registry.",
                right=True,
            ),
            Choice("It builds the image", "Building needs a Dockerfile and docker build."),
        ),
    ),
)

EXERCISES = (
    Exercise(
        name="3.1 greeting",
        task="Run a container named `greeter` from the image `busybox` that prints `good morning` and ends. Leave it there, exited.",
        start=("docker rm -f greeter 2>/dev/null",),
        goals=(
            ContainerOf("greeter", "busybox"),
            Logged("greeter", "good morning"),
            ContainerStatus("greeter", "exited"),
        ),
        solution=("docker run --name greeter busybox echo good morning",),
        wrong_turns=(
            WrongTurn(
                ("docker run -d --name greeter busybox sleep 1000",),
                ContainerStatus("greeter", "running"),
                "Your container still runs: its main process has not ended. What should its command be? (docker rm -f greeter removes it.)",
            ),
            WrongTurn(
                ("docker create --name greeter busybox echo good morning",),
                ContainerStatus("greeter", "created"),
                "The container was made but never started. docker start greeter runs it; docker run does both at once.",
            ),
        ),
        hints=(
            "docker run makes a container and starts it; what stands after the image's name is the command.",
            "--name gives the container a name; without --rm it stays after its process has ended.",
            "docker run --name greeter busybox echo ...",
        ),
    ),
    Exercise(
        name="3.1 two from one",
        task="Start two containers, `left` and `right`, from the image `alpine`, both running in the background (`sleep 600` will do).",
        start=("docker rm -f left right 2>/dev/null",),
        goals=(
            ContainerOf("left", "alpine"),
            ContainerOf("right", "alpine"),
            ContainerStatus("left", "running"),
            ContainerStatus("right", "running"),
        ),
        solution=("docker run -d --name left alpine sleep 600", "docker run -d --name right alpine sleep 600"),
        wrong_turns=(
            WrongTurn(
                ("docker run -d --name left alpine", "docker run -d --name right alpine"),
                ContainerStatus("left", "exited"),
                "left has exited: a shell with no input ends at once. Give the containers something to do, such as sleep 600.",
            ),
            WrongTurn(
                ("docker run -d --name left alpine sleep 600", "docker run -d --name right busybox sleep 600"),
                ContainerOf("right", "busybox"),
                "right was made from busybox. Both should come from one image: alpine.",
            ),
        ),
        hints=(
            "Each docker run makes one container: you need two of them.",
            "-d runs a container in the background.",
            "docker run -d --name left alpine sleep 600, and the same for right.",
        ),
    ),
    Exercise(
        name="3.1 clean up",
        task="The container `old` is running. Make it go away completely, but keep the image `busybox`.",
        start=("docker rm -f old 2>/dev/null", "docker run -d --name old busybox sleep 100000"),
        goals=(ContainerStatus("old", None), ImageExists("busybox:latest")),
        solution=("docker stop old", "docker rm old"),
        wrong_turns=(
            WrongTurn(
                ("docker stop old",),
                ContainerStatus("old", "exited"),
                "old has stopped, but it is still there: docker ps -a shows it, with all that it has written.",
            ),
            WrongTurn(
                ("docker pause old",),
                ContainerStatus("old", "paused"),
                "A paused container only stands still. Stop it (or use rm -f), then remove it.",
            ),
        ),
        hints=(
            "Two things end a container: its process has to stop, and the container has to be removed.",
            "docker stop ends the process, docker rm removes the container with its writable layer.",
            "docker stop old, then docker rm old (or both at once: docker rm -f old).",
        ),
    ),
)
