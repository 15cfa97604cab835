"""`LabTerminal`: one more terminal on the host, with a shell of its own, in which `docker run -it` works.

What is typed runs in bounded steps: each lasts until somebody waits for the next line, or for a span of virtual time.
So nothing that runs on, as `ping` or `tail -f`, holds up whoever drives it; `wait` lets it go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dockerlab.events import Event
from dockerlab.lab.journal import HungUp, Journal, Typed
from dockerlab.runtime.machine import Machine
from dockerlab.runtime.program import Process
from dockerlab.runtime.signals import SIGHUP, SIGKILL
from dockerlab.runtime.streams import Callback
from dockerlab.runtime.terminals import Tty, group
from dockerlab.world import NANOSECOND

STEP, LONGEST = 2 * NANOSECOND, 3600 * NANOSECOND
"""How long a step lasts; where nothing is printed the next one lasts twice as long."""
FIRST_LOOK = NANOSECOND // 1000
MOST_PRINTED, MOST_TURNS = 1 << 16, 5_000
"""Bytes, and turns of all processes, after which a step ends."""
MOST_KEPT = 50_000
LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Window:
    """Where somebody sees a terminal: `show` is given what is printed at once, `onlooker` is told of long work."""

    show: Callable[[bytes], object]
    columns: int
    onlooker: Callable[[Event], object] | None = None


class LabTerminal:
    """A terminal. `number` tells the lab's terminals apart; `printed` is what it shows, `count` all bytes so far."""

    def __init__(
        self,
        number: int,
        machine: Machine,
        env: Mapping[str, str],
        cwd: str,
        journal: Journal,
        window: Window | None = None,
    ) -> None:
        self.number = number
        self._window = window
        self.printed = bytearray()
        self.count = 0
        self._machine, self._env, self._cwd, self._journal = machine, env, cwd, journal
        self._span = STEP
        self._start()

    def _start(self) -> None:
        if self.printed and not self.printed.endswith(b"\n"):
            self._print(b"\n")
        self._tty = Tty(self._print, lambda: group(self._machine, self._shell.pgid))
        columns, onlooker = (self._window.columns, self._window.onlooker) if self._window else (Callback.columns, None)
        screen = Callback(self._print, terminal=True, columns=columns, onlooker=onlooker)
        self._shell: Process = self._machine.start(
            ["bash"], env={**self._env, "TERM": "xterm"}, cwd=self._cwd, stdin=self._tty, stdout=screen, stderr=screen,
            tty=True,
        )  # fmt: skip
        self._go(STEP)

    @property
    def open(self) -> bool:
        """Whether its shell lives."""
        return self._shell.exit_code is None

    @property
    def busy(self) -> bool:
        """Whether something runs that does not wait for a line."""
        return self.open and not self._tty.wanted

    @property
    def silent(self) -> bool:
        """Whether what is typed next is not shown."""
        return self._tty.silent

    @property
    def exit_code(self) -> int | None:
        """How its shell ended."""
        return self._shell.exit_code

    @property
    def reader(self) -> Process | None:
        """Who would read a line: the host's shell, or that of a container whose terminal this one is passed on to."""
        foreground = self._tty.foreground
        return foreground[0] if foreground else None

    @property
    def on_host(self) -> bool:
        """Whether it is the host's own shell that reads."""
        return self._tty.relay is None

    def type(self, text: str) -> None:
        """Type something: lines with their newlines, or a control character; several lines one after the other."""
        self._journal.add(Typed(self.number, text, self.silent))
        if not self.open:
            self._start()
            return
        self._span = STEP
        for line in LINES.findall(text):
            self._tty.write(line.encode("utf-8", "surrogateescape"))
            self._go(STEP)
            if not self.open:
                break

    def wait(self, steps: int = 1) -> None:
        """Let time pass, as much as makes sense."""
        for _ in range(steps):
            self._journal.wait(self.number)
            before = self.count
            self._go(self._span)
            self._span = STEP if self.count > before else min(2 * self._span, LONGEST)

    def close(self) -> None:
        """Close the window: the shell and what runs in its foreground are gone."""
        self._journal.add(HungUp(self.number))
        for number in (SIGHUP, SIGKILL):
            self._tty.signal(number)
        self._machine.kernel.settle()

    def _go(self, span: int) -> None:
        kernel, printed, activity = self._machine.kernel, self.count, self._machine.kernel.activity
        end, step = kernel.clock.now + span, FIRST_LOOK
        kernel.settle(MOST_TURNS)
        while self.busy and kernel.clock.now < end:
            if self.count - printed > MOST_PRINTED or kernel.activity - activity > MOST_TURNS:
                break
            kernel.advance_to(min(kernel.clock.now + step, end))
            step *= 2

    def _print(self, data: bytes) -> None:
        self.printed += data
        self.count += len(data)
        if self._window is not None:
            self._window.show(data)
        del self.printed[: max(0, len(self.printed) - MOST_KEPT)]
