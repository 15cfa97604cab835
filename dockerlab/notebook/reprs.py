"""Rich pictures for the lab's objects in a notebook: an image as its layers, a container on its image, costs as bars.

Domain classes know nothing of notebooks; IPython is told about their types here.
"""

from __future__ import annotations

import html
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.fs.layer import Layer
from dockerlab.fs.overlay import Change
from dockerlab.lab.comparison import Comparison
from dockerlab.notebook import pictures, views
from dockerlab.notebook.diagrams import Figure, driver_costs, image_stack, life_cycle
from dockerlab.notebook.diagrams.views import LifeView
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.notebook.session import current_lab
from dockerlab.runtime.container import Container
from dockerlab.store.images import Image

CHANGE_COLOURS = {"A": "#00785A", "C": "#0072B2", "D": "#D55E00"}
MOST_ENTRIES = 30


def image_figure(image: Image) -> Figure:
    """An image as its layer stack, also when it was removed meanwhile."""
    engine = current_lab().engine
    try:
        name = views.familiar_name(engine, image)
    except NotFoundError:
        name = f"{image.id.short} (removed)"
    return image_stack(views.image_view(engine, image, name))


def container_figure(container: Container) -> Figure:
    """A container with its writable top on its image; of one that is gone, what became of it."""
    try:
        return pictures.picture_of_containers(current_lab().engine, [container.id])
    except NotFoundError:
        return life_cycle(LifeView(container.name.lstrip("/"), ""))


def layer_text(layer: Layer) -> str:
    """A layer as a listing of its changeset."""
    entries = list(layer.entries)
    lines = [f"layer {layer.diff_id.short}: {len(entries)} entries, {size_text(layer.size)}"]
    lines += [f"  {entry.path}" for entry in entries[:MOST_ENTRIES]]
    return "\n".join([*lines, *([f"  and {len(entries) - MOST_ENTRIES} more"] if len(entries) > MOST_ENTRIES else [])])


def change_html(change: Change) -> str:
    """One line of a diff, its kind in a colour and as a letter."""
    colour = CHANGE_COLOURS[change.kind]
    return f'<code><b style="color:{colour}">{change.kind}</b> {html.escape(change.path)}</code>'


def register(shell: Any) -> None:
    """Tell a shell's display formatters about our types."""
    as_html = shell.display_formatter.formatters["text/html"]
    as_text = shell.display_formatter.formatters["text/plain"]
    for kind, figure in ((Image, image_figure), (Container, container_figure), (Comparison, driver_costs)):
        as_html.for_type(kind, lambda value, figure=figure: figure(value).html)
        as_text.for_type(kind, lambda value, printer, cycle, figure=figure: printer.text(figure(value).text))
    as_text.for_type(Layer, lambda layer, printer, cycle: printer.text(layer_text(layer)))
    as_text.for_type(Change, lambda change, printer, cycle: printer.text(f"{change.kind} {change.path}"))
    as_html.for_type(Change, change_html)
