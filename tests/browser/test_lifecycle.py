"""LifeCycle with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery, Widget


def state(life: Widget) -> str:
    return life.text(".dl-container[aria-selected=true] span")


def test_the_buttons_type_commands_and_the_state_follows(gallery: Gallery) -> None:
    life = gallery.widget("lifecycle")
    assert state(life) == "▶ running"
    life.photograph("lifecycle-first")
    life.click(".dl-command", "pause")
    assert state(life) == "‖ paused"
    assert life.text(".dl-typed").startswith("$ docker pause box")
    assert "box is paused" in life.locate(".dl-picture img").get_attribute("alt")
    life.click(".dl-command", "unpause")
    assert state(life) == "▶ running"


def test_a_refused_command_shows_dockers_reason(gallery: Gallery) -> None:
    life = gallery.widget("lifecycle")
    assert life.count(".dl-command-refused") == 4
    life.locate('[data-key="press:rm"]').focus()
    life.press("Enter")
    assert "cannot remove a running container" in life.text(".dl-typed")
    assert "cannot remove a running container" in life.said()
    assert life.focused().startswith("✗ rm")
    life.photograph("lifecycle-refused")


def test_what_is_written_is_lost_with_rm(gallery: Gallery) -> None:
    life = gallery.widget("lifecycle")
    life.click(".dl-command", "exec")
    assert "/hello.txt" in life.text('[data-key="losses"]')
    life.photograph("lifecycle-written")
    life.click(".dl-command", "rm -f")
    assert state(life) == "∅ gone"
    assert "are lost" in life.text('[data-key="losses"]')
    life.photograph("lifecycle-gone")
    life.click("button", "Undo")
    assert state(life) == "▶ running"
    assert "/hello.txt" in life.text('[data-key="losses"]')


def test_a_typed_line_runs_with_enter_and_the_next_can_be_typed_at_once(gallery: Gallery) -> None:
    life = gallery.widget("lifecycle")
    life.type(".dl-shell-line input", "docker kill box")
    life.press("Enter")
    assert state(life) == "■ exited"
    gallery.page.keyboard.type("docker start box")
    life.press("Enter")
    assert state(life) == "▶ running"
    life.type(".dl-shell-line input", "ls")
    life.press("Enter")
    assert "Type a docker command here" in life.text(".dl-problem")
    life.press("Control+a")
    gallery.page.keyboard.type("docker ps")
    life.press("Enter")
    assert life.count(".dl-problem") == 0


def test_arrows_choose_another_container(gallery: Gallery) -> None:
    life = gallery.widget("lifecycle")
    life.locate('[data-key="container:box"]').focus()
    life.press("End", "Enter")
    assert life.count("[aria-selected=true]") == 1
    assert not life.text(".dl-container[aria-selected=true]").startswith("box")
    life.press("Home", "Enter")
