"""Overlay with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery, Widget

PAUSE = 2_500  # ms in which all of the animation is over
MOVING = (
    "root => [...root.querySelectorAll('*')].filter(each => getComputedStyle(each).animationName !== 'none').length"
)


def fresh(gallery: Gallery) -> Widget:
    overlay = gallery.widget("overlay")
    overlay.click("button", "As at first")
    overlay.type('[data-key="search"]', "motd")
    overlay.click('[data-key="merged:/etc/motd"]')
    return overlay


def test_the_file_copies_up_in_one_container_and_the_other_sees_the_old_one(gallery: Gallery) -> None:
    overlay = fresh(gallery)
    overlay.photograph("overlay-first")
    assert "COPY motd" in overlay.text(".dl-stair-found")
    overlay.click("button", "Append a byte")
    gallery.page.wait_for_timeout(PAUSE)
    assert "/etc/motd copied up from layer 4" in overlay.text('[data-key="container:one"]')
    assert "nothing written yet" in overlay.text('[data-key="container:two"]')
    assert "22 bytes" in overlay.text('[data-key="container:one"] .dl-sees')
    assert "21 bytes" in overlay.text('[data-key="container:two"] .dl-sees')
    assert "The whole file was copied up" in overlay.said()
    overlay.photograph("overlay-copied")


def test_a_whiteout_stops_the_gaze_and_the_hidden_file_stays(gallery: Gallery) -> None:
    overlay = fresh(gallery)
    overlay.click('[data-key="container:two"]')
    overlay.click("button", "Delete")
    assert "stay in the image" in overlay.text(".dl-summary")
    overlay.type('[data-key="path"]', "/etc/motd")
    assert "✕ stop" in overlay.text(".dl-stair-stopped")
    assert "COPY motd" in overlay.text(".dl-stair-hidden")
    assert "whiteout" in overlay.text('[data-key="container:two"]')
    gallery.page.wait_for_timeout(PAUSE)
    overlay.photograph("overlay-deleted")
    overlay.type('[data-key="path"]', "/big.bin")
    assert "rm /big.bin" in overlay.text(".dl-stair-stopped")
    assert "5MB" in overlay.text(".dl-stair-hidden")


def test_another_driver_in_one_click_with_the_meters_side_by_side(gallery: Gallery) -> None:
    overlay = fresh(gallery)
    overlay.click("button", "Overwrite a byte")
    copied = '[data-key="driver:{}"] .dl-copied'
    assert [overlay.text(copied.format(driver)) for driver in ("overlay2", "btrfs", "zfs")] == ["21B", "4.1kB", "512B"]
    overlay.click('[data-key="driver:btrfs"]')
    assert "1 block of the image's" in overlay.text(".dl-summary")
    assert "container one: its own tree" in overlay.text(".dl-stair-found")
    overlay.photograph("overlay-btrfs")
    overlay.click('[data-key="driver:vfs"]')
    assert "a whole copy" in overlay.text('[data-key="container:two"]')
    overlay.click('[data-key="driver:overlay2"]')


def test_all_with_the_keyboard(gallery: Gallery) -> None:
    overlay = fresh(gallery)
    overlay.locate('[data-key="merged:/etc/motd"]').first.focus()
    overlay.press("Enter", "Tab", "Tab", "Tab", "Enter")
    assert overlay.focused() == "Append a byte"
    assert "copied 21B" in overlay.said()
    overlay.press("Tab", "Tab", "Enter")
    assert "copied 0B" in overlay.said()
    overlay.type('[data-key="new"]', "/etc/news")
    overlay.locate('[data-key="do:rename"]').focus()
    overlay.press("Enter")
    assert "/etc/news" in overlay.text('[data-key="container:one"]')
    assert overlay.locate('[data-key="path"]').input_value() == "/etc/news"
    overlay.locate('[data-key="container:one"]').focus()
    overlay.press("ArrowRight", "Space")
    assert overlay.locate('[data-key="container:two"]').get_attribute("aria-checked") == "true"
    overlay.locate('[data-key="driver:overlay2"]').focus()
    overlay.press("ArrowDown", "ArrowDown", "Enter")
    assert overlay.locate('[data-key="driver:btrfs"]').get_attribute("aria-checked") == "true"
    overlay.press("Home", "Enter")
    assert overlay.said().startswith("overlay2 copies whole files up")


def test_the_tree_opens_and_a_refusal_is_one_line(gallery: Gallery) -> None:
    overlay = fresh(gallery)
    overlay.locate('[data-key="search"]').focus()
    overlay.press("Escape")
    directory = overlay.locate('[data-key="merged:/etc"]').first
    directory.focus()
    if directory.get_attribute("aria-expanded") == "false":
        overlay.press("ArrowRight")
    assert overlay.count('[data-key="merged:/etc/passwd"]') == 1
    overlay.press("Enter")
    overlay.click("button", "Rename")
    assert overlay.text(".dl-problem").endswith("/etc: Invalid cross-device link")
    assert "refused 1 of these" in overlay.text('[data-key="driver:overlay2"]')
    overlay.click("summary")
    assert "refused: Invalid cross-device link" in overlay.text(".dl-past")


def test_nothing_moves_where_that_is_not_wanted(gallery: Gallery) -> None:
    overlay = fresh(gallery)
    overlay.click("button", "Append a byte")
    assert overlay.found.evaluate(MOVING) > 0
    gallery.page.emulate_media(reduced_motion="reduce")
    moving = overlay.found.evaluate(MOVING)
    gallery.page.emulate_media(reduced_motion="no-preference")
    assert moving == 0
    assert "copied up from layer 4" in overlay.text('[data-key="container:one"]')
