"""A container's life: moby's states and the commands that lead from one to the other; the current one is marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.notebook.diagrams.dot import SANS_BOLD, run
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.maps import Way, arrow, drawn, thing
from dockerlab.notebook.diagrams.palette import (
    BASE,
    DANGLING,
    FOUND,
    INK,
    LAYER,
    METADATA,
    MUTED,
    OUTSIDE,
    WRITABLE,
    Role,
)
from dockerlab.notebook.diagrams.views import LifeView
from dockerlab.notebook.diagrams.wording import pad, shorten

GONE = "gone"
NOBODY = LifeView("", "")


@dataclass(frozen=True, slots=True)
class Condition:
    """A state: what it means, and where it stands (inches)."""

    about: tuple[str, ...]
    role: Role
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Move:
    """What leads from a state to another: commands, or (in brackets) something that happens by itself."""

    source: str
    target: str
    words: tuple[str, ...]
    way: Way

    @property
    def happens(self) -> bool:
        """Whether nobody has to type it."""
        return self.words[0].startswith("(")


SIZE = (1.6, 0.95)
CONDITIONS = {
    "created": Condition(("a writable layer,", "no process yet"), METADATA, (0, 0)),
    "running": Condition(("a process runs",), LAYER, (3, 0)),
    "paused": Condition(("frozen: all there,", "no CPU time"), BASE, (1.4, 2)),
    "restarting": Condition(("ended, about to", "start again"), WRITABLE, (5.4, 2)),
    "exited": Condition(("no process; files", "and logs are kept"), BASE, (7.2, 0)),
    "removing": Condition(("being deleted",), DANGLING, (9.6, -1.7)),
    "dead": Condition(("could not be", "deleted wholly"), DANGLING, (9.8, 0.3)),
    GONE: Condition(("its writable layer", "is lost"), DANGLING, (12, -1.7)),
}
MOVES = (
    Move("created", "running", ("start",), Way((0.8, 0), (2.2, 0), "above")),
    Move("running", "paused", ("pause",), Way((2.3, 0.475), (1.55, 1.525), "left", 0.15)),
    Move("paused", "running", ("unpause",), Way((1.95, 1.525), (2.7, 0.475), "right", 0.15)),
    Move("running", "exited", ("stop, kill", "(or it ends)"), Way((3.8, 0.1), (6.4, 0.1), "above")),
    Move("exited", "running", ("start, restart",), Way((6.4, -0.15), (3.8, -0.15), "below")),
    Move("running", "restarting", ("(it ends,", "--restart)"), Way((3.8, 0.35), (5.6, 1.525), "right", 0.35)),
    Move("restarting", "running", ("(again)",), Way((4.8, 1.525), (3.55, 0.475), "left", 0.12)),
    Move("exited", "removing", ("rm",), Way((7.7, -0.475), (8.95, -1.225), "left", 0.2)),
    Move("created", "removing", ("rm",), Way((0.3, -0.475), (8.8, -1.9), "below")),
    Move("running", "removing", ("rm -f",), Way((3.4, -0.475), (8.8, -1.55), "above", 0.2)),
    Move("removing", GONE, ("(done)",), Way((10.4, -1.7), (11.2, -1.7), "above")),
    Move("removing", "dead", ("(failed)",), Way((9.5, -1.225), (9.5, -0.175), "left")),
    Move("dead", "removing", ("rm",), Way((10.1, -0.175), (10.1, -1.225), "right")),
)
UNDRAWN = {
    "created": ("restart",),
    "running": ("restart", "exec"),
    "paused": ("stop", "kill", "restart", "rm -f"),
    "restarting": ("stop", "restart", "rm -f"),
}
"""What may be done besides, by state: arrows for these would cross the picture."""
CREATE = Way((0, 1.4), (0, 0.475), "right")


def life_cycle(life: LifeView = NOBODY) -> Figure:
    """The picture of all states, with the one that the container is in marked."""
    states = [state_node(name, condition, life) for name, condition in CONDITIONS.items()]
    ties = [arrow("create", CREATE, ["create"], OUTSIDE), *(move_arrow(*it, life) for it in enumerate(MOVES))]
    title = f"Life of {life.name}" if life.name else "Life of a container"
    dot = drawn([*states, *ties], [*said(life), "docker run = create + start"])
    return Figure.of(dot, title, words(life), characters(life))


def current(life: LifeView) -> str:
    """The state that is marked: '' for none."""
    return (life.state or GONE) if life.name else ""


def state_node(name: str, condition: Condition, life: LifeView) -> str:
    """One state."""
    here = name == current(life)
    lines = [run(name, face=SANS_BOLD, size=15, color=INK), *(run(it, size=11, color=MUTED) for it in condition.about)]
    if here:
        lines.append(run(f"► {shorten(life.name, 20)} is here", face=SANS_BOLD, size=12, color=FOUND.edge))
    role = FOUND if here else condition.role
    style = "rounded,filled,dashed" if role.dashed else "rounded,filled"
    look = f'style="{style}" fillcolor="{role.fill}" color="{role.edge}" penwidth={role.width + (1 if here else 0)}'
    return thing(name, lines, condition.at, SIZE, f"shape=box {look}")


def move_arrow(number: int, move: Move, life: LifeView) -> str:
    """One move; those that are possible now are thick."""
    now = move.source == current(life)
    look = f"penwidth={2.6 if now else 1.3}" + (" style=dashed" if move.happens else "")
    return arrow(f"move{number}", move.way, move.words, FOUND.edge if now else OUTSIDE, look=look)


def said(life: LifeView) -> list[str]:
    """Where the container is, and what may be done now."""
    if not life.name:
        return []
    name = shorten(life.name, 40)
    if current(life) == GONE:
        return [f"{name} is gone: there is no such container (any more)"]
    code = f" with exit code {life.exit_code}" if life.state == "exited" else ""
    now = [word for move in MOVES if move.source == life.state and not move.happens for word in typed(move)]
    now += UNDRAWN.get(life.state, ())
    return [f"{name} is {life.state}{code}" + (f"; now possible: {', '.join(now)}" if now else "")]


def typed(move: Move) -> Iterator[str]:
    """The commands of a move, without what happens by itself."""
    yield from (word for word in move.words if not word.startswith("("))


def words(life: LifeView) -> str:
    """What the picture shows, for a screen reader."""
    moves = "; ".join(f"{move.source} to {move.target}: {' '.join(move.words)}" for move in MOVES)
    return ". ".join([*said(life), f"The states of a container and what leads from one to the other. {moves}"]) + "."


def characters(life: LifeView) -> Iterator[str]:
    """The picture in characters."""
    for name, condition in CONDITIONS.items():
        mark = "►" if name == current(life) else " "
        yield f"{mark} {name:<11} {' '.join(condition.about)}"
        for move in MOVES:
            if move.source == name:
                yield f"    ── {pad(' '.join(move.words), 24)} → {move.target}"
    yield from said(life)
