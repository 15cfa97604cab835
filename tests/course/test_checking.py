"""`dockerlab course check`: a student's notebook, whatever is in it, is scored exercise by exercise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dockerlab.course.checking import Checked, check_notebook
from dockerlab.errors import DockerlabError
from dockerlab.notebook.learning.course_data import EXERCISES

SETUP = "%load_ext dockerlab\n%lab reset"
GREETING, TWO, CLEAN = "3.1 greeting", "3.1 two from one", "3.1 clean up"


def begin(name: str) -> str:
    return f'todo = exercise("{name}")\ntodo'


def host(*lines: str) -> str:
    return "\n".join(["%%host", *lines])


def check(folder: Path, *cells: str, name: str = "mine.ipynb") -> Checked:
    path = folder / name
    rows = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in (SETUP, *cells)]
    rows = [{**row, "id": f"c{at}", "execution_count": None} for at, row in enumerate(rows)]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": rows}))
    return check_notebook(path, 120)


def words(checked: Checked) -> dict[str, str]:
    return {score.exercise: score.word for score in checked.scores}


def test_each_exercise_is_scored_by_the_labs_state_and_no_cell_can_break_the_check(tmp_path: Path) -> None:
    checked = check(
        tmp_path,
        begin(GREETING),
        host(*EXERCISES[GREETING].solution),  # and no cell that checks
        begin(TWO),
        host(*EXERCISES[TWO].wrong_turns[0].lines),
        "todo.check()\n1 / 0",
        "input()",
        begin(CLEAN),
        "todo.check()",
    )
    assert words(checked) == {GREETING: "passed", TWO: "not yet", CLEAN: "not attempted"}
    assert "  ✗ wanted: container left is running" in checked.scores[1].details
    assert "    you have: container left is exited" in checked.scores[1].details
    assert [problem.partition(" (")[0] for problem in checked.problems] == [
        "cell 6: ZeroDivisionError: division by zero",
        "cell 7: StdinNotImplementedError: raw_input was called, but this frontend does not support input requests.",
    ]
    assert not checked.passed


def test_what_was_solved_before_the_kernel_ended_counts(tmp_path: Path) -> None:
    checked = check(
        tmp_path, begin(GREETING), host(*EXERCISES[GREETING].solution), "import os\nos._exit(3)", begin(TWO)
    )
    assert words(checked) == {GREETING: "passed", TWO: "not attempted"}
    assert checked.problems == ("cell 4: it ended the kernel; the cells after it were not run",)


def test_an_exercise_that_was_deleted_from_a_lesson_is_missed(tmp_path: Path) -> None:
    checked = check(tmp_path, begin(GREETING), name="3.1_images_and_containers (1).ipynb")
    assert words(checked) == dict.fromkeys([GREETING, TWO, CLEAN], "not attempted")


def test_what_was_solved_once_stays_solved(tmp_path: Path) -> None:
    checked = check(tmp_path, begin(GREETING), host(*EXERCISES[GREETING].solution), host("docker rm greeter"))
    assert words(checked) == {GREETING: "passed"}
    assert checked.passed


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "{path}: no such file"),
        (b"{", "{path}: not a notebook: the JSON is broken"),
        (b"", "{path}: not a notebook: the JSON is broken"),
        (b"[1, 2]", "{path}: not a notebook: it has no cells"),
        (b"{}", "{path}: not a notebook: it has no cells"),
        (b'{"cells": [1], "nbformat": 4}', "{path}: not a notebook: it has no cells"),
        (b"\xff\xfe\x00", "{path}: not a notebook: it isn't text"),
        (b'{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "{path}: there is no exercise of the"),
    ],
)
def test_what_is_no_notebook_of_the_course_is_told_in_one_line(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DockerlabError) as caught:
        check_notebook(path, 10)
    assert str(caught.value).startswith(complaint.format(path=path))
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_notebook(tmp_path: Path) -> None:
    with pytest.raises(DockerlabError, match="is a directory"):
        check_notebook(tmp_path, 10)
