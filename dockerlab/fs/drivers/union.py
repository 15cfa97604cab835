"""Union mounts: each layer's own files in a directory of its own, joined when a container starts.

`Overlay2` has the kernel's overlayfs join them (moby, graphdriver/overlay2), `FuseOverlayfs` a program that does the
same without the kernel's help, for daemons without root (moby, graphdriver/fuse-overlayfs). A first write copies one
whole file up, be it one byte of 200 MB, or only its mode.

The two are not quite alike. overlay2 makes a layer of its upper directory as it is, with all that was copied up, and
whole directories hidden by one opaque mark; fuse-overlayfs compares the trees as vfs, btrfs and zfs do. Both refuse to
rename a directory that has parts below (EXDEV; mv copies then), and part hard links when one is copied up. A running
fuse-overlayfs shows a change under the other names, too, until it is mounted again; here they part at once.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dockerlab.errors import FileSystemError
from dockerlab.fs.blocks import EXT4, Blocks
from dockerlab.fs.changeset import WHITEOUT
from dockerlab.fs.drivers.driver import KeptContainer, KeptLayer, blocks_of_layer, written_and_all
from dockerlab.fs.drivers.layout import apart, folder, parents, raw_init, raw_upper, short_link, stack_ids, text_file
from dockerlab.fs.drivers.search import Search, search_stack
from dockerlab.fs.layer import Layer
from dockerlab.fs.naive import NaiveDiffFs
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Device, Directory, Metadata, Node, Symlink, walk
from dockerlab.fs.upper import UpperLeaf, walk_upper
from dockerlab.world import Clock


@dataclass(frozen=True)
class UnionDriver:
    """What drivers have in common that join layers by a union mount."""

    root: str = "/var/lib/docker"
    name: str = "overlay2"
    status: tuple[tuple[str, str], ...] | None = ()
    counts_containers: bool = False
    blocks: ClassVar[Blocks] = EXT4
    work_mode: ClassVar[int] = 0o700

    def _path(self, cache_id: str, part: str) -> str:
        return f"{self.root}/{self.name}/{cache_id}/{part}"

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

    def layer_size(self, layer: Layer) -> int:
        """Its own files, symbolic links among them."""
        return layer.size

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
        return written_and_all(self, layers, fs)

    def layer_blocks(self, kept: KeptLayer) -> int:
        """Each layer's own files."""
        return blocks_of_layer(kept.layer, self.blocks)

    def container_blocks(self, fs: OverlayFs) -> int:
        """The files of the upper directory."""
        files = {id(leaf): leaf.node for _, leaf in walk_upper(fs.upper, "") if isinstance(leaf, UpperLeaf)}
        return sum(self.blocks.used(node.size) for node in files.values() if node.kind == "f")

    def shared_blocks(self, fs: OverlayFs) -> int:
        """Those of all lower files that shine through."""
        own = {id(leaf.node) for _, leaf in walk_upper(fs.upper, "") if isinstance(leaf, UpperLeaf)}
        seen = {id(node): node.size for _, node in walk(fs.tree()) if node.kind == "f" and id(node) not in own}
        return sum(map(self.blocks.count, seen.values()))

    def layer_copies(self, kept: KeptLayer) -> int:
        """None: a new layer begins empty."""
        return 0

    def container_copies(self, lower: Directory) -> int:
        """None: a container begins with an empty upper directory."""
        return 0

    def search(self, layers: Sequence[Layer], fs: OverlayFs, path: str) -> Search:
        """Through the upper directory and the layers, from the top down."""
        return search_stack(layers, fs.upper, path)

    def layout(self, layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> Directory:
        """A directory for each layer, two for each container, and the short links that mount options use."""
        committed = parents(layers, containers)
        entries: dict[str, Node] = {}
        for each in layers:
            below = list(stack_ids(each.parent))
            entries[each.cache_id] = self._folder(each.cache_id, each.layer.unpacked, below, each.cache_id in committed)
        for container in containers:
            entries |= self._container(container)
        links = {short_link(name): Symlink(Metadata(0o777), f"../{name}/diff") for name in entries}
        return folder({**entries, "l": folder(links, 0o700)})

    def _container(self, container: KeptContainer) -> dict[str, Node]:
        """The directory of a container, and that of the layer between it and its image."""
        own, init = container.mount_id, f"{container.mount_id}-init"
        below = list(stack_ids(container.top))
        merged = apart(container.files.tree()) if container.mounted else None
        upper = self._folder(own, raw_upper(container.files.upper), [init, *below], committed=False, merged=merged)
        return {init: self._folder(init, raw_init(container), below, committed=True), own: upper}

    def _folder(
        self, name: str, own: Directory, below: Sequence[str], committed: bool, merged: Directory | None = None
    ) -> Directory:
        entries: dict[str, Node] = {"diff": own, "link": text_file(short_link(name))}
        if below:
            lower = ":".join(f"l/{short_link(each)}" for each in below)
            entries |= {"lower": text_file(lower), "work": folder({}, self.work_mode)}
        if committed:
            entries["committed"] = text_file("", 0o600)
        if merged is not None:
            entries |= {"merged": merged, "work": folder({"work": folder({}, 0)}, self.work_mode)}
        return folder(entries)


@dataclass(frozen=True)
class Overlay2(UnionDriver):
    """The kernel's overlayfs: what Docker takes wherever it can."""

    status: tuple[tuple[str, str], ...] | None = (
        ("Backing Filesystem", "extfs"),
        ("Supports d_type", "true"),
        ("Using metacopy", "false"),
        ("Native Overlay Diff", "true"),
        ("userxattr", "false"),
    )


@dataclass(frozen=True)
class FuseOverlayfs(UnionDriver):
    """overlayfs as a program (FUSE): for a daemon that runs without root on an old kernel."""

    name: str = "fuse-overlayfs"
    work_mode: ClassVar[int] = 0o710

    def mount(self, lower: Directory, clock: Clock) -> OverlayFs:
        """A mount by fuse-overlayfs."""
        return FuseOverlayFs(lower, clock)


class FuseOverlayFs(NaiveDiffFs):
    """A union mount that keeps names beginning with '.wh.' to itself (asked of fuse-overlayfs 1.10)."""

    def _create(self, path: str, node: Node) -> None:
        _check_name(path)
        if isinstance(node, Device) and (node.kind, node.major, node.minor) == ("c", 0, 0):
            raise FileSystemError(errno.ENOENT, path)
        super()._create(path, node)

    def _link(self, old: str, new: str) -> None:
        _check_name(new)
        super()._link(old, new)

    def _rename(self, old: str, new: str) -> None:
        _check_name(new)
        super()._rename(old, new)


def _check_name(path: str) -> None:
    if path.rpartition("/")[2].startswith(WHITEOUT):
        raise FileSystemError(errno.EINVAL, path)
