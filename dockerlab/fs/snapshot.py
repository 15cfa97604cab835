"""A container's files as a snapshot of its image's: a file system of its own that begins as another one's copy.

So it is with btrfs (subvolumes), zfs (clones) and vfs (a plain copy). Nothing of overlayfs shows: hard links stay
links, directories can be renamed, a deletion leaves nothing behind. Where the two share blocks, a write copies the
blocks that it falls on and that are still shared, and no others; a change of metadata copies none.

The tree is kept as an overlay keeps it, which nobody can tell from outside: what a snapshot holds and nobody changed
is the image's own. Whiteouts here are but notes that a name is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from dockerlab.fs.blocks import Blocks, changed_blocks
from dockerlab.fs.content import Content
from dockerlab.fs.naive import NaiveDiffFs
from dockerlab.fs.overlay import CopyUp
from dockerlab.fs.paths import inside, parent_of
from dockerlab.fs.stat import Stat
from dockerlab.fs.tree import Directory, File, Leaf
from dockerlab.fs.upper import UpperDir, UpperLeaf
from dockerlab.world import Clock


@dataclass(eq=False, slots=True)
class SharedLeaf(UpperLeaf):
    """A file that came with the snapshot: of its first `kept` bytes all blocks but the `unshared` are the image's."""

    kept: int = 0
    unshared: set[int] = field(default_factory=set)

    def shared(self, blocks: Blocks) -> int:
        """How many blocks it has in common with the image's file."""
        count = blocks.count(self.kept)
        return count - sum(index < count for index in self.unshared)

    def unshare(self, new: Content, blocks: Blocks) -> int:
        """Note that the content will be `new`; returns how many shared blocks have to be copied for it."""
        assert isinstance(self.node, File)
        old, size = self.node.content, blocks.size
        hit = changed_blocks(old, new, size, min(old.size, new.size, self.kept))
        # A block that is cut, or filled up further, is written to as well.
        edge = min(old.size, new.size)
        if old.size != new.size and edge % size and edge - edge % size < self.kept:
            hit.add(edge // size)
        hit -= self.unshared
        self.kept = min(self.kept, new.size)
        self.unshared |= hit
        return len(hit)


class SnapshotFs(NaiveDiffFs):
    """A snapshot of `lower`; `blocks` says in what pieces the two share files, None that they share none."""

    keeps_whiteouts: ClassVar[bool] = False

    def __init__(self, lower: Directory, clock: Clock, blocks: Blocks | None = None, *, one_link: bool = False) -> None:
        super().__init__(lower, clock)
        self.blocks = blocks
        self._one_link = one_link

    def _stat(self, path: str) -> Stat | None:
        """As ever; but a directory has as many links as it has directories, or (on btrfs) one."""
        stat = super()._stat(path)
        if stat is None or stat.kind != "d":
            return stat
        links = 1 if self._one_link else 2 + sum(self._kind(inside(path, name)) == "d" for name in self._names(path))
        return replace(stat, nlink=links)

    def _upper_leaf(self, path: str, *, emptied: bool = False) -> UpperLeaf:
        """The file at a path as one that can be changed, under all of its names."""
        found = self._locate(path)
        if found is None or isinstance(found, Directory | UpperDir | UpperLeaf):
            return super()._upper_leaf(path)
        places = [path] if id(found) not in self.lower.links else list(self._places(found))
        kept = found.size if self.blocks is not None and isinstance(found, File) else 0
        # A new object, so that no other snapshot's file can be taken for it.
        leaf = SharedLeaf(replace(found), self._lower_inode(path, found), len(places), kept)
        for place in places:
            above, name = parent_of(place)
            self._upper_dir(above).names[name] = leaf
        return leaf

    def _places(self, wanted: Leaf) -> list[str]:
        """All names that a file of the image still has."""
        return [path for path, _ in self.walk() if self._locate(path) is wanted]

    def _movable(self, path: str) -> UpperDir | UpperLeaf:
        """What stands at a path, ready to be moved: directories with all that is in them."""
        return self._upper_dir(path) if self._kind(path) == "d" else self._upper_leaf(path)

    def _store(self, path: str, content: Content, mtime: int | None) -> None:
        self._changing(path)
        leaf = self._upper_leaf(path)
        if isinstance(leaf, SharedLeaf) and leaf.kept and self.blocks is not None:
            size = leaf.node.size
            count = leaf.unshare(content, self.blocks)
            if count:
                self.copied_up.append(CopyUp(path, self.blocks.bytes_of(count, size)))
        super()._store(path, content, mtime)

    def _remove(self, path: str) -> None:
        self._changing(path)
        self._part(path)
        super()._remove(path)

    def _rename(self, old: str, new: str) -> None:
        self._changing(old)
        self._part(new)
        super()._rename(old, new)

    def _part(self, path: str) -> None:
        """Before a file loses one of several names: the others have to know."""
        found = self._locate(path)
        if id(found) in self.lower.links:
            self._upper_leaf(path)
