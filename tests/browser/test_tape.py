"""BuildTape with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_a_build_of_the_same_lines_comes_from_the_cache(gallery: Gallery) -> None:
    tape = gallery.widget("tape")
    tape.click("button", "docker build")
    assert tape.count(".dl-fate-miss") == 0
    assert tape.count(".dl-fate-hit") >= 4
    tape.photograph("tape-hits")


def test_a_touched_file_breaks_nothing_and_a_changed_one_does(gallery: Gallery) -> None:
    tape = gallery.widget("tape")
    tape.click("[role=option]", "app.py")
    tape.click("button", "Only a new date")
    tape.click("button", "docker build")
    assert tape.count(".dl-fate-miss") == 0
    tape.type(".dl-content", "print(2)")
    tape.press("Control+Enter")
    assert tape.count(".dl-fate-miss") == 2
    assert "app.py changed" in tape.text(".dl-fate-miss")
    tape.photograph("tape-misses")


def test_a_line_moves_with_alt_and_an_arrow_and_keeps_the_focus(gallery: Gallery) -> None:
    tape = gallery.widget("tape")
    line = tape.locate(".dl-line textarea").nth(3)
    text = line.input_value()
    line.focus()
    tape.press("Alt+ArrowUp")
    assert tape.locate(".dl-line textarea").nth(2).input_value() == text
    assert tape.focused() == text
    tape.press("Control+Enter")
    assert tape.count(".dl-fate-miss") >= 2


def test_a_line_is_edited_and_a_failure_is_told(gallery: Gallery) -> None:
    tape = gallery.widget("tape")
    tape.click("button", "Add a line")
    tape.locate(".dl-line textarea").last.fill("RUN false")
    gallery.page.wait_for_timeout(250)
    tape.answered()
    tape.click("button", "docker build")
    assert "did not complete successfully" in tape.text(".dl-summary")
    tape.photograph("tape-failed")
    tape.click("button", "As at first")
