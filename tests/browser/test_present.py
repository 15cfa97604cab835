"""Instructor's mode by the keyboard: large type, hidden code, Space, Escape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.gallery import Gallery, Widget

SIZE = "() => getComputedStyle(document.querySelector('.jp-Notebook .cm-content')).fontSize"
ACTIVE = "() => [...document.querySelectorAll('.jp-Cell')].findIndex(cell => cell.classList.contains('jp-mod-active'))"
DOWN = "() => window.jupyterapp.commands.execute('notebook:move-cursor-down')"


@pytest.fixture
def presenter(gallery: Gallery) -> Iterator[Widget]:
    gallery.run_cell("%lab present")
    presenter = gallery.widget("present")
    gallery.page.locator(".dl-presenting").wait_for()
    yield presenter
    gallery.run("%lab present off")
    gallery.page.locator(".dl-presenting").wait_for(state="detached")


def test_who_runs_all_cells_is_not_left_presenting(gallery: Gallery) -> None:
    """The gallery's last cell says `%lab present off`, perhaps before the mode has been shown."""
    gallery.page.wait_for_timeout(500)
    assert gallery.page.locator(".dl-presenting").count() == 0


def demo(gallery: Gallery) -> Any:
    """The cell that is tagged `demo`."""
    return gallery.page.locator(".jp-Cell", has_text="from a cell without code").last


def test_type_is_larger_and_demo_cells_show_no_code(gallery: Gallery, presenter: Widget) -> None:
    assert gallery.page.evaluate(SIZE) == "20px"
    assert "1 cell is tagged" in presenter.text(".dl-stage")
    assert not demo(gallery).locator(".jp-Cell-inputWrapper").is_visible()
    presenter.photograph("present")


def test_space_runs_the_next_cell_and_escape_leaves(gallery: Gallery, presenter: Widget) -> None:
    page = gallery.page
    page.evaluate(DOWN)
    place = page.evaluate(ACTIVE)
    demo(gallery).locator(".jp-OutputArea-output").evaluate("output => output.setAttribute('data-old', '')")
    page.keyboard.press(" ")
    page.locator("[data-old]").wait_for(state="detached")
    page.wait_for_function(f"({ACTIVE})() === {place + 1}")
    page.keyboard.press("Escape")
    page.locator(".dl-presenting").wait_for(state="detached")
    assert page.evaluate(SIZE) != "20px"
    assert demo(gallery).locator(".jp-Cell-inputWrapper").is_visible()
    page.locator(".dl-stage", has_text="Not presenting any more").wait_for()


def test_space_in_a_field_is_a_blank(gallery: Gallery, presenter: Widget) -> None:
    pad = gallery.widget("template")
    pad.type(".dl-template", "a b")
    assert pad.locate(".dl-template").input_value() == "a b"
