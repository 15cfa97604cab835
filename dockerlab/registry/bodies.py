"""Bodies of requests: by reference, or as a stream that is still arriving and can be read once (RFC 9112, 6 and 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from dockerlab.fs.content import Content

PIECE = 1 << 18
"""How much of a stream is read at once at most, in bytes."""

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
_LINE = 4096
"""The longest line that may stand between chunks, in bytes."""


class BodyError(Exception):
    """A body that ended before its time, or that nobody can read; always ends as a response."""


class Stream:
    """A body that is still arriving; `size` is what its sender announced, None where it did not say.

    `read` returns at most so many bytes, none at the end, and raises `BodyError` when the sender is gone.
    """

    def __init__(self, read: Callable[[int], bytes], size: int | None = None) -> None:
        self._read = read
        self.size = size
        self.received = 0
        self.ended = size == 0

    def pieces(self) -> Iterator[bytes]:
        """What is still to come; raises `BodyError` where it ends before its announced size."""
        while not self.ended:
            piece = self._read(PIECE)
            self.received += len(piece)
            if not piece and self.size is not None:
                raise BodyError(f"{self.received} of {self.size} bytes arrived")
            self.ended = self.received == self.size or not piece
            if piece:
                yield piece

    def drain(self, limit: int) -> bool:
        """Read on and forget, about `limit` bytes at most; whether that was the end."""
        stop = self.received + limit
        try:
            return all(self.received <= stop for _ in self.pieces())
        except BodyError:
            return False


def pieces_of(body: Content | Stream) -> Iterator[bytes | memoryview]:
    """The bytes of a body in pieces."""
    return body.pieces() if isinstance(body, Stream) else body.pieces(0, body.size)


class Connection(Protocol):
    """What a server reads a request from."""

    def read1(self, size: int) -> bytes:
        """At most so many bytes, as soon as there are any; none where the other side is gone."""

    def readline(self, size: int) -> bytes:
        """A line, or so much of it."""


class Arriving:
    """The body of a request on a connection: `length` bytes, or in chunks (None), however large one is."""

    def __init__(self, connection: Connection, length: int | None) -> None:
        self._connection = connection
        self._chunked = length is None
        self._left = length or 0
        self._ended = length == 0

    def read(self, size: int) -> bytes:
        """At most so many bytes, none at the end; ValueError for what are no chunks or break off."""
        if self._left == 0 and not self._ended:
            self._begin()
        if self._ended:
            return b""
        data = self._connection.read1(min(size, self._left))
        self._left -= len(data)
        if not data:
            raise ValueError("the connection was closed")
        if self._left == 0:
            self._end()
        return data

    def _begin(self) -> None:
        """Read the size of the next chunk; behind the last there may be trailers, which mean nothing here."""
        line = self._connection.readline(_LINE)
        match = _CHUNK.fullmatch(line)
        if match is None:
            raise ValueError("a chunk has no size, or too large a one")
        self._left = int(match[1], 16)
        self._ended = self._left == 0
        while self._ended and self._connection.readline(_LINE) not in (b"\r\n", b""):
            pass

    def _end(self) -> None:
        """A chunk is over, or the body."""
        self._ended = not self._chunked
        if self._chunked and self._connection.readline(2) != b"\r\n":
            raise ValueError("a chunk is longer than its size")


__all__ = ["PIECE", "Arriving", "BodyError", "Stream", "pieces_of"]
