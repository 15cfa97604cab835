"""From the engine's objects to what diagrams are drawn from (`diagrams.views`): the only bridge between the two.

`images` an image's rows, `containers` what a writable layer holds, `paths` a search through the layers, `names` tags
and removals, `builds` a build's steps, `registries` what a registry keeps and what a push would send, `space`
what takes space on the host.
"""

from dockerlab.notebook.views.builds import build_view
from dockerlab.notebook.views.containers import container_view, life_view, with_files
from dockerlab.notebook.views.images import base_of, familiar_name, history_rows, image_view
from dockerlab.notebook.views.names import name_views, removal_view
from dockerlab.notebook.views.paths import search_in_container, search_in_image
from dockerlab.notebook.views.registries import push_view, registry_view

__all__ = [
    "base_of",
    "build_view",
    "container_view",
    "familiar_name",
    "history_rows",
    "image_view",
    "life_view",
    "name_views",
    "push_view",
    "registry_view",
    "removal_view",
    "search_in_container",
    "search_in_image",
    "with_files",
]
