"""`latest` rolled back: the registry's name leads to a broken version, and a container runs it."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import ContainerFile, ContainerStatus, Pushed, PushedSame

WEB = "localhost:5000/web"
VERSIONS = (
    'for v in 1 2 3; do printf "FROM busybox\\nRUN echo version $v > /version\\nCMD sleep 3600\\n" > /lab/web/Dockerfile; '
    f"docker build -q -t {WEB}:$v /lab/web; docker push -q {WEB}:$v; done"
)

ROLLBACK = Exercise(
    name="incident 3 rollback",
    task=f"Version 3 is broken. Make `{WEB}:latest` mean version 2 again, in the registry, and let the container `web` "
    "run it. Keep version 3 under its own tag: somebody has to find out what went wrong.",
    start=(
        "docker rm -f web registry 2>/dev/null",
        "docker run -d -p 5000:5000 --restart=always --name registry registry:2",
        "mkdir -p /lab/web",
        VERSIONS,
        f"docker tag {WEB}:3 {WEB}:latest && docker push -q {WEB}:latest",
        f"docker image rm -f {WEB}:1 {WEB}:2 {WEB}:3 2>/dev/null",
        f"docker run -d --name web {WEB}",
    ),
    goals=(
        PushedSame(f"{WEB}:latest", f"{WEB}:2"),
        Pushed(f"{WEB}:3"),
        ContainerStatus("web", "running"),
        ContainerFile("web", "/version", "version 2"),
    ),
    solution=(
        f"docker pull -q {WEB}:2",
        f"docker tag {WEB}:2 {WEB}:latest",
        f"docker push -q {WEB}:latest",
        "docker rm -f web",
        f"docker run -d --name web {WEB}",
    ),
    wrong_turns=(
        WrongTurn(
            (
                f"docker pull -q {WEB}:2",
                f"docker tag {WEB}:2 {WEB}:latest",
                "docker rm -f web",
                f"docker run -d --name web {WEB}",
            ),
            ContainerFile("web", "/version", "version 2"),
            "This host runs version 2. The registry was not told: the next host that pulls latest gets version 3.",
        ),
        WrongTurn(
            (
                f"docker pull -q {WEB}:2",
                f"docker tag {WEB}:2 {WEB}:latest",
                f"docker push -q {WEB}:latest",
                "docker restart web",
            ),
            PushedSame(f"{WEB}:latest", f"{WEB}:2"),
            "latest is right again. But a container keeps the image that it was made from: a restart is not enough.",
        ),
    ),
    hints=(
        f"Three places know a version: the registry, this host's names, the container. curl {WEB.replace('/', '/v2/')}/tags/list.",
        "Pull the good version, tag it as latest, push that name.",
        "Then docker rm -f web, and docker run -d --name web again: a container never changes its image.",
    ),
    par=5,
)
