"""Widgets, each of which answers one question about the lab.

`base` is what they share in Python, `bundle` their front ends, `static` the pieces of what a saved notebook shows,
`outline` trees that open level by level. `predict` asks before the run, `layers` shows what is in each layer and what
is hidden, `tape` which steps an edit makes again, `template` what a --format prints, `containers` who shares an
image, `labview` maps the whole host and every moment of it, `terminal` is a shell on it. `commands` is for those that
type docker commands: `lifecycle` shows a container's states, `ledger` what deleting would free, `nameboard` which
arrows a command moves. `suitcase` shows what survives a trip, which `trips` really makes. `present` is instructor's
mode. `overlay` touches files in two containers, which `trials` keeps once for each storage driver; `gaze` is how a
path is found there, `touches` what it cost. `wire` pushes and pulls blob by blob, as `wiretap` hears it
and `transfers` tells it, on a copy of the lab (`twins`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.containers import ContainersExplorer
from dockerlab.notebook.widgets.labview import LabView
from dockerlab.notebook.widgets.layers import LayerExplorer
from dockerlab.notebook.widgets.ledger import Ledger
from dockerlab.notebook.widgets.lifecycle import LifeCycle
from dockerlab.notebook.widgets.nameboard import NameBoard
from dockerlab.notebook.widgets.overlay import Overlay
from dockerlab.notebook.widgets.predict import Predict
from dockerlab.notebook.widgets.suitcase import Suitcase
from dockerlab.notebook.widgets.tape import BuildTape
from dockerlab.notebook.widgets.template import TemplatePad
from dockerlab.notebook.widgets.terminal import Terminal
from dockerlab.notebook.widgets.wire import Wire

EXPLORERS: Mapping[str, Callable[[Lab, str], Any]] = {
    "containers": lambda lab, image: ContainersExplorer(image, lab),
    "layers": lambda lab, image: LayerExplorer(image, lab),
    "build": BuildTape.of_folder,
    "life": LifeCycle,
    "names": NameBoard,
    "overlay": Overlay,
    "space": lambda lab, _: Ledger(lab),
    "trip": Suitcase,
    "template": lambda lab, subject: TemplatePad(subject, lab),
    "wire": Wire,
}
"""What `explore(what, name)` opens."""

__all__ = [
    "EXPLORERS",
    "BuildTape",
    "ContainersExplorer",
    "LabView",
    "LayerExplorer",
    "Ledger",
    "LifeCycle",
    "NameBoard",
    "Overlay",
    "Predict",
    "Suitcase",
    "TemplatePad",
    "Terminal",
    "Wire",
]
