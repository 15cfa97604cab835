"""The names that a lesson's cells use.

`lab`, `draw`, `draw_users`, `journey`, `predict`, `quiz`, `explore`, `watch`, `terminal`, `exercise`, `progress`,
`my_code`, `show_of_hands`; and `todo`, before an exercise has begun.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from dockerlab.errors import DockerlabError
from dockerlab.notebook import pictures
from dockerlab.notebook.diagrams import Figure, journey
from dockerlab.notebook.drawing import draw
from dockerlab.notebook.learning.course_data import EXERCISES, QUESTIONS
from dockerlab.notebook.learning.prediction import PREDICTIONS, SECOND
from dockerlab.notebook.learning.progress import PROGRESS
from dockerlab.notebook.room import my_code, show_of_hands
from dockerlab.notebook.session import current_lab
from dockerlab.notebook.todo import NothingBegun, Todo

Value = TypeVar("Value")


def draw_users(image: str) -> Figure:
    """Draw an image with every container that was made from it."""
    return pictures.picture_of_users(current_lab().engine, image)


def predict(*names: str, again: bool = False) -> Any:
    """Ask one of the course's questions before the run, or all that one run answers; `again` after a discussion."""
    from dockerlab.notebook.widgets.predict import Predict

    return Predict(*(find(QUESTIONS, name, "question") for name in names), record=SECOND if again else PREDICTIONS)


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


def exercise(name: str) -> Todo:
    """Begin an exercise of the course."""
    return Todo(find(EXERCISES, name, "exercise"))


def progress() -> Any:
    """What of the course is solved, section by section."""
    from dockerlab.notebook.progress_table import ProgressTable

    return ProgressTable.of(PROGRESS.standings())


def find(table: Mapping[str, Value], name: str, kind: str) -> Value:
    """`table[name]`, or one clear line with the names that are nearest."""
    if name in table:
        return table[name]
    near = get_close_matches(name, table, n=3, cutoff=0.5) or sorted(table)[:8]
    raise DockerlabError(f"no {kind} named {name!r}; perhaps {', '.join(map(repr, near))}?")


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
        "todo": NothingBegun(),
        "progress": progress,
        "my_code": my_code,
        "show_of_hands": show_of_hands,
    }
