"""A stale apt cache: `apt-get update` came from the build cache, and its lists name packages that are gone."""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise, WrongTurn
from dockerlab.notebook.learning.goals import ImageFile, LayersAtMost, SizeBelow

DOCKERFILE = "printf 'FROM ubuntu\\n{steps}' > /lab/tool/Dockerfile"
APART = "RUN apt-get update\\nRUN apt-get install -y --no-install-recommends {packages}\\n"
JOINED = "RUN apt-get update && apt-get install -y --no-install-recommends python3 curl{cleaning}\\n"
BUILD = "docker build -q -t tool:2 /lab/tool"

STALE = Exercise(
    name="incident 4 stale cache",
    task="Build `tool:2` from `ubuntu` with `python3` and `curl` so that this can't happen again: one layer more than "
    "`ubuntu`, and less than 50 MB.",
    start=(
        "docker image rm -f tool:1 tool:2 2>/dev/null",
        "docker pull -q ubuntu",
        "mkdir -p /lab/tool",
        DOCKERFILE.format(steps=APART.format(packages="python3")),
        "docker build -q -t tool:1 /lab/tool",
        DOCKERFILE.format(steps=APART.format(packages="python3 curl")),
    ),
    goals=(
        ImageFile("tool:2", "/usr/bin/curl", ""),
        ImageFile("tool:2", "/usr/bin/python3", ""),
        LayersAtMost("tool:2", "ubuntu", 1),
        SizeBelow("tool:2", "ubuntu", 50_000_000),
    ),
    solution=(
        DOCKERFILE.format(steps=JOINED.format(cleaning=" && rm -rf /var/lib/apt/lists/*")),
        BUILD,
    ),
    wrong_turns=(
        WrongTurn(
            (DOCKERFILE.format(steps=JOINED.format(cleaning="")), BUILD),
            LayersAtMost("tool:2", "ubuntu", 1),
            "One step now, so it can't go stale. It still ships the package lists: remove /var/lib/apt/lists/* in it, too.",
        ),
        WrongTurn(
            (BUILD.replace("-q", "-q --no-cache"),),
            ImageFile("tool:2", "/usr/bin/curl", ""),
            "--no-cache helps once. With the two commands in two steps it will happen again: link them with &&.",
        ),
    ),
    hints=(
        "Which step of the build says CACHED, and how old is what it fetched?",
        "What belongs together is one RUN: apt-get update && apt-get install -y ….",
        "… && rm -rf /var/lib/apt/lists/* in the same RUN keeps the lists out of the layer.",
    ),
    par=2,
)
