"""The exercises as an assignment for nbgrader: a notebook for each part of the course, graded by the lab's state.

`source/` has the instructor's notebooks, with solutions and tests; nbgrader makes the students' of them, in `release/`,
without either. Metadata: https://nbgrader.readthedocs.io, "Creating and grading assignments", schema 3.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dockerlab.course.notebooks import write_notebook
from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError, UnavailableError
from dockerlab.notebook.learning.course_data import EXERCISES
from dockerlab.notebook.learning.exercise import Exercise
from dockerlab.notebook.learning.parts import Part, parts

ASSIGNMENT = "chapter3"
POINTS = 1
CONFIG = """\
import os

os.environ["DOCKERLAB_PROGRESS"] = "off"  # what students solve is no progress of whoever grades
c = get_config()
c.CourseDirectory.course_id = "dockerlab"
c.ClearSolutions.code_stub = {"python": "# your commands"}
c.ExecutePreprocessor.timeout = 60
"""
INTRODUCTION = """\
# {label}: exercises

Run the first cell of an exercise: it sets the lab up. Type your commands into the second one and run it; the third says
what is missing. A point for each exercise that is solved when all cells are run from the top.\
"""
TEST = """\
todo.check()
### BEGIN HIDDEN TESTS
from dockerlab.notebook.todo import passed
assert passed("{name}")
### END HIDDEN TESTS\
"""
NBGRADER = """
import os, runpy, sys
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
sys.argv[0] = "nbgrader"
runpy.run_module("nbgrader", run_name="__main__")
"""


def write_sources(folder: Path, numbers: Collection[str] = ()) -> Iterator[Path]:
    """Write nbgrader's configuration and the instructor's notebooks, of all parts or of some; yields each file."""
    chosen = [part for part in parts() if part.exercises and (not numbers or part.key in numbers)]
    if unknown := set(numbers) - {part.key for part in chosen}:
        raise NotFoundError(f"no exercises of lesson {', '.join(sorted(unknown))}")
    source = folder / "source" / ASSIGNMENT
    try:
        source.mkdir(parents=True, exist_ok=True)
        (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        for part in chosen:
            path = source / f"{slug(part.label)}.ipynb"
            write_notebook(path, list(assignment_cells(part)))
            yield path
    except OSError as error:
        raise InvalidParameterError(f"{folder}: {(error.strerror or 'not writable').lower()}") from error


def release(folder: Path) -> None:
    """Let nbgrader make the students' notebooks; UnavailableError where it is not installed."""
    if find_spec("nbgrader") is None:
        raise UnavailableError("nbgrader is not installed: python -m pip install 'dockerlab[assignment]'")
    done = run_nbgrader(folder, "generate_assignment", ASSIGNMENT, "--create", "--force")
    if done.returncode:
        raise DockerlabError(f"nbgrader can't make the students' notebooks: {last_line(done.stderr)}")


def run_nbgrader(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One command of nbgrader's, which looks for `alembic` of the same environment on the PATH."""
    return subprocess.run(
        [sys.executable, "-c", NBGRADER, *words], cwd=folder, capture_output=True, text=True, check=False
    )


def last_line(text: str) -> str:
    """The last line of a text."""
    return text.strip().rpartition("\n")[2]


def assignment_cells(part: Part) -> Iterator[Any]:
    """An introduction, the set-up, and four cells for each exercise."""
    from nbformat.v4 import new_markdown_cell

    new: Any = new_markdown_cell
    yield new(INTRODUCTION.format(label=part.label), id="introduction")
    yield code_cell("setup", "%load_ext dockerlab\n%lab reset", locked=True)
    for name in part.exercises:
        exercise = EXERCISES[name]
        yield new(f"**{name}.** {exercise.task}", id=f"task-{slug(name)}"[:64])
        yield from exercise_cells(exercise)


def exercise_cells(exercise: Exercise) -> Iterator[Any]:
    """What begins an exercise, what the student fills in, and what grades it."""
    name = slug(exercise.name)
    answer = "\n".join(["%%host", "### BEGIN SOLUTION", *exercise.solution, "### END SOLUTION"])
    yield code_cell(f"begin-{name}", f'todo = exercise("{exercise.name}")', locked=True)
    yield code_cell(f"answer-{name}", answer, solution=True)
    yield code_cell(f"check-{name}", TEST.format(name=exercise.name), locked=True, grade=True, points=POINTS)


def code_cell(grade_id: str, source: str, **flags: bool | int) -> Any:
    """A code cell with nbgrader's metadata."""
    from nbformat.v4 import new_code_cell

    new: Any = new_code_cell
    fields = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return new(source, id=grade_id[:64], metadata={"nbgrader": fields | {"grade_id": grade_id} | flags})


def slug(text: str) -> str:
    """A text in letters, digits and hyphens, as nbgrader's names must be."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower()
