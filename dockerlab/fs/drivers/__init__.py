"""Storage drivers: the ways in which Docker keeps the same layers on disk (moby, daemon/graphdriver).

| family | module | a container's first write to a file of the image |
|---|---|---|
| union mounts | `union`: overlay2, fuse-overlayfs | copies the whole file up |
| full copies | `copies`: vfs | copies nothing: all files were copied before it started |
| snapshots | `snapshots`: btrfs, zfs | copies the blocks that it falls on |

`driver` says what all of them answer, `search` how a path is found, `trial` what single operations cost, `layout`
helps to show what lies where.
"""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.fs.drivers.copies import Vfs
from dockerlab.fs.drivers.driver import KeptContainer, KeptLayer, StorageDriver, tree_size
from dockerlab.fs.drivers.search import Look, Search
from dockerlab.fs.drivers.snapshots import Btrfs, Zfs
from dockerlab.fs.drivers.trial import Touch, Trial
from dockerlab.fs.drivers.union import FuseOverlayfs, Overlay2

DRIVERS: Mapping[str, type[Overlay2 | FuseOverlayfs | Btrfs | Zfs | Vfs]] = {
    "overlay2": Overlay2,
    "fuse-overlayfs": FuseOverlayfs,
    "btrfs": Btrfs,
    "zfs": Zfs,
    "vfs": Vfs,
}
"""The drivers by name, in the order in which a daemon that was told none tries them (moby, driver_linux.go)."""

REMOVED = ("aufs", "devicemapper", "overlay")
"""Drivers of the past, which today's daemon refuses by name: aufs and overlay went with 24, devicemapper with 25."""

__all__ = [
    "DRIVERS",
    "REMOVED",
    "Btrfs",
    "FuseOverlayfs",
    "KeptContainer",
    "KeptLayer",
    "Look",
    "Overlay2",
    "Search",
    "StorageDriver",
    "Touch",
    "Trial",
    "Vfs",
    "Zfs",
    "tree_size",
]
