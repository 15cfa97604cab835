"""Terminal: what happens when I type it? A shell on the host in which `docker run -it` works as anywhere."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.lab.terminal import LabTerminal
from dockerlab.notebook.screen import Screen
from dockerlab.notebook.typed_words import candidates, completed
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import CELLS, LabWidget, action

INTERRUPT, END_OF_INPUT = "\x03", "\x04"
MOST_FOUND = 60


class Terminal(LabWidget):
    """A terminal of the lab, with history and completion; `lines` are typed into it at the start."""

    _esm = bundle.module("terminal")
    _css = bundle.style("terminal")
    title = "Terminal"
    question = "What happens when I type it?"

    def __init__(self, lab: Lab | None = None, *lines: str) -> None:
        self.screen, self.shown, self.on_screen = Screen(), 0, ""
        self.line, self.given = "", 0
        self.entered: list[str] = []
        self.place: int | None = None
        self.found: list[str] = []
        self.number: int | None = None
        self._terminal: LabTerminal | None = None
        super().__init__(lab)
        for line in lines:
            self.line = line
            self.act("enter")

    # What the front end asks for.

    @action
    def write(self, value: str, caret: int | None = None) -> None:
        """What stands in the line so far."""
        self.line, self.found = value, []

    @action
    def enter(self) -> None:
        """Type the line, or the lines."""
        line, self.line = self.line, ""
        if line.strip() and not self._hidden and self.entered[-1:] != [line]:
            self.entered.append(line)
        self._type(f"{line}\n")

    @action
    def interrupt(self) -> None:
        """Ctrl-C."""
        self._type(f"{self.line}{INTERRUPT}")
        self._give("")

    @action
    def end(self) -> None:
        """Ctrl-D, which only means something in an empty line."""
        if not self.line:
            self._type(END_OF_INPUT)

    @action
    def wait(self) -> None:
        """Let what runs go on for a while."""
        self._living().wait()
        CELLS.lab_moved(self)

    @action
    def restart(self) -> str:
        """Close the window, and open another one in its place."""
        self._living().close()
        self._type("\n")
        return "a new shell"

    @action
    def clear(self) -> None:
        """Ctrl-L."""
        self.screen.clear()

    @action
    def recall(self, by: int) -> str:
        """An earlier line (-1), or a later one (1)."""
        at = len(self.entered) if self.place is None else self.place
        at = max(0, min(len(self.entered), at + by))
        self._give(self.entered[at] if at < len(self.entered) else "")
        self.place = at
        return self.line

    @action
    def complete(self) -> str:
        """Tab: make the last word longer, or show what it may become."""
        terminal = self._living()
        engine = self.lab.engine if terminal.on_host else None
        found = candidates(self.line, terminal.reader, engine)
        line = completed(self.line, found)
        if line != self.line:
            self._give(line)
        self.found = found if len(found) > 1 else []
        return ", ".join(self.found[:MOST_FOUND]) or line

    def _give(self, line: str) -> None:
        """Put something into the line that nobody typed."""
        self.line, self.given = line, self.given + 1

    def _type(self, text: str) -> None:
        self.found, self.place = [], None
        self._living().type(text)
        CELLS.lab_moved(self)

    # The lab's terminal, and what it shows.

    def _living(self) -> LabTerminal:
        """The terminal; it is opened when there is none at this moment of the lab."""
        if self._find() is None:
            self.number = self.lab.open_terminal(self.number).number
        terminal = self._find()
        if terminal is None:
            raise NotFoundError("This terminal can't be opened.")
        return terminal

    def _find(self) -> LabTerminal | None:
        return None if self.number is None else self.lab.terminals.get(self.number)

    @property
    def _hidden(self) -> bool:
        """Whether a password is asked for."""
        terminal = self._find()
        return terminal is not None and terminal.silent

    def _follow(self, terminal: LabTerminal) -> None:
        """Show what was printed since; another terminal (after undo) from its beginning."""
        if terminal is not self._terminal:
            self._terminal, self.screen, self.shown = terminal, Screen(), 0
        new = terminal.count - self.shown
        self.screen.feed(bytes(terminal.printed[-new:]) if new else b"")
        self.shown = terminal.count

    def snapshot(self) -> dict[str, Any]:
        """The lines, what runs, and what Tab has found."""
        terminal = self._living() if self.number is None else self._find()
        if terminal is None:
            return {
                "lines": [],
                "prompt": [],
                "open": False,
                "ended": "not open at this moment of the lab",
                **self._said(),
            }
        self._follow(terminal)
        *lines, prompt = self.screen.lines()
        return {
            "lines": [{"number": self.screen.first + at, "pieces": line} for at, line in enumerate(lines)],
            "prompt": prompt,
            "open": terminal.open,
            "ended": "" if terminal.open else f"the shell has ended with exit code {terminal.exit_code}",
            "busy": terminal.busy,
            "clock": f"{self.lab.clock.date():%H:%M:%S}",
            "where": where(terminal),
            **self._said(),
        }

    def _said(self) -> dict[str, Any]:
        more = len(self.found) - MOST_FOUND
        return {
            "line": self.line if self.given else "",
            "hidden": self._hidden,
            "given": self.given,
            "found": self.found[:MOST_FOUND],
            "more": max(0, more),
        }

    # Without a kernel.

    def static_html(self) -> str:
        """What was typed and printed so far."""
        return static.heading(self.title, self.question) + static.code(self.static_text())

    def static_text(self) -> str:
        """The same in characters."""
        return self.screen.text


def where(terminal: LabTerminal) -> str:
    """On whose machine a line would be read."""
    reader = terminal.reader
    return "" if reader is None else "on the host" if terminal.on_host else f"in the container {reader.hostname}"
