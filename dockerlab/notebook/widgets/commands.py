"""What widgets share that type docker commands in the lab: the line shown as typed, a line of one's own, and undo."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import InvalidParameterError, NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook.widgets.base import CELLS, LabWidget, action

MOST_PRINTED = 4_000


class CommandWidget(LabWidget):
    """A widget whose buttons are docker commands. `typed` is the last of them with what it printed."""

    def __init__(self, lab: Lab | None = None) -> None:
        self.typed, self.own, self.runs = "", "", 0
        super().__init__(lab)

    @action
    def write(self, value: str, caret: int | None = None) -> None:
        """A command of the learner's own, while it is typed."""
        self.own = value

    @action
    def enter(self) -> str:
        """Run that command."""
        line = self.own.strip()
        if line.partition(" ")[0] != "docker":
            raise InvalidParameterError("Type a docker command here; other commands belong into a cell with %%host.")
        return self.type(line)

    @action
    def undo(self) -> str:
        """One command of the lab back."""
        undone = self.lab.undo()
        if undone is None:
            raise NotFoundError("Nothing to undo: the lab is fresh.")
        self.typed = f"(undone: {undone})"
        CELLS.lab_moved(self)
        return f"undone: {undone}"

    def type(self, *lines: str) -> str:
        """Run lines in the lab's shell as if they were typed; returns what is read out: what the last one printed."""
        shown, printed = [], ""
        for line in lines:
            result = self.lab.run(line)
            printed = (result.stdout + result.stderr).rstrip()
            shown += [f"$ {line}", *([printed[:MOST_PRINTED]] if printed else [])]
        self.typed, self.own, self.runs = "\n".join(shown), "", self.runs + 1
        CELLS.lab_moved(self)
        return f"{lines[-1]}: {printed[:300] or 'done'}"

    def shell(self) -> dict[str, Any]:
        """The part of the state that `shell` in lab.js draws."""
        undoable = self.lab.history.here.parent is not None
        return {"typed": self.typed, "own": self.own, "runs": self.runs, "undoable": undoable}
