"""`Tty`: a terminal's input as the kernel's line discipline treats it (termios(3), canonical mode).

What a person types is echoed (unless it is a password) and edited until the line is complete; Ctrl-C and Ctrl-\\
become signals to whoever runs in the foreground, Ctrl-D ends the input once. While a program passes its terminal on, as
`docker run -it` does, it is in raw mode: everything that is typed goes to the other terminal as it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dockerlab.runtime.signals import SIGINT, SIGQUIT
from dockerlab.runtime.streams import Pipe, Stream

if TYPE_CHECKING:
    from dockerlab.runtime.machine import Machine
    from dockerlab.runtime.program import Process

END_OF_INPUT, NEWLINE, ERASE, KILL_LINE = 0x04, 0x0A, (0x08, 0x7F), 0x15
SIGNALS = {0x03: (SIGINT, b"^C"), 0x1C: (SIGQUIT, b"^\\")}


class Tty(Pipe):
    """The keyboard's side of a terminal. `echo` shows what is typed, `foreground` is who gets the signals."""

    def __init__(self, echo: Callable[[bytes], None], foreground: Callable[[], Sequence[Process]]) -> None:
        super().__init__(terminal=True)
        self.relay: Tty | None = None
        """The terminal that everything is passed on to."""
        self.echoing = True
        """Whether what is typed is shown (termios(3): ECHO)."""
        self._echo, self._foreground = echo, foreground
        self._edited = bytearray()
        self._lines: deque[bytes] = deque()
        self._wanted = False

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for what is typed next."""
        return self.relay.wanted if self.relay is not None else self._wanted

    @property
    def silent(self) -> bool:
        """Whether what is typed next is not shown."""
        return self.relay.silent if self.relay is not None else not self.echoing

    @property
    def foreground(self) -> Sequence[Process]:
        """The processes that it belongs to now, those of the other terminal where it is passed on; oldest first."""
        return self.relay.foreground if self.relay is not None else self._foreground()

    def signal(self, number: int) -> None:
        """What a terminal does at Ctrl-C: a signal for everybody in the foreground."""
        for process in reversed(self._foreground()):
            process.kill(number)

    @property
    def pending(self) -> int:
        """Bytes that wait to be read."""
        return sum(map(len, self._lines))

    def write(self, data: bytes) -> None:
        """Take what was typed."""
        if self.relay is not None:
            self.relay.write(data)
            return
        super().write(b"")  # raises where nobody can read any more
        self._wanted = False
        for byte in data.replace(b"\r", b"\n"):
            self._typed(byte)

    def _typed(self, byte: int) -> None:
        if byte in SIGNALS:
            number, shown = SIGNALS[byte]
            self._edited.clear()
            self._lines.clear()
            if self.echoing:
                self._echo(shown)
            self.signal(number)
        elif byte == END_OF_INPUT:
            self._complete()
        elif byte in ERASE or byte == KILL_LINE:
            del self._edited[0 if byte == KILL_LINE else -1 :]
        else:
            self._edited.append(byte)
            if self.echoing:
                self._echo(bytes([byte]))
            if byte == NEWLINE:
                self._complete()

    def _complete(self) -> None:
        self._lines.append(bytes(self._edited))
        self._edited.clear()

    def take(self, size: int) -> bytes | None:
        """The next line, or the beginning of it; b'' once for each end of the input."""
        if not self._lines:
            self._wanted = self.relay is None and not self.finished
            return b"" if self.finished else None
        line = self._lines.popleft()
        if len(line) > size:
            self._lines.appendleft(line[size:])
        return line[:size]

    def take_line(self) -> bytes | None:
        """The next line."""
        return self.take(1 << 20)


@contextmanager
def relayed(source: Stream | None, target: Stream | None) -> Iterator[None]:
    """While this lasts, a terminal passes on everything to another; nothing is changed for other streams."""
    terminal = terminal_of(source)
    if terminal is None or not isinstance(target, Tty):
        yield
        return
    terminal.relay = target
    try:
        yield
    finally:
        terminal.relay = None


@contextmanager
def unechoed(source: Stream | None) -> Iterator[None]:
    """While this lasts, a terminal doesn't show what is typed; nothing is changed for other streams."""
    terminal = terminal_of(source)
    if terminal is None:
        yield
        return
    before, terminal.echoing = terminal.echoing, False
    try:
        yield
    finally:
        terminal.echoing = before


def terminal_of(stream: Stream | None) -> Tty | None:
    """The terminal that a stream leads to, None where it leads to none."""
    terminal = getattr(stream, "pipe", stream)
    return terminal if isinstance(terminal, Tty) else None


def group(machine: Machine, pgid: int) -> list[Process]:
    """The living processes of a group, oldest first."""
    return [process for process in machine.alive() if process.pgid == pgid]
