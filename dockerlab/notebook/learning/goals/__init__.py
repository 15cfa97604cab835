"""Goals of exercises, a module for each kind of thing: `images`, `containers`, `host`. `goal` says what a goal is."""

from __future__ import annotations

from dockerlab.notebook.learning.goals.containers import ContainerChange, ContainerOf, ContainerStatus
from dockerlab.notebook.learning.goals.goal import Finding, Goal
from dockerlab.notebook.learning.goals.host import HostFile
from dockerlab.notebook.learning.goals.images import ImageExists, ImageFile, ImageSetting, LayersAtMost, SizeBelow

__all__ = [
    "ContainerChange",
    "ContainerOf",
    "ContainerStatus",
    "Finding",
    "Goal",
    "HostFile",
    "ImageExists",
    "ImageFile",
    "ImageSetting",
    "LayersAtMost",
    "SizeBelow",
]
