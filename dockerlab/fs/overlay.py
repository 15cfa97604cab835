"""overlayfs: a writable upper directory over an immutable lower tree, as the Linux kernel joins them.

It follows the kernel's Documentation/filesystems/overlayfs.rst with the options that Docker's overlay2 mounts with
(no redirect_dir, no index, no metacopy): the first write to a lower file copies it up whole, a deletion leaves a
whiteout, a directory made anew in a lower one's place is opaque, a copied-up hard link parts from its twins, and
rename(2) of a directory that has lower parts fails with EXDEV.

The lower tree is the merged tree of all layers below, so a look-up costs the same over one layer or a hundred.
"""

from __future__ import annotations

import errno
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import count
from typing import ClassVar

from dockerlab.errors import FileSystemError
from dockerlab.fs.changes import Change, compare
from dockerlab.fs.content import Content
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.layer import Layer
from dockerlab.fs.paths import parent_of
from dockerlab.fs.stat import Stat, stat_of
from dockerlab.fs.tree import MAX_DEPTH, Device, Directory, File, Metadata, Node, names_of
from dockerlab.fs.upper import Found, UpperDir, UpperLeaf, Whiteout, freeze, frozen, upper_entries, walk_upper
from dockerlab.world import Clock


@dataclass(frozen=True, slots=True)
class CopyUp:
    """What a write copied: a whole lower file, or (of file systems that share blocks) the blocks that it fell on."""

    path: str
    size: int


class OverlayFs(FileSystem):
    """An overlay mount: `lower` never changes, all changes are in the upper directory."""

    keeps_whiteouts: ClassVar[bool] = True
    """Whether device 0:0 is what whiteouts are made of, so that nobody else may make one."""

    def __init__(self, lower: Directory, clock: Clock, *, read_only: bool = False) -> None:
        self.lower = lower
        self.clock = clock
        self.read_only = read_only
        self.copied_up: list[CopyUp] = []
        self._inodes = count(2)
        self._lower_inodes: dict[object, int] = {}
        self._root = UpperDir(lower.meta, 1, lower, {})
        self._snapshot: Directory | None = lower

    # Looking.

    def _locate(self, path: str) -> Found | None:
        found: Found | None = self._root
        for name in path.split("/"):
            if not name:
                continue
            if isinstance(found, UpperDir):
                found = found.find(name)
            elif isinstance(found, Directory):
                found = found.entries.get(name)
            else:
                return None
        return found

    def _kind(self, path: str) -> str:
        found = self._locate(path)
        if found is None:
            return ""
        if isinstance(found, UpperDir):
            return "d"
        return found.node.kind if isinstance(found, UpperLeaf) else found.kind

    def _stat(self, path: str) -> Stat | None:
        found = self._locate(path)
        if found is None:
            return None
        if isinstance(found, UpperLeaf):
            return stat_of(found.node, found.nlink, found.inode)
        if isinstance(found, UpperDir):
            return stat_of(Directory(found.meta), found.links, found.inode)
        links = None if isinstance(found, Directory) else self.lower.links.get(id(found), 1)
        return stat_of(found, links, self._lower_inode(path, found))

    def _lower_inode(self, path: str, node: Node) -> int:
        shared = node.kind != "d" and id(node) in self.lower.links
        key: object = id(node) if shared else path
        if key not in self._lower_inodes:
            self._lower_inodes[key] = next(self._inodes)
        return self._lower_inodes[key]

    def _names(self, path: str) -> Collection[str]:
        found = self._locate(path)
        if isinstance(found, UpperDir):
            return found.merged()
        return found.entries if isinstance(found, Directory) else ()

    def _node(self, path: str) -> Node:
        found = self._locate(path)
        if found is None:
            raise FileSystemError(errno.ENOENT, path)
        if found is self._root:
            self._snapshot = self._snapshot or freeze(self._root)
            return self._snapshot
        return frozen(found)

    def _now(self) -> int:
        return self.clock.now

    # Copying up.

    def _changing(self, path: str) -> None:
        if self.read_only:
            raise FileSystemError(errno.EROFS, path)
        self._snapshot = None

    def _upper_dir(self, path: str) -> UpperDir:
        """The directory at a path, copied up together with all directories above it."""
        above = self._root
        for name in names_of(path):
            found = above.find(name)
            if isinstance(found, Directory):
                found = UpperDir(found.meta, next(self._inodes), found, {})
                above.names[name] = found
            if not isinstance(found, UpperDir):
                raise FileSystemError(errno.ENOTDIR if found else errno.ENOENT, path)
            above = found
        return above

    def _upper_leaf(self, path: str, *, emptied: bool = False) -> UpperLeaf:
        """The file at a path, copied up whole if it is a lower one; `emptied`: without its bytes, which are to go."""
        above, name = parent_of(path)
        directory = self._upper_dir(above)
        found = directory.find(name)
        if isinstance(found, UpperLeaf):
            return found
        if found is None or isinstance(found, Directory | UpperDir):
            raise FileSystemError(errno.EISDIR if found else errno.ENOENT, path)
        inode = self._lower_inode(path, found)
        # A new object: a hard link that is copied up is a file of its own from now on.
        leaf = UpperLeaf(replace(found), inode if self.lower.links.get(id(found), 1) == 1 else next(self._inodes))
        directory.names[name] = leaf
        if isinstance(found, File):
            self.copied_up.append(CopyUp(path, 0 if emptied else found.size))
        return leaf

    def _touched(self, path: str) -> tuple[UpperDir, str]:
        """The directory above a path, copied up and stamped, and the last name."""
        above, name = parent_of(path)
        directory = self._upper_dir(above)
        directory.meta = replace(directory.meta, mtime=self.clock.now)
        return directory, name

    # Changing.

    def _create(self, path: str, node: Node) -> None:
        self._changing(path)
        if self.keeps_whiteouts and isinstance(node, Device) and (node.kind, node.major, node.minor) == ("c", 0, 0):
            raise FileSystemError(errno.EPERM, path)
        if path.count("/") > MAX_DEPTH:
            raise FileSystemError(errno.ENAMETOOLONG, path)
        directory, name = self._touched(path)
        if isinstance(node, Directory):
            # A directory over a whiteout must not let the lower one shine through again.
            opaque = directory.hides(name)
            directory.names[name] = UpperDir(node.meta, next(self._inodes), None, {}, opaque)
        else:
            directory.names[name] = UpperLeaf(node, next(self._inodes))

    def _store(self, path: str, content: Content, mtime: int | None) -> None:
        self._changing(path)
        leaf = self._upper_leaf(path, emptied=not content.size)
        meta = leaf.node.meta if mtime is None else replace(leaf.node.meta, mtime=mtime)
        leaf.node = File(meta, content)

    def _amend(self, path: str, meta: Metadata) -> None:
        self._changing(path)
        if self._kind(path) == "d":
            self._upper_dir(path).meta = meta
        else:
            leaf = self._upper_leaf(path)
            leaf.node = replace(leaf.node, meta=meta)

    def _remove(self, path: str) -> None:
        self._changing(path)
        directory, name = self._touched(path)
        gone = directory.names.get(name)
        if isinstance(gone, UpperLeaf):
            gone.nlink -= 1
        self._drop(directory, name)

    def _drop(self, directory: UpperDir, name: str) -> None:
        if directory.hides(name):
            directory.names[name] = Whiteout(self.clock.now)
        else:
            del directory.names[name]

    def _link(self, old: str, new: str) -> None:
        self._changing(new)
        leaf = self._upper_leaf(old)
        leaf.nlink += 1
        directory, name = self._touched(new)
        directory.names[name] = leaf

    def _rename(self, old: str, new: str) -> None:
        self._changing(old)
        moved = self._movable(old)
        replaced = self._locate(new)
        if replaced is moved:
            return
        if isinstance(replaced, UpperLeaf):
            replaced.nlink -= 1
        source, old_name = self._touched(old)
        target, new_name = self._touched(new)
        self._drop(source, old_name)
        if isinstance(moved, UpperDir):
            moved.opaque = moved.opaque or target.hides(new_name)
        target.names[new_name] = moved

    def _movable(self, path: str) -> UpperDir | UpperLeaf:
        """What stands at a path, in the upper directory; of a directory with lower parts only its own could move."""
        found = self._locate(path)
        if isinstance(found, Directory) or (isinstance(found, UpperDir) and found.lower is not None):
            raise FileSystemError(errno.EXDEV, path)
        return found if isinstance(found, UpperDir) else self._upper_leaf(path)

    # What the upper directory holds.

    def where(self, path: str) -> str:
        """Where the merged view takes a path from: 'upper', 'lower', 'both' (a merged directory), 'none'."""
        found = self._locate(self._resolve(path, follow=False))
        if isinstance(found, UpperDir):
            return "both" if found.lower else "upper"
        if isinstance(found, UpperLeaf):
            return "upper"
        return "none" if found is None else "lower"

    def changes(self) -> list[Change]:
        """What `docker diff` lists, sorted by path."""
        return compare(self.lower, self.tree())

    @property
    def upper_size(self) -> int:
        """Bytes of the files in the upper directory, as `docker ps --size` counts them."""
        leaves = {id(leaf): leaf.node.size for _, leaf in walk_upper(self._root, "") if isinstance(leaf, UpperLeaf)}
        return sum(leaves.values())

    @property
    def upper(self) -> UpperDir:
        """The root of the upper directory; it is for looking only."""
        return self._root

    def upper_layer(self) -> Layer:
        """The upper directory as a layer: what `docker commit` keeps.

        It raises ENOENT for a file whose own name looks like a whiteout's, where the real engine fails too.
        """
        return Layer.of(upper_entries(self._root))


__all__ = ["Change", "CopyUp", "FileSystem", "OverlayFs", "Stat"]
