"""What stat(2) tells about a file, and the `ls -l` view of a node in a tree."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.fs.tree import Device, Directory, Node, Symlink


@dataclass(frozen=True, slots=True)
class Stat:
    """A file's inode: kind ('f' file, 'd' directory, 'l' symlink, 'c' and 'b' devices, 'p' pipe) and the rest.

    `mtime` is in nanoseconds, `target` is a symlink's text, `device` a device's (major, minor).
    """

    kind: str
    mode: int
    uid: int
    gid: int
    mtime: int
    size: int
    nlink: int = 1
    inode: int = 0
    target: str = ""
    device: tuple[int, int] | None = None
    xattrs: tuple[tuple[str, bytes], ...] = ()

    @property
    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return self.kind == "d"

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return self.kind == "f"

    @property
    def is_symlink(self) -> bool:
        """Whether it is a symbolic link (only stat without following says so)."""
        return self.kind == "l"


def stat_of(node: Node, nlink: int | None = None, inode: int = 0) -> Stat:
    """The stat of a node; `nlink` is worked out for directories when it isn't given."""
    meta = node.meta
    if nlink is None:
        nlink = directory_links(node) if isinstance(node, Directory) else 1
    return Stat(
        kind=node.kind,
        mode=meta.mode,
        uid=meta.uid,
        gid=meta.gid,
        mtime=meta.mtime,
        size=node.size,
        nlink=nlink,
        inode=inode,
        target=node.target if isinstance(node, Symlink) else "",
        device=(node.major, node.minor) if isinstance(node, Device) else None,
        xattrs=meta.xattrs,
    )


def directory_links(directory: Directory) -> int:
    """A directory's link count: its name, its '.', and the '..' of each directory in it."""
    return 2 + sum(1 for node in directory.entries.values() if node.kind == "d")
