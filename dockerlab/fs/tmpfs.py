"""tmpfs: files in memory, with an end to the memory (Linux, Documentation/filesystems/tmpfs.rst)."""

from __future__ import annotations

import errno

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Content, Span
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Directory, File, Node, walk
from dockerlab.world import Clock

_UNITS = {"k": 10, "m": 20, "g": 30}


class Tmpfs(OverlayFs):
    """A file system that holds at most `capacity` bytes of file contents; None is no limit.

    What does not fit ends the write with ENOSPC; what fitted stays written.
    """

    def __init__(self, tree: Directory, clock: Clock, capacity: int | None = None) -> None:
        super().__init__(tree, clock)
        self.capacity = capacity
        self.used = sum(node.size for _, node in walk(tree) if isinstance(node, File))

    def _create(self, path: str, node: Node) -> None:
        size = node.size if isinstance(node, File) else 0
        if isinstance(node, File) and size > self._room:
            super()._create(path, File(node.meta, Span(node.content, 0, self._room)))
            self._fill(path)
        super()._create(path, node)
        self.used += size

    def _store(self, path: str, content: Content, mtime: int | None) -> None:
        before = self._size(path)
        if content.size - before > self._room:
            super()._store(path, Span(content, 0, before + self._room), mtime)
            self._fill(path)
        super()._store(path, content, mtime)
        self.used += content.size - before

    def _remove(self, path: str) -> None:
        freed = self._freed(path)
        super()._remove(path)
        self.used -= freed

    def _rename(self, old: str, new: str) -> None:
        freed = self._freed(new)
        super()._rename(old, new)
        self.used -= freed

    @property
    def _room(self) -> int:
        return max(0, self.capacity - self.used) if self.capacity is not None else 1 << 62

    def _fill(self, path: str) -> None:
        """It is full now."""
        assert self.capacity is not None
        self.used = self.capacity
        raise FileSystemError(errno.ENOSPC, path)

    def _size(self, path: str) -> int:
        stat = self._stat(path)
        return stat.size if stat is not None and stat.kind == "f" else 0

    def _freed(self, path: str) -> int:
        """What the removal of a name gives back: nothing while the file has another."""
        stat = self._stat(path)
        return stat.size if stat is not None and stat.kind == "f" and stat.nlink == 1 else 0


def parse_size(text: str) -> int | None:
    """The mount option `size=`: bytes, with k, m or g; None where it says nothing that is a size."""
    digits, unit = text.lower()[:-1], text.lower()[-1:]
    if unit in _UNITS and digits.isdigit():
        return int(digits) << _UNITS[unit]
    return int(text) if text.isdigit() and int(text) else None
