"""`StorageDriver`: what the engine asks of a driver, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dockerlab.fs.blocks import Blocks
from dockerlab.fs.drivers.search import Search
from dockerlab.fs.layer import Layer
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Directory, walk
from dockerlab.world import Clock


class KeptLayer(Protocol):
    """A layer as the engine's layer store keeps it."""

    @property
    def layer(self) -> Layer:
        """The changeset."""

    @property
    def parent(self) -> KeptLayer | None:
        """The layer below."""

    @property
    def cache_id(self) -> str:
        """The name of its directory."""

    @property
    def tree(self) -> Directory:
        """The merged tree of it and all below."""


@dataclass(frozen=True)
class KeptContainer:
    """A container as a driver keeps it: on `top`, with `files`; `mounted` while it runs."""

    mount_id: str
    top: KeptLayer | None
    files: OverlayFs
    mounted: bool = False


class StorageDriver(Protocol):
    """What the engine asks of a driver."""

    @property
    def name(self) -> str:
        """As `docker info` prints it after 'Storage Driver:'."""

    @property
    def status(self) -> tuple[tuple[str, str], ...] | None:
        """The rows that `docker info` prints below the driver's name; None where there is nothing of the kind."""

    @property
    def counts_containers(self) -> bool:
        """Whether `docker system df` counts containers' layers with those of the images."""

    @property
    def blocks(self) -> Blocks:
        """How the file system below cuts files up."""

    def graph_data(self, cache_ids: Sequence[str], *, init: str | None = None) -> dict[str, str] | None:
        """`GraphDriver.Data` of inspect; `cache_ids` are the directories of the layers, top first.

        `init` is the directory of the layer that Docker puts between an image and its container.
        """

    def mount(self, lower: Directory, clock: Clock) -> OverlayFs:
        """A writable file system for a container on an image's merged tree."""

    # What Docker's own commands say.

    def layer_size(self, layer: Layer) -> int:
        """Bytes of a layer as `docker images` and `docker history` count them."""

    def disk_usage(self, layers: Sequence[Layer]) -> int:
        """Bytes of files on disk for a stack of layers, lowest first."""

    def writable_usage(self, fs: OverlayFs) -> int:
        """Bytes of files on disk for a container's own files."""

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

    # What the disk says.

    def layer_blocks(self, kept: KeptLayer) -> int:
        """Bytes of the blocks that a layer takes where it is."""

    def container_blocks(self, fs: OverlayFs) -> int:
        """Bytes of the blocks that only this container has."""

    def shared_blocks(self, fs: OverlayFs) -> int:
        """How many blocks a container sees that are the image's."""

    def layer_copies(self, kept: KeptLayer) -> int:
        """Bytes that were copied to begin a layer on the one below."""

    def container_copies(self, lower: Directory) -> int:
        """Bytes copied to begin a container on a tree, before it writes anything."""

    def search(self, layers: Sequence[Layer], fs: OverlayFs, path: str) -> Search:
        """How a path of a container on these layers (lowest first) is found."""

    def layout(self, layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> Directory:
        """What lies in the driver's own directory, `/var/lib/docker/<name>`."""


def written_and_all(driver: StorageDriver, layers: Sequence[Layer], fs: OverlayFs) -> tuple[int, int]:
    """The files that were written, and with them those of the layers."""
    own = fs.upper_size
    return own, own + sum(map(driver.layer_size, layers))


def tree_size(tree: Directory) -> int:
    """Bytes of a tree's files as Docker counts them: symlinks by their text, hard-linked files once."""
    return sum({id(node): node.size for _, node in walk(tree) if node.kind != "d"}.values())


def tree_blocks(tree: Directory, blocks: Blocks) -> int:
    """Bytes of the blocks of a tree's files, hard-linked ones once."""
    return sum({id(node): blocks.used(node.size) for _, node in walk(tree) if node.kind == "f"}.values())


def blocks_of_layer(layer: Layer, blocks: Blocks) -> int:
    """Bytes of the blocks of a layer's own files, hard-linked ones once."""
    return sum({id(leaf): blocks.used(leaf.size) for leaf in layer.changeset.leaves() if leaf.kind == "f"}.values())


def entries_size(layer: Layer) -> int:
    """Bytes of a layer's regular files, which is what its archive's entries say of themselves."""
    return sum(entry.size for entry in layer.entries)
