"""Diagrams: pure functions from plain values (`views`) to a `Figure`, the same bytes on every machine.

`stack` an image, `containers` what runs on it, `paths` where a path comes from, `names` tags and IDs, `builds` a
build, `registries` a registry and `pushes` what a push would send, `journey` the chapter's opening picture,
`lifecycle` a container's states, `costs` what work costs with each storage driver, `hands` what a room has
answered. `palette` has the colours, `dot` the pieces that they are made of, `wording` the words, `render` turns DOT
into SVG.
"""

from dockerlab.notebook.diagrams.builds import build_graph
from dockerlab.notebook.diagrams.containers import containers_on_image
from dockerlab.notebook.diagrams.costs import driver_costs
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.hands import show_of_hands
from dockerlab.notebook.diagrams.journey import journey
from dockerlab.notebook.diagrams.lifecycle import life_cycle
from dockerlab.notebook.diagrams.names import names_and_ids
from dockerlab.notebook.diagrams.paths import path_search
from dockerlab.notebook.diagrams.pushes import push_plan
from dockerlab.notebook.diagrams.registries import registry_shelves
from dockerlab.notebook.diagrams.stack import image_stack

__all__ = [
    "Figure",
    "build_graph",
    "containers_on_image",
    "driver_costs",
    "image_stack",
    "journey",
    "life_cycle",
    "names_and_ids",
    "path_search",
    "push_plan",
    "registry_shelves",
    "show_of_hands",
]
