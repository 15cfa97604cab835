"""The way of a student: from the page that `make lab` opens, over a lesson, to the green check of the capstone.

Only the keyboard and links are used, in a JupyterLab that serves a copy of the notebooks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dockerlab.notebook.learning.exercise import Exercise
from dockerlab.notebook.learning.incidents import CAPSTONE, EXERCISES
from tests.browser.lab_page import ALONE
from tools.look_at_notebooks import RUN_ALL, free_port, start_server, wait_for

ROOT = Path(__file__).resolve().parents[2]
HOMES = {exercise.name: path for exercise, path in zip(EXERCISES, (
    "incidents/1_an_image_that_grew.ipynb",
    "incidents/2_a_secret_in_a_layer.ipynb",
    "incidents/3_latest_rolled_back.ipynb",
    "incidents/4_a_stale_apt_cache.ipynb",
    "3_capstone.ipynb",
), strict=True)}  # fmt: skip


@pytest.fixture(scope="module")
def lab_page(page: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of a JupyterLab on a copy of the course, in the browser that the gallery has open."""
    folder = tmp_path_factory.mktemp("course")
    for part in ("notebooks", "docs"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    port = free_port()
    server = start_server(folder, port)
    try:
        wait_for(f"http://127.0.0.1:{port}/api")
        mine = page.context.browser.new_page(viewport={"width": 1280, "height": 900})
        mine.address = f"http://127.0.0.1:{port}"
        yield mine
        mine.close()
    finally:
        server.terminate()
        server.wait()


def open_notebook(page: Any, name: str) -> None:
    page.goto(f"{page.address}/lab/tree/notebooks/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
    page.evaluate(ALONE)


def type_into_cell(page: Any, text: str, body: str) -> None:
    """Replace what a cell says, and run it and the check below, as a student does."""
    page.locator(".jp-CodeCell .cm-content", has_text=text).last.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f"%%host\n{body}")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")


def report_of(page: Any) -> str:
    """The last report of a check."""
    page.wait_for_function(CHECKED, timeout=60_000)
    return str(page.locator(".jp-OutputArea-output", has_text="★").last.inner_text())


CHECKED = "() => [...document.querySelectorAll('.jp-OutputArea-output')].some(each => each.innerText.includes('★'))"


def test_the_first_page_leads_to_the_first_lesson(lab_page: Any) -> None:
    open_notebook(lab_page, "index.ipynb")
    assert lab_page.evaluate(RUN_ALL)["failed"] == []
    lab_page.get_by_role("link", name="3.1 Images and containers").first.click()
    lab_page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.context?.path.includes('3.1_images')")
    result = lab_page.evaluate(RUN_ALL)
    assert result["failed"] == []
    assert result["ran"] == result["cells"]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_check_is_green_when_the_work_is_done(lab_page: Any, exercise: Exercise) -> None:
    open_notebook(lab_page, HOMES[exercise.name])
    assert lab_page.evaluate(RUN_ALL)["failed"] == []
    lab_page.locator(".jp-CodeCell .cm-content", has_text="todo =").click()
    lab_page.keyboard.press("Shift+Enter")
    type_into_cell(lab_page, "# your commands" if exercise is CAPSTONE else "%%host", "\n".join(exercise.solution))
    assert report_of(lab_page).startswith("Done")
