"""What one `docker` command sees of the machine that it was typed on: the engine, its process, the host's files."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dockerlab.cli.errors import file_error
from dockerlab.cli.progress.bars import Bars
from dockerlab.cli.progress.transfer import Show, lines
from dockerlab.errors import FileSystemError
from dockerlab.events import Event, Wait
from dockerlab.registry.transport import Network
from dockerlab.runtime.terminals import unechoed

if TYPE_CHECKING:
    from dockerlab.engine import Engine
    from dockerlab.fs.filesystem import FileSystem
    from dockerlab.release import Release
    from dockerlab.runtime.program import Process


@dataclass
class Context:
    """The surroundings of one command; all that it prints and reads goes through here."""

    engine: Engine
    proc: Process
    env: Mapping[str, str]
    fs: FileSystem
    cwd: str
    home: str
    terminal: bool = False
    registries: Network = field(default_factory=Network)
    """The network, as far as the client itself asks somebody in it, not the engine."""

    def out(self, text: str | bytes) -> None:
        """Write to standard output as it is."""
        self.proc.out(text)

    def err(self, text: str | bytes) -> None:
        """Write to standard error as it is."""
        self.proc.err(text)

    def line(self, text: str) -> None:
        """Write a line to standard output."""
        self.proc.out(text + "\n")

    def complain(self, text: str) -> None:
        """Write a line to standard error."""
        self.proc.err(text + "\n")

    def display(self, fd: int = 1) -> Show:
        """How a transfer is shown on a stream: as bars on a terminal, else as lines; to an onlooker in any case."""
        stream = self.proc.fds.get(fd)
        write = self.out if fd == 1 else self.err
        if stream is None:
            return lines(write)
        bars = Bars(stream.columns) if stream.terminal else None
        show = lines(write) if bars is None else lambda event: write(bars.feed(event))
        onlooker = stream.onlooker
        if onlooker is None:
            return show

        def both(event: Event) -> None:
            show(event)
            onlooker(event)

        return both

    @property
    def release(self) -> Release:
        """Which Docker the client is of: the engine's."""
        return self.engine.release

    @property
    def now(self) -> int:
        """Nanoseconds since 1970."""
        return self.proc.kernel.clock.now

    def path(self, path: str) -> str:
        """A path of the host, absolute and clean."""
        return posixpath.normpath(posixpath.join(self.cwd, path))

    def read_file(self, path: str) -> bytes:
        """The bytes of a host file; a CommandError in Go's words where that fails."""
        try:
            return self.fs.read(self.path(path))
        except FileSystemError as error:
            # A directory can be opened; it is to read it that fails.
            raise file_error("read" if error.errno == errno.EISDIR else "open", path, error) from error

    def write_file(self, path: str, data: bytes, mode: int = 0o644) -> None:
        """Write a host file; a CommandError in Go's words where that fails."""
        try:
            self.fs.write(self.path(path), data, mode=mode)
        except FileSystemError as error:
            raise file_error("open", path, error) from error

    def read_stdin(self) -> Generator[Wait, Any, bytes]:
        """All of standard input, once nobody can write to it any more."""
        if self.proc.stdin is None:
            return b""
        return (yield from self.proc.read_all())

    def read_stdin_line(self) -> Generator[Wait, Any, str]:
        """One line of standard input without its newline."""
        if self.proc.stdin is None:
            return ""
        line = yield from self.proc.readline()
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def read_secret(self) -> Generator[Wait, Any, str]:
        """The same, which a terminal doesn't show while it is typed."""
        with unechoed(self.proc.stdin):
            return (yield from self.read_stdin_line())

    @property
    def stdin_is_terminal(self) -> bool:
        """isatty(3) of standard input."""
        return self.terminal and self.proc.is_terminal(0)

    def confirm(self, question: str) -> Generator[Wait, Any, bool]:
        """Ask a yes-or-no question as the docker client does; anything but 'y' or 'yes' means no."""
        self.out(f"{question} [y/N] ")
        answer = yield from self.read_stdin_line()
        return answer.strip().lower() in {"y", "yes"}
