"""sed's machine: the pattern space, the hold space, and the cycle over the input's lines (POSIX.1-2024, sed)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeAlias

from dockerlab.events import Wait
from dockerlab.runtime.process import Process, Turn
from dockerlab.runtime.programs.inputs import Inputs, Source, bytes_of, text_of
from dockerlab.runtime.programs.messages import is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting
from dockerlab.runtime.programs.sed_script import Address, Command

Step: TypeAlias = Generator[Wait, Any, "int | None"]
Handler: TypeAlias = "Callable[[Editor, Command], Step]"
DROP, END, QUIT_SILENTLY = -2, -3, -4
"""What a command says instead of which command is next: drop the pattern space, end the cycle, end unprinted."""


class Lines:
    """The input's lines with one line of foresight, for '$'; `number` counts from 1."""

    def __init__(self, inputs: Inputs, *, separate: bool = False) -> None:
        self.inputs = inputs
        self.separate = separate
        self._sources = iter(inputs)
        self._source: Source | None = None
        self._ahead = b""
        self.number = 0
        self.ended = True

    def _fetch(self) -> Generator[Wait, Any, bytes]:
        while True:
            if self._source is None:
                self._source = next(self._sources, None)
                if self._source is None:
                    return b""
            line: bytes = yield from self._source.readline()
            if line:
                return line
            self._source = None

    def next(self) -> Generator[Wait, Any, str | None]:
        """The next line without its newline; None at the end."""
        line = self._ahead or (yield from self._fetch())
        self._ahead = b""
        if not line:
            return None
        self.number += 1
        self.ended = line.endswith(b"\n")
        return text_of(line.removesuffix(b"\n"))

    def is_last(self) -> Generator[Wait, Any, bool]:
        """Whether no line follows; has to look ahead, so it is asked only where '$' stands."""
        if not self._ahead and self.separate and self._source:
            self._ahead = yield from self._source.readline()
        elif not self._ahead:
            self._ahead = yield from self._fetch()
        return not self._ahead


class Editor:
    """One run of a script over its input: pattern space, hold space, what is put out at the end of the cycle."""

    def __init__(
        self,
        proc: Process,
        args: Arguments,
        commands: list[Command],
        handlers: Mapping[str, Handler],
        write: Callable[[bytes], object],
    ) -> None:
        self.proc = proc
        self.commands = commands
        self.handlers = handlers
        self.write = write
        self.quiet = "n" in args
        self.separate = "s" in args
        self.space = ""
        self.hold = ""
        self.later: list[str] = []
        self.replaced = False
        self.again = False
        self.exit_code: int | None = None
        self.pending_newline = False
        self.lines = Lines(Inputs(proc, []))
        self.opened: set[str] = set()

    def run(self, names: list[str]) -> Waiting:
        """Edit all lines of the files."""
        busybox = is_busybox(self.proc)
        inputs = Inputs(self.proc, names, gnu="can't read {}", busybox="{}", code=1 if busybox else 2)
        self.lines = Lines(inputs, separate=self.separate)
        while self.exit_code is None:
            if not self.again:
                line = yield from self.lines.next()
                if line is None:
                    break
                self.space = line
            self.again = self.replaced = False
            yield from self._cycle()
        return self.exit_code or inputs.code

    def _cycle(self) -> Waiting:
        at: int | None = 0
        printed = not self.quiet
        while at is not None and at < len(self.commands):
            command = self.commands[at]
            if (yield from self._selected(command)) is command.negated:
                at = command.target + 1 if command.name == "{" else at + 1
                continue
            step = yield from self.handlers[command.name](self, command)
            if step in (DROP, QUIT_SILENTLY):
                printed = False
                break
            if step == END:
                break
            if step is not None and step <= at:
                yield Turn()
            at = at + 1 if step is None else step
        if printed:
            self.put(self.space)
        self._put_later()
        return 0

    def put(self, text: str) -> None:
        """Print a line; only the input's last one may lack its newline."""
        ending = b"\n" if self.lines.ended else b""
        if self.pending_newline:
            self.write(b"\n")
        self.pending_newline = not ending
        self.write(bytes_of(text) + ending)

    def put_text(self, text: str) -> None:
        """Print a text as it is."""
        if self.pending_newline:
            self.write(b"\n")
            self.pending_newline = False
        self.write(bytes_of(text))

    def _put_later(self) -> None:
        for text in self.later:
            self.put_text(text)
        self.later.clear()

    # Which lines a command is for.

    def _selected(self, command: Command) -> Generator[Wait, Any, bool]:
        if not command.addresses:
            return True
        if len(command.addresses) == 1:
            return (yield from self._matches(command.addresses[0]))
        return (yield from self._in_range(command, *command.addresses))

    def _matches(self, address: Address) -> Generator[Wait, Any, bool]:
        if address.kind == "line":
            return self.lines.number == address.number
        if address.kind == "step":
            past = self.lines.number - address.number
            return past == 0 if not address.step else past >= 0 and past % address.step == 0
        if address.kind == "$":
            return (yield from self.lines.is_last())
        assert address.pattern
        return address.pattern.search(self.space) is not None

    def _in_range(self, command: Command, first: Address, second: Address) -> Generator[Wait, Any, bool]:
        number = self.lines.number
        if not command.active:
            from_zero = first.kind == "line" and first.number == 0 and number == 1
            if not from_zero and not (yield from self._matches(first)):
                return False
            command.active = True
            command.until = self._end_of(second, number)
            if from_zero and second.kind == "pattern":
                command.active = not (yield from self._matches(second))
            elif command.until >= 0 and command.until <= number:
                command.active = False
            return True
        if command.until >= 0:
            command.active = number < command.until
            # A range whose end has passed meanwhile (n, N) selects no further line.
            return number <= command.until
        command.active = not (yield from self._matches(second))
        return True

    def _end_of(self, second: Address, number: int) -> int:
        """The line that a range ends at, -1 where a pattern or the last line decides."""
        if second.kind == "line":
            return second.number
        if second.kind == "+":
            return number + second.number
        if second.kind == "~":
            return -(-number // second.number) * second.number if second.number else number
        return -1

    def next_line(self) -> Generator[Wait, Any, str | None]:
        """For n and N: the next line; at the end what was appended comes first."""
        self._put_later()
        return (yield from self.lines.next())
