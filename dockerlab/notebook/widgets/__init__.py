"""Widgets, each of which answers one question about the lab.

`base` is what they share in Python, `bundle` their front ends, `static` the pieces of what a saved notebook shows;
`predict` asks before the run, `containers` shows who shares an image, `layers` what is in each layer, `build` which
steps a change makes again.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.build import BuildExplorer
from dockerlab.notebook.widgets.containers import ContainersExplorer
from dockerlab.notebook.widgets.layers import LayersExplorer
from dockerlab.notebook.widgets.predict import Predict

EXPLORERS: Mapping[str, Callable[[Lab, str], Any]] = {
    "containers": ContainersExplorer,
    "layers": LayersExplorer,
    "build": BuildExplorer,
}

__all__ = ["EXPLORERS", "BuildExplorer", "ContainersExplorer", "LayersExplorer", "Predict"]
