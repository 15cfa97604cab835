"""Goals of exercises, a module for each kind of thing; `goal` says what a goal is.

`images` and `containers` look at what docker lists, `behaviour` at what they print and how they end, `names` at names,
`logins` at credentials, `steps` at the order of an image's steps, `traces` into all layers, `surroundings` at ports and
mounts, `volumes` into what is mounted, `drivers` at storage drivers, `registries` ask a registry, `shelves` what it
holds, `signatures` who signed that, `searches` what a hub finds, `host` reads files of the host, `archives` look into
what was saved or exported there.
"""

from __future__ import annotations

from dockerlab.notebook.learning.goals.archives import BareFiles, SavedImage
from dockerlab.notebook.learning.goals.behaviour import ExitCode, Logged, Prints
from dockerlab.notebook.learning.goals.containers import (
    ContainerChange,
    ContainerFile,
    ContainerOf,
    ContainerStatus,
    StartedAgain,
)
from dockerlab.notebook.learning.goals.drivers import DirectoryNoted, DriverIs, DriverWaits, ImageUnder, WritableBelow
from dockerlab.notebook.learning.goals.goal import Finding, Goal
from dockerlab.notebook.learning.goals.host import HostFile, LineBefore
from dockerlab.notebook.learning.goals.images import ImageExists, ImageFile, ImageSetting, LayersAtMost, SizeBelow
from dockerlab.notebook.learning.goals.inspected import FileSays, OnlyStopped
from dockerlab.notebook.learning.goals.logins import LoggedIn, NoLogins
from dockerlab.notebook.learning.goals.names import NoName, NoneDangling, OtherImage, SameImage
from dockerlab.notebook.learning.goals.registries import DigestNoted, Pushed, PushedSame, TagsNoted
from dockerlab.notebook.learning.goals.searches import SearchFound
from dockerlab.notebook.learning.goals.shelves import NotPushed, PushedLabel, StoreUnnamed, Swept
from dockerlab.notebook.learning.goals.signatures import SignedAtAll, SignedBy
from dockerlab.notebook.learning.goals.steps import StepBefore
from dockerlab.notebook.learning.goals.surroundings import MountedAt, Published
from dockerlab.notebook.learning.goals.traces import ImageMode, NoTrace, Trace
from dockerlab.notebook.learning.goals.volumes import VolumeFile

__all__ = [
    "BareFiles",
    "ContainerChange",
    "ContainerFile",
    "ContainerOf",
    "ContainerStatus",
    "DigestNoted",
    "DirectoryNoted",
    "DriverIs",
    "DriverWaits",
    "ExitCode",
    "FileSays",
    "Finding",
    "Goal",
    "HostFile",
    "ImageExists",
    "ImageFile",
    "ImageMode",
    "ImageSetting",
    "ImageUnder",
    "LayersAtMost",
    "LineBefore",
    "Logged",
    "LoggedIn",
    "MountedAt",
    "NoLogins",
    "NoName",
    "NoTrace",
    "NoneDangling",
    "NotPushed",
    "OnlyStopped",
    "OtherImage",
    "Prints",
    "Published",
    "Pushed",
    "PushedLabel",
    "PushedSame",
    "SameImage",
    "SavedImage",
    "SearchFound",
    "SignedAtAll",
    "SignedBy",
    "SizeBelow",
    "StartedAgain",
    "StepBefore",
    "StoreUnnamed",
    "Swept",
    "TagsNoted",
    "Trace",
    "VolumeFile",
    "WritableBelow",
]
