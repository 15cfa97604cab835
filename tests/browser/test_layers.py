"""LayerExplorer with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_a_step_is_chosen_and_its_files_are_marked(gallery: Gallery) -> None:
    explorer = gallery.widget("layers")
    explorer.photograph("layers-first")
    explorer.click("[role=option]", "rm /big.bin")
    assert explorer.count("[role=tree] [role=img][aria-label=deleted]") == 1
    assert "big.bin" in explorer.text("[role=treeitem]", "big.bin")
    assert "deleted" in explorer.said()


def test_the_tree_opens_and_closes_with_the_arrows(gallery: Gallery) -> None:
    explorer = gallery.widget("layers")
    explorer.click("[role=option]", "COPY motd")
    first = explorer.locate('[data-key="merged"] [role=treeitem]', "etc").first
    first.focus()
    closed = explorer.count('[data-key="merged"] [role=treeitem]')
    explorer.press("ArrowRight")
    assert explorer.count('[data-key="merged"] [role=treeitem]') > closed
    explorer.press("ArrowRight")
    assert "etc" not in explorer.focused()
    explorer.press("ArrowLeft", "ArrowLeft")
    assert explorer.count('[data-key="merged"] [role=treeitem]') == closed


def test_a_file_is_looked_into_and_closed_with_escape(gallery: Gallery) -> None:
    explorer = gallery.widget("layers")
    explorer.click("[role=option]", "COPY motd")
    explorer.locate('[data-key="changes"] [role=treeitem]', "motd").first.focus()
    explorer.press("Enter")
    assert "Welcome to the notes" in explorer.text(".dl-file pre")
    explorer.photograph("layers-file")
    explorer.press("Escape")
    assert explorer.count(".dl-file") == 0
    assert "motd" in explorer.focused()


def test_hidden_bytes_lead_to_the_line_that_ships_them(gallery: Gallery) -> None:
    explorer = gallery.widget("layers")
    explorer.click(".dl-link", "/big.bin")
    assert "dd if=/dev/zero" in explorer.text('[role=option][aria-selected="true"]')
    assert "/big.bin" in explorer.text(".dl-file")
    explorer.photograph("layers-hidden")


def test_a_search_keeps_what_is_typed(gallery: Gallery) -> None:
    explorer = gallery.widget("layers")
    explorer.type("input[type=search]", "passwd")
    assert explorer.locate("input[type=search]").input_value() == "passwd"
    assert "/etc/passwd" in explorer.text('[data-key="merged"]')
    explorer.press("Escape")
