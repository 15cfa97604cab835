"""Misconceptions about making one image of another: export and import, squash."""

from __future__ import annotations

from dockerlab.notebook.learning.experiment import Run, Write
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.question import Choice, Question

BASE = "FROM busybox\nRUN dd if=/dev/zero of=/tools bs=1000 count=5000\n"

MISCONCEPTIONS = (
    Misconception(
        29,
        "3.2.3",
        belief="docker export and docker save are the same.",
        truth="save keeps images: layers, tags, history, settings. export keeps the files of one container, and nothing else.",
        experiment=(
            Write("/lab/Dockerfile", 'FROM busybox\nRUN echo hi > /hi\nCMD ["cat", "/hi"]\n'),
            Run("docker build -q -t app . && docker create --name box app"),
            Run("docker save -o saved.tar app && docker export -o exported.tar box"),
            Run("docker rm box && docker rmi app && docker load -i saved.tar", r"^Loaded image: app:latest$"),
            Run("docker run --rm app", r"^hi$"),
            Run("docker import exported.tar flat"),
            Run("docker history app | wc -l; docker history flat | wc -l", r"^5$\n^2$"),
            Run("docker run --rm flat", "No command specified", fails=True),
            Run("docker run --rm flat cat /hi", r"^hi$"),
        ),
        question=Question(
            "3.2.3 export",
            "A container is exported, the archive is imported as flat. What does docker run flat do?",
            (
                Choice(
                    "The same as with the image that the container was made from",
                    "'No command specified': CMD is lost, and docker history has one row. save and load keep both.",
                    believed=True,
                ),
                Choice("It fails: no command specified", "An export has files only, no settings.", right=True),
                Choice("It fails: the files are missing", "cat /hi works: the files are all there."),
            ),
        ),
    ),
    Misconception(
        30,
        "3.2.3",
        belief="Squashing always saves space.",
        truth="It drops bytes that a later layer deletes, but the images no longer share what they had in common.",
        experiment=(
            Write("/etc/docker/daemon.json", '{"experimental": true}\n'),
            Run("sudo systemctl restart docker && export DOCKER_BUILDKIT=0"),
            Write("/lab/one", BASE + "RUN echo one > /name\n"),
            Write("/lab/two", BASE + "RUN echo two > /name\n"),
            Run("docker build -q -t one -f one . && docker build -q -t two -f two ."),
            Run("docker system df", r"^Images +3 +0 +9\.\d+MB"),
            Run("docker build -q --squash -t one -f one . && docker build -q --squash -t two -f two ."),
            Run("docker image prune -f && docker system df", r"^Images +3 +0 +14\.\d+MB"),
            Write("/lab/waste", BASE + "RUN rm /tools\n"),
            Run("docker build -q --squash -t lean -f waste .", "sha256:"),
            Run("docker images lean --format '{{.Size}}'", r"^4\.27MB$"),
        ),
        question=Question(
            "3.2.3 squash",
            "Two images share a layer of 5 MB. Both are built again with --squash. What happens to the disk that they use?",
            (
                Choice(
                    "It gets less: a squashed image is smaller",
                    "docker system df rises from 9 to 14 MB: each image has the 5 MB in a layer of its own now.",
                    believed=True,
                ),
                Choice(
                    "It gets more: they share less",
                    "Squash helps where a later step deletes what an earlier one made.",
                    right=True,
                ),
                Choice(
                    "It stays the same",
                    "Only layers that are the same are there once, and these are no longer the same.",
                ),
            ),
        ),
    ),
)
