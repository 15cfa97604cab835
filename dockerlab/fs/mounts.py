"""Mounts: several file systems seen as one, as a mount namespace shows them (mount(2), Linux).

A container's files are its overlay with bind mounts, volumes and tmpfs on top; a host's are the same in small.
Names can't be moved or linked from one mount to another (EXDEV), mount points can't be removed (EBUSY), and a
read-only mount refuses changes (EROFS).
"""

from __future__ import annotations

import errno
from collections.abc import Collection
from dataclasses import dataclass, replace

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Content
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.stat import Stat
from dockerlab.fs.tree import Directory, Metadata, Node


@dataclass(frozen=True, slots=True)
class MountPoint:
    """A file system (or the part of it below `subpath`) at a path; `subpath` may be a single file."""

    path: str
    fs: FileSystem
    subpath: str = "/"
    read_only: bool = False

    def inner(self, path: str) -> str:
        """The mounted file system's own path for a path at or below the mount point."""
        if self.path == self.subpath == "/":
            return path
        below = path[len(self.path) :].lstrip("/") if self.path != "/" else path.lstrip("/")
        base = self.subpath.rstrip("/")
        return f"{base}/{below}" if below else self.subpath


def _uncovered(mounts: list[MountPoint]) -> dict[str, MountPoint]:
    """The mounts that no later one hides, by path: a lookup then costs the path's depth, not the number of mounts."""
    seen: dict[str, MountPoint] = {}
    for mount in mounts:
        below = mount.path.rstrip("/") + "/"
        seen = {path: other for path, other in seen.items() if not path.startswith(below)}
        seen[mount.path] = mount
    return seen


class MountedFs(FileSystem):
    """A root file system with others mounted on it; the one mounted last at a place is the one that is seen."""

    def __init__(self, root: FileSystem, *, read_only: bool = False) -> None:
        self.root = root
        self._set([MountPoint("/", root, "/", read_only)])

    def _set(self, mounts: list[MountPoint]) -> None:
        self._mounts = mounts
        self._seen = _uncovered(mounts)
        # The folders of the root below which something is mounted: most paths lie elsewhere, and need no search.
        self._tops = {"/" + path.split("/", 2)[1] for path in self._seen}

    @property
    def mounts(self) -> tuple[MountPoint, ...]:
        """What is mounted besides the root, in the order of mounting."""
        return tuple(self._mounts[1:])

    def mount(self, path: str, fs: FileSystem, *, subpath: str = "/", read_only: bool = False) -> None:
        """Mount a file system, or a directory or a single file of it, on what stands at `path`.

        A directory goes on a directory and a file on a file (ENOTDIR); whoever calls makes the mount point.
        """
        place, found = self._existing(path)
        source = fs.realpath(subpath)
        if (found.kind == "d") != (fs.stat(source).kind == "d"):
            raise FileSystemError(errno.ENOTDIR, path)
        self._set([*self._mounts, MountPoint(place, fs, source, read_only)])

    def umount(self, path: str) -> None:
        """Take away the mount that was put on a path last."""
        place = self._resolve(path)
        for index in range(len(self._mounts) - 1, 0, -1):
            if self._mounts[index].path == place:
                if any(later.path.startswith(place + "/") for later in self._mounts[index:]):
                    raise FileSystemError(errno.EBUSY, path)
                self._set(self._mounts[:index] + self._mounts[index + 1 :])
                return
        raise FileSystemError(errno.EINVAL, path)

    def mount_at(self, path: str) -> MountPoint:
        """The mount that a path lies on."""
        return self._covering(self._resolve(path))

    # What FileSystem asks for: each call goes to the mount that the path lies on.

    def _covering(self, path: str) -> MountPoint:
        seen = self._seen
        if path[: path.find("/", 1)] not in self._tops and path not in self._tops:
            return seen["/"]
        while path and path not in seen:
            path = path[: path.rfind("/")]
        return seen.get(path) or seen["/"]

    def _on(self, path: str) -> tuple[FileSystem, str]:
        mount = self._covering(path)
        return mount.fs, mount.inner(path)

    def _changing(self, path: str) -> tuple[FileSystem, str]:
        mount = self._covering(path)
        if mount.read_only:
            raise FileSystemError(errno.EROFS, path)
        return mount.fs, mount.inner(path)

    def _stat(self, path: str) -> Stat | None:
        fs, inner = self._on(path)
        return fs._stat(inner)

    def _kind(self, path: str) -> str:
        fs, inner = self._on(path)
        return fs._kind(inner)

    def _names(self, path: str) -> Collection[str]:
        fs, inner = self._on(path)
        return fs._names(inner)

    def _now(self) -> int:
        return self.root._now()

    def _node(self, path: str) -> Node:
        """A snapshot with the mounts below the path in their places."""
        fs, inner = self._on(path)
        node = fs._node(inner)
        for mount in self._mounts[1:]:
            above = path if path == "/" else path + "/"
            if mount.path.startswith(above) and mount.path != path and self._covering(mount.path) is mount:
                node = _replaced(node, mount.path[len(above) :].split("/"), mount.fs._node(mount.subpath))
        return node

    def _create(self, path: str, node: Node) -> None:
        fs, inner = self._changing(path)
        fs._create(inner, node)

    def _store(self, path: str, content: Content, mtime: int | None) -> None:
        fs, inner = self._changing(path)
        fs._store(inner, content, mtime)

    def _amend(self, path: str, meta: Metadata) -> None:
        fs, inner = self._changing(path)
        fs._amend(inner, meta)

    def _remove(self, path: str) -> None:
        self._check_busy(path)
        fs, inner = self._changing(path)
        fs._remove(inner)

    def _link(self, old: str, new: str) -> None:
        fs, first, second = self._both(old, new)
        fs._link(first, second)

    def _rename(self, old: str, new: str) -> None:
        self._check_busy(old)
        self._check_busy(new)
        fs, first, second = self._both(old, new)
        fs._rename(first, second)

    def _both(self, old: str, new: str) -> tuple[FileSystem, str, str]:
        """The one file system that both paths lie on. Two mounts of the same one count as two (link(2), EXDEV)."""
        first, second = self._covering(old), self._covering(new)
        if first is not second:
            raise FileSystemError(errno.EXDEV, old)
        if first.read_only:
            raise FileSystemError(errno.EROFS, new)
        return first.fs, first.inner(old), first.inner(new)

    def _check_busy(self, path: str) -> None:
        if any(mount.path == path or mount.path.startswith(path + "/") for mount in self._mounts[1:]):
            raise FileSystemError(errno.EBUSY, path)


def _replaced(node: Node, names: list[str], mounted: Node) -> Node:
    """The snapshot with what is mounted in the place of its mount point."""
    if not names:
        return mounted
    name, *rest = names
    if not isinstance(node, Directory) or name not in node.entries:
        return node
    return replace(node, entries={**node.entries, name: _replaced(node.entries[name], rest, mounted)})


class SubFs(MountedFs):
    """The part of a file system below one of its directories, as a file system of its own."""

    def __init__(self, fs: FileSystem, path: str, *, read_only: bool = False) -> None:
        super().__init__(fs)
        self._set([MountPoint("/", fs, fs.realpath(path), read_only)])


class ReadOnlyFs(SubFs):
    """The same files, with every change refused (EROFS)."""

    def __init__(self, fs: FileSystem) -> None:
        super().__init__(fs, "/", read_only=True)
