"""A person's shell: lines share variables, functions and folder, and no line can break the shell."""

from __future__ import annotations

import pytest

from dockerlab.runtime.process import Buffer, Machine
from dockerlab.runtime.shell import Session


class Terminal:
    """Types lines into a session."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.session = Session(machine, {"PATH": "/bin", "HOME": "/root"}, "/work")
        self.err = ""

    def __call__(self, line: str, stdin: bytes = b"") -> tuple[int, str]:
        out, err = Buffer(), Buffer()
        status = self.machine.kernel.finish(self.session.run(line, stdin, out, err))
        self.err = err.text
        return status, out.text


@pytest.fixture
def terminal(machine: Machine) -> Terminal:
    return Terminal(machine)


def test_state_lasts_from_line_to_line(terminal: Terminal) -> None:
    terminal("x=5; cd /etc; greet() { echo hello $1; }; alias up='cd ..'")
    assert terminal("echo $x $PWD; greet you") == (0, "5 /etc\nhello you\n")
    terminal("up")
    assert terminal.session.cwd == "/"


def test_several_lines_at_once(terminal: Terminal) -> None:
    assert terminal("for i in 1 2\ndo echo $i\ndone\ncat <<END\nfrom $x here\nEND") == (0, "1\n2\nfrom  here\n")


def test_the_cell_is_the_input(terminal: Terminal) -> None:
    assert terminal("read a; cat; echo $a", b"first\nrest\n") == (0, "rest\nfirst\n")


def test_a_syntax_error_is_reported_and_nothing_is_lost(terminal: Terminal) -> None:
    terminal("x=1")
    assert terminal("echo (") == (2, "")
    assert terminal.err == "bash: syntax error near unexpected token `newline'\nbash: `echo ('\n"
    assert terminal("if true; then")[0] == 2
    assert terminal("echo $x") == (0, "1\n")


def test_errors_end_the_line_only(terminal: Terminal) -> None:
    assert terminal("nosuch")[0] == 127
    assert terminal.err == "bash: nosuch: command not found\n"
    assert terminal("echo $((1/0)); echo never") == (1, "")
    assert terminal("echo on $?") == (0, "on 1\n")


def test_an_endless_loop_is_dropped_with_one_line(terminal: Terminal) -> None:
    terminal("x=kept")
    assert terminal("while true; do :; done")[0] == 130
    assert terminal.err.count("\n") == 1
    assert "stopped by dockerlab" in terminal.err
    assert terminal("echo $x") == (0, "kept\n")


def test_a_loop_of_naps_is_dropped_too(terminal: Terminal) -> None:
    assert terminal("while true; do sleep 1; done; echo never")[0] == 130
    assert terminal.err == "bash: stopped after a long while: it does not seem to end by itself\n"


def test_a_fork_bomb_is_stopped(terminal: Terminal) -> None:
    terminal("bomb() { bomb | bomb & }; bomb; sleep 5; echo survived")
    assert terminal("echo alive") == (0, "alive\n")


def test_background_jobs_outlive_their_line(terminal: Terminal) -> None:
    terminal("sleep 30 &")
    assert terminal.err.startswith("[1] ")
    assert terminal("jobs") == (0, "[1]+  Running                 sleep 30 &\n")
    terminal("sleep 60")
    assert terminal.err == "[1]+  Done                    sleep 30\n"
    assert terminal("jobs") == (0, "")


def test_exit_ends_the_shell_and_a_new_one_begins(terminal: Terminal) -> None:
    terminal("cd /etc; x=1; trap 'echo bye' EXIT")
    assert terminal("exit 3") == (3, "bye\n")
    assert terminal("echo [$x] $PWD") == (0, "[] /work\n")


def test_a_killed_shell_goes_on_where_it_was(terminal: Terminal) -> None:
    terminal("x=1; cd /etc")
    assert terminal("kill -9 $$")[0] == 137
    assert terminal("echo $x $PWD") == (0, "1 /etc\n")


def test_exec_takes_the_shell_away(terminal: Terminal) -> None:
    assert terminal("exec echo last") == (0, "last\n")
    assert terminal("echo again") == (0, "again\n")


def test_giving_up_in_the_middle_leaves_a_usable_shell(terminal: Terminal) -> None:
    # Ctrl-C in a notebook: whoever drives the line drops it.
    line = terminal.session.run("sleep 100; echo never", b"", Buffer(), Buffer())
    next(line)
    terminal.machine.kernel.settle()
    line.close()
    assert [process.argv for process in terminal.machine.alive()] == [["cat"], ["bash"]]
    assert terminal("echo fine") == (0, "fine\n")


def test_waiting_for_nothing_is_given_up(terminal: Terminal) -> None:
    terminal("mark=1")
    assert terminal("kill -STOP $$; sleep 1; echo never")[0] == 130
    assert terminal("echo next $mark") == (0, "next 1\n")


def test_a_busy_line_does_not_move_the_clock_for_who_sleeps(terminal: Terminal) -> None:
    # The kernel sees that the line itself is busy: time would not help it, so time stands still.
    terminal("sleep 500 &")
    before = terminal.machine.kernel.clock.now
    assert terminal("while :; do :; done")[0] == 130
    assert terminal.machine.kernel.clock.now == before
    assert "Running" in terminal("jobs")[1]


def test_a_busy_job_in_the_background_does_not_stop_the_lab(terminal: Terminal) -> None:
    terminal("while :; do :; done &")
    assert terminal("sleep 3600; echo an hour later") == (0, "an hour later\n")
    assert "Running" in terminal("jobs")[1]
    terminal("kill %1")
    assert terminal("jobs") == (0, "")
