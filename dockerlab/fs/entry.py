"""The entries of an archive, and how they come from the nodes of a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.fs.content import EMPTY_CONTENT, Content
from dockerlab.fs.tree import Device, Directory, Fifo, File, Leaf, Metadata, Node, Symlink, walk


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tar archive.

    `path` has no slash at either end ('a/b'; '' is the root); `kind` is 'f' file, 'd' directory, 'l' symlink,
    'h' hard link (to the path `linkname`), 'c' or 'b' device, 'p' pipe; `mode` has the permission bits (07777);
    `mtime` is in nanoseconds (an archive keeps whole seconds unless it is a PAX one).
    """

    path: str
    kind: str = "f"
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    content: Content = EMPTY_CONTENT
    linkname: str = ""
    major: int = 0
    minor: int = 0
    uname: str = ""
    gname: str = ""
    xattrs: tuple[tuple[str, bytes], ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the content; 0 for all but regular files."""
        return self.content.size

    @property
    def meta(self) -> Metadata:
        """What the entry says about its inode."""
        return Metadata(self.mode, self.uid, self.gid, self.mtime, self.xattrs)


_LINK_TO_SYMLINK = 0o120000
"""Type bits in the mode of a hard link to a symlink, as Go writes them."""

_USERS = {0: "root"}
"""The owners' names that the engine's host knows for certain."""


def owner_names(uid: int, gid: int) -> tuple[str, str]:
    """The names of an owner and a group as the engine's host knows them, '' where it doesn't."""
    return _USERS.get(uid, ""), _USERS.get(gid, "")


def entry_of(path: str, node: Node, linkname: str = "") -> Entry:
    """The entry of a node; with `linkname` that of a further hard link to it."""
    meta = node.meta
    kind, content, major, minor = node.kind, EMPTY_CONTENT, 0, 0
    mode = meta.mode
    if linkname:
        kind = "h"
        mode |= _LINK_TO_SYMLINK if isinstance(node, Symlink) else 0
    elif isinstance(node, File):
        return _file_entry(path, meta, node.content)
    elif isinstance(node, Symlink):
        linkname = node.target
    elif isinstance(node, Device):
        major, minor = node.major, node.minor
    names = owner_names(meta.uid, meta.gid)
    return Entry(path, kind, mode, meta.uid, meta.gid, meta.mtime, content, linkname, major, minor, *names, meta.xattrs)


def _file_entry(path: str, meta: Metadata, content: Content) -> Entry:
    names = owner_names(meta.uid, meta.gid)
    return Entry(path, "f", meta.mode, meta.uid, meta.gid, meta.mtime, content, "", 0, 0, *names, meta.xattrs)


def entries_of(tree: Directory, prefix: str = "") -> Iterator[Entry]:
    """The entries of a tree below its root, in moby's order; further names of a file are hard links to the first."""
    first: dict[int, str] = {}
    for path, node in walk(tree, prefix):
        if node.kind == "d":
            yield entry_of(path, node)
        else:
            target = first.setdefault(id(node), path)
            yield entry_of(path, node, linkname="" if target == path else target)


def leaf_of(entry: Entry) -> Leaf:
    """The node of an entry that is neither a directory nor a hard link."""
    if entry.kind == "f":
        return File(entry.meta, entry.content)
    if entry.kind == "l":
        return Symlink(entry.meta, entry.linkname)
    if entry.kind == "p":
        return Fifo(entry.meta)
    return Device(entry.meta, entry.kind, entry.major, entry.minor)
