"""An image as a stack of layers: what each instruction added, and how much.

Rows stand as they lie, the last instruction on top. Instructions that only change settings made no layer:
they are thin and grey. Bars are to scale within one picture. More rows than a screen holds are folded.
"""

from __future__ import annotations

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    bar,
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
from dockerlab.notebook.diagrams.palette import BASE, INK, LAYER, METADATA, MUTED, Role
from dockerlab.notebook.diagrams.sizes import size_text
from dockerlab.notebook.diagrams.views import ImageView, LayerView

MOST_ROWS = 24
ARGUMENTS = 44  # characters of an instruction that are shown


def image_stack(image: ImageView) -> Figure:
    """The picture of one image."""
    rows = fold(image.rows)
    widest = max((item.size for item in rows), default=0) or 1
    about = f"{plural(image.layers, 'read-only layer')}, {size_text(image.size)}"
    boxes = [layer_box(item, widest) for item in reversed(rows)]
    label = column([heading(image.name, about), *boxes])
    return Figure(graph(node("image", label)), f"Image {image.name}", words(image), characters(image, rows, about))


def fold(rows: tuple[LayerView, ...]) -> tuple[LayerView, ...]:
    """At most MOST_ROWS rows: the oldest ones become one row that counts them."""
    surplus = len(rows) - MOST_ROWS
    if surplus <= 0:
        return rows
    folded = rows[: surplus + 1]
    size = sum(item.size for item in folded)
    return (LayerView("…", f"{len(folded)} earlier steps", "…", size, base=True), *rows[surplus + 1 :])


def role_of(item: LayerView) -> Role:
    """The colours of a row."""
    if item.base:
        return BASE
    return METADATA if item.metadata else LAYER


def layer_box(item: LayerView, widest: int) -> str:
    """One row of the stack."""
    role = role_of(item)
    size = "0B" if item.metadata else size_text(item.size)
    cells = [
        cell(run(item.keyword, face=MONO_BOLD, color=role.edge), width=78),
        cell(run(shorten(item.arguments, ARGUMENTS), face=MONO), width=330),
        cell(run(item.digest or "no layer", face=MONO, color=MUTED), width=100),
        cell(run(size, color=INK), align="RIGHT", width=54),
        cell(bar(item.size / widest, role.edge), width=74),
    ]
    return box([row(cells)], role, title=describe(item), padding=2 if item.metadata else 5)


def describe(item: LayerView) -> str:
    """A row in words."""
    if item.metadata:
        return f"{item.keyword} {shorten(item.arguments, 80)}: settings only, no layer"
    return f"{item.keyword} {shorten(item.arguments, 80)}: layer {item.digest}, {size_text(item.size)}"


def words(image: ImageView) -> str:
    """What the picture shows, for a screen reader."""
    steps = "; ".join(describe(item) for item in reversed(fold(image.rows)))
    layers = plural(image.layers, "read-only layer")
    return f"Image {image.name} ({image.id}): {layers}, {size_text(image.size)}. From the top: {steps}."


def characters(image: ImageView, rows: tuple[LayerView, ...], about: str) -> str:
    """The picture in characters."""
    lines = [f"{image.name}  ({about})"]
    for item in reversed(rows):
        edge = "·" if item.metadata else "█" if item.base else "▒"
        size = "0B" if item.metadata else size_text(item.size)
        arguments = shorten(item.arguments, ARGUMENTS)
        lines.append(
            f"  {edge} {item.keyword:<10} {arguments:<{ARGUMENTS}}  {item.digest or 'no layer':<12}  {size:>7}"
        )
    return "\n".join(lines)


def plural(count: int, noun: str) -> str:
    """'1 layer', '2 layers'."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
