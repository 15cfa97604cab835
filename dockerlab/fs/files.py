"""The POSIX calls that look at files, the same for every kind of file system.

Calls resolve symbolic links (POSIX.1, "Pathname Resolution") and fail with `FileSystemError` and the kernel's errno.
A file system of some kind supplies the operations that begin with an underscore; those are given canonical paths,
absolute and without symlinks in the middle.
"""

from __future__ import annotations

import errno
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import EMPTY_CONTENT, Content
from dockerlab.fs.paths import inside, resolve
from dockerlab.fs.stat import Stat
from dockerlab.fs.tree import Directory, File, Node


class ReadableFiles(ABC):
    """Files under '/', and the calls of POSIX that look at them; paths are absolute."""

    # What each kind of file system supplies. Paths are canonical; the last name may be missing or a symlink.

    @abstractmethod
    def _stat(self, path: str) -> Stat | None:
        """The stat of what stands at the path itself, None where nothing does."""

    @abstractmethod
    def _kind(self, path: str) -> str:
        """The kind of what stands at the path, '' where nothing does."""

    @abstractmethod
    def _names(self, path: str) -> Collection[str]:
        """The names in a directory, in any order."""

    @abstractmethod
    def _node(self, path: str) -> Node:
        """An immutable snapshot of what stands at the path."""

    def _resolve(self, path: str, follow: bool = True) -> str:
        return resolve(path, follow, self._kind, self._target)

    def _target(self, path: str) -> str:
        found = self._stat(path)
        return found.target if found else ""

    def _existing(self, path: str, follow: bool = True) -> tuple[str, Stat]:
        place = self._resolve(path, follow)
        found = self._stat(place)
        if found is None:
            raise FileSystemError(errno.ENOENT, path)
        return place, found

    def _missing(self, path: str) -> str:
        place = self._resolve(path, False)
        if self._kind(place):
            raise FileSystemError(errno.EEXIST, path)
        return place

    def stat(self, path: str, follow: bool = True) -> Stat:
        """What stat(2) says; lstat(2) with `follow=False`."""
        return self._existing(path, follow)[1]

    def find(self, path: str, follow: bool = True) -> Stat | None:
        """What stat says, or None where the path leads to nothing."""
        try:
            return self._stat(self._resolve(path, follow))
        except FileSystemError:
            return None

    def exists(self, path: str) -> bool:
        """Whether the path leads to something."""
        return self.find(path) is not None

    def is_dir(self, path: str) -> bool:
        """Whether the path leads to a directory."""
        found = self.find(path)
        return found is not None and found.kind == "d"

    def is_file(self, path: str) -> bool:
        """Whether the path leads to a regular file."""
        found = self.find(path)
        return found is not None and found.kind == "f"

    def realpath(self, path: str) -> str:
        """The canonical path; the last name need not exist."""
        return self._resolve(path)

    def readlink(self, path: str) -> str:
        """A symlink's text."""
        found = self.stat(path, follow=False)
        if found.kind != "l":
            raise FileSystemError(errno.EINVAL, path)
        return found.target

    def listdir(self, path: str) -> list[str]:
        """The names in a directory, sorted."""
        place, found = self._existing(path)
        if found.kind != "d":
            raise FileSystemError(errno.ENOTDIR, path)
        return sorted(self._names(place))

    def walk(self, path: str = "/") -> Iterator[tuple[str, Stat]]:
        """The path and everything below it, parents first, siblings sorted; symlinks are not followed."""
        place, found = self._existing(path, follow=False)
        stack = [(path.rstrip("/") or "/", place, found)]
        while stack:
            shown, place, found = stack.pop()
            yield shown, found
            if found.kind == "d":
                for name in sorted(self._names(place), reverse=True):
                    below = self._stat(inside(place, name))
                    if below is not None:
                        stack.append((inside(shown, name), inside(place, name), below))

    def disk_usage(self, path: str = "/") -> int:
        """Bytes in the regular files at and below the path, each hard-linked file once."""
        sizes: dict[object, int] = {}
        for name, found in self.walk(path):
            if found.kind == "f":
                sizes[found.inode if found.nlink > 1 else name] = found.size
        return sum(sizes.values())

    def node(self, path: str, follow: bool = True) -> Node:
        """An immutable snapshot of a file or of a whole directory."""
        return self._node(self._existing(path, follow)[0])

    def tree(self, path: str = "/") -> Directory:
        """An immutable snapshot of a directory and all below it."""
        node = self.node(path)
        if not isinstance(node, Directory):
            raise FileSystemError(errno.ENOTDIR, path)
        return node

    # Contents.

    def content(self, path: str) -> Content:
        """A file's content, by reference."""
        place, found = self._existing(path)
        if found.kind == "d":
            raise FileSystemError(errno.EISDIR, path)
        node = self._node(place)
        return node.content if isinstance(node, File) else EMPTY_CONTENT

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        return self.content(path).read()
