"""Sockets: the two ends of a connection, and what waits for connections (tcp(7))."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.kernel import Until
from dockerlab.runtime.streams import Pipe, Stream

Address = tuple[str, int]


@dataclass
class Traffic:
    """Bytes that a network namespace received and sent; what `docker stats` shows as NET I/O."""

    received: int = 0
    sent: int = 0


class Socket(Stream):
    """One end of a connection: what the other end writes is read here."""

    def __init__(self, incoming: Pipe, outgoing: Pipe, local: Address, peer: Address, traffic: Traffic) -> None:
        super().__init__()
        self._incoming, self._outgoing = incoming, outgoing
        self.local, self.peer = local, peer
        self._traffic = traffic
        self.encrypted = False
        """Whether the other side speaks TLS; the bytes here are the ones inside of it."""

    def take(self, size: int) -> bytes | None:
        """Bytes that the other end wrote."""
        return self._counted(self._incoming.take(size))

    def take_line(self) -> bytes | None:
        """A line that the other end wrote."""
        return self._counted(self._incoming.take_line())

    def _counted(self, data: bytes | None) -> bytes | None:
        self._traffic.received += len(data or b"")
        return data

    def write(self, data: bytes) -> None:
        """Send; BrokenPipeError when the other end is closed."""
        self._outgoing.write(data)
        self._traffic.sent += len(data)

    def has_room(self) -> bool:
        """Whether the other end has caught up."""
        return self._outgoing.has_room()

    @property
    def readable(self) -> bool:
        """Whether a read would not wait: there are bytes, or the end."""
        return bool(self._incoming.pending) or self._incoming.finished

    def shutdown(self) -> None:
        """Say that no more will be sent (shutdown(2) with SHUT_WR)."""
        self._outgoing.close()

    def close(self) -> None:
        """Neither send nor receive any more."""
        self._outgoing.close()
        self._incoming.abandon()


def connected(client: tuple[Address, Traffic], server: tuple[Address, Traffic]) -> tuple[Socket, Socket]:
    """The two ends of a new connection."""
    there, back = Pipe(), Pipe()
    return (
        Socket(back, there, client[0], server[0], client[1]),
        Socket(there, back, server[0], client[0], server[1]),
    )


@dataclass(eq=False)
class Listener:
    """A port that somebody listens at. `closed` once its owner let go of it."""

    address: str
    port: int
    program: str = ""
    """Whose it is, as `ss -p` shows it."""
    pid: int = 0
    backlog: list[Socket] = field(default_factory=list)
    closed: bool = False
    encrypted: bool = False
    """Whether it speaks TLS."""
    on_close: Callable[[Listener], None] | None = None
    """Told when nobody listens any more."""
    direct: Callable[[Any, str], Any] | None = None
    """(request, address of the client) → answer: the same server without a connection, where its owner offers that."""
    frozen: Callable[[], bool] = lambda: False
    """Whether its owner can't answer now, as in a container that is paused."""

    def accept(self) -> Generator[Wait, Any, Socket | None]:
        """Wait for the next connection; None once the listener is closed."""
        while not self.waiting():
            yield Until(self.waiting)
        return self.backlog.pop(0) if self.backlog else None

    def waiting(self) -> bool:
        """Whether there is something to do; as a method, for `Until`."""
        return bool(self.backlog) or self.closed

    def close(self) -> None:
        """Listen no more; who waits in the backlog is turned away."""
        self.closed = True
        if self.on_close is not None:
            self.on_close(self)
        for socket in self.backlog:
            socket.close()
        self.backlog.clear()


def receive(socket: Socket, size: int = 1 << 16) -> Generator[Wait, Any, bytes]:
    """Up to `size` bytes, as soon as there are some; b'' at the end."""
    return (yield from _taken(lambda: socket.take(size)))


def receive_line(socket: Socket) -> Generator[Wait, Any, bytes]:
    """A line with its newline; b'' at the end."""
    return (yield from _taken(socket.take_line))


def _taken(take: Callable[[], bytes | None]) -> Generator[Wait, Any, bytes]:
    got: list[bytes] = []

    def ready() -> bool:
        if not got and (data := take()) is not None:
            got.append(data)
        return bool(got)

    # What was taken must not be taken twice: `ready` takes once, whoever asks it.
    while not ready():
        yield Until(ready)
    return got[0]
