"""An exercise in a cell: what `todo.check()` and its kin say, in whatever order cells are run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook import todo as todo_module
from dockerlab.notebook.face import exercise, find, names
from dockerlab.notebook.learning.course_data import EXERCISES
from dockerlab.notebook.learning.progress import PROGRESS
from dockerlab.notebook.session import current_lab
from dockerlab.notebook.todo import passed

CLEAN = "3.1 clean up"


@pytest.fixture
def lab() -> Lab:
    current_lab().reset()
    return current_lab()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    PROGRESS.path = tmp_path / "progress.json"
    yield PROGRESS.path
    PROGRESS.path = None


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_check_says_what_is_wanted_and_what_there_is(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    todo = exercise(CLEAN)
    lab.run("docker stop old")
    todo.check()
    assert said(capsys)[:4] == [
        "Not yet: 3.1 clean up",
        "  ✗ wanted: there is no container old",
        "    you have: container old is exited",
        "  ✓ there is an image busybox:latest",
    ]
    lab.run("docker rm old")
    todo.check()
    assert said(capsys)[0] == "Done: 3.1 clean up"


def test_undo_takes_back_the_learners_commands_and_no_more(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    todo = exercise(CLEAN)
    before = lab.run("docker ps -a --no-trunc").stdout
    lab.undo()
    lab.run("docker stop old")
    todo.undo()
    todo.undo()
    assert said(capsys) == ["Undone: docker stop old", "Nothing to undo: this is where the exercise begins."]
    assert lab.run("docker ps -a --no-trunc").stdout == before


def test_a_lab_that_was_reset_since_is_told_in_one_line(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    todo = exercise(CLEAN)
    lab.run("docker rm -f old")
    lab.reset()
    lab.run("docker pull -q busybox")
    todo.check()
    todo.undo()
    line = "The lab was reset, or taken back, since '3.1 clean up' began: todo.restart() begins again."
    assert said(capsys) == [line, line]
    assert not passed(CLEAN)
    todo.restart()
    todo.check()
    assert said(capsys)[1].startswith("Not attempted yet")


def test_a_blank_that_is_left_in_is_no_attempt(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    todo = exercise(CLEAN)
    lab.run("docker rm ____")
    todo.check()
    assert said(capsys)[0].startswith("Not attempted yet")
    lab.run("docker rm old")
    todo.check()
    assert said(capsys)[0].startswith("Not yet")


def test_a_lab_that_was_taken_back_to_before_the_start_is_told(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    todo = exercise(CLEAN)
    lab.undo()
    todo.check()
    assert said(capsys)[0].startswith("The lab was reset, or taken back")


def test_before_an_exercise_has_begun_todo_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    todo = names()["todo"]
    for call in (todo.check, todo.hint, todo.undo, todo.solution, todo.restart):
        call()
    assert set(said(capsys)) == {'No exercise has begun: run the cell with todo = exercise("…") first.'}


def test_a_picture_shows_what_the_first_missing_goal_is_about(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr(todo_module, "display", shown.append)
    todo = exercise(CLEAN)
    todo.check(picture=True)
    assert shown == []  # nothing was tried
    lab.run("docker stop old")
    todo.check(picture=True)
    assert "old" in str(shown.pop())


def test_without_a_front_end_a_solution_is_printed(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    exercise(CLEAN).solution()
    assert said(capsys) == ["%%host", "docker stop old", "docker rm old"]


def test_a_front_end_gets_the_solution_in_a_new_cell(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Shell(InteractiveShell):
        """As ipykernel's: it knows the request that it answers."""

        def get_parent(self) -> dict[str, dict[str, str]]:
            return {"metadata": {"cellId": "c1"}}

    shell = Shell()
    filled: list[str] = []
    monkeypatch.setattr(shell, "set_next_input", filled.append)
    monkeypatch.setattr(todo_module, "get_ipython", lambda: shell)
    exercise(CLEAN).solution()
    assert filled == ["%%host\ndocker stop old\ndocker rm old"]
    assert said(capsys) == ["One way to do it is in the new cell below."]
    assert lab.run("docker ps -q").stdout  # nothing was run


def test_a_check_that_passes_is_kept(lab: Lab, kept: Path) -> None:
    todo = exercise(CLEAN)
    todo.check()
    assert not kept.exists()
    lab.run("docker rm -f old")
    todo.check()
    assert PROGRESS.standings()[CLEAN].passed
    assert passed(CLEAN)
    exercise("3.1 greeting")
    assert not passed(CLEAN)  # another one has begun


def test_a_name_that_is_not_known_is_answered_with_the_nearest() -> None:
    with pytest.raises(DockerlabError, match=r"^no exercise named '3\.1 greting'; perhaps '3\.1 greeting'"):
        exercise("3.1 greting")
    with pytest.raises(DockerlabError, match=r"^no exercise named 'zzzz'; perhaps "):
        find(EXERCISES, "zzzz", "exercise")
