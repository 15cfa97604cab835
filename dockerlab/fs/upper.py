"""The upper directory of an overlay mount: what was written on top of the lower tree, whiteouts included.

Its layout is that of overlayfs (Linux, Documentation/filesystems/overlayfs.rst), and `upper_entries` turns it into
a layer's entries as moby does (pkg/archive: overlayWhiteoutConverter).
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from dockerlab.errors import FileSystemError
from dockerlab.fs.archive import Entry, entry_of
from dockerlab.fs.changeset import OPAQUE, WHITEOUT
from dockerlab.fs.content import EMPTY_CONTENT
from dockerlab.fs.tree import Directory, File, Leaf, Metadata, Node

WHITEOUT_MODE = 0o600
"""Permission bits that moby gives a whiteout in a layer's tar."""


@dataclass(eq=False, slots=True)
class Whiteout:
    """Hides a lower name (in the kernel: a character device 0:0)."""

    mtime: int


@dataclass(eq=False, slots=True)
class UpperLeaf:
    """An inode of the upper directory; every hard link to it leads to this one object."""

    node: Leaf
    inode: int
    nlink: int = 1


@dataclass(eq=False, slots=True)
class UpperDir:
    """A directory of the upper; `lower` is the lower directory that shines through, None where nothing does."""

    meta: Metadata
    inode: int
    lower: Directory | None
    names: dict[str, Upper]
    opaque: bool = False

    def find(self, name: str) -> Found | None:
        """What the merged view has under a name."""
        upper = self.names.get(name)
        if upper is not None:
            return None if isinstance(upper, Whiteout) else upper
        return self.lower.entries.get(name) if self.lower else None

    @property
    def links(self) -> int:
        """The link count: overlayfs says 1 of a merged directory, so that nobody relies on it."""
        return 1 if self.lower else 2 + sum(isinstance(upper, UpperDir) for upper in self.names.values())

    def hides(self, name: str) -> bool:
        """Whether the lower directory has the name, so that its removal needs a whiteout."""
        return self.lower is not None and name in self.lower.entries

    def merged(self) -> dict[str, Found]:
        """The merged view's entries."""
        found: dict[str, Found] = dict(self.lower.entries) if self.lower else {}
        for name, upper in self.names.items():
            if isinstance(upper, Whiteout):
                found.pop(name, None)
            else:
                found[name] = upper
        return found


Upper: TypeAlias = Whiteout | UpperLeaf | UpperDir
Found: TypeAlias = UpperLeaf | UpperDir | Node


def frozen(found: Found) -> Node:
    """An immutable snapshot of what the merged view has at a place."""
    if isinstance(found, UpperDir):
        return freeze(found)
    return found.node if isinstance(found, UpperLeaf) else found


def freeze(directory: UpperDir) -> Directory:
    """An immutable snapshot of a merged directory; lower directories without changes are shared."""
    return Directory(directory.meta, {name: frozen(found) for name, found in directory.merged().items()})


def walk_upper(directory: UpperDir, prefix: str) -> Iterator[tuple[str, Upper]]:
    """What the upper directory holds, in the order of Go's filepath.Walk."""
    for name in sorted(directory.names):
        upper = directory.names[name]
        yield prefix + name, upper
        if isinstance(upper, UpperDir):
            yield from walk_upper(upper, f"{prefix}{name}/")


def upper_entries(root: UpperDir) -> Iterator[Entry]:
    """The entries that overlay2 makes of its upper directory (moby, pkg/archive: overlayWhiteoutConverter)."""
    first: dict[int, str] = {}
    for path, upper in walk_upper(root, ""):
        above, _, name = path.rpartition("/")
        prefix = f"{above}/" if above else ""
        if name.startswith(WHITEOUT):
            raise FileSystemError(errno.ENOENT, f"/{path}")
        if isinstance(upper, Whiteout):
            meta = Metadata(WHITEOUT_MODE, mtime=upper.mtime)
            yield entry_of(f"{prefix}{WHITEOUT}{name}", File(meta, EMPTY_CONTENT))
        elif isinstance(upper, UpperDir):
            yield entry_of(path, Directory(upper.meta))
            if upper.opaque:
                meta = Metadata(upper.meta.mode & 0o777, upper.meta.uid, upper.meta.gid)
                yield entry_of(f"{path}/{OPAQUE}", File(meta, EMPTY_CONTENT))
        else:
            target = first.setdefault(id(upper), path)
            yield entry_of(path, upper.node, linkname="" if target == path else target)
