"""The lessons of the course as files: where they are, what they are called, how long they take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dockerlab.course.notebooks import Notebook, read_notebook
from dockerlab.errors import DockerlabError, NotFoundError
from dockerlab.notebook.learning.sections import SECTIONS

CHECKOUT = Path(__file__).resolve().parents[2] / "notebooks"
TIME = re.compile(r"\*\*Time:\*\* about (\d+) minutes")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson's notebook; `number` is what its name begins with: '3.1.1', for the capstone '3', 'incident 1'."""

    path: Path
    number: str
    title: str
    minutes: int
    exercises: tuple[str, ...]


def lessons_folder(named: Path | None) -> Path:
    """Where the lessons are: in the folder that is named, in ./notebooks, here, or in dockerlab's own checkout."""
    for folder in [named] if named else [Path("notebooks"), Path(), CHECKOUT]:
        if any(folder.glob("3*_*.ipynb")):
            return folder
    raise NotFoundError(f"no lessons in {named}" if named else "no lessons here: --notebooks names their folder")


def lessons(folder: Path) -> tuple[Lesson, ...]:
    """All lessons of a folder in the course's order; then the capstone and the incidents."""
    order = [section.number for section in SECTIONS]
    found = [_lesson(path, "") for path in sorted(folder.glob("[0-9]*_*.ipynb"))]
    found.sort(key=lambda it: order.index(it.number) if it.number in order else len(order))
    incidents = [_lesson(path, "incident ") for path in sorted(folder.glob("incidents/[0-9]*_*.ipynb"))]
    return (*found, *incidents)


def find_lesson(found: Iterable[Lesson], word: str) -> Lesson:
    """The lesson of that number, or the only one whose file's name has the word in it."""
    known = tuple(found)
    for fits in (lambda it: it.number == word, lambda it: word.lower() in it.path.stem.lower()):
        if len(fitting := [lesson for lesson in known if fits(lesson)]) == 1:
            return fitting[0]
    raise NotFoundError(f"no lesson {word!r}; there are {', '.join(lesson.number for lesson in known)}")


def _lesson(path: Path, kind: str) -> Lesson:
    number = kind + path.name.partition("_")[0]
    try:
        notebook = read_notebook(path)
    except DockerlabError:  # listed all the same; whoever opens it sees what is wrong
        notebook = Notebook((), ())
    text = next(iter(notebook.markdown), "")
    title = text.partition("\n")[0].removeprefix("#").strip()
    title = title[len(number) :].lstrip(" :") if title.lower().startswith(number) else title
    minutes = TIME.search(text)
    return Lesson(path, number, title or path.stem, int(minutes[1]) if minutes else 0, notebook.exercises)
