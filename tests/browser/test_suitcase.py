"""Suitcase with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_expect_travel_and_look_at_a_proof(gallery: Gallery) -> None:
    suitcase = gallery.widget("suitcase")
    suitcase.photograph("suitcase-first")
    suitcase.click('[data-key="item:files"]')
    suitcase.click('[data-key="item:written"]')
    assert suitcase.locate('[data-key="item:written"]').get_attribute("aria-checked") == "true"
    suitcase.click("button", "Travel")
    assert "surprise" in suitcase.text('[data-key="item:written"]')
    assert "docker load -i case.tar" in suitcase.text(".dl-typed")
    suitcase.click('[data-key="item:written"]')
    assert "cat /trip/note.txt" in suitcase.text(".dl-proof")
    suitcase.photograph("suitcase-arrived")
    suitcase.click("button", "Pack again")
    assert suitcase.count(".dl-proof") == 0


def test_all_with_the_keyboard(gallery: Gallery) -> None:
    suitcase = gallery.widget("suitcase")
    suitcase.locate('[data-key="trip:save"]').focus()
    suitcase.press("ArrowRight", "ArrowRight", "Enter")
    assert "docker export" in suitcase.text(".dl-typed")
    suitcase.press("Tab", "Enter")
    assert "2 items of 10 survive" in suitcase.said()
    suitcase.locate('[data-key="item:files"]').focus()
    suitcase.press("ArrowDown", "Space")
    assert "note" in suitcase.text(".dl-proof")
    assert suitcase.focused().startswith("a file that the container wrote")


def test_trips_stand_beside_each_other(gallery: Gallery) -> None:
    suitcase = gallery.widget("suitcase")
    for trip in ("save", "push", "export", "commit", "squash"):
        suitcase.click(f'[data-key="trip:{trip}"]')
        suitcase.locate('[data-key="go"]').focus()
        suitcase.press("Enter")
    assert (
        suitcase.text('[data-key="item:settings"] .dl-all').split()
        == "✓ save ✓ push ✗ export ✓ commit ✓ squash".split()
    )
    suitcase.photograph("suitcase-all")
