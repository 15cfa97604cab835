"""`make assignment`: nbgrader releases the exercises, and grades right, wrong and untouched copies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dockerlab.course import assignment
from dockerlab.course.assignment import ASSIGNMENT, release, run_nbgrader, write_sources
from dockerlab.errors import DockerlabError
from dockerlab.notebook.learning.course_data import EXERCISES
from dockerlab.notebook.learning.parts import parts

SHEET = "3-1-images-and-containers.ipynb"
NAMES = next(part.exercises for part in parts() if part.key == "3.1")


def cells(path: Path) -> list[dict[str, Any]]:
    return [{**cell, "source": "".join(cell["source"])} for cell in json.loads(path.read_text())["cells"]]


def submit(folder: Path, student: str, answers: dict[str, tuple[str, ...]]) -> None:
    """The student's version with lines typed into the answers' cells."""
    copy = folder / "submitted" / student / ASSIGNMENT / SHEET
    copy.parent.mkdir(parents=True)
    shutil.copy(folder / "release" / ASSIGNMENT / SHEET, copy)
    notebook = json.loads(copy.read_text())
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        for name, lines in answers.items():
            if grade_id == f"answer-{assignment.slug(name)}":
                cell["source"] = "\n".join(["%%host", *lines])
    copy.write_text(json.dumps(notebook))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assignment of lesson 3.1, released."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install dockerlab[assignment]")
    folder = tmp_path_factory.mktemp("assignment")
    assert [path.name for path in write_sources(folder, ["3.1"])] == [SHEET]
    release(folder)
    return folder


def test_students_get_neither_solutions_nor_tests(course: Path) -> None:
    source, released = (course / kind / ASSIGNMENT / SHEET for kind in ("source", "release"))
    assert "docker run --name greeter busybox echo good morning" in source.read_text()
    answers = [it["source"] for it in cells(released) if it["metadata"].get("nbgrader", {}).get("solution")]
    assert answers == ["%%host\n# your commands"] * 3
    assert [it["source"] for it in cells(released) if it["metadata"].get("nbgrader", {}).get("grade")] == [
        "todo.check()"
    ] * 3


def test_a_solution_a_wrong_answer_and_an_untouched_copy_get_their_points(course: Path) -> None:
    right = {name: EXERCISES[name].solution for name in NAMES}
    submit(course, "right", right)
    submit(course, "wrong", {**right, NAMES[1]: EXERCISES[NAMES[1]].wrong_turns[0].lines})
    submit(course, "untouched", {})
    done = run_nbgrader(course, "autograde", ASSIGNMENT, "--create")
    assert done.returncode == 0, done.stderr
    assert points(course, "right") == [1, 1, 1]
    assert points(course, "wrong") == [1, 0, 1]
    assert points(course, "untouched") == [0, 0, 0]


def points(folder: Path, student: str) -> list[float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        sheet = book.find_submission_notebook(SHEET.removesuffix(".ipynb"), ASSIGNMENT, student)
        grades = {grade.name: grade.score for grade in sheet.grades}
        return [grades[f"check-{assignment.slug(name)}"] for name in NAMES]


def test_there_is_a_notebook_for_each_part_that_has_exercises(tmp_path: Path) -> None:
    written = list(write_sources(tmp_path))
    assert len(written) == sum(bool(part.exercises) for part in parts())
    graded = [cell for path in written for cell in cells(path) if cell["metadata"].get("nbgrader", {}).get("grade")]
    assert len(graded) == len(EXERCISES)


def test_what_cannot_be_written_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DockerlabError, match=r"^no exercises of lesson 9\.9$"):
        list(write_sources(tmp_path, ["9.9"]))
    (tmp_path / "file").write_text("")
    with pytest.raises(DockerlabError, match=r"file: not a directory$"):
        list(write_sources(tmp_path / "file"))
    monkeypatch.setattr(assignment, "find_spec", lambda _: None)
    with pytest.raises(DockerlabError, match=r"^nbgrader is not installed: python -m pip install 'dockerlab"):
        release(tmp_path)
