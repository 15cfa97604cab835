"""The capstone of the chapter: a careless image is made fit for release, and handed out by a registry of one's own."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import (
    ContainerOf,
    ContainerStatus,
    ImageFile,
    ImageSetting,
    MountedAt,
    NoTrace,
    Published,
    Pushed,
    PushedSame,
    SizeBelow,
)

SHOP = "localhost:5000/shop"
PASSWORD = "db-9c41-hunter"
INSTALL = "RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*\\n"
SERVE = "EXPOSE 8000\\n"
EXEC = 'CMD ["python3", "-m", "http.server", "8000"]\\n'
LABEL = "LABEL version=1.0\\n"
CARELESS = (
    "FROM ubuntu\\nCOPY . /shop\\nRUN apt-get update\\nRUN apt-get install -y python3\\n"
    "RUN chmod -R 755 /shop\\nWORKDIR /shop\\n" + SERVE + "CMD python3 -m http.server 8000\\n"
)
CAREFUL = f"FROM ubuntu\\n{INSTALL}WORKDIR /shop\\nCOPY . .\\nUSER www-data\\n{SERVE}{LABEL}{EXEC}"
WRITE = "printf '{text}' > /lab/shop/Dockerfile"
IGNORE = "printf '.git\\n.env\\nDockerfile\\n' > /lab/shop/.dockerignore"
REGISTRY = "docker run -d -p 5000:5000 --restart=always -v images:/var/lib/registry --name registry registry:2"
BUILD = f"docker build -q -t {SHOP}:1.0 -t {SHOP}:latest /lab/shop"
PUSH = f"docker push -q -a {SHOP}"
RUN = f"docker run -d -p 8080:8000 --name shop {SHOP}:1.0"

CAPSTONE = Exercise(
    name="capstone release",
    task="Release `/lab/shop` as version 1.0 from a registry of your own. The check says what is wanted; "
    "run it as often as you like.",
    start=(
        "docker rm -f shop registry 2>/dev/null; docker volume rm images 2>/dev/null",
        f"docker image rm -f careless {SHOP}:1.0 {SHOP}:latest 2>/dev/null",
        "docker pull -q ubuntu",
        "rm -rf /lab/shop && mkdir -p /lab/shop/.git",
        "dd if=/dev/zero of=/lab/shop/.git/pack bs=1000000 count=30 2>/dev/null",
        "echo '<h1>Welcome to the shop</h1>' > /lab/shop/index.html",
        f"echo PASSWORD={PASSWORD} > /lab/shop/.env",
        WRITE.format(text=CARELESS),
        "docker build -q -t careless /lab/shop",
    ),
    goals=(
        ImageFile(f"{SHOP}:1.0", "/shop/index.html", "Welcome"),
        ImageFile(f"{SHOP}:1.0", "/shop/.git/pack", None),
        NoTrace(f"{SHOP}:1.0", PASSWORD),
        SizeBelow(f"{SHOP}:1.0", "ubuntu", 45_000_000),
        ImageSetting(f"{SHOP}:1.0", "Config.Labels.version", "1.0"),
        ImageSetting(f"{SHOP}:1.0", "Config.Cmd", ["python3", "-m", "http.server", "8000"]),
        ImageSetting(f"{SHOP}:1.0", "Config.User", "www-data"),
        MountedAt("registry", "/var/lib/registry"),
        Pushed(f"{SHOP}:1.0"),
        PushedSame(f"{SHOP}:latest", f"{SHOP}:1.0"),
        ContainerOf("shop", f"{SHOP}:1.0"),
        ContainerStatus("shop", "running"),
        Published("shop", "8000/tcp", "8080"),
    ),
    solution=(IGNORE, WRITE.format(text=CAREFUL), REGISTRY, BUILD, PUSH, RUN),
    wrong_turns=(
        WrongTurn(
            (WRITE.format(text=CAREFUL), REGISTRY, BUILD, PUSH, RUN),
            ImageFile(f"{SHOP}:1.0", "/shop/.env", PASSWORD),
            "The image carries .env, and who has the image has the password. A .dockerignore keeps it out of the context.",
        ),
        WrongTurn(
            (
                IGNORE,
                WRITE.format(text=CAREFUL.replace("USER www-data\\n", "")),
                REGISTRY,
                BUILD,
                PUSH,
                RUN,
            ),
            ImageSetting(f"{SHOP}:1.0", "Config.User", ""),
            "The container's process is root. It only reads files and listens on port 8000: USER www-data is enough for it.",
        ),
        WrongTurn(
            (
                IGNORE,
                WRITE.format(text=CAREFUL),
                REGISTRY.replace("-v images:/var/lib/registry ", ""),
                BUILD,
                PUSH,
                RUN,
            ),
            ContainerStatus("registry", "running"),
            "Look at the registry's lines of the report: what happens to its images when the registry container is removed?",
        ),
    ),
    hints=(
        "One goal after the other: first the build context, then the Dockerfile, then the registry, then the container.",
        "What did the lessons say of .dockerignore (3.1.4), of apt in one step (3.1.4), of the exec form (3.1.2b), "
        "of a registry's volume (3.3.1), of tags (3.2.2)?",
        f"{BUILD}; then {PUSH}; then {RUN}.",
    ),
    par=6,
)
