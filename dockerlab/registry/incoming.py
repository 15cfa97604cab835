"""What a connection brings: the head of a request, gathered without a thread, and then its body (RFC 9112, 2.1).

A thread is given to a request when its whole head is there. So clients that say nothing, or drip a byte at a time, cost
a connection each but keep nobody waiting, however many they are.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Protocol

from dockerlab.world import NANOSECOND, real_now

BUFFER = 64 << 10
"""Bytes that are read at once, where nobody asks for more."""

LONGEST_HEAD = 64 << 10
"""Bytes of a request's line and headers."""

PATIENCE = 30 * NANOSECOND
"""From its first byte on, so long a head may take."""

_BEGIN, _END = re.compile(rb"[A-Za-z\r\n]"), re.compile(rb"\n\r?\n")


class Socket(Protocol):
    """What a connection is read from."""

    def recv(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end; raises where the time is over or the connection broken."""

    def gettimeout(self) -> float | None:
        """Seconds that reading waits at most."""

    def settimeout(self, value: float | None, /) -> None:
        """Wait so long at most; 0 is not at all."""


class Incoming:
    """The reader of a connection, as cheroot's server and `bodies.Arriving` want it."""

    bytes_read = 0  # cheroot counts it where statistics are on, which they are not

    def __init__(self, connection: Socket) -> None:
        self._connection = connection
        self._held = bytearray()
        self._since = 0
        self._foreign = False
        """Whether this is no HTTP: docker and skopeo try TLS first, and are to learn at once that it's of no use."""

    def gather(self) -> bool:
        """Take what has come, without waiting; whether a thread should see to it: for a request, or for an end."""
        if self.has_data():
            return True
        patience = self._connection.gettimeout()
        self._connection.settimeout(0)
        try:
            piece = self._connection.recv(BUFFER)
        except BlockingIOError:
            return False
        except OSError:
            return True  # reading again tells the thread why
        finally:
            with suppress(OSError):
                self._connection.settimeout(patience)
        if not self._held:
            self._since, self._foreign = real_now(), bool(piece) and _BEGIN.match(piece) is None
        self._held += piece
        return not piece or self.has_data()

    @property
    def overdue(self) -> bool:
        """Whether a head that has begun should have been whole by now."""
        return bool(self._held) and real_now() - self._since > PATIENCE

    def has_data(self) -> bool:
        """Whether a whole head is here, more than any may have, or what can't become one."""
        return _END.search(self._held) is not None or len(self._held) > LONGEST_HEAD or self._foreign

    def readline(self, size: int) -> bytes:
        """A line, or so much of it; less only where the other side is gone, or speaks no HTTP."""
        while (end := self._held.find(b"\n", 0, size) + 1) == 0 and len(self._held) < size and self._fill():
            pass
        return self._taken(end or size)

    def read(self, size: int) -> bytes:
        """So many bytes; less only where the other side is gone."""
        while len(self._held) < size and self._fill():
            pass
        return self._taken(size)

    def read1(self, size: int) -> bytes:
        """At most so many bytes, as soon as there are any; none where the other side is gone."""
        return self._taken(size) if self._held else self._connection.recv(size)

    def _fill(self) -> bool:
        """Wait for more, where it is worth it; whether there is any."""
        piece = b"" if self._foreign else self._connection.recv(BUFFER)
        self._held += piece
        return bool(piece)

    def _taken(self, size: int) -> bytes:
        data = bytes(self._held[:size])
        del self._held[:size]
        return data

    def close(self) -> None:
        """Nothing is to be done; the connection's owner closes it."""


__all__ = ["BUFFER", "LONGEST_HEAD", "PATIENCE", "Incoming", "Socket"]
