"""An image as a stack of layers: what each instruction added, how much, and which images share it.

Rows stand as they lie, the last instruction on top. Instructions that only change settings made no layer:
they are thin and grey. Bars are to scale within one picture. More rows than a screen holds are folded.
"""

from __future__ import annotations

from collections.abc import Iterator

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    SANS,
    SANS_BOLD,
    bar,
    box,
    cell,
    column,
    graph,
    heading,
    node,
    note,
    row,
    run,
)
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import BASE, LAYER, METADATA, MUTED, SHARED, Role
from dockerlab.notebook.diagrams.views import ImageView, LayerView
from dockerlab.notebook.diagrams.wording import listing, pad, plural, shorten, size_text

MOST_ROWS = 24
ARGUMENTS = 39  # columns of an instruction that are shown
SHARERS = 26  # columns of the names of an image that shares a layer
EMPTY = "no layers: an empty image"


def image_stack(image: ImageView) -> Figure:
    """The picture of one image."""
    rows = fold(image.rows)
    label = column([heading(shorten(image.name, 60), about(image)), *stack(rows), *notes(image, rows)])
    title = f"Image {image.name}"
    return Figure.of(graph(node("image", label)), title, words(image, rows), characters(image, rows))


def fold(rows: tuple[LayerView, ...], most: int = MOST_ROWS) -> tuple[LayerView, ...]:
    """At most `most` rows: the oldest ones become one row that counts them."""
    surplus = len(rows) - most
    if surplus <= 0:
        return rows
    folded = rows[: surplus + 1]
    size = sum(item.size for item in folded)
    files = tuple(file for item in folded for file in item.files)
    return (LayerView("…", f"{len(folded)} earlier steps", "…", size, base=True, files=files), *rows[surplus + 1 :])


def about(image: ImageView) -> str:
    """A few words on an image."""
    return f"{plural(image.layers, 'read-only layer')}, {size_text(image.size)}" if image.layers else EMPTY


def stack(rows: tuple[LayerView, ...]) -> Iterator[str]:
    """The boxes, top first."""
    widest = max((item.size for item in rows), default=0) or 1
    sharing = any(item.sharers for item in rows)
    return (layer_box(item, widest, sharing) for item in reversed(rows))


def role_of(item: LayerView) -> Role:
    """The colours of a row."""
    if item.sharers:
        return SHARED
    if item.base:
        return BASE
    return METADATA if item.metadata else LAYER


def layer_box(item: LayerView, widest: int, sharing: bool) -> str:
    """One row of the stack."""
    role = role_of(item)
    padding, size = (1, 11) if item.metadata else (5, 12)
    face = SANS if item.metadata else SANS_BOLD
    more = 2 * (5 - padding)  # What a thin row has less of padding, its columns have more of width.
    cells = [
        *([cell(run(" ", size=1), width=2)] if more else []),
        cell(run(item.keyword, face=MONO_BOLD, size=size, color=role.edge), width=82 + more),
        cell(run(shorten(item.arguments, ARGUMENTS), face=MONO, size=size), width=300 + more),
        cell(run(item.digest or "settings only", face=MONO, size=size, color=MUTED), width=104 + more),
        cell(run(size_text(item.size), face=face, size=size), align="RIGHT", width=54 + more),
        cell(bar(item.size / widest, role.edge), width=74 + more - (4 if more and not sharing else 0)),
    ]
    if sharing:
        also = f"also in {listing(item.sharers, 1, SHARERS)}" if item.sharers else " "
        cells.append(cell(run(also, size=11, color=role.edge), width=180 + more - (4 if more else 0)))
    return box([row(cells)], role, title=describe(item), padding=padding)


def notes(image: ImageView, rows: tuple[LayerView, ...]) -> Iterator[str]:
    """What there is to be seen."""
    shared = sum(item.size for item in rows if item.sharers)
    if shared:
        yield note(f"{size_text(shared)} of {size_text(image.size)} lie in layers that other images share: stored once")


def describe(item: LayerView) -> str:
    """A row in words."""
    step = f"{item.keyword} {shorten(item.arguments, 80)}".rstrip()
    if item.metadata:
        return f"{step}: settings only, no layer"
    also = f", also in {listing(item.sharers)}" if item.sharers else ""
    return f"{step}: layer {item.digest}, {size_text(item.size)}{also}"


def words(image: ImageView, rows: tuple[LayerView, ...]) -> str:
    """What the picture shows, for a screen reader."""
    steps = "; ".join(describe(item) for item in reversed(rows))
    return f"Image {shorten(image.name, 80)} ({image.id}): {about(image)}." + (
        f" From the top: {steps}." if steps else ""
    )


def characters(image: ImageView, rows: tuple[LayerView, ...]) -> Iterator[str]:
    """The picture in characters."""
    yield f"{shorten(image.name, 60)}  ({about(image)})"
    for item in reversed(rows):
        edge = "·" if item.metadata else "█" if item.base else "▒"
        size = "0B" if item.metadata else size_text(item.size)
        arguments = pad(shorten(item.arguments, ARGUMENTS), ARGUMENTS)
        also = f"  also in {listing(item.sharers, 1)}" if item.sharers else ""
        yield f"  {edge} {item.keyword:<10} {arguments}  {item.digest or 'no layer':<12}  {size:>7}{also}"
