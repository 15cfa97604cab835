"""Widgets, each of which answers one question about the lab.

`base` what they share, `ask` a question to be answered before the run, `containers` who shares an image,
`layers` what is in each layer, `build` which steps a change makes again.
"""

from collections.abc import Callable, Mapping

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.ask import Ask
from dockerlab.notebook.widgets.base import Explorer
from dockerlab.notebook.widgets.build import BuildExplorer
from dockerlab.notebook.widgets.containers import ContainersExplorer
from dockerlab.notebook.widgets.layers import LayersExplorer

EXPLORERS: Mapping[str, Callable[[Lab, str], Explorer]] = {
    "containers": ContainersExplorer,
    "layers": LayersExplorer,
    "build": BuildExplorer,
}

__all__ = ["EXPLORERS", "Ask", "BuildExplorer", "ContainersExplorer", "Explorer", "LayersExplorer"]
