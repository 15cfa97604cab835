"""Terminal, typed into as a person does."""

from __future__ import annotations

from tests.browser.gallery import Gallery, Widget

ROW = 18
"""Pixels of a row."""


def fresh(gallery: Gallery) -> Widget:
    """The terminal with a shell of the host that waits for a line."""
    terminal = gallery.widget("terminal")
    terminal.click("button", "New shell")
    terminal.locate(".dl-line").focus()
    return terminal


def enter(terminal: Widget, line: str) -> None:
    """Type a line and Enter."""
    terminal.gallery.page.keyboard.type(line)
    terminal.press("Enter")


def test_it_begins_in_a_container(gallery: Gallery) -> None:
    terminal = gallery.widget("terminal")
    assert "in the container" in terminal.text(".dl-status")
    terminal.locate(".dl-line").focus()
    enter(terminal, "printf '\\033[1;31mred\\033[0m and \\033[32mgreen\\033[0m\\n'; cat /etc/hostname")
    terminal.locate(".dl-ink-fg1", "red").last.wait_for()
    terminal.photograph("terminal-first")


def test_lines_are_run_one_after_the_other_and_the_line_is_empty_again(gallery: Gallery) -> None:
    terminal = fresh(gallery)
    enter(terminal, "cd /tmp")
    enter(terminal, "echo one > first; ls")
    terminal.locate(".dl-printed", "first").last.wait_for()
    assert terminal.text(".dl-typing").strip() == "root@dockerlab:/tmp#"
    assert terminal.locate(".dl-line").input_value() == ""


def test_a_long_line_goes_on_in_the_next_row(gallery: Gallery) -> None:
    """Wherever the row ends, as in a terminal; behind a long prompt the cursor is in its last row."""
    terminal = fresh(gallery)
    enter(terminal, "printf '%0400d and %0400d\\n' 1 2; printf '%0300d' 3")
    terminal.locate(".dl-typing", "3root@").wait_for()
    screen = terminal.locate(".dl-screen")
    assert screen.evaluate("each => each.scrollWidth <= each.clientWidth")
    rows = terminal.locate("[role=log] .dl-printed", " and ").last.evaluate("each => each.offsetHeight")
    assert rows > 3 * ROW
    prompt, line = (terminal.locate(f".dl-typing {each}").bounding_box() for each in (".dl-printed", ".dl-line"))
    assert prompt
    assert line
    assert prompt["height"] > 2 * ROW
    assert abs(prompt["y"] + prompt["height"] - line["y"] - line["height"]) < ROW / 2
    assert line["height"] < 2 * ROW
    terminal.photograph("terminal-wrapped")


def test_arrows_recall_lines_and_tab_completes(gallery: Gallery) -> None:
    terminal = fresh(gallery)
    enter(terminal, "echo recalled")
    terminal.press("ArrowUp")
    gallery.page.wait_for_timeout(100)
    assert terminal.locate(".dl-line").input_value() == "echo recalled"
    terminal.press("ArrowDown")
    gallery.page.keyboard.type("docker sta")
    terminal.press("Tab")
    assert terminal.text(".dl-found").split() == ["stack", "start", "stats"]
    assert terminal.focused() == "docker sta"
    terminal.photograph("terminal-tab")
    terminal.locate(".dl-line").focus()
    gallery.page.keyboard.type("ts --no-s")
    terminal.press("Tab")
    gallery.page.wait_for_timeout(100)
    assert terminal.locate(".dl-line").input_value() == "docker stats --no-stream "
    terminal.press("Control+c")
    gallery.page.wait_for_timeout(100)
    assert terminal.locate(".dl-line").input_value() == ""


def test_what_runs_on_goes_on_by_itself_until_ctrl_c(gallery: Gallery) -> None:
    terminal = fresh(gallery)
    enter(terminal, "ping localhost")
    terminal.locate(".dl-printed", "icmp_seq=6").last.wait_for()
    assert gallery.run("print('the kernel is free')") == "the kernel is free\n"
    terminal.photograph("terminal-busy")
    terminal.locate(".dl-line").focus()
    terminal.press("Control+c")
    terminal.locate(".dl-status", "ready").wait_for()
    assert "^C" in terminal.text("[role=log]")


def test_ctrl_d_ends_the_shell_and_enter_opens_another(gallery: Gallery) -> None:
    terminal = fresh(gallery)
    terminal.press("Control+d")
    assert "the shell has ended with exit code 0" in terminal.text(".dl-screen")
    terminal.photograph("terminal-closed")
    terminal.locate(".dl-line").focus()
    terminal.press("Enter")
    terminal.locate(".dl-status", "ready").wait_for()


def test_several_lines_can_be_pasted(gallery: Gallery) -> None:
    terminal = fresh(gallery)
    terminal.type(".dl-line", "")
    terminal.locate(".dl-line").fill("for i in 1 2\ndo echo pasted $i\ndone")
    terminal.press("Enter")
    terminal.locate(".dl-printed", "pasted 2").last.wait_for()


def test_shift_tab_leaves_the_line(gallery: Gallery) -> None:
    terminal = fresh(gallery)
    terminal.press("Shift+Tab")
    assert gallery.page.evaluate("document.activeElement.className") != "dl-line"


def test_a_password_is_not_to_be_read(gallery: Gallery) -> None:
    terminal = fresh(gallery)
    enter(terminal, "docker login -u ada")
    terminal.locate(".dl-hidden-line").wait_for()
    gallery.page.keyboard.type("open sesame")
    assert terminal.locate(".dl-line").evaluate("each => getComputedStyle(each).webkitTextSecurity") == "disc"
    terminal.photograph("terminal-password")
    terminal.press("Enter")
    terminal.locate(".dl-printed", "Login Succeeded").last.wait_for()
    assert "sesame" not in terminal.text(".dl-screen")
