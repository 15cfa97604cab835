"""Ledger with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_ticking_tells_what_would_be_freed_and_what_stays(gallery: Gallery) -> None:
    ledger = gallery.widget("ledger")
    ledger.photograph("ledger-first")
    ledger.click('[data-key="image:busybox:latest"]')
    assert "free 0B, though its size is" in ledger.text(".dl-summary")
    assert "container" in ledger.text(".dl-refused")
    assert ledger.locate('[data-key="image:busybox:latest"]').get_attribute("aria-checked") == "true"
    ledger.photograph("ledger-refused")
    ledger.click("button", "Tick nothing")
    assert ledger.text(".dl-summary").startswith("Nothing is ticked")


def test_arrows_and_space_tick_and_the_focus_stays(gallery: Gallery) -> None:
    ledger = gallery.widget("ledger")
    ledger.locate('[data-key="container:box"]').focus()
    ledger.press("Space")
    assert ledger.text(".dl-planned") == "$ docker rm -f box"
    ledger.press("ArrowDown", "Enter")
    assert ledger.text(".dl-planned").startswith("$ docker rm -f ")
    assert len(ledger.text(".dl-planned").split()) == 6
    assert "would free" in ledger.said()
    ledger.press("Enter")
    assert ledger.text(".dl-planned") == "$ docker rm -f box"


def test_what_is_ticked_is_deleted_and_brought_back(gallery: Gallery) -> None:
    ledger = gallery.widget("ledger")
    ledger.click("button", "Tick nothing")
    ledger.click('[data-key="container:web"]')
    ledger.click('[data-key="container:batch"]')
    ledger.click('[data-key="image:notes:1"]')
    assert "their sizes add up to" in ledger.text(".dl-summary")
    ledger.photograph("ledger-ticked")
    afterwards = ledger.text(".dl-sum-title").split(", ")[1].split()[0]
    ledger.locate('[data-key="delete"]').focus()
    ledger.press("Enter")
    assert ledger.count('[data-key="image:notes:1"]') == 0
    assert f"{afterwards} now" in ledger.text(".dl-sum-title")
    assert "Deleted: sha256:" in ledger.text(".dl-typed")
    ledger.photograph("ledger-deleted")
    for _ in range(2):
        ledger.click("button", "Undo")
    assert ledger.count('[data-key="image:notes:1"]') == 1
    assert ledger.count('[data-key="container:batch"]') == 1
