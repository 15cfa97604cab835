"""What is in each layer? Choose one and see its files: new, replacing one below, or a whiteout that hides one."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import ipywidgets

from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import walk
from dockerlab.lab import Lab
from dockerlab.notebook import pictures, views
from dockerlab.notebook.diagrams.sizes import size_text
from dockerlab.notebook.widgets.explorer import Explorer
from dockerlab.store.images import Image

WHITEOUT, OPAQUE = ".wh.", ".wh..wh..opq"
MOST_FILES = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a layer: what it does, its path in the merged tree, its bytes."""

    does: str
    path: str
    size: int


def rows_of(layer: Layer, below: set[str]) -> list[Row]:
    """A layer's entries that are not directories, largest first; `below` are the paths of the layers underneath."""
    rows = []
    for entry in layer.entries:
        path = "/" + entry.path.strip("/")
        folder, _, name = path.rpartition("/")
        if name == OPAQUE:
            rows.append(Row("hides all of", folder, 0))
        elif name.startswith(WHITEOUT):
            rows.append(Row("hides", f"{folder}/{name.removeprefix(WHITEOUT)}", 0))
        elif entry.kind != "d":
            rows.append(Row("replaces" if path in below else "adds", path, entry.content.size))
    return sorted(rows, key=lambda row: (-row.size, row.path))


class LayersExplorer(Explorer):
    """An image's layers one by one, and what all of them together waste."""

    def __init__(self, lab: Lab, image: str) -> None:
        self.lab, self.name = lab, image
        self.image: Image = lab.engine.images.find(image)
        history = [row for row in views.history_rows(self.image) if not row.metadata]
        options = [(f"{number}: {row.keyword} {row.arguments}"[:70], number) for number, row in enumerate(history, 1)]
        self.choice = ipywidgets.Dropdown(options=options, description="Layer", layout=ipywidgets.Layout(width="90%"))
        self.choice.value = len(options) or None
        self.choice.observe(lambda _: self.refresh(), names="value")
        self.files, self.sums = ipywidgets.HTML(), ipywidgets.HTML(f"<p>{self.sentence()}</p>")
        picture = ipywidgets.HTML(pictures.picture_of_image(lab.engine, image).html)
        self.refresh()
        super().__init__([picture, self.choice, self.files, self.sums])

    def refresh(self) -> None:
        """Show the chosen layer's files."""
        number = int(self.choice.value or 1)
        self.files.value = table(self.rows(number))

    def rows(self, number: int) -> list[Row]:
        """The entries of the layer with that number, counted from 1."""
        below = {"/" + entry.path.strip("/") for layer in self.image.layers[: number - 1] for entry in layer.entries}
        return rows_of(self.image.layers[number - 1], below)

    def sentence(self) -> str:
        """How many of the shipped bytes can be seen in the merged tree."""
        shipped = sum(layer.size for layer in self.image.layers)
        visible = visible_bytes(self.image)
        share = 100 * visible / shipped if shipped else 100.0
        return (
            f"{size_text(shipped)} are shipped in {len(self.image.layers)} layers; {size_text(visible)} of them "
            f"can be seen in a container ({share:.0f} %), {size_text(shipped - visible)} lie hidden below."
        )

    def static_html(self) -> str:
        """The picture, every layer's files in a fold, and the sums."""
        folds = "".join(
            f"<details><summary>{html.escape(label)}</summary>{table(self.rows(number))}</details>"
            for label, number in self.choice.options
        )
        return f"{pictures.picture_of_image(self.lab.engine, self.name).html}{folds}<p>{self.sentence()}</p>"

    def static_text(self) -> str:
        """The same in characters."""
        lines = [pictures.picture_of_image(self.lab.engine, self.name).text]
        for label, number in self.choice.options:
            lines.append(label)
            lines += [f"    {row.does} {row.path}  {size_text(row.size)}" for row in self.rows(number)[:5]]
        return "\n".join([*lines, self.sentence()])


def visible_bytes(image: Image) -> int:
    """Bytes of the regular files in the merged tree, a file with several names counted once."""
    files: dict[int, Any] = {id(node): node for _, node in walk(image.tree) if hasattr(node, "content")}
    return sum(int(node.content.size) for node in files.values())


def table(rows: list[Row]) -> str:
    """A layer's entries as a table."""
    lines = "".join(
        f"<tr><td>{row.does}</td><td><code>{html.escape(row.path)}</code></td>"
        f'<td style="text-align:right">{size_text(row.size)}</td></tr>'
        for row in rows[:MOST_FILES]
    )
    more = f"<tr><td></td><td>and {len(rows) - MOST_FILES} more</td><td></td></tr>" if len(rows) > MOST_FILES else ""
    return f"<table>{lines}{more}</table>"
