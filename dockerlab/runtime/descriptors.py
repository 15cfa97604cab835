"""What a process does with its descriptors: open, read, write, close; the half of `Process` that streams are about."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.kernel import Task, Turn, Until
from dockerlab.runtime.opening import open_stream
from dockerlab.runtime.signals import SIGPIPE
from dockerlab.runtime.streams import Stream

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem

Handler: TypeAlias = "Callable[[int], None] | Literal['ignore']"
Reading: TypeAlias = Generator[Wait, Any, bytes]

BYTES_PER_TURN = 256
"""Output that leaves the machine and costs one turn of the budget."""


class Death(BaseException):
    """Unwinds a program that a signal ended while it was running; programs must not catch it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


class Descriptors(Task):
    """A task with a working directory, a user, and streams by number."""

    uid: int
    gid: int
    groups: tuple[int, ...]
    bounding: int
    """Its capability bounding set, a bit for each."""

    def __init__(self, cwd: str, umask: int, fds: Mapping[int, Stream]) -> None:
        super().__init__()
        self.cwd = cwd
        self.umask = umask
        self.fds = {fd: stream.acquire() for fd, stream in fds.items()}
        self.handlers: dict[int, Handler] = {}

    @property
    def fs(self) -> FileSystem:
        """The file system that paths are looked up in."""
        raise LookupError("a task without a machine has no files")

    def capable(self, capability: Capability) -> bool:
        """Whether it has a capability in its effective set: user 0 has what its bounding set leaves, others nothing."""
        return self.uid == 0 and bool(self.bounding >> capability & 1)

    @property
    def stdin(self) -> Stream | None:
        """Descriptor 0."""
        return self.fds.get(0)

    @property
    def stdout(self) -> Stream | None:
        """Descriptor 1."""
        return self.fds.get(1)

    @property
    def stderr(self) -> Stream | None:
        """Descriptor 2."""
        return self.fds.get(2)

    def path(self, path: str) -> str:
        """A path seen from the working directory, absolute; '..' stays, since symbolic links decide on it."""
        return posixpath.join(self.cwd, path)

    def is_terminal(self, fd: int) -> bool:
        """isatty(3)."""
        return fd in self.fds and self.fds[fd].terminal

    def open(self, path: str, mode: str = "r") -> Stream:
        """Open a file or device as open(2) does: 'r', 'w' (truncate), 'a', 'x' (must be new), 'rw'."""
        return open_stream(self, path, mode)

    def set_fd(self, fd: int, stream: Stream) -> None:
        """Let a descriptor lead to a stream; what it led to before loses it."""
        stream.acquire()
        self.close_fd(fd)
        self.fds[fd] = stream

    def close_fd(self, fd: int) -> None:
        """Close a descriptor; nothing happens where it is closed."""
        stream = self.fds.pop(fd, None)
        if stream:
            stream.release()

    def _stream(self, fd: int) -> Stream:
        if fd not in self.fds:
            raise FileSystemError(errno.EBADF)
        return self.fds[fd]

    # Output and input.

    def out(self, data: str | bytes) -> None:
        """Write to standard output; ends the process with SIGPIPE when nobody can read it any more."""
        self.write(1, data)

    def err(self, data: str | bytes) -> None:
        """Write to standard error."""
        if 2 in self.fds:
            self.write(2, data)

    def write(self, fd: int, data: str | bytes) -> None:
        """Write to a descriptor; raises FileSystemError."""
        stream = self._stream(fd)
        raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        try:
            stream.write(raw)
        except BrokenPipeError:
            if self.handlers.get(SIGPIPE):
                raise FileSystemError(errno.EPIPE) from None
            raise Death(SIGPIPE) from None
        if stream.counted:
            self.turns += len(raw) // BYTES_PER_TURN

    def writable(self, fd: int = 1) -> Generator[Wait, Any, None]:
        """Let the reader catch up, and others have their turn; endless producers call it for each piece."""
        yield Turn()
        stream = self._stream(fd)
        if not stream.has_room():
            yield Until(stream.has_room)

    def read(self, size: int = 1 << 16, fd: int = 0) -> Reading:
        """Up to `size` bytes, as soon as there are some; b'' at the end."""
        stream = self._stream(fd)
        return (yield from self.available(lambda: stream.take(size)))

    def readline(self, fd: int = 0) -> Reading:
        """A line with its newline (the last may lack it); b'' at the end. Never reads past the line."""
        return (yield from self.available(self._stream(fd).take_line))

    def read_all(self, fd: int = 0) -> Reading:
        """All that is left, once nobody can write any more."""
        pieces = []
        while piece := (yield from self.read(1 << 20, fd)):
            pieces.append(piece)
        return b"".join(pieces)

    def available(self, take: Callable[[], bytes | None]) -> Reading:
        """What a stream's `take` gives, as soon as there is something."""
        got: list[bytes] = []

        def ready() -> bool:
            data = take()
            if data is not None:
                got.append(data)
            return data is not None

        # What was taken must not be taken twice: `ready` is asked again only while it says no.
        if not ready():
            yield Until(lambda: bool(got) or ready())
        return got[0]
