"""The names that a lesson's cells use.

`lab`, `draw`, `draw_users`, `journey`, `predict`, `quiz`, `explore`, `watch`, `terminal`, `exercise`.
"""

from __future__ import annotations

from typing import Any

from dockerlab.errors import DockerlabError
from dockerlab.notebook import pictures
from dockerlab.notebook.diagrams import Figure, journey
from dockerlab.notebook.drawing import draw
from dockerlab.notebook.learning.course_data import EXERCISES, QUESTIONS
from dockerlab.notebook.learning.exercise import Attempt
from dockerlab.notebook.session import current_lab


def draw_users(image: str) -> Figure:
    """Draw an image with every container that was made from it."""
    return pictures.picture_of_users(current_lab().engine, image)


def predict(*names: str) -> Any:
    """Ask one of the course's questions before the run, or all that one run answers."""
    from dockerlab.notebook.widgets.predict import Predict

    return Predict(*(find(QUESTIONS, name, "question") for name in names))


def quiz(*names: str) -> Any:
    """Ask several questions, one under the other."""
    from dockerlab.notebook.widgets.predict import Predict

    return Predict(*(find(QUESTIONS, name, "question") for name in names), at_once=True)


def explore(what: str, name: str = "") -> Any:
    """Open a widget: explore('layers', 'ubuntu'), explore('life', 'web'), explore('names'), explore('space') …

    Also 'overlay', 'wire', 'containers', 'build', 'template' and 'trip'.
    """
    from dockerlab.notebook.widgets import EXPLORERS

    return find(EXPLORERS, what, "explorer")(current_lab(), name)


def watch() -> Any:
    """Open a live map of the host, with a slider through all that was done; best beside the notebook."""
    from dockerlab.notebook.widgets import LabView

    return LabView(current_lab())


def terminal(*lines: str) -> Any:
    """Open a terminal on the host, in which `docker run -it` works; `lines` are typed into it at once."""
    from dockerlab.notebook.widgets import Terminal

    return Terminal(current_lab(), *lines)


class Exercise:
    """An exercise in a cell: shows its task; `check()`, `hint(1)`, `solution()` and `restart()` help."""

    def __init__(self, name: str) -> None:
        self._attempt = Attempt(find(EXERCISES, name, "exercise"), current_lab())
        self._attempt.restart()

    def check(self) -> None:
        """Say which of the goals are met, and what there is instead of the others."""
        print(self._attempt.check())

    def hint(self, number: int = 1) -> None:
        """One of three hints; each says more than the one before."""
        hints = self._attempt.exercise.hints
        if number not in range(1, len(hints) + 1):
            print(f"There are {len(hints)} hints: hint(1) to hint({len(hints)}).")
            return
        print(f"Hint {number}: {hints[number - 1]}")

    def solution(self) -> None:
        """Show a solution; nothing is run."""
        print("\n".join(["%%host", *self._attempt.exercise.solution]))

    def restart(self) -> None:
        """Back to the exercise's start."""
        self._attempt.restart()
        print("Ready to start again.")

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        task = self._attempt.exercise.task
        return {"text/markdown": f"**Exercise.** {task}", "text/plain": f"Exercise. {task}"}


def exercise(name: str) -> Exercise:
    """Begin an exercise of the course."""
    return Exercise(name)


def find(table: Any, name: str, kind: str) -> Any:
    """`table[name]`, or one clear line."""
    if name not in table:
        raise DockerlabError(f"no {kind} named {name!r}; there are: {', '.join(sorted(table))}")
    return table[name]


def names() -> dict[str, Any]:
    """What `%load_ext dockerlab` puts into the notebook's namespace."""
    return {
        "lab": current_lab(),
        "draw": draw,
        "draw_users": draw_users,
        "journey": journey,
        "predict": predict,
        "quiz": quiz,
        "explore": explore,
        "watch": watch,
        "terminal": terminal,
        "exercise": exercise,
    }
