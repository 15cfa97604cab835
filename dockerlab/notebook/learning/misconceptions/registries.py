"""Misconceptions about registries: where images go, what is sent and kept, whom to trust."""

from __future__ import annotations

from dockerlab.notebook.learning.experiment import Run, Write
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.question import Choice, Question

DOCKERFILE = "/lab/Dockerfile"
REGISTRY = Run("docker run -d -p 5000:5000 --name registry registry:2")
BLOBS = "docker exec registry find /var/lib/registry/docker/registry/v2/blobs -name data | wc -l"

MISCONCEPTIONS = (
    Misconception(
        33,
        "3.3.3",
        belief="A push sends the whole image.",
        truth="It sends only the blobs that the registry lacks. What another repository there has, is mounted from it.",
        experiment=(
            REGISTRY,
            Write("/lab/one", "FROM busybox\nRUN echo one > /one\n"),
            Write("/lab/two", "FROM busybox\nRUN echo two > /two\n"),
            Run("docker build -q -t localhost:5000/app:1 -f one . && docker build -q -t localhost:5000/app:2 -f two ."),
            Run("docker push localhost:5000/app:1", r"^[0-9a-f]{12}: Pushed$.*^[0-9a-f]{12}: Pushed$"),
            Run("docker push localhost:5000/app:2", r"Layer already exists"),
            Run(
                "docker tag localhost:5000/app:1 localhost:5000/other && docker push localhost:5000/other",
                "Mounted from app",
            ),
            Run(BLOBS, r"^7$"),
        ),
        question=Question(
            "3.3.3 push",
            "app:1 is in the registry. You push app:2, built from the same base. What is sent?",
            (
                Choice(
                    "All layers of app:2",
                    "The push says 'Layer already exists' for the base: only the new layer was Pushed.",
                    believed=True,
                ),
                Choice("The layers that the registry lacks", "It is asked for each blob first.", right=True),
                Choice("Only the name", "The new layer and the configuration have to be sent, too."),
            ),
        ),
    ),
    Misconception(
        34,
        "3.3.1",
        belief="The registry is in an image's name only by custom.",
        truth="The name says where push and pull go. Without a registry in it, that is Docker Hub.",
        experiment=(
            REGISTRY,
            Run("docker pull -q busybox && docker tag busybox localhost:5000/box && docker tag busybox box"),
            Run("docker push localhost:5000/box", r"repository \[localhost:5000/box\].*digest: sha256:"),
            Run("curl -s localhost:5000/v2/_catalog", r'"box"'),
            Run("docker push box", r"repository \[docker.io/library/box\].*denied", fails=True),
        ),
        question=Question(
            "3.3.1 name",
            "A registry runs at localhost:5000. docker push box: where does the image go?",
            (
                Choice(
                    "To the registry that runs here",
                    "The push names docker.io/library/box, and is denied. localhost:5000/box goes to the local one.",
                    believed=True,
                ),
                Choice("To Docker Hub", "A name without a registry means docker.io.", right=True),
                Choice("To both", "One name, one registry."),
            ),
        ),
    ),
    Misconception(
        35,
        "3.3.2",
        belief="docker login keeps my password safe.",
        truth="It lies in config.json in base64, which anybody can read, unless a credential helper keeps it.",
        experiment=(
            Run("echo opensesame | docker login -u me --password-stdin", "stored unencrypted"),
            Run("cat ~/.docker/config.json", r'"auth": "bWU6b3BlbnNlc2FtZQ=="'),
            Run("echo bWU6b3BlbnNlc2FtZQ== | base64 -d", "me:opensesame"),
            Run("docker logout && cat ~/.docker/config.json", r'"auths": \{\}'),
        ),
        question=Question(
            "3.3.2 password",
            'After docker login a file has the entry "auth": "bWU6…". Who can read the password?',
            (
                Choice("Nobody: it is encrypted", "base64 -d turns the entry back into name:password.", believed=True),
                Choice("Whoever can read the file", "base64 is a way of writing, not encryption.", right=True),
                Choice("Only Docker Hub", "No key is needed to undo base64."),
            ),
        ),
    ),
    Misconception(
        36,
        "3.3.3",
        belief="Signing hides an image from others.",
        truth="It proves who made the image and that it is unchanged. Anybody may still read it.",
        experiment=(
            Run("echo opensesame | docker login -u me --password-stdin"),
            Run(
                "export DOCKER_CONTENT_TRUST_ROOT_PASSPHRASE=root-pass DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE=repo-pass"
            ),
            Write(DOCKERFILE, "FROM busybox\nRUN echo good > /text\n"),
            Run("docker build -q -t me/app:1 . && DOCKER_CONTENT_TRUST=1 docker push me/app:1", "Successfully signed"),
            Write(DOCKERFILE, "FROM busybox\nRUN echo bad > /text\n"),
            Run("docker build -q -t me/app:1 . && docker push me/app:1 && docker rmi -f me/app:1"),
            Run("docker pull me/app:1 && docker run --rm me/app:1 cat /text", r"^bad$"),
            Run("docker rmi -f me/app:1"),
            Run("docker logout"),
            Run("DOCKER_CONTENT_TRUST=1 docker pull me/app:1 && docker run --rm me/app:1 cat /text", r"^good$"),
        ),
        question=Question(
            "3.3.3 signing",
            "An image is signed, then somebody pushes another one under its tag. What changes with DOCKER_CONTENT_TRUST=1?",
            (
                Choice(
                    "Without the key nobody can pull the image",
                    "After docker logout it can still be pulled, with and without trust. Only with trust it is the signed one.",
                    believed=True,
                ),
                Choice(
                    "The signed image is pulled, not the other one",
                    "The signature names the digest of what was signed.",
                    right=True,
                ),
                Choice("Nothing: the tag says what is pulled", "With trust the digest in the signature says it."),
            ),
        ),
    ),
    Misconception(
        37,
        "3.3.4",
        belief="Many stars mean that an image is official, and official means safe.",
        truth="The filters ask different things: stars count who likes it, official says that Docker looks after it. Neither says safe.",
        experiment=(
            Run("docker search --filter stars=1000 nginx", r"^jwilder/nginx-proxy "),
            Run("docker search --filter is-official=true --format '{{.Name}}' nginx", r"\Anginx\n\Z"),
            Run("docker search --filter stars=1000 --filter is-official=false nginx", r"^jwilder/nginx-proxy "),
        ),
        question=Question(
            "3.3.4 stars",
            "docker search shows an image with 2,000 stars. What does that say?",
            (
                Choice(
                    "It is official, so it is safe",
                    "jwilder/nginx-proxy comes with stars=1000 and with is-official=false: many stars, not official.",
                    believed=True,
                ),
                Choice(
                    "Many people like it",
                    "OFFICIAL says who looks after it. What is in it you have to look at.",
                    right=True,
                ),
                Choice("It was pulled 2,000 times", "Stars are given by people, pulls are counted elsewhere."),
            ),
        ),
    ),
    Misconception(
        38,
        "3.3.1",
        belief="A registry's container that is made anew still has its images.",
        truth="The new container begins with an empty store of its own. A named volume keeps the images.",
        experiment=(
            Run("docker pull -q busybox && docker tag busybox localhost:5000/box"),
            REGISTRY,
            Run("docker push -q localhost:5000/box && docker rmi localhost:5000/box"),
            Run("docker restart registry && docker pull -q localhost:5000/box && docker rm -f registry"),
            REGISTRY,
            Run("docker pull localhost:5000/box", "not found", fails=True),
            Run(
                "docker rm -f registry && docker run -d -p 5000:5000 --name registry -v images:/var/lib/registry registry:2"
            ),
            Run("docker push -q localhost:5000/box && docker rmi localhost:5000/box && docker rm -f registry"),
            Run("docker run -d -p 5000:5000 --name registry -v images:/var/lib/registry registry:2"),
            Run("docker pull -q localhost:5000/box"),
        ),
        question=Question(
            "3.3.1 registry data",
            "The registry's container is removed and run again, without a volume of yours. Are the pushed images still there?",
            (
                Choice("Yes", "The pull says 'not found'. With -v images:/var/lib/registry it works.", believed=True),
                Choice("No", "The new container begins with an empty store.", right=True),
                Choice("Yes, but without their tags", "The blobs are gone as well."),
            ),
        ),
    ),
    Misconception(
        45,
        "3.3.1",
        belief="Deleting an image in a registry frees its space at once.",
        truth="A delete removes the name. The blobs stay until garbage collection.",
        experiment=(
            Run("docker run -d -p 5000:5000 --name registry -e REGISTRY_STORAGE_DELETE_ENABLED=true registry:2"),
            Run(
                "docker pull -q busybox && docker tag busybox localhost:5000/box:1 && docker push -q localhost:5000/box:1"
            ),
            Run(BLOBS, r"^3$"),
            Run(
                "digest=$(docker inspect -f '{{join .RepoDigests \" \"}}' busybox | grep -o 'localhost.*' | cut -d@ -f2)"
            ),
            Run("curl -s -o /dev/null -w '%{http_code}' -X DELETE localhost:5000/v2/box/manifests/$digest", "202"),
            Run(BLOBS, r"^3$"),
            Run(
                "docker exec registry registry garbage-collect /etc/docker/registry/config.yml",
                "3 blobs and 0 manifests eligible",
            ),
            Run(BLOBS, r"^0$"),
        ),
        question=Question(
            "3.3.1 garbage",
            "The only image of a registry is deleted there. How much space is free again?",
            (
                Choice(
                    "All of it",
                    "The store has 3 blobs before the delete and 3 after it; garbage-collect takes them.",
                    believed=True,
                ),
                Choice("None yet", "Blobs stay until garbage collection.", right=True),
                Choice("The layers' space, but not the manifest's", "All three blobs stay."),
            ),
        ),
    ),
)
