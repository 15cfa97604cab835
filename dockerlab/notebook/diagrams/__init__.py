"""Diagrams: pure functions from plain values (`views`) to a `Figure`, the same bytes on every machine.

`stack` an image, `containers` what runs on it, `names` tags and IDs, `journey` the chapter's opening picture.
`palette` has the colours, `dot` the pieces that they are made of, `render` turns DOT into SVG.
"""

from dockerlab.notebook.diagrams.containers import containers_on_image
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.journey import journey
from dockerlab.notebook.diagrams.names import names_and_ids
from dockerlab.notebook.diagrams.stack import image_stack
from dockerlab.notebook.diagrams.views import ChangeView, ContainerView, IdView, ImageView, LayerView, TagView

__all__ = [
    "ChangeView",
    "ContainerView",
    "Figure",
    "IdView",
    "ImageView",
    "LayerView",
    "TagView",
    "containers_on_image",
    "image_stack",
    "journey",
    "names_and_ids",
]
