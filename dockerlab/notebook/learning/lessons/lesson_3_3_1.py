"""Questions and exercises of lesson 3.3.1, a local registry."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    MountedAt,
    NoName,
    NotPushed,
    Published,
    Pushed,
    PushedLabel,
    StoreUnnamed,
    Swept,
)
from dockerlab.notebook.learning.question import Choice, Question

QUESTIONS = (
    Question(
        "3.3.1 quick: rm",
        "localhost:5000/ubuntu:v2 was pushed. What does docker image rm localhost:5000/ubuntu:v2 take away?",
        (
            Choice("The image in the registry", "It asks no registry: docker pull brings the image back at once."),
            Choice("The name on this host", "The registry is not even asked.", right=True),
            Choice("Both", "What is in a registry is deleted only by a request to that registry."),
        ),
    ),
    Question(
        "3.3.1 quick: port",
        "A second registry shall answer at port 5001 of the host. Inside its container it listens at 5000. What do you type?",
        (
            Choice("-p 5000:5001", "That publishes port 5001 of the container, at which nobody listens, as 5000."),
            Choice("-p 5001:5001", "Nobody listens at 5001 in the container: the connection ends at once."),
            Choice("-p 5001:5000", "The host's port first, then the container's.", right=True),
        ),
    ),
    Question(
        "3.3.1 quick: restart",
        "What does --restart=always do for the registry?",
        (
            Choice("It pushes images again after a restart", "It knows nothing of images, only of the container."),
            Choice("It starts the container again with the daemon", "And whenever its program ends.", right=True),
            Choice("It keeps the images when the container is removed", "A volume does that."),
        ),
    ),
    Question(
        "3.3.1 quick: another host",
        "Your registry runs on the machine teacher, without a certificate. Another machine pushes to teacher:5000/box. What happens?",
        (
            Choice("It works as it does with localhost", "Only names of the own host are tried without HTTPS."),
            Choice(
                "It is refused: Docker wants HTTPS",
                "Give the registry a certificate, or name it under insecure-registries in daemon.json.",
                right=True,
            ),
            Choice("The image goes to Docker Hub instead", "The name says teacher:5000, and no other place is tried."),
        ),
    ),
)

PUSHED = "docker push -q {} >/dev/null"
LABELLED = "printf 'FROM busybox\\nLABEL edition={}\\nRUN echo {} > /edition\\n' | docker build -q -t {} - >/dev/null"
STORE = "-v attic-images:/var/lib/registry -e REGISTRY_STORAGE_DELETE_ENABLED=true"
COLLECT = "docker exec attic registry garbage-collect /etc/docker/registry/config.yml"
DELETE = (
    "curl -s -X DELETE localhost:5003/v2/box/manifests/"
    "$(docker image inspect -f '{{{{index .RepoDigests 0}}}}' localhost:5003/box:{} | cut -d@ -f2)"
)

EXERCISES = (
    Exercise(
        name="3.3.1 shelf",
        task="Run a second registry in a container named `shelf`. It answers at `localhost:5001`, and its images lie in a volume with a name. Push `busybox` to it as `box:1`.",
        start=(
            "docker rm -f shelf >/dev/null 2>&1",
            "docker volume rm shelf-images >/dev/null 2>&1",
            "docker rmi localhost:5001/box:1 >/dev/null 2>&1",
            "docker pull -q busybox",
            "docker start registry >/dev/null 2>&1 || docker run -q -d -p 5000:5000 --name registry registry:2",
        ),
        goals=(
            Published("shelf", "5000/tcp", "5001"),
            MountedAt("shelf", "/var/lib/registry"),
            Pushed("localhost:5001/box:1"),
        ),
        solution=(
            "docker run -d -p 5001:5000 --name shelf -v shelf-images:/var/lib/registry registry:2",
            "docker tag busybox localhost:5001/box:1",
            "docker push localhost:5001/box:1",
        ),
        wrong_turns=(
            WrongTurn(
                ("docker run -d -p 5001:5001 --name shelf -v shelf-images:/var/lib/registry registry:2",),
                Published("shelf", "5001/tcp", "5001"),
                "In the container the registry listens at 5000: -p HOST:CONTAINER. docker rm -f shelf, then again.",
            ),
            WrongTurn(
                ("docker run -d -p 5001:5000 --name shelf registry:2",),
                StoreUnnamed("shelf"),
                "Its images lie in a volume without a name, which the next container won't find: -v NAME:/var/lib/registry. A container's volumes can't be changed, so docker rm -fv shelf, then again.",
            ),
            WrongTurn(
                (
                    "docker run -d -p 5001:5000 --name shelf -v shelf-images:/var/lib/registry registry:2",
                    "docker tag busybox localhost:5000/box:1",
                    "docker push localhost:5000/box:1",
                ),
                Pushed("localhost:5000/box:1"),
                "box:1 went to the registry at port 5000. The name says where: localhost:5001/box:1.",
            ),
        ),
        hints=(
            "Three steps: run the registry, give busybox a name that begins with the registry, push that name.",
            "-p takes the host's port first; -v NAME:/var/lib/registry gives it a volume with a name.",
            "docker run -d -p 5001:5000 --name shelf -v shelf-images:/var/lib/registry registry:2, then docker tag and docker push.",
        ),
    ),
    Exercise(
        name="3.3.1 lost",
        task="The registry `lost` at port 5002 had the image `news:1`. Somebody typed `docker rm -f lost`. Its volume is still there, the only one without a name that no container uses. Run a registry at `localhost:5002` that has `news:1` again.",
        start=(
            "docker rm -f lost found >/dev/null 2>&1",
            "docker volume prune -f >/dev/null",
            "docker ps -aq --filter publish=5002 | xargs -r docker rm -fv >/dev/null",
            "docker run -q -d -p 5002:5000 --name lost registry:2",
            LABELLED.format("evening", "evening", "localhost:5002/news:1"),
            PUSHED.format("localhost:5002/news:1"),
            "docker rmi -f localhost:5002/news:1",
            "docker rm -f lost",
        ),
        goals=(PushedLabel("localhost:5002/news:1", "edition", "evening"),),
        solution=(
            "docker run -d -p 5002:5000 --name found -v $(docker volume ls -q --filter dangling=true | grep -E '^.{64}$'):/var/lib/registry registry:2",
        ),
        wrong_turns=(
            WrongTurn(
                ("docker run -d -p 5002:5000 --name lost registry:2",),
                NotPushed("localhost:5002/news:1"),
                "This registry has a new, empty volume. docker rm -fv it, find the old one with docker volume ls, and give it with -v.",
            ),
            WrongTurn(
                (
                    "docker run -d -p 5002:5000 --name lost registry:2",
                    "docker pull -q busybox",
                    "docker tag busybox localhost:5002/news:1",
                    "docker push localhost:5002/news:1",
                ),
                Pushed("localhost:5002/news:1"),
                "That is another image under the old name. The old one still lies in the volume of the container that is gone.",
            ),
        ),
        hints=(
            "docker rm without -v leaves anonymous volumes behind.",
            "docker volume ls --filter dangling=true lists volumes that no container uses. A name of 64 digits and letters is Docker's own: nobody gave one.",
            "docker run -d -p 5002:5000 -v THAT_VOLUME:/var/lib/registry registry:2",
        ),
    ),
    Exercise(
        name="3.3.1 attic",
        task="The registry `attic` at `localhost:5003` has `box:1` and `box:2`. Delete `box:1` there, keep `box:2`, and let no blob stay that nobody needs. (On this host both names are known.)",
        start=(
            "docker rm -f attic >/dev/null 2>&1",
            "docker volume rm attic-images >/dev/null 2>&1",
            f"docker run -q -d -p 5003:5000 --name attic {STORE} registry:2",
            LABELLED.format("one", "one", "localhost:5003/box:1"),
            LABELLED.format("two", "two", "localhost:5003/box:2"),
            PUSHED.format("-a localhost:5003/box"),
        ),
        goals=(NotPushed("localhost:5003/box:1"), Pushed("localhost:5003/box:2"), Swept("attic")),
        solution=(DELETE.format(1), COLLECT),
        wrong_turns=(
            WrongTurn(
                (DELETE.format(1),),
                NotPushed("localhost:5003/box:1"),
                "The registry has forgotten box:1, but its blobs are still in the volume. registry garbage-collect in the container takes them.",
            ),
            WrongTurn(
                ("docker rmi localhost:5003/box:1", COLLECT),
                NoName("localhost:5003/box:1"),
                "docker rmi took the name away on this host; the registry was not asked. Pull it again, then send the registry a DELETE.",
            ),
        ),
        hints=(
            "Deleting takes a request to the registry: curl -X DELETE, with the manifest's digest.",
            "The digest is in RepoDigests of docker image inspect localhost:5003/box:1. Afterwards the container has to collect garbage.",
            "curl -X DELETE localhost:5003/v2/box/manifests/sha256:…, then docker exec attic registry garbage-collect /etc/docker/registry/config.yml",
        ),
    ),
)
