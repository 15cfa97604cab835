"""`%lab present`: on, off, one at a time, and which cells show no code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from dockerlab.notebook.widgets.present import STAGE, Presenter, demo_cells


@pytest.fixture
def shell() -> Iterator[Any]:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "dockerlab")
    yield shell
    STAGE.leave()
    InteractiveShell.clear_instance()


def notebook(tmp_path: Path, *tags: list[str]) -> str:
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps({"cells": [{"metadata": {"tags": each} if each else {}} for each in tags]}))
    return str(path)


def test_cells_that_are_tagged_demo_are_found_in_the_saved_notebook(shell: Any, tmp_path: Path) -> None:
    shell.user_ns["__session__"] = notebook(tmp_path, [], ["demo"], ["other"], ["x", "demo"])
    assert demo_cells() == [1, 3]
    assert Presenter().state["demos"] == [1, 3]


@pytest.mark.parametrize("session", [None, "/nosuch.ipynb", 7])
def test_without_a_notebook_nothing_is_hidden(shell: Any, session: Any) -> None:
    shell.user_ns["__session__"] = session
    assert demo_cells() == []


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"cells": [1]}', '{"cells": 3}'])
def test_a_file_that_is_no_notebook_hides_nothing(shell: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.ipynb").write_text(text)
    shell.user_ns["__session__"] = str(tmp_path / "x.ipynb")
    assert demo_cells() == []


def test_the_magic_begins_and_ends_it(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("%lab present")
    first = STAGE.presenter
    assert first
    assert first.state["on"]
    shell.run_cell("%lab present")
    assert not first.state["on"]
    shell.run_cell("%lab present off\n%lab present off\n%lab present sideways")
    printed = capsys.readouterr().out
    assert "No longer presenting.\nNobody is presenting: %lab present begins.\n" in printed
    assert "%lab present: off, or nothing, not 'sideways'" in printed


def test_leaving_by_the_button_is_leaving(shell: Any) -> None:
    presenter = STAGE.enter()
    presenter.act("leave")
    assert (presenter.state["on"], presenter.said) == (False, "no longer presenting")
    assert not STAGE.leave()


def test_the_static_view_says_what_it_does() -> None:
    presenter = Presenter()
    assert "Space runs the next cell" in presenter.static_text()
    assert "Space runs the next cell" in presenter.static_html()
