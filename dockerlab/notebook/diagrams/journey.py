"""The chapter's opening picture: Dockerfile, image, container, registry, and the commands between them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dockerlab.notebook.diagrams.dot import MONO_BOLD, SANS_BOLD, box, cell, graph, node, row, run
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import CHIP, LAYER, MUTED, OUTSIDE, SHARED, TAG, WRITABLE, Role


@dataclass(frozen=True, slots=True)
class Place:
    """A thing that commands lead to or from."""

    name: str
    about: str
    role: Role


@dataclass(frozen=True, slots=True)
class Command:
    """A `docker` command as an arrow between two places."""

    verb: str
    source: str
    target: str


PLACES = {
    "dockerfile": Place("Dockerfile", "a recipe: text", TAG),
    "image": Place("image", "read-only layers + settings", LAYER),
    "container": Place("container", "a process + a writable layer", WRITABLE),
    "registry": Place("registry", "stores and hands out images", SHARED),
    "archive": Place("tar archive", "one file to carry around", CHIP),
}
COMMANDS = (
    Command("build", "dockerfile", "image"),
    Command("run", "image", "container"),
    Command("commit", "container", "image"),
    Command("push", "image", "registry"),
    Command("pull", "registry", "image"),
    Command("save", "image", "archive"),
    Command("load", "archive", "image"),
    Command("export", "container", "archive"),
    Command("import", "archive", "image"),
)


def journey(verbs: Collection[str] = ("build", "run", "commit", "push", "pull")) -> Figure:
    """The picture with the arrows of `verbs` and the places that they touch."""
    commands = [command for command in COMMANDS if command.verb in verbs]
    touched = {end for command in commands for end in (command.source, command.target)}
    boxes = [node(key, place_box(place)) for key, place in PLACES.items() if key in touched]
    dot = graph(
        "".join(boxes) + "".join(arrow(command) for command in commands), options="rankdir=LR; ranksep=0.9; nodesep=0.5"
    )
    lines = [f"{PLACES[item.source].name} ── docker {item.verb} ─→ {PLACES[item.target].name}" for item in commands]
    said = "; ".join(
        f"docker {item.verb} leads from {PLACES[item.source].name} to {PLACES[item.target].name}" for item in commands
    )
    return Figure(dot, "From Dockerfile to container", f"{said}.", "\n".join(lines))


def place_box(place: Place) -> str:
    """One place."""
    rows = [row([cell(run(place.name, face=SANS_BOLD, size=14))]), row([cell(run(place.about, size=11, color=MUTED))])]
    return box(rows, place.role, title=f"{place.name}: {place.about}", padding=6)


def arrow(command: Command) -> str:
    """One command. An image leads on to what comes after it; ways back don't pull the picture apart."""
    label = run(f" {command.verb} ", face=MONO_BOLD, size=12, color=OUTSIDE)
    back = " constraint=false" if command.verb in {"commit", "pull", "load", "import"} else ""
    return f"  {command.source} -> {command.target} [label=<{label}>{back}]\n"
