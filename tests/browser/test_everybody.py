"""What holds for every widget: the keyboard leads in and out, nothing runs out of the page, nothing has no name."""

from __future__ import annotations

import pytest

from tests.browser.gallery import Gallery
from tests.browser.screenshots import POSES

ENTER = """root => {
  const stops = [...root.querySelectorAll('a, button, input, textarea, select, summary, [tabindex]')]
    .filter(each => each.tabIndex >= 0 && !each.disabled && each.offsetParent);
  stops[0].focus();
  return stops.length;
}"""
HAS_FOCUS = "root => root.contains(document.activeElement)"
SIDEWAYS = """root => [root, ...root.querySelectorAll('.dl-box:not(.dl-screen)')]
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => `${each.className} ${each.scrollWidth} > ${each.clientWidth}`)"""
NAMELESS = """root => [
  ...[...root.querySelectorAll('input, textarea, select')].filter(each => !each.ariaLabel && !each.closest('label')),
  ...[...root.querySelectorAll('button')].filter(each => !each.ariaLabel && !each.innerText.trim()),
  ...[...root.querySelectorAll('img')].filter(each => !each.alt),
].map(each => each.outerHTML.slice(0, 80))"""
WIDTHS = (1280, 800, 480)


@pytest.mark.parametrize("name", POSES)
def test_tab_leads_through_all_of_it_and_out(gallery: Gallery, name: str) -> None:
    widget = gallery.widget(name)
    stops = widget.found.evaluate(ENTER)
    for _ in range(stops - 1 if name != "terminal" else 0):
        gallery.page.keyboard.press("Tab")
        assert widget.found.evaluate(HAS_FOCUS)
    gallery.page.keyboard.press("Tab" if name != "terminal" else "Shift+Tab")  # Tab completes there
    assert not widget.found.evaluate(HAS_FOCUS)


@pytest.mark.parametrize("name", POSES)
def test_nothing_has_to_be_scrolled_sideways(gallery: Gallery, name: str) -> None:
    """The terminal's lines apart, which are as long as what was printed."""
    widget = gallery.widget(name)
    found = {}
    for width in WIDTHS:
        gallery.page.set_viewport_size({"width": width, "height": 900})
        found[width] = widget.found.evaluate(SIDEWAYS)
    gallery.page.set_viewport_size({"width": 1280, "height": 900})
    assert found == {width: [] for width in WIDTHS}


@pytest.mark.parametrize("name", POSES)
def test_everything_has_a_name_for_a_screen_reader(gallery: Gallery, name: str) -> None:
    assert gallery.widget(name).found.evaluate(NAMELESS) == []
