"""NameBoard with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery, Widget


def drawn(board: Widget) -> str:
    return str(board.locate(".dl-picture img").get_attribute("src"))


def test_what_a_removal_would_do_is_shown_before_it_is_done(gallery: Gallery) -> None:
    board = gallery.widget("nameboard")
    before = drawn(board)
    board.click("[role=option]", "notes:latest")
    assert "untags notes:latest and deletes nothing" in board.text('[data-key="words"]')
    assert drawn(board) != before
    board.photograph("nameboard-rmi")
    board.click("button", "Do it")
    assert board.count("[role=option]", "notes:latest") == 0
    assert "Untagged: notes:latest" in board.text(".dl-typed")
    board.click("button", "Undo")
    assert board.count("[role=option]", "notes:latest") == 1


def test_arrows_choose_a_name_and_a_plan(gallery: Gallery) -> None:
    board = gallery.widget("nameboard")
    board.locate('[data-key="name:notes:1"]').focus()
    board.press("Enter")
    assert "docker rmi notes:1" in board.text(".dl-planned")
    board.locate('[data-key="plan:rmi"]').focus()
    board.press("ArrowRight", "Enter")
    assert board.locate('[data-key="plan:tag"]').get_attribute("aria-checked") == "true"
    assert "docker tag notes:1" in board.text(".dl-planned")


def test_a_tag_is_typed_foretold_and_given(gallery: Gallery) -> None:
    board = gallery.widget("nameboard")
    board.click('[data-key="plan:tag"]')
    board.click('[data-key="name:notes:1"]')
    board.type(".dl-new input", "busybox")
    assert "moves busybox:latest to" in board.text('[data-key="words"]')
    assert "dangling" in board.said()
    board.photograph("nameboard-tag")
    board.locate('[data-key="do"]').focus()
    board.press("Enter")
    assert board.count("[role=option]", "no name: dangling") == 1
    assert "docker tag notes:1 busybox" in board.text(".dl-typed")
    board.click('[data-key="plan:prune"]')
    assert "docker image prune" in board.text('[data-key="words"]')
    board.photograph("nameboard-prune")
    board.click("button", "Undo")
    assert board.count("[role=option]", "no name: dangling") == 0


def test_a_build_moves_its_name(gallery: Gallery) -> None:
    board = gallery.widget("nameboard")
    board.click('[data-key="name:notes:latest"]')
    board.click('[data-key="plan:build"]')
    id_before = board.text('[data-key="name:notes:latest"]')
    board.click("button", "Do it")
    assert board.text('[data-key="name:notes:latest"]') != id_before
    board.click("button", "Undo")
    assert board.text('[data-key="name:notes:latest"]') == id_before
    board.click('[data-key="plan:pull"]')
    assert "asks the registry" in board.text('[data-key="words"]')
    board.click('[data-key="plan:rmi"]')
