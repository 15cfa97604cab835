"""A lab's files and clock from outside of its shell; what is done to them is written down, so that it can be undone."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Any

from dockerlab.fs.content import Content
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.tree import Directory
from dockerlab.lab.journal import Advanced, Journal, Written
from dockerlab.runtime.kernel import Kernel


class HostFiles:
    """The host's files from outside its shell: `write` and `read`, and whatever a file system can do besides."""

    def __init__(self, files: FileSystem, journal: Journal) -> None:
        self._files, self._journal = files, journal

    def write(self, path: str, data: bytes | Content) -> None:
        """Write a file; missing folders are made."""
        raw = data if isinstance(data, bytes) else data.read()
        self._journal.add(Written(path, raw))
        folder = posixpath.dirname(path)
        if not self._files.exists(folder):
            self._files.mkdir(folder, parents=True)
        self._files.write(path, raw)

    def read(self, path: str) -> bytes:
        """A file's bytes; FileSystemError where there is none."""
        return self._files.read(path)

    def exists(self, path: str) -> bool:
        """Whether there is something at a path."""
        return self._files.exists(path)

    def tree(self, path: str = "/") -> Directory:
        """A folder as an immutable snapshot."""
        return self._files.tree(path)

    def listdir(self, path: str) -> list[str]:
        """The names in a folder, sorted."""
        return list(self._files.listdir(path))


class LabClock:
    """The lab's clock: moving it lets everything happen that would have happened meanwhile."""

    def __init__(self, kernel: Kernel, journal: Journal) -> None:
        self._kernel, self._journal = kernel, journal

    @property
    def now(self) -> int:
        """Nanoseconds since 1970."""
        return self._kernel.clock.now

    def date(self) -> Any:
        """Now as an aware datetime."""
        return self._kernel.clock.date()

    def advance(self, **span: float) -> int:
        """Move time on by weeks, days, hours, minutes, seconds; returns the new instant."""
        goal = replace(self._kernel.clock).advance(**span)
        self._journal.add(Advanced(goal - self.now))
        self._kernel.advance_to(goal)
        return self.now
