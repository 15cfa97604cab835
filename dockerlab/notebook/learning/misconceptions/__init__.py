"""What learners believe, and the experiment that refutes it: 49 misconceptions, a module for what they are about."""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.misconceptions import (
    archives,
    builds,
    containers,
    instructions,
    layers,
    names,
    registries,
)

GROUPS = (layers, containers, names, instructions, builds, archives, registries)

MISCONCEPTIONS: Mapping[int, Misconception] = {
    each.number: each for each in sorted((m for group in GROUPS for m in group.MISCONCEPTIONS), key=lambda m: m.number)
}
