"""`python -m benchmarks.widgets`: what a step of each widget costs in Python, beside the goal of 100 ms.

A step is what one click or key asks for: Python does it and computes all that is then shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.measure import median_ms
from dockerlab import Lab
from dockerlab.notebook.learning.course_data import QUESTIONS
from dockerlab.notebook.widgets import EXPLORERS, LabView, Predict, Terminal, Wire

Step = tuple[str, float]

CONTAINERS, GOAL = 60, 100
DOCKERFILE = b"""FROM busybox
RUN dd if=/dev/zero of=/big.bin bs=1000 count=5000
COPY motd /etc/motd
RUN rm /big.bin
CMD ["cat", "/etc/motd"]
"""


def main() -> int:
    """Print a row for each step."""
    print("| step | measured | goal |\n|---|---|---|")
    for what, measured in steps():
        print(f"| {what} | {measured:.3g} ms | {GOAL} ms{'' if measured <= GOAL else ' (missed)'} |", flush=True)
    return 0


def steps() -> Iterator[Step]:
    """All figures."""
    yield from explorer_steps(notes())
    yield "Wire: the first push", first_press(shown_wire)
    yield from map_steps()


def slowest() -> Step:
    """The step that costs most."""
    return max(steps(), key=lambda step: step[1])


def explorer_steps(lab: Lab) -> Iterator[Step]:
    """A step of every widget on a small lab."""
    yield step(Predict(next(iter(QUESTIONS.values()))), "choose", number=0, choice=0)
    yield step(EXPLORERS["containers"](lab, "notes:1"), "add")
    yield step(EXPLORERS["overlay"](lab, "notes:1"), "do", verb="append")
    yield step(EXPLORERS["layers"](lab, "notes:1"), "search", value="e")
    yield step(EXPLORERS["template"](lab, "web"), "write", value="{{json .}}", caret=0)
    yield step(EXPLORERS["build"](lab, "/lab/notes"), "build")
    yield step(EXPLORERS["names"](lab, "notes:1"), "think_of", plan="build")
    yield step(EXPLORERS["space"](lab, ""), "tick", key=f"image:{lab.engine.images.inspect('notes:1')['Id']}")
    yield step(EXPLORERS["life"](lab, "web"), "press", verb="restart")
    yield step(EXPLORERS["wire"](lab, "notes:1"), "go")
    yield step(Terminal(lab, "docker run -it busybox sh"), "enter")
    yield "Suitcase: a trip", first_press(lambda: EXPLORERS["trip"](lab, ""))


def map_steps() -> Iterator[Step]:
    """LabView over a host with many containers: it looks, it follows a command, it goes back."""
    lab = crowd()
    view = LabView(lab)
    yield step(view, "look", value=CONTAINERS // 2, where=f", {CONTAINERS} containers")
    follow = median_ms(view.catch_up, before=lambda: lab.run("docker volume create $RANDOM"))
    yield f"LabView: to follow a command, {CONTAINERS} containers", follow
    yield f"LabView: undo, {CONTAINERS} containers", median_ms(lambda: view.act("undo"))
    yield f"LabView: redo, {CONTAINERS} containers", median_ms(lambda: view.act("redo"))


def step(widget: Any, name: str, /, where: str = "", **message: Any) -> Step:
    """The median of one action, with its name."""
    return f"{widget.title}: {name}{where}", median_ms(lambda: widget.act(name, **message))


def first_press(made: Callable[[], Any]) -> float:
    """Milliseconds of `go`, pressed once on each of some new widgets."""
    widgets: list[Any] = []
    return median_ms(lambda: widgets[-1].act("go"), before=lambda: widgets.append(made()))


def notes() -> Lab:
    """An image with a few layers, and a container on it."""
    lab = Lab()
    lab.host.write("/lab/notes/Dockerfile", DOCKERFILE)
    lab.host.write("/lab/notes/motd", b"hello\n")
    lab.run("docker build -q -t notes:1 notes")
    lab.run("docker run -d --name web notes:1 sleep 1d")
    return lab


def shown_wire() -> Wire:
    """A widget that the learner looks at before he presses its button."""
    wire = Wire(notes(), "notes:1")
    wire.is_shown()
    return wire


def crowd() -> Lab:
    """A host with many containers, each with a volume."""
    lab = Lab()
    for number in range(CONTAINERS):
        lab.run(f"docker run -d --name c{number} -v v{number}:/data busybox sleep 1d")
    return lab


if __name__ == "__main__":
    sys.exit(main())
