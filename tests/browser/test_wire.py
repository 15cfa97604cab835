"""Wire with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery, Widget

PAUSE = 2_200  # ms in which all blobs have come to their ends
MOVING = (
    "root => [...root.querySelectorAll('.dl-flow')].filter(e => getComputedStyle(e).animationName !== 'none').length"
)


def fresh(gallery: Gallery) -> Widget:
    wire = gallery.widget("wire")
    if wire.count("button", "Begin anew"):
        wire.click("button", "Begin anew")
    wire.click('[data-key="way:push"]')
    wire.click('[data-key="registry:localhost:5000"]')
    wire.click('[data-key="image:busybox:latest"]')
    return wire


def test_a_second_push_on_the_same_base_sends_only_what_is_new(gallery: Gallery) -> None:
    wire = fresh(gallery)
    wire.photograph("wire-first")
    wire.click('[data-key="go"]')
    assert "1 of 1 layer" in wire.text(".dl-summary")
    wire.click('[data-key="image:notes:1"]')
    wire.click('[data-key="go"]')
    assert "mounted from busybox" in wire.text(".dl-blob-mounted")
    assert "5 of 6 layers (1 mounted)" in wire.said()
    gallery.page.wait_for_timeout(PAUSE)
    wire.photograph("wire-second")
    wire.click('[data-key="go"]')
    assert wire.count(".dl-blob-there") == 7
    assert wire.count(".dl-blob-sent") == 1
    assert wire.count(".dl-transfers li") == 3
    assert wire.count('[data-key="shelf"] img[alt*="busybox"]') == 1
    wire.photograph("wire-again")


def test_a_pull_brings_back_what_was_removed_here(gallery: Gallery) -> None:
    wire = fresh(gallery)
    wire.click('[data-key="image:notes:1"]')
    wire.click('[data-key="go"]')
    wire.click('[data-key="way:pull"]')
    wire.click('[data-key="forget"]')
    assert wire.locate('[data-key="forget"]').get_attribute("aria-checked") == "true"
    wire.click('[data-key="go"]')
    assert "already exists here" in wire.text(".dl-blob-here")
    assert "docker rmi -f" in wire.text(".dl-typed")
    gallery.page.wait_for_timeout(PAUSE)
    wire.photograph("wire-pull")
    wire.click('[data-key="forget"]')


def test_all_with_the_keyboard_and_a_refusal_is_one_line(gallery: Gallery) -> None:
    wire = fresh(gallery)
    wire.locate('[data-key="way:push"]').focus()
    wire.press("ArrowRight", "Enter")
    assert wire.text('[data-key="go"]') == "docker pull"
    wire.type('[data-key="target"]', "alpine")
    wire.press("Tab", "Tab", "Enter")
    assert "1 of 1 layer" in wire.said()
    assert wire.focused() == "docker pull"
    wire.type('[data-key="target"]', "nosuch/thing")
    wire.press("Tab", "Tab", "Enter")
    assert "pull access denied for nosuch/thing" in wire.text(".dl-problem")
    wire.locate('[data-key="registry:localhost:5000"]').focus()
    wire.press("End", "Space")
    assert wire.locate('[data-key="target"]').input_value() == "student/busybox:latest"


def test_nothing_moves_where_that_is_not_wanted(gallery: Gallery) -> None:
    wire = fresh(gallery)
    wire.click('[data-key="go"]')
    assert wire.found.evaluate(MOVING) > 0
    gallery.page.emulate_media(reduced_motion="reduce")
    moving = wire.found.evaluate(MOVING)
    width = wire.found.evaluate("root => root.querySelector('.dl-blob-sent .dl-flow').offsetWidth")
    gallery.page.emulate_media(reduced_motion="no-preference")
    assert moving == 0
    assert width > 50
