"""Files of a real disk: written wholly or not at all, and none outside the root folder.

A file is written beside its place, brought to the disk (fsync) and then renamed into it, so that neither a crash nor a
full disk leaves half a file where somebody looks for one. What is removed vanishes by one rename, too.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock

from dockerlab.fs.content import Content
from dockerlab.world import unguessable

PARTIAL = ".partial"
"""The folder in the root for what is not finished, or not yet quite removed."""


class OpenFile(Content):
    """The bytes of a file that stays open as long as somebody refers to it, even when it is removed meanwhile."""

    def __init__(self, place: str) -> None:
        self._file = open(place, "rb", buffering=0)  # noqa: SIM115 (closed by __del__)
        self.size = os.fstat(self._file.fileno()).st_size

    def _read(self, offset: int, length: int) -> bytes:
        data = os.pread(self._file.fileno(), length, offset)
        while len(data) < length and (more := os.pread(self._file.fileno(), length - len(data), offset + len(data))):
            data += more
        return data

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # of a file that could not be opened
            self._file.close()


class DiskFiles:
    """What lies below a folder; paths begin with '/' and mean places in it."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._lock = Lock()  # a folder is not removed while another thread makes a file in it

    def place(self, path: str) -> str:
        """Where a path is on the disk; a symbolic link on the way raises, because it could lead out of the root."""
        place = self._root + path
        if os.path.realpath(place) != place:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        return place

    def is_file(self, path: str) -> bool:
        """Whether there is a file."""
        return self._is(os.path.isfile, path)

    def is_dir(self, path: str) -> bool:
        """Whether there is a folder."""
        return self._is(os.path.isdir, path)

    def _is(self, kind: Callable[[str], bool], path: str) -> bool:
        try:
            return kind(self.place(path))
        except OSError:
            return False

    def names(self, folder: str) -> list[str]:
        """What is in a folder, nothing where there is none."""
        try:
            return sorted(os.listdir(self.place(folder)))
        except OSError:
            return []

    def content(self, path: str) -> Content:
        """The bytes of a file that is there."""
        return OpenFile(self.place(path))

    def write(self, path: str, content: Content) -> None:
        """Write a file with the folders above it, wholly or not at all."""
        with self.unfinished() as partial:
            with open(partial, "wb") as file:
                for piece in content.pieces(0, content.size):
                    file.write(piece)
                sync(file.fileno())
            self.move(partial, path)

    @contextlib.contextmanager
    def unfinished(self) -> Iterator[str]:
        """A place for something that isn't finished; what is still there in the end is removed."""
        place = self.place(f"/{PARTIAL}/{unguessable()}")
        with self._lock:
            _make(os.path.dirname(place))
        try:
            yield place
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(place)

    def move(self, source: str, path: str) -> None:
        """Let a finished file, of which the place is given, be the one at a path."""
        place = self.place(path)
        with self._lock:
            _make(os.path.dirname(place))
            os.replace(source, place)
        _sync_folder(os.path.dirname(place))

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all that is in it; what is not there is removed already."""
        doomed = self.place(f"/{PARTIAL}/{unguessable()}")
        with self._lock:
            _make(os.path.dirname(doomed))
            try:
                os.rename(self.place(path), doomed)
            except FileNotFoundError:
                return
        _sync_folder(os.path.dirname(self.place(path)))
        if os.path.isdir(doomed):
            shutil.rmtree(doomed, ignore_errors=True)
        else:
            os.unlink(doomed)


def sync(number: int) -> None:
    """Bring an open file to the disk."""
    os.fsync(number)


def _make(folder: str) -> None:
    """Make a folder and those above it, so that a crash does not lose them again."""
    if os.path.isdir(folder):
        return
    _make(os.path.dirname(folder))
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder)
    _sync_folder(os.path.dirname(folder))


def _sync_folder(folder: str) -> None:
    """Bring the names in a folder to the disk, where the system lets one open folders (Windows does not)."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(number)
    finally:
        os.close(number)


__all__ = ["PARTIAL", "DiskFiles", "OpenFile", "sync"]
