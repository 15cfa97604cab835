"""Every lesson has all parts, is short enough to read, and leads nowhere wrong (`lesson_checks` says what is asked)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.notebook.lesson_checks import (
    LINK,
    OF_ALL,
    OF_LESSONS,
    Check,
    Sheet,
    anchors,
    complaints,
    is_there,
    prose,
    speaks,
)

ROOT = Path(__file__).resolve().parents[2]
LESSONS = [Sheet(path) for path in sorted((ROOT / "notebooks").glob("[3-9].*_*.ipynb"))]
TASKS = [Sheet(path) for path in sorted((ROOT / "notebooks").glob("[3-9]_*.ipynb"))]
TASKS += [Sheet(path) for path in sorted((ROOT / "notebooks" / "incidents").glob("*.ipynb"))]
CASES = [(sheet, check) for sheet in LESSONS for check in (*OF_ALL, *OF_LESSONS)]
CASES += [(sheet, check) for sheet in TASKS for check in OF_ALL]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
SPELLED_SO = "hostory"
"""Slips that are cited."""


@pytest.mark.parametrize(("sheet", "check"), CASES, ids=[f"{it.path.stem}-{check.__name__}" for it, check in CASES])
def test_a_lesson_is_in_order(sheet: Sheet, check: Check) -> None:
    assert check(sheet) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not is_there(page, target)] == []


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that learners read: the notebooks' texts, the pages, the questions and exercises."""
    folder = tmp_path_factory.mktemp("texts")
    for sheet in [
        Sheet(path) for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
    ]:
        (folder / f"{sheet.path.stem}.md").write_text(sheet.markdown, encoding="utf-8")
    for path in [*PAGES, *(ROOT / "dockerlab" / "notebook" / "learning").rglob("*.py")]:
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def test_no_word_is_misspelled(texts: Path) -> None:
    pytest.importorskip("codespell_lib", reason="codespell, which knows common misspellings, is not installed")
    command = [sys.executable, "-m", "codespell_lib", "--ignore-words-list", SPELLED_SO, str(texts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.replace(f"{texts}/", "") == ""


# The checks can fail.


def sheet(folder: Path, *cells: tuple[str, str], tags: tuple[str, ...] = (), html: str = "") -> Sheet:
    path = folder / "3.1.2_x.ipynb"
    output = [{"output_type": "display_data", "data": {"text/html": html}}] if html else []
    rows = [
        {"cell_type": kind, "source": source, "metadata": {"tags": list(tags)}, "execution_count": 1, "outputs": output}
        for kind, source in cells
    ]
    path.write_text(json.dumps({"cells": rows}))
    return Sheet(path)


def test_an_empty_lesson_misses_everything(tmp_path: Path) -> None:
    found = complaints(sheet(tmp_path, ("markdown", "# Docker\n\n[more](none.md)")), (*OF_ALL, *OF_LESSONS))
    assert found["begins_afresh"] == ["the first code cell is not the set-up"]
    assert len(found["says_what_it_is_for"]) == 4
    assert found["has_three_exercises_with_checks"] == ["0 exercises"]
    assert found["asks_four_quick_questions_one_from_an_earlier_lesson"] == [
        "0 quick questions",
        "none from an earlier lesson",
    ]
    assert found["has_a_prediction_and_a_widget"] == ["no prediction", "no widget"]
    assert "no **New words:**" in found["ends_with_what_to_keep"]
    assert found["links_lead_somewhere"] == ["a link to none.md"]


def test_each_exercise_needs_a_check_of_its_own(tmp_path: Path) -> None:
    cells = [
        ("code", 'todo = exercise("3.1 greeting")'),
        ("code", 'todo = exercise("no such")'),
        ("code", "todo.check()"),
    ]
    found = complaints(sheet(tmp_path, *cells), OF_LESSONS)["has_three_exercises_with_checks"]
    assert found == ["2 exercises", "exercise '3.1 greeting' has no check", "no exercise 'no such'"]


def test_a_wall_of_text_is_seen_but_not_a_table(tmp_path: Path) -> None:
    assert prose("\n".join(["## Head", "a line"] * 9)) == 9
    assert prose("\n".join(["| a | b |", "- item", "  goes on", "1. one", ""] * 9)) == 0
    long = sheet(tmp_path, *[("markdown", "\n".join(["line"] * 9))] * 41)
    found = complaints(long, OF_LESSONS)["is_short"]
    assert found[:2] == ["41 cells, at most 40", "median of 9 lines in a cell"]
    assert len(found) == 2 + 41
    assert found[2].startswith("9 lines of prose in 'line")


def test_a_picture_without_words_is_seen(tmp_path: Path) -> None:
    silent = sheet(tmp_path, ("code", "draw()"), html='<p><img src="x" alt=" "></p><img alt="an image" src="y">')
    assert complaints(silent, OF_ALL)["pictures_have_words"] == ["a picture without words"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%%host\n# your commands", False),
        ("%%host\ndocker ps", True),
        ("%docker ps", True),
        ("draw()", True),
        ("todo = exercise('x')\ntodo", True),
        ("import hashlib\nlayer = 1", False),
    ],
)
def test_which_cells_should_show_something(source: str, expected: bool) -> None:
    assert speaks(source) is expected


def test_anchors_are_those_of_the_headings(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# Copy-on-write\n\n## What's `docker`?\n")
    assert anchors(tmp_path / "page.md") == {"copy-on-write", "whats-docker"}
    assert is_there(tmp_path / "x.md", "page.md#copy-on-write")
    assert not is_there(tmp_path / "x.md", "page.md#copy")
