"""TemplatePad with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_what_is_typed_is_printed_and_what_is_wrong_is_pointed_at(gallery: Gallery) -> None:
    pad = gallery.widget("template")
    pad.photograph("template-first")
    pad.type(".dl-template", "{{.Name | upper}}")
    assert pad.text(".dl-result").strip() == "/WEB"
    pad.type(".dl-template", "{{.Nosuch}}")
    assert "can't evaluate field Nosuch" in pad.text(".dl-fault") or "map has no entry" in pad.text(".dl-fault")
    assert "^" in pad.text(".dl-fault")
    pad.photograph("template-fault")


def test_a_field_is_put_in_with_the_keyboard(gallery: Gallery) -> None:
    pad = gallery.widget("template")
    pad.type(".dl-template", "name: ")
    pad.locate("[role=treeitem]", "Name").first.focus()
    pad.press("Enter")
    assert pad.locate(".dl-template").input_value().startswith("name: {{.")
    assert pad.count(".dl-fault") == 0


def test_an_example_is_one_click(gallery: Gallery) -> None:
    pad = gallery.widget("template", 1)
    pad.click("button", "a table of two columns")
    assert pad.text(".dl-result").startswith("NAMES")
    pad.photograph("template-rows")


def test_a_widget_follows_the_lab_and_says_what_was_removed(gallery: Gallery) -> None:
    pad = gallery.widget("template")
    gallery.run("lab.run('docker rm -f web')")
    pad.locate(".dl-gone").wait_for()
    assert "No such object: web" in pad.text(".dl-gone")
    pad.photograph("template-gone")
    gallery.run("lab.undo()")
    pad.locate("[role=tree]").wait_for()
