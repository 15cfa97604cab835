"""The chapter's opening picture: Dockerfile, image, container, registry, archive, and the commands between them.

Every thing has a shape of its own: a note for the Dockerfile, a drum for the registry, a folder for the archive.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.notebook.diagrams.dot import SANS_BOLD, run
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.maps import Way, arrow, drawn, thing
from dockerlab.notebook.diagrams.palette import CHIP, INK, LAYER, METADATA, MUTED, OUTSIDE, SHARED, TAG, WRITABLE, Role
from dockerlab.notebook.diagrams.wording import pad


@dataclass(frozen=True, slots=True)
class Place:
    """A thing that commands lead to or from: where it stands (inches), and in which of Graphviz's shapes."""

    name: str
    about: tuple[str, ...]
    role: Role
    shape: str
    at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Command:
    """A `docker` command as an arrow between two places."""

    verb: str
    source: str
    target: str
    way: Way


PLACES = {
    "dockerfile": Place("Dockerfile", ("a recipe: text",), METADATA, "note", (0, 0)),
    "image": Place("image", ("read-only layers", "and settings"), LAYER, "box3d", (3.6, 0)),
    "container": Place("container", ("a process and", "a writable layer"), WRITABLE, "box", (7, 0)),
    "registry": Place("registry", ("keeps images and", "hands them out"), SHARED, "cylinder", (3.6, 2)),
    "archive": Place("tar archive", ("one file,", "to carry around"), CHIP, "folder", (3.6, -2)),
    "name": Place("name:tag", ("one more pointer", "to the image"), TAG, "cds", (0, 2)),
}
SIZE = (1.7, 0.9)
COMMANDS = (
    Command("build", "dockerfile", "image", Way((0.85, 0), (2.75, 0), "above")),
    Command("tag", "image", "name", Way((2.8, 0.45), (0.85, 1.8), "left", 0.12)),
    Command("run", "image", "container", Way((4.45, 0.2), (6.15, 0.2), "above")),
    Command("commit", "container", "image", Way((6.15, -0.2), (4.45, -0.2), "below")),
    Command("push", "image", "registry", Way((3.3, 0.45), (3.3, 1.55), "left")),
    Command("pull", "registry", "image", Way((3.9, 1.55), (3.9, 0.45), "right")),
    Command("save", "image", "archive", Way((3.05, -0.45), (3.05, -1.55), "left")),
    Command("load", "archive", "image", Way((3.55, -1.55), (3.55, -0.45), "right")),
    Command("import", "archive", "image", Way((4.25, -1.55), (4.25, -0.45), "right")),
    Command("export", "container", "archive", Way((7, -0.45), (4.45, -2), "right", 0.25)),
)
VERBS = tuple(command.verb for command in COMMANDS)


def journey(verbs: Collection[str] = VERBS) -> Figure:
    """The picture with the arrows of `verbs` and the places that they touch."""
    unknown = [verb for verb in verbs if verb not in VERBS]
    if unknown or not verbs:
        raise DockerlabError(f"no arrow for {unknown or 'nothing'}; there are: {', '.join(VERBS)}")
    commands = [command for command in COMMANDS if command.verb in verbs]
    touched = {end for command in commands for end in (command.source, command.target)}
    boxes = [place_node(key, place) for key, place in PLACES.items() if key in touched]
    dot = drawn([*boxes, *(arrow(item.verb, item.way, [item.verb], OUTSIDE) for item in commands)])
    said = "; ".join(
        f"docker {item.verb} leads from {PLACES[item.source].name} to {PLACES[item.target].name}" for item in commands
    )
    about = "; ".join(f"{PLACES[key].name}: {' '.join(PLACES[key].about)}" for key in PLACES if key in touched)
    lines = [
        f"{pad(PLACES[item.source].name, 12)}── docker {item.verb} ".ljust(32, "─") + f"→ {PLACES[item.target].name}"
        for item in commands
    ]
    return Figure.of(dot, "From Dockerfile to container", f"{about}. {said}.", lines)


def place_node(key: str, place: Place) -> str:
    """One place, in its shape."""
    lines = [run(place.name, face=SANS_BOLD, size=15, color=INK)]
    lines += [run(line, size=11, color=MUTED) for line in place.about]
    return thing(key, lines, place.at, SIZE, f"shape={place.shape} {place.role.shape}")
