"""Snapshots: the file system itself shares blocks between a layer and the one made from it.

`Btrfs` keeps a subvolume for each layer, a snapshot of the one below; `Zfs` a dataset, a clone of a snapshot of the one
below (moby, graphdriver/btrfs and graphdriver/zfs). A write copies the blocks that it falls on: 4 KiB on btrfs, a
record of 128 KiB on zfs; a change of mode or owner copies none, a deletion leaves nothing behind.

Left out: that btrfs keeps files of up to 2 KB within its metadata, and what metadata takes on either.

What is committed is what differs between two trees (see `dockerlab.fs.naive`). On a real machine `/var/lib/docker` has
to lie on such a file system, or the daemon ends with 'prerequisites for driver not satisfied'; a lab's host is ready
for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dockerlab.fs.blocks import BTRFS, ZFS, Blocks
from dockerlab.fs.drivers.driver import KeptContainer, KeptLayer, blocks_of_layer, entries_size, written_and_all
from dockerlab.fs.drivers.layout import apart, folder, whole_trees
from dockerlab.fs.drivers.search import OWN, Search, search_stack, search_tree
from dockerlab.fs.layer import Layer
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.snapshot import SharedLeaf, SnapshotFs
from dockerlab.fs.tree import Directory, walk
from dockerlab.fs.upper import UpperLeaf, walk_upper
from dockerlab.oci.digest import Digest
from dockerlab.world import Clock


@dataclass(frozen=True)
class SnapshotDriver:
    """What drivers have in common that have the file system share blocks."""

    root: str = "/var/lib/docker"
    name: str = "btrfs"
    status: tuple[tuple[str, str], ...] | None = ()
    counts_containers: bool = False
    blocks: ClassVar[Blocks] = BTRFS
    one_link: ClassVar[bool] = False
    """Whether directories have a link count of 1, whatever is in them."""

    def graph_data(self, cache_ids: Sequence[str], *, init: str | None = None) -> dict[str, str] | None:
        """None where the driver tells nothing."""
        return None

    def mount(self, lower: Directory, clock: Clock) -> OverlayFs:
        """A snapshot, all of its blocks shared."""
        return SnapshotFs(lower, clock, self.blocks, one_link=self.one_link)

    def layer_size(self, layer: Layer) -> int:
        """What was unpacked: regular files."""
        return entries_size(layer)

    def disk_usage(self, layers: Sequence[Layer]) -> int:
        """Each layer's own files."""
        return sum(layer.size for layer in layers)

    def writable_usage(self, fs: OverlayFs) -> int:
        """What the container's own blocks hold."""
        return self.container_blocks(fs)

    def init_usage(self, lower: Directory, *, again: bool = False) -> int:
        """Nothing: the files there are empty."""
        return 0

    def container_sizes(
        self, layers: Sequence[Layer], lower: Directory, fs: OverlayFs, between: int = 0
    ) -> tuple[int, int]:
        """The files that differ from the image's, whole: Docker knows nothing of blocks."""
        return written_and_all(self, layers, fs)

    def layer_blocks(self, kept: KeptLayer) -> int:
        """Each layer's own files: they are unpacked anew, so all of their blocks are new."""
        return blocks_of_layer(kept.layer, self.blocks)

    def container_blocks(self, fs: OverlayFs) -> int:
        """Those of the files that were written, without the blocks that are still the image's."""
        files = {id(leaf): leaf for _, leaf in walk_upper(fs.upper, "") if isinstance(leaf, UpperLeaf)}
        return sum(self._own_bytes(leaf) for leaf in files.values() if leaf.node.kind == "f")

    def _own_bytes(self, leaf: UpperLeaf) -> int:
        size = leaf.node.size
        return self.blocks.bytes_of(self.blocks.count(size) - self._shared(leaf), size)

    def _shared(self, leaf: UpperLeaf) -> int:
        return leaf.shared(self.blocks) if isinstance(leaf, SharedLeaf) else 0

    def shared_blocks(self, fs: OverlayFs) -> int:
        """Those of all files that nobody wrote to, and what is left of the others."""
        own = {id(leaf.node): leaf for _, leaf in walk_upper(fs.upper, "") if isinstance(leaf, UpperLeaf)}
        seen = {id(node): node for _, node in walk(fs.tree()) if node.kind == "f"}
        return sum(self._shared(own[key]) if key in own else self.blocks.count(node.size) for key, node in seen.items())

    def layer_copies(self, kept: KeptLayer) -> int:
        """None: a new layer begins as a snapshot."""
        return 0

    def container_copies(self, lower: Directory) -> int:
        """None: a container begins as a snapshot."""
        return 0

    def search(self, layers: Sequence[Layer], fs: OverlayFs, path: str) -> Search:
        """In one tree, the container's own; the layer is the one whose blocks are read."""
        found = search_tree(fs.tree(), path, OWN)
        if found.layer is None:
            return found
        return Search(found.looks, _owner(layers, fs, path))

    def layout(self, layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> Directory:
        """A directory with a whole tree for each, though only what differs takes room."""
        return folder({"subvolumes": folder(whole_trees(layers, containers))})


def _owner(layers: Sequence[Layer], fs: OverlayFs, path: str) -> int:
    """The layer whose blocks a path reads; the files of a directory that was renamed still are their layers'."""
    layer = search_stack(layers, fs.upper, path).layer
    if layer is not None:
        return layer
    node = fs.node(path, follow=False)
    owners = (number for number, each in enumerate(layers) if any(leaf is node for leaf in each.changeset.leaves()))
    return next(owners, OWN)


@dataclass(frozen=True)
class Btrfs(SnapshotDriver):
    """A subvolume for each layer and container, each a snapshot of the one below."""

    status: tuple[tuple[str, str], ...] | None = (("Btrfs", ""),)
    one_link: ClassVar[bool] = True


@dataclass(frozen=True)
class Zfs(SnapshotDriver):
    """A dataset for each layer and container, each a clone of a snapshot of the one below."""

    name: str = "zfs"
    dataset: str = "zpool-docker"
    status: tuple[tuple[str, str], ...] | None = (
        ("Zpool", "zpool-docker"),
        ("Zpool Health", "ONLINE"),
        ("Parent Dataset", "zpool-docker"),
        ("Space Used By Parent", "98304"),
        ("Space Available", "20401094656"),
        ("Parent Quota", "no"),
        ("Compression", "off"),
    )
    blocks: ClassVar[Blocks] = ZFS

    def graph_data(self, cache_ids: Sequence[str], *, init: str | None = None) -> dict[str, str] | None:
        """The dataset, and where it is mounted while somebody needs it."""
        if not cache_ids:
            return None
        top = cache_ids[0]
        return {"Dataset": f"{self.dataset}/{top}", "Mountpoint": f"{self.root}/zfs/graph/{top}"}

    def layout(self, layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> Directory:
        """`graph/` with the datasets that are mounted: those of running containers."""
        mounted = {each.mount_id: apart(each.files.tree()) for each in containers if each.mounted}
        return folder({"graph": folder(mounted, 0o755)})

    def datasets(self, layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> list[tuple[str, str]]:
        """What `zfs list -o name,origin` shows: each dataset with the snapshot that it is a clone of, '-' for none."""
        below = {each.cache_id: each.parent.cache_id if each.parent else None for each in layers}
        for each in containers:
            init = f"{each.mount_id}-init"
            below |= {init: each.top.cache_id if each.top else None, each.mount_id: init}
        return [(f"{self.dataset}/{name}", self._origin(name, parent)) for name, parent in below.items()]

    def _origin(self, name: str, parent: str | None) -> str:
        """A snapshot's name: moby takes the nanoseconds of the moment, here it follows from the clone's."""
        number = int(Digest.of(f"snapshot {name}".encode()).hex[:12], 16) % 1_000_000_000
        return f"{self.dataset}/{parent}@{number}" if parent else "-"
