"""Storage drivers: how the engine keeps layers on disk, as far as `docker info` and `docker inspect` show it.

`Overlay2` keeps each layer's own files and mounts them on one another; `Vfs` has no copy-on-write and keeps a full
copy of the merged tree for every layer (moby, daemon/graphdriver).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory, walk
from dockerlab.world import Clock


class StorageDriver(Protocol):
    """What the engine asks of a driver."""

    @property
    def name(self) -> str:
        """As `docker info` prints it after 'Storage Driver:'."""

    @property
    def status(self) -> tuple[tuple[str, str], ...]:
        """The rows that `docker info` prints below the driver's name."""

    @property
    def counts_containers(self) -> bool:
        """Whether `docker system df` counts containers' layers with those of the images."""

    def graph_data(self, cache_ids: Sequence[str], *, init: str | None = None) -> dict[str, str] | None:
        """`GraphDriver.Data` of inspect; `cache_ids` are the directories of the layers, top first.

        `init` is the directory of the layer that Docker puts between an image and its container.
        """

    def mount(self, lower: Directory, clock: Clock) -> OverlayFs:
        """A writable file system for a container on an image's merged tree."""

    def disk_usage(self, layers: Sequence[Layer]) -> int:
        """Bytes on disk for a stack of layers, lowest first."""

    def writable_usage(self, fs: OverlayFs) -> int:
        """Bytes on disk for a container's own files."""

    def init_usage(self, lower: Directory, *, again: bool = False) -> int:
        """Bytes on disk for the layer between an image of this tree and its container, as far as they are counted.

        `again`: there is such a layer further down, of a container that became a part of the image.
        """

    def container_sizes(
        self, layers: Sequence[Layer], lower: Directory, fs: OverlayFs, between: int = 0
    ) -> tuple[int, int]:
        """What `docker ps --size` says of a container on these layers: its own files, and all of them.

        `between` are the bytes of layers between those, which containers have left that became images.
        """


@dataclass(frozen=True)
class Overlay2:
    """One directory per layer, joined by the kernel's overlayfs; a write copies one file up."""

    root: str = "/var/lib/docker"
    name: str = "overlay2"
    status: tuple[tuple[str, str], ...] = (
        ("Backing Filesystem", "extfs"),
        ("Supports d_type", "true"),
        ("Using metacopy", "false"),
        ("Native Overlay Diff", "true"),
        ("userxattr", "false"),
    )
    counts_containers: bool = False

    def _path(self, cache_id: str, part: str) -> str:
        return f"{self.root}/overlay2/{cache_id}/{part}"

    def graph_data(self, cache_ids: Sequence[str], *, init: str | None = None) -> dict[str, str] | None:
        """The four directories of an overlay mount; an image of one layer has no lower ones."""
        if not cache_ids:
            return None
        top, *below = cache_ids
        lower = [self._path(cache_id, "diff") for cache_id in ([init] if init else []) + below]
        parts = {"MergedDir": "merged", "UpperDir": "diff", "WorkDir": "work"}
        data = {"LowerDir": ":".join(lower)} if lower else {}
        return data | {key: self._path(top, part) for key, part in parts.items()}

    def mount(self, lower: Directory, clock: Clock) -> OverlayFs:
        """An overlay mount, its upper directory empty."""
        return OverlayFs(lower, clock)

    def disk_usage(self, layers: Sequence[Layer]) -> int:
        """Each layer's own files."""
        return sum(layer.size for layer in layers)

    def writable_usage(self, fs: OverlayFs) -> int:
        """The files of the upper directory."""
        return fs.upper_size

    def init_usage(self, lower: Directory, *, again: bool = False) -> int:
        """Nothing: the files there are empty."""
        return 0

    def container_sizes(
        self, layers: Sequence[Layer], lower: Directory, fs: OverlayFs, between: int = 0
    ) -> tuple[int, int]:
        """The files that were written, and with them those of the layers."""
        return _written_and_all(layers, fs)


@dataclass(frozen=True)
class Vfs:
    """A full copy of the merged tree for each layer and each container: slow and large, but works anywhere."""

    root: str = "/var/lib/docker"
    name: str = "vfs"
    status: tuple[tuple[str, str], ...] = ()
    counts_containers: bool = False

    def graph_data(self, cache_ids: Sequence[str], *, init: str | None = None) -> dict[str, str] | None:
        """None: vfs tells nothing."""
        return None

    def mount(self, lower: Directory, clock: Clock) -> OverlayFs:
        """The copy behaves as an overlay's merged view does, so one stands in for it."""
        return OverlayFs(lower, clock)

    def disk_usage(self, layers: Sequence[Layer]) -> int:
        """All files of each layer and of those below it, again and again."""
        total, tree = 0, EMPTY
        for layer in layers:
            tree = apply(layer, tree)
            total += tree_size(tree)
        return total

    def writable_usage(self, fs: OverlayFs) -> int:
        """All files, copied before the container started."""
        return tree_size(fs.tree())

    def init_usage(self, lower: Directory, *, again: bool = False) -> int:
        """Nothing: the files there are empty."""
        return 0

    def container_sizes(
        self, layers: Sequence[Layer], lower: Directory, fs: OverlayFs, between: int = 0
    ) -> tuple[int, int]:
        """The files that were written, and with them those of the layers."""
        return _written_and_all(layers, fs)


def _written_and_all(layers: Sequence[Layer], fs: OverlayFs) -> tuple[int, int]:
    own = fs.upper_size
    return own, own + sum(layer.size for layer in layers)


DRIVERS: dict[str, type[Overlay2] | type[Vfs]] = {"overlay2": Overlay2, "vfs": Vfs}
"""The drivers by name, as /etc/docker/daemon.json's "storage-driver" takes them."""


def tree_size(tree: Directory) -> int:
    """Bytes of a tree's files as Docker counts them: symlinks by their text, hard-linked files once."""
    return sum({id(node): node.size for _, node in walk(tree) if node.kind != "d"}.values())
