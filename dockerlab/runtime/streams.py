"""Streams: what a file descriptor leads to. One `Stream` is one open file description (POSIX.1-2024 XBD 3.230).

Descriptors share a stream, and so its place in the file, when one process inherits it from another. A stream
counts its holders; what happens when the last one lets go (end of file for a pipe's reader) is the stream's affair.
Reading never blocks here: `take` returns None where a real read would wait, and the process then waits in the kernel.
"""

from __future__ import annotations

import errno
from collections.abc import Callable

from dockerlab.errors import FileSystemError
from dockerlab.events import Event

HIGH_WATER = 1 << 16
"""Bytes in a pipe from which on a polite writer waits for the reader (pipe(7): 64 KiB)."""


class Stream:
    """An open file description. The base class is at its end for readers and refuses writers."""

    terminal = False
    """Whether isatty(3) says yes."""
    counted = False
    """Whether output counts against the kernel's budget: it leaves the machine, so nobody else bounds it."""
    columns = 80
    """How wide a terminal is."""
    onlooker: Callable[[Event], object] | None = None
    """Who looks at what is printed, and is told of long work while it goes on."""

    def __init__(self) -> None:
        self.holders = 0

    @property
    def reader(self) -> Stream:
        """The end that standard input is connected to."""
        return self

    @property
    def writer(self) -> Stream:
        """The end that standard output is connected to."""
        return self

    def acquire(self) -> Stream:
        """One more descriptor leads here."""
        self.holders += 1
        return self

    def release(self) -> None:
        """One descriptor less; at the last one the stream closes."""
        self.holders -= 1
        if self.holders <= 0:
            self.close()

    def close(self) -> None:
        """Nobody holds the stream any more."""

    def take(self, size: int) -> bytes | None:
        """Up to `size` bytes that are there; b'' at the end, None where a reader has to wait."""
        return b""

    def take_line(self) -> bytes | None:
        """A line with its newline (the last may lack it); b'' at the end, None where a reader has to wait."""
        return self.take(1 << 20)

    def write(self, data: bytes) -> None:
        """Take `data`; raises BrokenPipeError or FileSystemError."""
        raise FileSystemError(errno.EBADF)

    def has_room(self) -> bool:
        """Whether a polite writer may go on."""
        return True


class Null(Stream):
    """/dev/null: always at its end, swallows everything."""

    def write(self, data: bytes) -> None:
        """Swallow."""


class Full(Stream):
    """/dev/full: no space, ever."""

    def write(self, data: bytes) -> None:
        """Refuse."""
        if data:
            raise FileSystemError(errno.ENOSPC)


class Zero(Null):
    """/dev/zero."""

    def take(self, size: int) -> bytes:
        """As many zeros as wanted."""
        return bytes(size)


class Feed(Stream):
    """Bytes to be read that are all there already."""

    def __init__(self, data: bytes | str = b"") -> None:
        super().__init__()
        self._data = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        self._at = 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        piece = self._data[self._at : self._at + size]
        self._at += len(piece)
        return piece

    def take_line(self) -> bytes:
        """The next line."""
        end = self._data.find(b"\n", self._at) + 1 or len(self._data)
        return self.take(end - self._at)


class Buffer(Stream):
    """Collects what is written."""

    counted = True

    def __init__(self, *, terminal: bool = False) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.terminal = terminal

    @property
    def value(self) -> bytes:
        """All bytes so far."""
        self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]

    @property
    def text(self) -> str:
        """All bytes so far, as text."""
        return self.value.decode("utf-8", "replace")

    def write(self, data: bytes) -> None:
        """Collect."""
        self._pieces.append(bytes(data))


class Callback(Stream):
    """Hands what is written to a function: logs, terminals, progress."""

    counted = True

    def __init__(
        self,
        write: Callable[[bytes], None],
        *,
        terminal: bool = False,
        columns: int = Stream.columns,
        onlooker: Callable[[Event], object] | None = None,
    ) -> None:
        super().__init__()
        self._write = write
        self.terminal, self.columns, self.onlooker = terminal, columns, onlooker

    def write(self, data: bytes) -> None:
        """Pass on."""
        if data:
            self._write(bytes(data))


class Tee(Stream):
    """Copies what is written to several streams."""

    counted = True

    def __init__(self, *streams: Stream) -> None:
        super().__init__()
        self._streams = [stream.writer for stream in streams]
        self.terminal = any(stream.terminal for stream in self._streams)

    def write(self, data: bytes) -> None:
        """Copy."""
        for stream in self._streams:
            stream.write(data)


class Pipe(Stream):
    """A pipe (pipe(7)). Its ends close with their last holder; who made it may write to it and close it too.

    As `stdin=` it gives its reading end, as `stdout=` its writing end. An end that no descriptor ever led to is open,
    so that a pipe can be filled before its reader starts.
    """

    def __init__(self, *, terminal: bool = False) -> None:
        super().__init__()
        self.terminal = terminal
        self._data = bytearray()
        self.finished = False
        self.broken = False
        self._reader = _ReadEnd(self)
        self._writer = _WriteEnd(self)

    @property
    def reader(self) -> Stream:
        """The end to read from."""
        return self._reader

    @property
    def writer(self) -> Stream:
        """The end to write to."""
        return self._writer

    @property
    def pending(self) -> int:
        """Bytes that wait to be read."""
        return len(self._data)

    def take(self, size: int) -> bytes | None:
        """The oldest bytes."""
        if not self._data:
            return b"" if self.finished else None
        piece = bytes(self._data[:size])
        del self._data[:size]
        return piece

    def take_line(self) -> bytes | None:
        """The oldest line; the rest without a newline only once nobody can write any more."""
        end = self._data.find(b"\n") + 1
        if not end and not self.finished:
            return None
        return self.take(end or len(self._data) or 1)

    def write(self, data: bytes) -> None:
        """Add; BrokenPipeError when nobody can read any more."""
        if self.broken:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        self._data += data

    def has_room(self) -> bool:
        """Whether the reader has caught up."""
        return self.broken or len(self._data) < HIGH_WATER

    def close(self) -> None:
        """No more will be written: readers see the end once all is read."""
        self.finished = True

    def abandon(self) -> None:
        """No more will be read: writers get SIGPIPE."""
        self.broken = True
        self._data.clear()


class _ReadEnd(Stream):
    """The end of a pipe that is read."""

    def __init__(self, pipe: Pipe) -> None:
        super().__init__()
        self.pipe = pipe
        self.terminal = pipe.terminal

    def take(self, size: int) -> bytes | None:
        return self.pipe.take(size)

    def take_line(self) -> bytes | None:
        return self.pipe.take_line()

    def close(self) -> None:
        self.pipe.abandon()


class _WriteEnd(Stream):
    """The end of a pipe that is written."""

    def __init__(self, pipe: Pipe) -> None:
        super().__init__()
        self.pipe = pipe
        self.terminal = pipe.terminal

    def take(self, size: int) -> bytes | None:
        raise FileSystemError(errno.EBADF)

    def write(self, data: bytes) -> None:
        self.pipe.write(data)

    def has_room(self) -> bool:
        return self.pipe.has_room()

    def close(self) -> None:
        self.pipe.close()
