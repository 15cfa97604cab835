"""`dockerlab course check`: a student's notebook is run cell by cell in a fresh kernel, and scored per exercise.

Not what cells print decides, but the lab's state: the kernel looks at the exercise that was begun last after each cell,
and keeps what it finds in a progress file (`notebook.learning.progress`) that is read here, even if the kernel dies.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from dockerlab.course.kernel import run_cells, started
from dockerlab.course.notebooks import Notebook, read_notebook
from dockerlab.errors import InvalidParameterError
from dockerlab.notebook import PROGRESS
from dockerlab.notebook.learning.course_data import EXERCISES
from dockerlab.notebook.learning.parts import parts
from dockerlab.notebook.learning.progress import Progress, Standing

KEEP = "import os; os.environ[{!r}] = {!r}; del os"
LOOK = "import sys; 'dockerlab.notebook.todo' in sys.modules and sys.modules['dockerlab.notebook.todo'].look_at_last()"


@dataclass(frozen=True, slots=True)
class Score:
    """One exercise: how far it is, None where it wasn't attempted."""

    exercise: str
    standing: Standing | None

    @property
    def passed(self) -> bool:
        """Whether it was solved."""
        return self.standing is not None and self.standing.passed

    @property
    def word(self) -> str:
        """Its standing in a word or two."""
        if self.standing is None:
            return "not attempted"
        return "passed" if self.standing.passed else "not yet"

    @property
    def details(self) -> tuple[str, ...]:
        """What is missing, line by line."""
        return () if self.standing is None or self.passed else tuple(self.standing.report.splitlines()[1:])


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked notebook: a score for each exercise, and a line for each cell that didn't end well."""

    scores: tuple[Score, ...]
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every exercise was solved."""
        return all(score.passed for score in self.scores)


def check_notebook(path: Path, seconds: float) -> Checked:
    """Run a notebook, of which a cell may take so many seconds, and score it.

    What is no notebook of the course is an InvalidParameterError, a NotFoundError if there is no such file.
    """
    notebook = read_notebook(path)
    names = wanted(path, notebook)
    if not names:
        raise InvalidParameterError(f"{path}: there is no exercise of the course in it")
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "progress.json"
        with started(path.resolve().parent) as kernel:
            kernel.run(KEEP.format(PROGRESS, str(kept)), seconds)
            problems = tuple(run_cells(kernel, notebook.code, seconds, LOOK))
        standings = Progress(kept).standings()
    return Checked(tuple(Score(name, standings.get(name)) for name in names), problems)


def wanted(path: Path, notebook: Notebook) -> tuple[str, ...]:
    """The exercises of a notebook: those of its lesson, which the file's name tells, and those that it begins."""
    key = path.name.partition("_")[0]
    named = {name for part in parts() if part.key == key for name in part.exercises}
    return tuple(name for name in EXERCISES if name in named or name in notebook.exercises)
