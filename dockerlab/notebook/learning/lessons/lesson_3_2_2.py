"""Questions and exercises of lesson 3.2.2, tags."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    ContainerFile,
    ContainerStatus,
    ImageExists,
    ImageFile,
    NoneDangling,
    OtherImage,
    SameImage,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.2.2 another's name",
        "docker image tag busybox ubuntu:latest gives busybox the name of another image. What happens?",
        (
            Choice("It is refused: busybox is no Ubuntu", "Nobody compares a name with what is in the image."),
            Choice("busybox has one more name, ubuntu:latest", "A name says nothing about the files.", right=True),
            Choice("Docker fetches the real Ubuntu first", "tag asks no registry: it only writes a name on this host."),
        ),
    ),
    Question(
        "3.2.2 rebuilt",
        "app:2 is built once more from changed files, under the same tag. What becomes of the image that was app:2?",
        (
            Choice("It is changed", "An image never changes: a build makes a new one."),
            Choice("It is deleted", "docker images still lists it, as <none>: it has only lost its name."),
            Choice("It stays, without a name", "The tag has moved to the new image.", right=True),
        ),
    ),
    Question(
        "3.2.2 quick: capitals",
        "Which of these names is accepted?",
        (
            Choice("rishiCSE/ubuntu:latest", "The part before the / has capitals: refused."),
            Choice("rishicse/Ubuntu:latest", "The repository's name has a capital: refused."),
            Choice("rishicse/ubuntu:Latest", "Tags may have capitals; Latest and latest are two tags.", right=True),
        ),
    ),
    Question(
        "3.2.2 quick: left out",
        "You type docker pull student/shop. What is asked for, and where?",
        (
            Choice(
                "student/shop:latest, at docker.io", "What is left out is filled in: docker.io and latest.", right=True
            ),
            Choice(
                "The newest tag of student/shop, at docker.io", "Nobody looks which tag is the newest: it is latest."
            ),
            Choice("Every tag of student/shop", "That takes docker pull --all-tags."),
        ),
    ),
    Question(
        "3.2.2 quick: rename",
        "There is no docker rename for images. How does shop:1 become store:1?",
        (
            Choice(
                "docker rmi shop:1, then docker tag shop:1 store:1",
                "After rmi there is nothing left to give a name to.",
            ),
            Choice(
                "docker tag shop:1 store:1, then docker rmi shop:1",
                "First the new name, then the old one goes.",
                right=True,
            ),
            Choice("docker build -t store:1 .", "That makes an image anew, which may be another one."),
        ),
    ),
    Question(
        "3.2.2 quick: digest",
        "Your servers must all run exactly the image that was tested. Which name do you give them?",
        (
            Choice("shop:latest", "latest means what somebody tagged so last."),
            Choice("shop:2.1", "Better, but whoever may push can move this tag, too."),
            Choice("shop@sha256:…", "The digest is computed from the image: other bytes, other digest.", right=True),
        ),
    ),
)

BUILT = "docker build -q -t {} /lab/{} >/dev/null"
REGISTRY = (
    "docker start registry >/dev/null 2>&1 || docker run -q -d -p 5000:5000 --name registry registry:2 >/dev/null"
)


def edition(folder: str, text: str) -> str:
    """A line that writes a Dockerfile whose image holds `text` in /edition."""
    return (
        f'printf \'FROM busybox\\nRUN echo {text} > /edition\\nCMD ["cat", "/edition"]\\n\' > /lab/{folder}/Dockerfile'
    )


EXERCISES = (
    Exercise(
        name="3.2.2 aliases",
        task="`shop:2.1` is the newest release. Give the same image the names `shop:2` and `shop:latest`, too.",
        start=(
            "docker rmi -f shop:2.1 shop:2 shop:latest shop2 2>/dev/null",
            "mkdir -p /lab/shop",
            edition("shop", "2.1"),
            BUILT.format("shop:2.1", "shop"),
        ),
        goals=(SameImage("shop:2", "shop:2.1"), SameImage("shop:latest", "shop:2.1")),
        solution=("docker image tag shop:2.1 shop:2", "docker image tag shop:2.1 shop:latest"),
        wrong_turns=(
            WrongTurn(
                ("printf 'FROM shop:2.1\\nLABEL release=2\\n' | docker build -q -t shop:2 -",),
                OtherImage("shop:2", "shop:2.1"),
                "shop:2 is an image of its own. One more name needs no build: docker image tag SOURCE NEW_NAME.",
            ),
            WrongTurn(
                ("docker image tag shop:2.1 shop2",),
                ImageExists("shop2:latest"),
                "shop2 is another repository, and its tag is latest. What follows the repository's name is the tag: shop:2.",
            ),
        ),
        hints=(
            "docker image tag takes the name that is there first, then the new one.",
            "Two new names: the command is typed twice. shop without a tag means shop:latest.",
            "docker image tag shop:2.1 shop:2, then docker image tag shop:2.1 shop:latest.",
        ),
    ),
    Exercise(
        name="3.2.2 old build",
        task="`shelf:1` was built twice, and the second build is broken. The first one is still there, but has lost its name: call it `shelf:old`. Leave `shelf:1` as it is.",
        start=(
            "docker rmi -f shelf:1 shelf:old 2>/dev/null",
            "docker image prune -f >/dev/null",
            "mkdir -p /lab/shelf",
            edition("shelf", "first"),
            BUILT.format("shelf:1", "shelf"),
            edition("shelf", "broken"),
            BUILT.format("shelf:1", "shelf"),
        ),
        goals=(ImageFile("shelf:old", "/edition", "first"), ImageFile("shelf:1", "/edition", "broken")),
        solution=("docker image tag $(docker images -q --filter dangling=true) shelf:old",),
        wrong_turns=(
            WrongTurn(
                ("docker image tag shelf:1 shelf:old",),
                SameImage("shelf:old", "shelf:1"),
                "shelf:old is the broken build now, under one more name. The first build is the row with <none>.",
            ),
            WrongTurn(
                ("docker image prune -f",),
                NoneDangling(),
                "No image is without a name any more. If prune took the first build, restart() builds both again.",
            ),
        ),
        hints=(
            "docker images lists an image without a name as <none>.",
            "What has no name still has an ID, and docker image tag takes an ID, or its first characters.",
            "docker images, then docker image tag ID shelf:old with the ID of the <none> row.",
        ),
    ),
    Exercise(
        name="3.2.2 pinned",
        task="`localhost:5000/news:1` was pushed twice; the host's file `/lab/news/first` holds the digest of the first push. Run a container named `pinned` from exactly that image.",
        start=(
            "docker rm -f pinned 2>/dev/null",
            "docker rmi -f localhost:5000/news:1 2>/dev/null",
            REGISTRY,
            "mkdir -p /lab/news",
            edition("news", "first"),
            f"{BUILT.format('localhost:5000/news:1', 'news')} && docker push -q localhost:5000/news:1",
            "docker image inspect -f '{{index .RepoDigests 0}}' localhost:5000/news:1 | cut -d@ -f2 > /lab/news/first",
            "docker rmi -f localhost:5000/news:1",
            edition("news", "second"),
            f"{BUILT.format('localhost:5000/news:1', 'news')} && docker push -q localhost:5000/news:1",
            "docker rmi -f localhost:5000/news:1",
        ),
        goals=(ContainerFile("pinned", "/edition", "first"),),
        solution=("docker run --name pinned localhost:5000/news@$(cat /lab/news/first)",),
        wrong_turns=(
            WrongTurn(
                ("docker run --name pinned localhost:5000/news:1",),
                ContainerFile("pinned", "/edition", "second"),
                "The tag has moved to the second push. docker rm pinned, then name the image by its digest: NAME@sha256:…",
            ),
            WrongTurn(
                ("docker run --rm --name pinned localhost:5000/news@$(cat /lab/news/first)",),
                ContainerStatus("pinned", None),
                "There is no container named pinned. The name is all of localhost:5000/news, then @, then the digest; --rm would remove the container.",
            ),
        ),
        hints=(
            "A digest stands where the tag would, after an @ instead of the colon.",
            "cat /lab/news/first shows the digest. $(cat /lab/news/first) puts it into a line.",
            "docker run --name pinned localhost:5000/news@$(cat /lab/news/first)",
        ),
    ),
)
