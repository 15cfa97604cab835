"""`dockerlab course` in a terminal: list, open, check, progress."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dockerlab import __main__ as program
from dockerlab.course import lessons as lessons_module
from dockerlab.course.lessons import CHECKOUT, find_lesson, lessons, lessons_folder
from dockerlab.errors import NotFoundError
from dockerlab.notebook.learning.exercise import Report
from dockerlab.notebook.learning.progress import Progress


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dockerlab", "course", *words])
    return program.main()


def test_every_lesson_is_listed_with_its_minutes_and_what_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "mine.json"
    Progress(kept).note(Report("3.1 greeting", True, (), lines=1))
    assert run(monkeypatch, "list", "--progress", str(kept), "--notebooks", str(CHECKOUT)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == "3.1 Images and containers 20 min 1 of 3 exercises solved".split()
    assert [line.split()[:2] for line in lines][-1] == ["incident", "4"]
    assert all(" min " in line for line in lines)


def test_lessons_follow_the_plan_and_a_broken_one_is_listed_too(tmp_path: Path) -> None:
    for name in ("3.3_registries", "3.2.2_tags", "3_capstone", "3.1.1b_storage_drivers", "3.1.1_layers"):
        (tmp_path / f"{name}.ipynb").write_text("{")
    found = lessons(tmp_path)
    assert [lesson.number for lesson in found] == ["3.1.1", "3.1.1b", "3.2.2", "3.3", "3"]
    assert found[0].title == "3.1.1_layers"


def test_a_lesson_is_found_by_its_number_or_by_a_word() -> None:
    known = lessons(CHECKOUT)
    assert find_lesson(known, "3.1").path.name == "3.1_images_and_containers.ipynb"
    assert find_lesson(known, "Capstone").path.name == "3_capstone.ipynb"
    with pytest.raises(NotFoundError, match=r"no lesson '9'; there are 3\.1, 3\.1\.1, "):
        find_lesson(known, "9")


def test_without_lessons_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert lessons_folder(None) == CHECKOUT
    monkeypatch.setattr(lessons_module, "CHECKOUT", tmp_path / "none")
    with pytest.raises(NotFoundError, match="no lessons here: --notebooks names their folder"):
        lessons_folder(None)
    with pytest.raises(NotFoundError, match="no lessons in"):
        lessons_folder(tmp_path)


def test_open_says_what_it_would_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(CHECKOUT.parent)
    assert run(monkeypatch, "open", "3.1", "--no-browser", "--print") == 0
    assert capsys.readouterr().out.startswith("jupyter lab notebooks/3.1_images_and_containers.ipynb --no-browser")


def test_without_jupyterlab_open_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert run(monkeypatch, "open", "3.1", "--notebooks", str(CHECKOUT)) == 1
    assert capsys.readouterr().err == "dockerlab: JupyterLab is not installed: python -m pip install jupyterlab\n"


def test_check_prints_a_score_and_fails_until_all_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = ["%load_ext dockerlab", 'exercise("3.1 clean up")', "%docker stop old"]
    cells = [
        {"id": f"c{at}", "cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for at, source in enumerate(sources)
    ]
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    assert run(monkeypatch, "check", str(path)) == 1
    assert capsys.readouterr().out.splitlines()[:4] == [
        "3.1 clean up  not yet",
        "    ✗ wanted: there is no container old",
        "      you have: container old is exited",
        "    ✓ there is an image busybox:latest",
    ]
    cells[2]["source"] += "\n%docker rm old"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    assert run(monkeypatch, "check", str(path)) == 0
    assert capsys.readouterr().out == "3.1 clean up  passed\n1 of 1 exercises passed\n"


def test_what_is_no_notebook_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "check", "nosuch.ipynb") == 1
    assert capsys.readouterr().err == "dockerlab: nosuch.ipynb: no such file\n"


def test_progress_says_what_is_solved_and_where_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "mine.json"
    Progress(kept).note(Report("3.1 greeting", True, (), lines=1))
    monkeypatch.setenv("DOCKERLAB_PROGRESS", str(kept))
    assert run(monkeypatch, "progress") == 0
    out = capsys.readouterr().out
    assert out.startswith("3.1 Images and containers                 ■□□    1 of 3\n")
    assert out.endswith(f"Kept in {kept}.\n")
