"""The POSIX calls on files, the same for every kind of file system: those that change files.

They follow POSIX.1, and Linux where POSIX leaves a choice, and fail with `FileSystemError` and the kernel's errno.
"""

from __future__ import annotations

import errno
from abc import abstractmethod
from dataclasses import replace

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import EMPTY_CONTENT, Content, content_of, join, resize, splice
from dockerlab.fs.files import ReadableFiles
from dockerlab.fs.paths import check_length, inside
from dockerlab.fs.stat import Stat
from dockerlab.fs.tree import Device, Directory, Fifo, File, Metadata, Node, Symlink

FULL_DEVICE = (1, 7)
"""Major and minor number of /dev/full (Linux, devices.txt)."""


class FileSystem(ReadableFiles):
    """Files under '/', and the calls of POSIX on them; paths are absolute."""

    @abstractmethod
    def _now(self) -> int:
        """The time that changes are stamped with, in nanoseconds."""

    @abstractmethod
    def _create(self, path: str, node: Node) -> None:
        """Put a new file or empty directory at a path where nothing stands."""

    @abstractmethod
    def _store(self, path: str, content: Content, mtime: int | None) -> None:
        """Replace a regular file's content; None keeps its time of change."""

    @abstractmethod
    def _amend(self, path: str, meta: Metadata) -> None:
        """Replace a file's metadata."""

    @abstractmethod
    def _remove(self, path: str) -> None:
        """Remove a name: a file or an empty directory."""

    @abstractmethod
    def _link(self, old: str, new: str) -> None:
        """Give a file a second name, where nothing stands."""

    @abstractmethod
    def _rename(self, old: str, new: str) -> None:
        """Move a name, over what may stand at the new one (which the caller has found replaceable)."""

    # Contents.

    def write(
        self, path: str, data: bytes | Content, *, append: bool = False, mode: int = 0o644, uid: int = 0, gid: int = 0
    ) -> None:
        """Write a file, as `>` (or `>>` with `append`) does; mode and owner are those of a file that is new.

        To append nothing is to open for writing and close again: the time of change stays.
        """
        content = content_of(data)
        place = self._resolve(path)
        found = self._stat(place)
        if found is None:
            if path.endswith("/"):
                raise FileSystemError(errno.EISDIR, path)
            self._create(place, File(Metadata(mode, uid, gid, self._now()), content))
        elif found.kind == "f":
            self._rewrite(place, content, append)
        elif found.kind == "d":
            raise FileSystemError(errno.EISDIR, path)
        elif found.device == FULL_DEVICE and content.size:
            raise FileSystemError(errno.ENOSPC, path)

    def _rewrite(self, place: str, content: Content, append: bool) -> None:
        if append:
            self._store(place, join(self.content(place), content), self._now() if content.size else None)
            return
        # As open(2) with O_TRUNC and write(2): first the file is empty, so nothing of it has to be kept.
        self._store(place, EMPTY_CONTENT, self._now())
        if content.size:
            self._store(place, content, self._now())

    def pwrite(self, path: str, data: bytes | Content, offset: int) -> None:
        """Write over a part of a file that exists; all else of it stays (pwrite(2))."""
        place, found = self._existing(path)
        if found.kind != "f":
            raise FileSystemError(errno.EISDIR if found.kind == "d" else errno.EINVAL, path)
        self._store(place, splice(self.content(place), offset, content_of(data)), self._now())

    def truncate(self, path: str, size: int) -> None:
        """Cut a file, or extend it with zeros."""
        place, found = self._existing(path)
        if found.kind != "f":
            raise FileSystemError(errno.EISDIR if found.kind == "d" else errno.EINVAL, path)
        self._store(place, resize(self.content(place), size), self._now())

    # Making.

    def mkdir(self, path: str, mode: int = 0o755, *, parents: bool = False, uid: int = 0, gid: int = 0) -> None:
        """Make a directory; with `parents` the missing ones above it too, and one that exists is fine."""
        if parents:
            return self._make_parents(path, mode, uid, gid)
        self._create(self._missing(path.rstrip("/") or "/"), Directory(Metadata(mode, uid, gid, self._now())))
        return None

    def _make_parents(self, path: str, mode: int, uid: int, gid: int) -> None:
        if self.is_dir(path):
            return  # as most are: packages put many files into one folder
        names = [name for name in path.split("/") if name]
        for end in range(1, len(names) + 1):
            above = "/" + "/".join(names[:end])
            place = self._resolve(above)
            kind = self._kind(place)
            if not kind:
                self._create(place, Directory(Metadata(mode, uid, gid, self._now())))
            elif kind != "d":
                raise FileSystemError(errno.EEXIST if end == len(names) else errno.ENOTDIR, above)

    def symlink(self, target: str, path: str, *, uid: int = 0, gid: int = 0) -> None:
        """Make a symbolic link to `target`, which need not exist."""
        if not target:
            raise FileSystemError(errno.ENOENT, path)
        check_length(target, target)
        self._create(self._missing(path), Symlink(Metadata(0o777, uid, gid, self._now()), target))

    def mknod(
        self, path: str, kind: str, mode: int = 0o644, major: int = 0, minor: int = 0, *, uid: int = 0, gid: int = 0
    ) -> None:
        """Make a device node ('c', 'b') or a named pipe ('p')."""
        meta = Metadata(mode, uid, gid, self._now())
        self._create(self._missing(path), Fifo(meta) if kind == "p" else Device(meta, kind, major, minor))

    def link(self, old: str, new: str) -> None:
        """Give a file one more name (link(2): a symlink is not followed, a directory is refused)."""
        place, found = self._existing(old, follow=False)
        target = self._missing(new)
        if found.kind == "d":
            raise FileSystemError(errno.EPERM, old)
        self._link(place, target)

    def graft(self, path: str, node: Node) -> None:
        """Put a snapshot of a file or of a directory with all below it where nothing stands, metadata and all."""
        self._graft(self._missing(path), node, {})

    def _graft(self, place: str, node: Node, seen: dict[int, str]) -> None:
        if not isinstance(node, Directory):
            first = seen.setdefault(id(node), place)
            if first == place:
                self._create(place, node)
            else:
                self._link(first, place)
            return
        self._create(place, replace(node, entries={}))
        for name, child in node.entries.items():
            self._graft(inside(place, name), child, seen)
        self._amend(place, node.meta)

    # Removing and moving.

    def unlink(self, path: str) -> None:
        """Remove a name that is not a directory's."""
        place, found = self._existing(path, follow=False)
        if found.kind == "d":
            raise FileSystemError(errno.EISDIR, path)
        self._remove(place)

    def rmdir(self, path: str) -> None:
        """Remove an empty directory."""
        place, found = self._existing(path, follow=False)
        if found.kind != "d":
            raise FileSystemError(errno.ENOTDIR, path)
        if place == "/":
            raise FileSystemError(errno.EBUSY, path)
        if self._names(place):
            raise FileSystemError(errno.ENOTEMPTY, path)
        self._remove(place)

    def remove_tree(self, path: str) -> None:
        """Remove a name and, where it is a directory, everything below it."""
        place, found = self._existing(path, follow=False)
        if found.kind == "d":
            for name in sorted(self._names(place)):
                self.remove_tree(inside(place, name))
            self.rmdir(place)
        else:
            self._remove(place)

    def rename(self, old: str, new: str) -> None:
        """Move a name, over a file or an empty directory that may stand at the new one (rename(2))."""
        # Linux finds both directories before it looks whether there is anything to move.
        source, target = self._resolve(old, follow=False), self._resolve(new, follow=False)
        moved = self._existing(old, follow=False)[1]
        if "/" in (source, target):
            raise FileSystemError(errno.EBUSY, old if source == "/" else new)
        if source == target:
            return
        if target.startswith(source + "/"):
            raise FileSystemError(errno.EINVAL, old)
        if source.startswith(target + "/"):
            raise FileSystemError(errno.ENOTEMPTY, new)
        replaced = self._stat(target)
        if replaced is not None:
            self._check_replaceable(moved, replaced, target, new)
        self._rename(source, target)

    def _check_replaceable(self, moved: Stat, replaced: Stat, target: str, shown: str) -> None:
        if moved.kind != "d" and replaced.kind == "d":
            raise FileSystemError(errno.EISDIR, shown)
        if moved.kind == "d" and replaced.kind != "d":
            raise FileSystemError(errno.ENOTDIR, shown)
        if replaced.kind == "d" and self._names(target):
            raise FileSystemError(errno.ENOTEMPTY, shown)

    # Metadata.

    def _meta(self, path: str, follow: bool) -> tuple[str, Metadata]:
        place, found = self._existing(path, follow)
        return place, Metadata(found.mode, found.uid, found.gid, found.mtime, found.xattrs)

    def chmod(self, path: str, mode: int) -> None:
        """Set the permission bits (07777)."""
        place, meta = self._meta(path, follow=True)
        self._amend(place, replace(meta, mode=mode & 0o7777))

    def chown(self, path: str, uid: int, gid: int, follow: bool = True) -> None:
        """Set owner and group; -1 keeps one. A regular file loses its set-uid and set-gid bits, as on Linux."""
        place, meta = self._meta(path, follow)
        mode = meta.mode
        if self._kind(place) == "f":
            mode &= ~(0o6000 if mode & 0o010 else 0o4000)
        owner = (meta.uid if uid == -1 else uid, meta.gid if gid == -1 else gid)
        self._amend(place, replace(meta, mode=mode, uid=owner[0], gid=owner[1]))

    def utime(self, path: str, ns: int | None = None, *, follow: bool = True) -> None:
        """Set the time of change, in nanoseconds; None is now."""
        place, meta = self._meta(path, follow)
        self._amend(place, replace(meta, mtime=self._now() if ns is None else ns))

    def setxattr(self, path: str, name: str, value: bytes | None, follow: bool = True) -> None:
        """Set an extended attribute; None removes it."""
        place, meta = self._meta(path, follow)
        attributes = dict(meta.xattrs)
        if value is not None:
            attributes[name] = value
        elif attributes.pop(name, None) is None:
            raise FileSystemError(errno.ENODATA, path)
        self._amend(place, replace(meta, xattrs=tuple(sorted(attributes.items()))))
