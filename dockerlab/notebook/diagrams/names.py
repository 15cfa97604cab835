"""Names and IDs: tags are pointers, several may point to one image, an image that none points to is dangling."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlab.notebook.diagrams.dot import MONO, MONO_BOLD, box, cell, graph, node, row, run
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import DANGLING, LAYER, MUTED, TAG
from dockerlab.notebook.diagrams.stack import plural
from dockerlab.notebook.diagrams.views import IdView, TagView


def names_and_ids(tags: Sequence[TagView], images: Sequence[IdView]) -> Figure:
    """The picture of all names and the images that they point to."""
    place = {image.id: number for number, image in enumerate(images)}
    boxes = [node(f"t{number}", tag_box(tag)) for number, tag in enumerate(tags)]
    boxes += [node(f"i{number}", image_box(image)) for number, image in enumerate(images)]
    edges = [
        f'  t{number}:tag:e -> i{place[tag.id]}:id:w [color="{TAG.edge}"]\n'
        for number, tag in enumerate(tags)
        if tag.id in place
    ]
    # An image without a name still stands in the column of images: an invisible arrow from the first name holds it.
    loose = [number for number, image in enumerate(images) if image.dangling]
    edges += [f"  t0 -> i{number} [style=invis]\n" for number in loose if tags]
    dot = graph("".join(boxes) + "".join(edges), options="rankdir=LR; ranksep=1.2")
    return Figure(dot, "Names and IDs", words(tags, images), characters(tags, images))


def tag_box(tag: TagView) -> str:
    """A name."""
    label = row([cell(run(tag.name, face=MONO_BOLD), width=90)])
    return box([label], TAG, title=f"{tag.name} is a name for {tag.id}", port="tag")


def image_box(image: IdView) -> str:
    """An image, known by its ID."""
    rows = [row([cell(run(image.id, face=MONO), width=130)]), row([cell(run(image.about, color=MUTED))])]
    role = DANGLING if image.dangling else LAYER
    return box(rows, role, title=f"{image.id}: {image.about}", port="id")


def words(tags: Sequence[TagView], images: Sequence[IdView]) -> str:
    """What the picture shows, for a screen reader."""
    parts = []
    for image in images:
        names = [tag.name for tag in tags if tag.id == image.id]
        parts.append(f"{image.id} ({image.about}) has {', '.join(names) if names else 'no name: it is dangling'}")
    return f"{plural(len(tags), 'name')} and {plural(len(images), 'image')}: {'; '.join(parts)}."


def characters(tags: Sequence[TagView], images: Sequence[IdView]) -> str:
    """The picture in characters."""
    width = max([len(tag.name) for tag in tags] or [0])
    lines = []
    for image in images:
        names = [tag.name for tag in tags if tag.id == image.id] or ["<none>"]
        for number, name in enumerate(names):
            target = f"{image.id}  {image.about}" if number == 0 else "┘"
            lines.append(f"{name:<{width}} ─→ {target}" if number == 0 else f"{name:<{width}} ──{target}")
    return "\n".join(lines)
