"""The lab's terminal on the machine's own one: what `dockerlab` is where somebody sits at a keyboard.

Lines are edited and remembered by readline; the lab's terminal shows them, or, where a password is asked for, not.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import sys
from collections.abc import Iterator

from dockerlab.lab import Lab
from dockerlab.lab.pace import Pace
from dockerlab.lab.terminal import Window
from dockerlab.runtime.streams import Callback
from dockerlab.world import real_pause

INTERRUPT, END_OF_INPUT = "\x03", "\x04"
PAUSE = 0.2
"""Seconds of real time between two looks at a program that runs on."""
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
        with _echo(False):
            while self._terminal.open:
                try:
                    self._go_on()
                except KeyboardInterrupt:
                    self._terminal.type(INTERRUPT)
        return self._terminal.exit_code or 0

    def _go_on(self) -> None:
        if self._terminal.busy:
            self._terminal.wait()
            real_pause(PAUSE if self._terminal.busy else 0)
            return
        typed = self._secret() if self._terminal.silent else self._line()
        self._pace.begin()
        self._terminal.type(typed)

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
