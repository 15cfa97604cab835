"""Terminal: lines go to a shell of the lab, Tab and history fill the line, and undo takes the screen back."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.labview import LabView
from dockerlab.notebook.widgets.terminal import Terminal

PROMPT = "root@dockerlab:/lab#"


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox; docker pull -q ubuntu")
    return lab


def enter(terminal: Terminal, line: str) -> str:
    terminal.act("write", value=line, caret=len(line))
    terminal.act("enter")
    assert terminal.problem == ""
    return terminal.static_text()


def test_what_is_typed_is_run_and_shown(lab: Lab) -> None:
    terminal = Terminal(lab)
    assert enter(terminal, "echo hello") == f"{PROMPT} echo hello\nhello\n{PROMPT}"
    assert [line["pieces"] for line in terminal.state["lines"]] == [[("", f"{PROMPT} echo hello")], [("", "hello")]]
    assert terminal.state["where"] == "on the host"


def test_lines_may_be_typed_at_the_start_and_reach_a_container(lab: Lab) -> None:
    terminal = Terminal(lab, "docker run -it --name box --hostname box ubuntu bash", "touch /new")
    assert terminal.state["where"] == "in the container box"
    assert terminal.static_text().endswith("root@box:/# touch /new\nroot@box:/#")
    terminal.act("write", value="cat /etc/os-rel")
    terminal.act("complete")
    assert terminal.state["line"] == "cat /etc/os-release "
    assert lab.run("docker diff box").stdout == "A /new\n"


def test_history_goes_up_and_down(lab: Lab) -> None:
    terminal = Terminal(lab, "echo 1", "echo 2", "echo 2")
    lines = []
    for by in (-1, -1, -1, 1, 1, 1):
        terminal.act("recall", by=by)
        lines.append(terminal.state["line"])
    assert lines == ["echo 2", "echo 1", "echo 1", "echo 2", "", ""]
    assert terminal.state["given"] == 6


def test_tab_shows_what_a_word_may_become(lab: Lab) -> None:
    terminal = Terminal(lab)
    terminal.act("write", value="docker sta")
    terminal.act("complete")
    assert (terminal.state["found"], terminal.said) == (["stack", "start", "stats"], "stack, start, stats")
    enter(terminal, "true")
    assert terminal.state["found"] == []


def test_keys_interrupt_end_and_clear(lab: Lab) -> None:
    terminal = Terminal(lab)
    enter(terminal, "ping localhost")
    assert terminal.state["busy"]
    terminal.act("wait")
    terminal.act("interrupt")
    assert not terminal.state["busy"]
    terminal.act("write", value="half a line")
    terminal.act("end")
    assert terminal.state["open"]
    terminal.act("interrupt")
    assert f"{PROMPT} half a line^C" in terminal.static_text()
    terminal.act("clear")
    assert terminal.static_text() == PROMPT
    terminal.act("end")
    assert (terminal.state["open"], terminal.state["ended"]) == (False, "the shell has ended with exit code 130")
    terminal.act("enter")
    assert terminal.state["open"]


def test_what_does_not_listen_to_ctrl_c_goes_with_its_window(lab: Lab) -> None:
    terminal = Terminal(lab, "docker run -it --rm --name deaf busybox sleep 100000")
    terminal.act("interrupt")
    assert terminal.state["busy"]
    terminal.act("restart")
    assert not terminal.state["busy"]
    assert enter(terminal, "echo back").endswith(f"back\n{PROMPT}")


def test_what_is_typed_is_a_moment_of_the_lab(lab: Lab) -> None:
    view = LabView(lab)
    terminal = Terminal(lab, "docker volume create kept", "docker volume create gone")
    lab.undo()
    terminal.catch_up()
    view.catch_up()
    assert terminal.static_text().endswith(f"kept\n{PROMPT}")
    assert view.state["line"][-2:] == ["docker volume create kept", "docker volume create gone"]
    lab.go_to(lab.history.root)
    terminal.catch_up()
    assert (terminal.state["open"], terminal.state["ended"]) == (False, "not open at this moment of the lab")
    assert enter(terminal, "pwd").startswith(PROMPT)


def test_the_static_view_is_the_transcript_and_no_markup(lab: Lab) -> None:
    terminal = Terminal(lab, "echo '<b>&'")
    assert "&lt;b&gt;&amp;" in terminal.static_html()
    assert "<b>&" not in terminal.static_html()
    assert terminal.static_text().splitlines()[1] == "<b>&"


@pytest.mark.parametrize("line", ["yes", "while :; do :; done", "cat", "docker events", "\x1b[31m\x07", "("])
def test_no_line_breaks_the_widget(lab: Lab, line: str) -> None:
    terminal = Terminal(lab)
    enter(terminal, line)
    terminal.act("wait")
    terminal.act("interrupt")
    assert terminal.problem == ""
    assert enter(terminal, "echo fine").endswith(f"fine\n{PROMPT}")


def test_a_password_is_on_no_screen_in_no_history_and_in_no_undo(lab: Lab) -> None:
    terminal = Terminal(lab)
    enter(terminal, "docker login -u ada")
    assert terminal.state["hidden"]
    assert "sesame" not in enter(terminal, "open sesame")
    assert terminal.static_text().endswith(f"Login Succeeded\n{PROMPT}")
    assert not terminal.state["hidden"]
    terminal.act("recall", by=-1)
    assert terminal.line == "docker login -u ada"
    assert "sesame" not in repr(lab.history.here.entry)
    assert lab.undo() == "a password"
