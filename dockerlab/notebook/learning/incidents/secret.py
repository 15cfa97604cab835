"""A secret in a layer: it was deleted in the next step, and everybody who has the image can read it."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import HostFile, ImageFile, ImageSetting, NoTrace, Trace

TOKEN = "tk-5f0d-2210"
FINGERPRINT = "80793974"
COMMAND = 'CMD ["cat", "/bot/licence"]\\n'
LEAKS = (
    "printf 'FROM busybox\\nCOPY token /bot/token\\n"
    f"RUN sha256sum /bot/token | cut -c1-8 > /bot/licence\\nRUN rm /bot/token\\n{COMMAND}' > /lab/bot/Dockerfile"
)
MOUNTS = (
    "printf 'FROM busybox\\nRUN --mount=type=secret,id=token mkdir /bot && "
    f"sha256sum /run/secrets/token | cut -c1-8 > /bot/licence\\n{COMMAND}' > /lab/bot/Dockerfile"
)
FIND = (
    "docker save -o /tmp/bot.tar bot:1 && mkdir -p /tmp/bot && tar -xf /tmp/bot.tar -C /tmp/bot && "
    "for l in /tmp/bot/*/layer.tar; do tar -xOf $l bot/token 2>/dev/null; done > /lab/found"
)

SECRET = Exercise(
    name="incident 2 secret",
    task="Prove the leak: write the token that `bot:1` carries to `/lab/found`. Then build `bot:2`: it has the same "
    "`/bot/licence` and command, and no trace of the token in any layer, setting or history.",
    start=(
        "docker image rm -f bot:1 bot:2 2>/dev/null",
        "rm -rf /lab/bot /lab/found /tmp/bot /tmp/bot.tar && mkdir -p /lab/bot",
        f"echo {TOKEN} > /lab/bot/token",
        LEAKS,
        "docker build -q -t bot:1 /lab/bot",
    ),
    goals=(
        HostFile("/lab/found", TOKEN, "the token"),
        ImageFile("bot:2", "/bot/licence", FINGERPRINT),
        ImageSetting("bot:2", "Config.Cmd", ["cat", "/bot/licence"]),
        NoTrace("bot:2", TOKEN),
    ),
    solution=(FIND, MOUNTS, "docker build -q --secret id=token,src=/lab/bot/token -t bot:2 /lab/bot"),
    wrong_turns=(
        WrongTurn(
            (FIND, "docker build -q --no-cache -t bot:2 /lab/bot"),
            Trace("bot:2", TOKEN, "layer"),
            "The merged files of bot:2 have no token, but a layer below still has. What RUN rm deletes is only hidden.",
        ),
        WrongTurn(
            (
                FIND,
                "printf 'FROM busybox\\nARG TOKEN\\nRUN mkdir /bot && echo $TOKEN | sha256sum | cut -c1-8 > "
                f"/bot/licence\\n{COMMAND}' > /lab/bot/Dockerfile",
                "docker build -q --build-arg TOKEN=$(cat /lab/bot/token) -t bot:2 /lab/bot",
            ),
            Trace("bot:2", TOKEN, "the settings"),
            "No file has it now, but docker history --no-trunc bot:2 does. A build argument is no place for secrets.",
        ),
    ),
    hints=(
        "docker save writes all layers of an image into one archive, also what a later layer hides.",
        "A file that a step needs and no layer may keep: RUN --mount=type=secret, or a stage that is thrown away.",
        "RUN --mount=type=secret,id=token … reads /run/secrets/token; docker build --secret id=token,src=FILE gives it.",
    ),
    par=3,
)
