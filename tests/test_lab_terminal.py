"""A terminal of the lab: `docker run -it` in it, Ctrl-C and Ctrl-D, programs that run on, and undo."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.lab.terminal import LabTerminal

PROMPT = "root@dockerlab:/lab# "
INTERRUPT, END = "\x03", "\x04"


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox; docker pull -q ubuntu")
    return lab


@pytest.fixture
def terminal(lab: Lab) -> LabTerminal:
    return lab.open_terminal()


def typed(terminal: LabTerminal, text: str) -> str:
    """What the terminal shows after something is typed."""
    before = terminal.count
    terminal.type(text)
    return terminal.printed.decode()[before - terminal.count :].replace("\r", "")


def test_a_terminal_shows_prompts_and_what_is_typed(terminal: LabTerminal) -> None:
    assert terminal.printed.decode() == PROMPT
    assert typed(terminal, "echo hello\n") == f"echo hello\nhello\n{PROMPT}"
    assert typed(terminal, "for i in 1 2\ndo echo $i\ndone\n") == f"for i in 1 2\n> do echo $i\n> done\n1\n2\n{PROMPT}"


def test_docker_run_it_is_a_shell_in_a_container(lab: Lab, terminal: LabTerminal) -> None:
    assert typed(terminal, "docker run -it --name box --hostname box ubuntu bash\n").endswith("\nroot@box:/# ")
    assert typed(terminal, "touch /new; ls / | head -1\n") == "touch /new; ls / | head -1\nbin\nroot@box:/# "
    assert terminal.reader
    assert terminal.reader.hostname == "box"
    assert lab.run("docker ps --format '{{.Names}}'; docker diff box").stdout == "box\nA /new\n"
    assert typed(terminal, "exit 3\n") == f"exit 3\nexit\n{PROMPT}"
    assert typed(terminal, "echo $?\n").splitlines()[1] == "3"
    assert "root@box:/# exit 3" in lab.run("docker logs box").stdout


def test_docker_exec_it_has_a_terminal_too(lab: Lab, terminal: LabTerminal) -> None:
    lab.run("docker run -d --name web --hostname web busybox sleep 1000000")
    assert typed(terminal, "docker exec -it web sh\n").endswith("/ # ")
    assert typed(terminal, "hostname\n") == "hostname\nweb\n/ # "
    typed(terminal, "sleep 100\n")
    assert typed(terminal, INTERRUPT).startswith("^C")
    assert typed(terminal, END).endswith(PROMPT)
    assert lab.run("docker ps -q | wc -l").stdout == "1\n"


def test_docker_attach_connects_to_a_shell_that_waits(terminal: LabTerminal) -> None:
    typed(terminal, "docker run -dit --name box --hostname box ubuntu bash\n")
    typed(terminal, "docker attach box\n")
    assert typed(terminal, "echo in\n") == "echo in\nin\nroot@box:/# "


def test_what_runs_on_comes_piece_by_piece_and_ends_with_ctrl_c(terminal: LabTerminal) -> None:
    assert "icmp_seq=1" in typed(terminal, "ping localhost\n")
    assert terminal.busy
    before = terminal.count
    terminal.wait()
    assert terminal.count > before
    assert typed(terminal, INTERRUPT) == f"^C\n{PROMPT}"
    assert not terminal.busy


def test_a_long_sleep_passes_in_a_few_steps(lab: Lab, terminal: LabTerminal) -> None:
    typed(terminal, "sleep 3600\n")
    for _ in range(12):
        terminal.wait()
    assert not terminal.busy
    assert len(lab.history.moments) == 5  # the pull, the terminal, what was typed, and all waiting in one


@pytest.mark.parametrize("line", ["yes", "while :; do :; done", "cat /dev/zero", ":(){ :|:& };:"])
def test_nothing_that_never_ends_ends_the_terminal(terminal: LabTerminal, line: str) -> None:
    typed(terminal, f"{line}\n")
    for _ in range(3):
        terminal.wait()
    typed(terminal, INTERRUPT)
    assert typed(terminal, "echo still here\n").endswith(f"still here\n{PROMPT}")


def test_ctrl_c_drops_half_a_command_and_the_wait_of_read(terminal: LabTerminal) -> None:
    typed(terminal, "if true\n")
    assert typed(terminal, INTERRUPT) == f"^C\n{PROMPT}"
    typed(terminal, "read answer\n")
    assert typed(terminal, INTERRUPT) == f"^C\n{PROMPT}"
    assert typed(terminal, "echo $?\n").splitlines()[1] == "130"


def test_a_background_job_outlives_ctrl_c(terminal: LabTerminal) -> None:
    typed(terminal, "sleep 1000 &\n")
    typed(terminal, INTERRUPT)
    assert "Running" in typed(terminal, "jobs\n")


def test_the_end_of_input_ends_the_shell_and_a_line_begins_another(terminal: LabTerminal) -> None:
    assert typed(terminal, END) == "exit\n"
    assert (terminal.open, terminal.exit_code) == (False, 0)
    assert typed(terminal, "\n").endswith(PROMPT)


def test_a_terminal_that_is_closed_ends_what_runs_in_it(lab: Lab, terminal: LabTerminal) -> None:
    typed(terminal, "sleep 1000\n")
    terminal.close()
    assert not terminal.open
    assert lab.run("ps -e | grep -c sleep").stdout == "0\n"


def test_a_terminal_has_a_folder_of_its_own_and_shares_the_files(lab: Lab, terminal: LabTerminal) -> None:
    typed(terminal, "cd /tmp; echo x > file\n")
    assert lab.run("pwd; cat /tmp/file").stdout == "/lab\nx\n"


def test_undo_takes_back_what_was_typed(lab: Lab, terminal: LabTerminal) -> None:
    typed(terminal, "docker run -it --name box --hostname box ubuntu bash\n")
    typed(terminal, "sleep 5; touch /new\n")
    terminal.wait()
    terminal.wait()
    shown = bytes(terminal.printed)
    assert [lab.undo(), lab.undo()] == ["letting terminal 1 run", "sleep 5; touch /new"]
    assert lab.run("docker diff box").stdout == ""
    lab.go_to(lab.history.moments[5])
    assert bytes(lab.terminals[0].printed) == shown
    lab.go_to(lab.history.root)
    assert lab.terminals == {}
