"""Widgets, each of which answers one question about the lab.

`base` is what they share in Python, `bundle` their front ends, `static` the pieces of what a saved notebook shows,
`outline` trees that open level by level. `predict` asks before the run, `layers` shows what is in each layer and what
is hidden, `containers` who shares an image, `build` which steps a change makes again.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.build import BuildExplorer
from dockerlab.notebook.widgets.containers import ContainersExplorer
from dockerlab.notebook.widgets.layers import LayerExplorer
from dockerlab.notebook.widgets.predict import Predict
from dockerlab.notebook.widgets.template import TemplatePad

EXPLORERS: Mapping[str, Callable[[Lab, str], Any]] = {
    "containers": ContainersExplorer,
    "layers": lambda lab, image: LayerExplorer(image, lab),
    "build": BuildExplorer,
    "template": lambda lab, subject: TemplatePad(subject, lab),
}
"""What `explore(what, name)` opens."""

__all__ = ["EXPLORERS", "BuildExplorer", "ContainersExplorer", "LayerExplorer", "Predict", "TemplatePad"]
