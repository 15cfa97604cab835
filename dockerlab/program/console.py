"""The lab's terminal on the machine's own one: what `dockerlab` is where somebody sits at a keyboard.

Lines are edited and remembered by readline; the lab's terminal shows them, or, where a password is asked for, not.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator

from dockerlab.lab import Lab
from dockerlab.lab.pace import Pace
from dockerlab.lab.terminal import Window
from dockerlab.runtime.streams import Callback
from dockerlab.world import real_pause

INTERRUPT, END_OF_INPUT = "\x03", "\x04"
PAUSE = 0.2
"""Seconds of real time between two looks at a program that runs on."""
PATIENCE = 1.0
"""Seconds of real time after which Ctrl-C ends by force what the lab is at."""
ESCAPES = re.compile(r"\x1b\[[\d;?]*[@-~]")


def can_be_used() -> bool:
    """Whether somebody sits at a terminal, and the machine has the means to lead it."""
    try:
        import termios  # noqa: F401  (Windows has none)
    except ImportError:
        return False
    return sys.stdin.isatty() and sys.stdout.isatty()


class Console:
    """One session, from the first prompt to the end of the shell."""

    def __init__(self, lab: Lab) -> None:
        self._pace = Pace()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unfinished = ""
        """The line that the cursor is in: what an input is asked with."""
        self._terminal = lab.open_terminal(window=Window(self._show, _columns(), self._pace.see))

    def run(self) -> int:
        """Until the shell ends; returns its exit code."""
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  (makes input() edit and remember)
        interrupted = False
        with _echo(False):
            while self._terminal.open:
                try:
                    interrupted = self._go_on(interrupted)
                except KeyboardInterrupt:
                    interrupted = True
        return self._terminal.exit_code or 0

    def _go_on(self, interrupted: bool) -> bool:
        """One step more; whether Ctrl-C was pressed meanwhile, which the lab's terminal is told next."""
        if interrupted:
            return _worked(lambda: self._terminal.type(INTERRUPT))
        if self._terminal.busy:
            pressed = _worked(self._terminal.wait)
            real_pause(PAUSE if self._terminal.busy and not pressed else 0)
            return pressed
        typed = self._secret() if self._terminal.silent else self._line()
        self._pace.begin()
        return _worked(lambda: self._terminal.type(typed))

    def _secret(self) -> str:
        return sys.stdin.readline() or END_OF_INPUT

    def _line(self) -> str:
        """A line that was typed. It is taken from the screen again, because the lab's terminal shows it itself."""
        prompt, line = self._unfinished, ""
        sys.stdout.write("\r")
        try:
            with _echo(True):
                line = input(ESCAPES.sub(lambda match: f"\x01{match[0]}\x02", prompt))
        except (EOFError, KeyboardInterrupt) as end:
            sys.stdout.write(f"\r\x1b[J{prompt}")
            if isinstance(end, KeyboardInterrupt):
                raise
            return END_OF_INPUT
        rows = (len(ESCAPES.sub("", prompt)) + len(line)) // _columns() + 1
        sys.stdout.write(f"\x1b[{rows}A\r\x1b[J{prompt}")
        return f"{line}\n"

    def _show(self, data: bytes) -> None:
        text = self._decoder.decode(data)
        sys.stdout.write(text)
        sys.stdout.flush()
        self._unfinished = re.split(r"[\n\r]", self._unfinished + text)[-1]


def _worked(work: Callable[[], object]) -> bool:
    """Let the lab work; whether Ctrl-C was pressed meanwhile.

    It would hit whichever program of the lab is at work just then, so it waits until the step is over. What waits for
    the real world, as a pull from a registry that is silent, is ended by force (KeyboardInterrupt).
    """
    pressed = False

    def press(number: int, frame: object) -> None:
        nonlocal pressed
        pressed = True
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)

    before = signal.signal(signal.SIGINT, press), signal.signal(signal.SIGALRM, _force)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGALRM, before[1])
    return pressed


def _force(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _columns() -> int:
    return os.get_terminal_size(sys.stdout.fileno()).columns or Callback.columns


@contextlib.contextmanager
def _echo(shown: bool) -> Iterator[None]:
    """Whether the machine's terminal shows what is typed, while this lasts (termios(3): ECHO)."""
    import termios

    before = termios.tcgetattr(sys.stdin)
    changed = list(before)
    changed[3] = changed[3] | termios.ECHO if shown else changed[3] & ~termios.ECHO
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
