"""An exercise in a cell: `todo = exercise("3.1 greeting")`, then `todo.check()`, and help.

Help is `todo.hint(1)`, `todo.undo()`, `todo.restart()` and `todo.solution()`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from dockerlab.errors import DockerlabError
from dockerlab.notebook.drawing import draw
from dockerlab.notebook.learning.exercise import Attempt, Exercise, Report
from dockerlab.notebook.learning.progress import PROGRESS
from dockerlab.notebook.session import SESSION, current_lab

NOTHING_BEGUN = 'No exercise has begun: run the cell with todo = exercise("…") first.'


class Todo:
    """A learner's work on an exercise in this notebook's lab; what it finds is kept as the learner's progress."""

    def __init__(self, exercise: Exercise) -> None:
        self._attempt = SESSION.attempt = Attempt(exercise, current_lab())
        self._attempt.restart()

    def check(self, picture: bool = False) -> None:
        """Say which of the goals are met, and what there is instead of the others; and a picture of one."""
        report = look(self._attempt)
        print(report)
        if picture and report.attempted and not report.passed:
            self._draw([finding.met for finding in report.findings].index(False))

    def _draw(self, number: int) -> None:
        """The object that a goal is about, down to the path that it is about."""
        goal = self._attempt.exercise.goals[number]
        with suppress(DockerlabError):  # there is no such object, as the report has said
            display(draw(getattr(goal, "name", None), path=getattr(goal, "path", None)))  # type: ignore[no-untyped-call]

    def hint(self, number: int = 1) -> None:
        """One of three hints; each says more than the one before."""
        hints = self._attempt.exercise.hints
        if number not in range(1, len(hints) + 1):
            print(f"There are {len(hints)} hints: hint(1) to hint({len(hints)}).")
            return
        print(f"Hint {number}: {hints[number - 1]}")

    def solution(self) -> None:
        """Fill a solution into a new cell below; where no front end makes cells, print it. Nothing is run."""
        text = "\n".join(["%%host", *self._attempt.exercise.solution])
        print("One way to do it is in the new cell below." if fill_below(text) else text)

    def undo(self) -> None:
        """Take the last command back: everything is as it was before."""
        undone = self._attempt.undo()
        if undone:
            print(f"Undone: {undone}")
        elif self._attempt.astray:
            print(self._attempt.check())
        else:
            print("Nothing to undo: this is where the exercise begins.")

    def restart(self) -> None:
        """Back to the exercise's start."""
        self._attempt.restart()
        print("Ready to start again.")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        task = self._attempt.exercise.task
        return {"text/markdown": f"**Exercise.** {task}", "text/plain": f"Exercise. {task}"}


def look(attempt: Attempt) -> Report:
    """What a check finds, without a word; it is kept."""
    report = attempt.check()
    PROGRESS.note(report)
    return report


def look_at_last() -> None:
    """Look at the exercise that was begun last: `dockerlab course check` does so after each cell."""
    if SESSION.attempt:
        look(SESSION.attempt)


def passed(name: str) -> bool:
    """Whether the exercise that was begun last is that one, and solved; what a test of nbgrader asserts."""
    attempt = SESSION.attempt
    return attempt is not None and attempt.exercise.name == name and look(attempt).passed


class NothingBegun:
    """What `todo` is before an exercise has begun."""

    def check(self, *_: object, **__: object) -> None:
        """Say what is missing."""
        print(NOTHING_BEGUN)

    hint = undo = solution = restart = check


def fill_below(text: str) -> bool:
    """Put a new cell with a text below the one that is run; whether there is a front end that makes cells.

    Such a front end names the cell that it asks to be run (JupyterLab, Notebook, VS Code); nbconvert and nbval don't.
    """
    shell: Any = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    if not parent.get("metadata", {}).get("cellId"):
        return False
    shell.set_next_input(text)
    return True
