"""Files that show what something else holds at the moment, to be looked at only: as /proc does of a kernel."""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection
from typing import NoReturn

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Content
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.stat import Stat
from dockerlab.fs.tree import Directory, Metadata, Node
from dockerlab.world import Clock


class LiveFs(FileSystem):
    """A tree that `make` makes anew whenever `mark` has changed; every change of it is refused (EROFS)."""

    def __init__(self, make: Callable[[], Directory], mark: Callable[[], object], clock: Clock) -> None:
        self._make, self._mark, self._clock = make, mark, clock
        self._made: tuple[object, OverlayFs] | None = None

    @property
    def _files(self) -> OverlayFs:
        mark = self._mark()
        if self._made is None or self._made[0] != mark:
            self._made = mark, OverlayFs(self._make(), self._clock, read_only=True)
        return self._made[1]

    def _stat(self, path: str) -> Stat | None:
        return self._files._stat(path)

    def _kind(self, path: str) -> str:
        return self._files._kind(path)

    def _names(self, path: str) -> Collection[str]:
        return self._files._names(path)

    def _node(self, path: str) -> Node:
        return self._files._node(path)

    def _now(self) -> int:
        return self._clock.now

    def _create(self, path: str, node: Node) -> None:
        _refuse(path)

    def _store(self, path: str, content: Content, mtime: int | None) -> None:
        _refuse(path)

    def _amend(self, path: str, meta: Metadata) -> None:
        _refuse(path)

    def _remove(self, path: str) -> None:
        _refuse(path)

    def _link(self, old: str, new: str) -> None:
        _refuse(new)

    def _rename(self, old: str, new: str) -> None:
        _refuse(new)


def _refuse(path: str) -> NoReturn:
    raise FileSystemError(errno.EROFS, path)
