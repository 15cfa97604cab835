"""Containers on one image: a read-only stack below, a thin writable layer on top for each container.

A writable layer lists what `docker diff` lists: `+` a new file, `~` a file that was copied up before it was
changed (an arrow leads from the layer that it came from), `-` a whiteout that hides a file below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    SANS_BOLD,
    box,
    cell,
    column,
    graph,
    heading,
    node,
    row,
    run,
    shorten,
)
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import CHIP, CHIP_WRITTEN, MUTED, WRITABLE
from dockerlab.notebook.diagrams.sizes import size_text
from dockerlab.notebook.diagrams.stack import fold, plural, role_of
from dockerlab.notebook.diagrams.views import ChangeView, ContainerView, ImageView, LayerView

MOST_CONTAINERS = 6
MOST_CHANGES = 6
PATH = 26  # characters of a path that are shown
SIGNS = {"A": "+", "C": "~", "D": "-"}
WORDS = {"A": "added", "C": "changed (copied up)", "D": "deleted (a whiteout hides it)"}


def containers_on_image(image: ImageView, containers: Sequence[ContainerView]) -> Figure:
    """The picture of an image with the containers that were made from it."""
    shown = containers[:MOST_CONTAINERS]
    hidden = len(containers) - len(shown)
    tops = "".join(node(f"c{number}", top(container)) for number, container in enumerate(shown))
    beside = " -> ".join(f"c{number}" for number in range(len(shown)))
    order = f"  {{rank=same; {beside} [style=invis]}}\n" if len(shown) > 1 else ""
    stack = node("s", read_only_stack(image, len(containers), hidden))
    ties = "".join(f"  c{number} -> s [style=invis]\n" for number in range(len(shown)))
    body = tops + order + stack + ties + "".join(arrows(image, shown))
    dot = graph(body, options="nodesep=0.15; ranksep=0.35")
    title = f"Containers on {image.name}"
    return Figure(dot, title, words(image, containers), characters(image, containers))


def top(container: ContainerView) -> str:
    """A container's writable layer."""
    head = row(
        [
            cell(run(container.name, face=SANS_BOLD), width=90),
            cell(run(container.state, color=MUTED)),
            cell(run(size_text(container.size)), align="RIGHT", width=50),
        ]
    )
    shown = listed(container)
    chips = [chip(number, change) for number, change in enumerate(shown)]
    more = len(container.changes) - len(shown)
    chips += [run(f"and {more} more", color=MUTED)] if more > 0 else []
    chips = chips or [run("no changes", color=MUTED)]
    rows = [head, *(f'<TR><TD COLSPAN="3" ALIGN="LEFT">{item}</TD></TR>' for item in chips)]
    return box(rows, WRITABLE, title=f"writable layer of container {container.name}", port="top", padding=4)


def listed(container: ContainerView) -> list[ChangeView]:
    """The changes that are drawn: copies first of all, and last in order, next to the layers that they came from."""
    chosen = sorted(container.changes, key=lambda change: change.kind != "C")[:MOST_CHANGES]
    return sorted(chosen, key=lambda change: change.kind == "C")


def chip(number: int, change: ChangeView) -> str:
    """One changed path."""
    text = f"{SIGNS[change.kind]} {shorten(change.path, PATH)}"
    title = f"{change.path}: {WORDS[change.kind]}"
    return box([row([cell(run(text, face=MONO, size=11))])], CHIP_WRITTEN, title=title, port=f"f{number}", padding=3)


def read_only_stack(image: ImageView, users: int, hidden: int) -> str:
    """The image below, with chips for the files that containers have copied up or hidden."""
    room = 8 + max((sum(map(chip_width, item.files)) for _, item in layers(image)), default=0)
    rows = [layer_row(number, item, room) for number, item in layers(image)]
    shared = f"shared by all {users}, stored once" if users > 1 else "never written to"
    more = f" ({hidden} more containers not drawn)" if hidden else ""
    foot = heading(f"image {image.name}", f"read-only, {shared}: {size_text(image.size)}{more}")
    return column([*reversed(rows), foot])


def layers(image: ImageView) -> Iterator[tuple[int, LayerView]]:
    """The rows that are layers, with their places; settings have no files, so they are left out."""
    yield from ((number, item) for number, item in enumerate(fold(image.rows)) if not item.metadata)


def layer_row(number: int, item: LayerView, room: int) -> str:
    """One read-only layer; `room` is the width in points that every layer keeps for its files."""
    role = role_of(item)
    cells = [
        cell(run(item.keyword, face=MONO_BOLD, color=role.edge), width=60),
        cell(run(shorten(item.arguments, 30), face=MONO), width=245),
        cell(run(item.digest, face=MONO, color=MUTED), width=100),
        cell(run(size_text(item.size)), align="RIGHT", width=54),
    ]
    chips = "".join(cell(lower_chip(f"k{number}_{place}", path)) for place, path in enumerate(item.files))
    files = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="0"><TR>{chips}</TR></TABLE>'
    cells.append(cell(files if chips else run(""), width=room, height=28))
    return box([row(cells)], role, title=f"{item.keyword} {item.arguments}, read-only", port=f"l{number}", padding=4)


def chip_width(path: str) -> int:
    """The points that a lower chip needs at most, so that the columns of all rows stand below each other."""
    return 16 + 7 * len(shorten(path, PATH))


def lower_chip(place: str, path: str) -> str:
    """A file of a read-only layer that some container has changed or hidden."""
    return box([row([cell(run(shorten(path, PATH), face=MONO, size=11))])], CHIP, title=path, port=place, padding=3)


def arrows(image: ImageView, containers: Sequence[ContainerView]) -> Iterator[str]:
    """An arrow from the layer a file was copied up from to the writable layer that has the copy."""
    found = {path: f"k{number}_{place}" for number, item in layers(image) for place, path in enumerate(item.files)}
    label = f"label=<{run('  copy-up  ', face=SANS_BOLD, color=WRITABLE.edge)}>"
    for number, container in enumerate(containers):
        for place, change in enumerate(listed(container)):
            port = found.get(change.path)
            if change.kind == "C" and port:
                look = f'dir=back color="{WRITABLE.edge}" penwidth=2.2 arrowsize=0.85 weight=200'
                yield f"  c{number}:f{place}:s -> s:{port}:n [{look} {label}]\n"


def words(image: ImageView, containers: Sequence[ContainerView]) -> str:
    """What the picture shows, for a screen reader."""
    tops = "; ".join(describe(container) for container in containers) or "no container"
    below = f"{plural(image.layers, 'read-only layer')}, {size_text(image.size)}"
    return f"Image {image.name} with {below}, under {plural(len(containers), 'container')}: {tops}."


def describe(container: ContainerView) -> str:
    """A container's writable layer in words."""
    if not container.changes:
        return f"{container.name} ({container.state}) has an empty writable layer"
    changes = ", ".join(f"{change.path} {WORDS[change.kind]}" for change in container.changes[:MOST_CHANGES])
    return f"{container.name} ({container.state}) has {size_text(container.size)} in its writable layer: {changes}"


def characters(image: ImageView, containers: Sequence[ContainerView]) -> str:
    """The picture in characters."""
    lines = []
    for container in containers:
        lines.append(f"┆ {container.name}  {container.state}  writable, {size_text(container.size)}")
        changes = container.changes[:MOST_CHANGES]
        lines += [f"┆   {SIGNS[change.kind]} {change.path}" for change in changes] or ["┆   no changes"]
        more = len(container.changes) - len(changes)
        lines += [f"┆   and {more} more"] if more > 0 else []
    lines.append(f"image {image.name}  read-only, {size_text(image.size)}")
    for _, item in reversed(list(layers(image))):
        files = f"  [{', '.join(item.files)}]" if item.files else ""
        lines.append(f"▒ {item.keyword} {shorten(item.arguments, 40)}  {item.digest}  {size_text(item.size)}{files}")
    return "\n".join(lines)
