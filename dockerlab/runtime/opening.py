"""open(2): from a path to a stream; files with a place in them, devices and descriptors by their /dev names."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlab.errors import FileSystemError
from dockerlab.runtime.permissions import EXECUTE, READ, WRITE, may
from dockerlab.runtime.streams import Full, Null, Stream, Zero

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem
    from dockerlab.fs.stat import Stat
    from dockerlab.runtime.descriptors import Descriptors

DEVICES: dict[tuple[int, int], Callable[[], Stream]] = {(1, 3): Null, (1, 5): Zero, (1, 7): Full}
"""The memory devices by their numbers (the kernel's devices.txt)."""
DEVICE_NAMES: dict[str, Callable[[], Stream]] = {"/dev/null": Null, "/dev/zero": Zero, "/dev/full": Full}
STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR_FOLDERS = ("/dev/fd/", "/proc/self/fd/")


class FileStream(Stream):
    """A regular file, opened for reading, for writing, or both (open(2)).

    `append` writes at the end whatever the place (O_APPEND). The file is found by its path at each call: a file that
    is removed while it is open takes no more and gives no more.
    """

    def __init__(
        self, fs: FileSystem, path: str, *, readable: bool = True, writable: bool = False, append: bool = False
    ) -> None:
        super().__init__()
        self._fs = fs
        self.path = path
        self._readable = readable
        self._writable = writable
        self._append = append
        self._at = 0

    def take(self, size: int) -> bytes:
        """The bytes from the current place on."""
        if not self._readable:
            raise FileSystemError(errno.EBADF, self.path)
        if not self._fs.exists(self.path):
            return b""
        piece = self._fs.content(self.path).read(self._at, size)
        self._at += len(piece)
        return piece

    def take_line(self) -> bytes:
        """The line at the current place."""
        start, line = self._at, b""
        while b"\n" not in line and (piece := self.take(1 << 12)):
            line += piece
        line = line[: line.find(b"\n") + 1 or len(line)]
        self._at = start + len(line)
        return line

    def seek(self, offset: int, whence: int = 0) -> int:
        """lseek(2): from the start (0), the current place (1) or the end (2); returns the new place."""
        start = (0, self._at, self._fs.stat(self.path).size)[whence]
        if start + offset < 0:
            raise FileSystemError(errno.EINVAL, self.path)
        self._at = start + offset
        return self._at

    def write(self, data: bytes) -> None:
        """Write at the current place, or at the end."""
        if not self._writable:
            raise FileSystemError(errno.EBADF, self.path)
        if not data or not self._fs.exists(self.path):
            return
        size = self._fs.stat(self.path).size
        if self._append or self._at == size:
            self._fs.write(self.path, data, append=True)
            self._at = size + len(data)
            return
        self._fs.pwrite(self.path, data, self._at)
        self._at += len(data)


def open_stream(proc: Descriptors, path: str, mode: str) -> Stream:
    """Open `path` for a process; modes as in `Process.open`. Raises FileSystemError with the path as it was given."""
    full = posixpath.normpath(proc.path(path)) if path.startswith("/dev/") else proc.path(path)
    own = descriptor_of(full)
    if own is None and path:
        own = descriptor_of(_target(proc, full))
    if own is not None:
        if own not in proc.fds:
            raise FileSystemError(errno.ENOENT, path)
        return proc.fds[own]
    if full in DEVICE_NAMES:
        return DEVICE_NAMES[full]()
    if not path:
        raise FileSystemError(errno.ENOENT, path)
    try:
        return _open(proc, full, mode)
    except FileSystemError as error:
        raise FileSystemError(error.errno, path) from None


def descriptor_of(path: str) -> int | None:
    """The descriptor that /dev/stdout, /dev/fd/3 or /proc/self/fd/3 mean."""
    if path in STANDARD:
        return STANDARD[path]
    for folder in _DESCRIPTOR_FOLDERS:
        if path.startswith(folder) and path[len(folder) :].isdigit():
            return int(path[len(folder) :])
    return None


def _target(proc: Descriptors, full: str) -> str:
    """Where a symbolic link leads in one step (logs of servers lead to /dev/stdout)."""
    try:
        return proc.fs.readlink(full)
    except FileSystemError:
        return full


def _open(proc: Descriptors, full: str, mode: str) -> Stream:
    reading, writing = "r" in mode, mode != "r"
    status = _stat(proc, full)
    if status is not None and "x" in mode:
        raise FileSystemError(errno.EEXIST, full)
    if status is None:
        if mode == "r":
            raise FileSystemError(errno.ENOENT, full)
        _create(proc, full)
    else:
        if status.kind == "d" and writing:
            raise FileSystemError(errno.EISDIR, full)
        if not may(proc, status, READ * reading | WRITE * writing):
            raise FileSystemError(errno.EACCES, full)
        if status.kind == "c":
            return DEVICES.get(status.device or (1, 3), Null)()
        if mode == "w":
            proc.fs.truncate(full, 0)
        elif writing:
            proc.fs.write(full, b"", append=True)  # may it be written at all?
    return FileStream(proc.fs, proc.fs.realpath(full), readable=reading, writable=writing, append=mode == "a")


def _stat(proc: Descriptors, full: str) -> Stat | None:
    try:
        return proc.fs.stat(full)
    except FileSystemError as error:
        if error.errno != errno.ENOENT:
            raise
        return None


def _create(proc: Descriptors, full: str) -> None:
    folder = proc.fs.stat(posixpath.dirname(full) or "/")
    if folder.kind == "d" and not may(proc, folder, WRITE | EXECUTE):
        raise FileSystemError(errno.EACCES, full)
    proc.fs.write(full, b"", mode=0o666 & ~proc.umask, uid=proc.uid, gid=proc.gid)
