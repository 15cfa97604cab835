"""What programs read: operands by name, '-' and nothing for standard input, device files, all through one `Source`.

A source is read with `yield from`, since standard input may have to wait for who writes it; files never wait.
"""

from __future__ import annotations

import errno
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Sequence
from typing import Any, TypeAlias

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.fs.content import Bytes, Content
from dockerlab.runtime.permissions import may
from dockerlab.runtime.process import Process, Turn
from dockerlab.runtime.programs.messages import ProgramFailure, blame

Reading: TypeAlias = Generator[Wait, Any, bytes]

CHUNK = 1 << 16
BIG_CHUNK = 1 << 20
MOST = 256 << 20
"""Bytes that a program holds at once, at most."""
BYTES_PER_TURN = 4096
"""Bytes of an endless device that cost a turn of the process's budget."""

# The memory devices by their numbers, as the kernel's devices.txt lists them.
NULL, ZERO, FULL, RANDOM, URANDOM = (1, 3), (1, 5), (1, 7), (1, 8), (1, 9)
STANDARD_INPUT = {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"}
DEVICE_NAMES = {"/dev/null": NULL, "/dev/zero": ZERO, "/dev/full": FULL, "/dev/random": RANDOM, "/dev/urandom": URANDOM}


class Source(ABC):
    """Something to read from: `name` is as it was typed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._kept = b""

    @abstractmethod
    def _fetch(self, size: int) -> Reading:
        """Up to `size` bytes from what is behind it."""

    def read(self, size: int = CHUNK) -> Reading:
        """Up to `size` bytes; b'' at the end."""
        if self._kept:
            data, self._kept = self._kept[:size], self._kept[size:]
            return data
        return (yield from self._fetch(size))

    def readline(self, ending: bytes = b"\n") -> Reading:
        """A line with its ending (the last may lack it); b'' at the end."""
        pieces: list[bytes] = []
        size = 0
        while True:
            data = self._kept or (yield from self._fetch(CHUNK))
            at = data.find(ending)
            if at >= 0 or not data:
                self._kept = data[at + 1 :] if data else b""
                return b"".join((*pieces, data[: at + 1]))
            size = self._grown(size, data)
            pieces.append(data)
            self._kept = b""

    def give_back(self, data: bytes) -> None:
        """Put bytes back that were read too far."""
        self._kept = data + self._kept

    def read_all(self) -> Reading:
        """All that is left."""
        pieces: list[bytes] = []
        size = 0
        while piece := (yield from self.read(BIG_CHUNK)):
            size = self._grown(size, piece)
            pieces.append(piece)
        return b"".join(pieces)

    def _grown(self, size: int, piece: bytes) -> int:
        """The size with another piece; raises ProgramFailure when that is too much to hold."""
        if size + len(piece) > MOST:
            raise ProgramFailure("memory exhausted", busybox="out of memory")
        return size + len(piece)

    def content(self) -> Generator[Wait, Any, Content]:
        """All of it by reference, where it is a file; else by value."""
        return Bytes((yield from self.read_all()))


class StandardInput(Source):
    """What comes on file descriptor 0."""

    def __init__(self, proc: Process, name: str = "-") -> None:
        super().__init__(name)
        self._proc = proc

    def _fetch(self, size: int) -> Reading:
        return (yield from self._proc.read(size))


class FileSource(Source):
    """A regular file: content by reference, read piece by piece."""

    def __init__(self, name: str, content: Content) -> None:
        super().__init__(name)
        self._content = content
        self._at = 0

    def _fetch(self, size: int) -> Reading:
        data = self._content.read(self._at, size)
        self._at += len(data)
        return data
        yield  # a generator that never waits

    def content(self) -> Generator[Wait, Any, Content]:
        """The file's content itself."""
        return self._content
        yield  # a generator that never waits


class DeviceSource(Source):
    """A memory device. What the random ones give is the same in every lab."""

    def __init__(self, proc: Process, name: str, device: tuple[int, int]) -> None:
        super().__init__(name)
        self._proc = proc
        self._device = device
        self._count = 0

    @property
    def zeros(self) -> bool:
        """Whether it gives nothing but zeros."""
        return self._device in (ZERO, FULL)

    @property
    def endless(self) -> bool:
        """Whether it never comes to an end."""
        return self._device != NULL

    def _fetch(self, size: int) -> Reading:
        # What never ends has to cost something, or a reader that waits for the end would never return.
        self._proc.turns += size // BYTES_PER_TURN
        yield Turn()
        if self.zeros:
            return bytes(size)
        if self._device in (RANDOM, URANDOM):
            self._count += 1
            return hashlib.shake_256(f"{self.name} {self._count}".encode()).digest(size)
        return b""


def open_source(proc: Process, name: str) -> Source:
    """Open an operand for reading; raises FileSystemError."""
    if name in STANDARD_INPUT:
        return StandardInput(proc, name)
    path = proc.path(name)
    if path in DEVICE_NAMES:
        return DeviceSource(proc, name, DEVICE_NAMES[path])
    status = proc.fs.stat(path)
    if status.kind == "d":
        raise FileSystemError(errno.EISDIR, name)
    if status.kind == "c":
        return DeviceSource(proc, name, status.device or NULL)
    if not may_read(proc, path):
        raise FileSystemError(errno.EACCES, name)
    return FileSource(name, proc.fs.content(path))


def may_read(proc: Process, path: str) -> bool:
    """Whether the process may read a file (POSIX.1-2024 XBD 4.7)."""
    return may(proc, proc.fs.stat(path), 4)


def may_write(proc: Process, path: str) -> bool:
    """Whether the process may write a file, or names into a folder."""
    return may(proc, proc.fs.stat(path), 2)


class Inputs:
    """The operands of a program, opened one after another; `code` is 1 once one of them couldn't be."""

    def __init__(
        self, proc: Process, names: Sequence[str], *, gnu: str = "{}", busybox: str = "{}", code: int = 1
    ) -> None:
        self._proc = proc
        self._names = names or ["-"]
        self._words = (gnu, busybox)
        self._failed = code
        self.code = 0

    def __iter__(self) -> Iterator[Source]:
        for name in self._names:
            try:
                source = open_source(self._proc, name)
            except FileSystemError as error:
                self.fail(error, name)
                continue
            yield source

    def fail(self, error: FileSystemError, name: str) -> None:
        """Complain of an operand in the program's words; the program goes on and ends with a failure."""
        words = ("{}", "{}") if error.errno == errno.EISDIR else self._words
        blame(self._proc, error, name, *words)
        self.code = self._failed

    def lines(self, ending: bytes = b"\n") -> Generator[Wait, Any, list[bytes]]:
        """All lines of all operands, without their endings."""
        lines: list[bytes] = []
        for source in self:
            data = yield from source.read_all()
            lines += data.removesuffix(ending).split(ending) if data else []
        return lines


def text_of(data: bytes) -> str:
    """Bytes as text, any bytes: what is no UTF-8 comes back unchanged from `bytes_of`."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """Text back as the bytes that it came from."""
    return text.encode("utf-8", "surrogateescape")
