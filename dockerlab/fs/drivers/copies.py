"""Full copies: a directory with a whole copy of the merged tree for each layer and each container (moby, vfs).

Nothing is shared, so nothing has to be copied when something is written; it is slow, large, and works anywhere. A
container costs two copies, since the layer of mount points between it and its image is a copy, too.

What is committed is what differs between two trees (see `dockerlab.fs.naive`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dockerlab.fs.blocks import EXT4, Blocks
from dockerlab.fs.drivers.driver import (
    KeptContainer,
    KeptLayer,
    entries_size,
    tree_blocks,
    tree_size,
    written_and_all,
)
from dockerlab.fs.drivers.layout import folder, whole_trees
from dockerlab.fs.drivers.search import OWN, Search, search_tree
from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.snapshot import SnapshotFs
from dockerlab.fs.tree import EMPTY, Directory
from dockerlab.world import Clock


@dataclass(frozen=True)
class Vfs:
    """A full copy of the merged tree for each layer and each container: slow and large, but works anywhere."""

    root: str = "/var/lib/docker"
    name: str = "vfs"
    status: tuple[tuple[str, str], ...] | None = None
    counts_containers: bool = False
    blocks: ClassVar[Blocks] = EXT4

    def graph_data(self, cache_ids: Sequence[str], *, init: str | None = None) -> dict[str, str] | None:
        """None: vfs tells nothing."""
        return None

    def mount(self, lower: Directory, clock: Clock) -> OverlayFs:
        """A copy."""
        return SnapshotFs(lower, clock)

    def layer_size(self, layer: Layer) -> int:
        """What was unpacked: regular files."""
        return entries_size(layer)

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
        """Nothing that Docker would count."""
        return 0

    def container_sizes(
        self, layers: Sequence[Layer], lower: Directory, fs: OverlayFs, between: int = 0
    ) -> tuple[int, int]:
        """The files that differ from the image's, and with them those of the layers: so Docker counts here, too."""
        return written_and_all(self, layers, fs)

    def layer_blocks(self, kept: KeptLayer) -> int:
        """All files of the layer and of those below it."""
        return tree_blocks(kept.tree, self.blocks)

    def container_blocks(self, fs: OverlayFs) -> int:
        """All files, and those of the layer of mount points, which are as many."""
        return tree_blocks(fs.tree(), self.blocks) + tree_blocks(fs.lower, self.blocks)

    def shared_blocks(self, fs: OverlayFs) -> int:
        """None."""
        return 0

    def layer_copies(self, kept: KeptLayer) -> int:
        """All files of the layers below."""
        return tree_size(kept.parent.tree) if kept.parent else 0

    def container_copies(self, lower: Directory) -> int:
        """All files, twice."""
        return 2 * tree_size(lower)

    def search(self, layers: Sequence[Layer], fs: OverlayFs, path: str) -> Search:
        """In one plain directory, the container's own."""
        return search_tree(fs.tree(), path, OWN)

    def layout(self, layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> Directory:
        """`dir/` with a whole tree for each."""
        return folder({"dir": folder(whole_trees(layers, containers))})
