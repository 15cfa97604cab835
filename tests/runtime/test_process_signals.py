"""Signals (signal(7)) and what pid 1 is spared (pid_namespaces(7); SURPRISES 24 of the recorded engine)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Machine, Process, User, Wait, parse_signal
from dockerlab.runtime.signals import SIGCONT, SIGHUP, SIGKILL, SIGSTOP, SIGTERM, SIGUSR1, SIGWINCH

Make = Callable[..., Machine]
Steps = Generator[Wait, Any, int]


def nap(proc: Process) -> Steps:
    yield from proc.sleep(1000 if proc.pid == 1 else 100)
    return 0


@pytest.fixture
def machine(tiny_machine: Make) -> Machine:
    made = tiny_machine(nap=nap)
    made.start(["nap"])
    made.kernel.settle()
    return made


@pytest.fixture
def other(machine: Machine) -> Process:
    """A process that is not pid 1."""
    made = machine.exec(["nap"])
    machine.kernel.settle()
    return made


def test_a_signal_ends_a_process_at_once(other: Process) -> None:
    other.kill(SIGTERM)
    assert (other.exit_code, other.signum) == (143, SIGTERM)


def test_pid_1_does_not_notice_signals_from_inside(machine: Machine, other: Process) -> None:
    init = machine.init
    assert init is not None
    for signum in (SIGKILL, SIGTERM):
        init.kill(signum, sender=other)
    assert init.exit_code is None


def test_from_outside_only_kill_reaches_a_pid_1_without_handlers(machine: Machine) -> None:
    # Why `docker stop` takes ten seconds for `sleep 100`.
    init = machine.init
    assert init is not None
    init.kill(SIGTERM)
    assert init.exit_code is None
    init.kill(SIGKILL)
    assert init.exit_code == 137


def test_a_handler_is_called_instead(machine: Machine, other: Process) -> None:
    got: list[int] = []
    other.handlers[SIGUSR1] = got.append
    other.handlers[SIGHUP] = "ignore"
    other.kill(SIGUSR1)
    other.kill(SIGHUP)
    assert (got, other.exit_code) == ([SIGUSR1], None)


def test_some_signals_are_ignored_unless_handled(other: Process) -> None:
    other.kill(SIGWINCH)
    assert other.exit_code is None


def test_stop_and_continue(machine: Machine, other: Process) -> None:
    other.kill(SIGSTOP)
    assert other.state == "T"
    machine.kernel.finish(machine.kernel.sleep(200))
    assert other.exit_code is None
    other.kill(SIGCONT)
    machine.kernel.settle()
    assert other.exit_code == 0


def test_a_process_may_kill_itself(tiny_machine: Make) -> None:
    def suicide(proc: Process) -> int:
        proc.kill(SIGKILL, sender=proc)
        return 0

    made = tiny_machine(nap=nap, suicide=suicide)
    made.start(["nap"])
    process = made.exec(["suicide"])
    made.kernel.settle()
    assert process.exit_code == 137


def test_only_root_and_the_same_user_may_signal(machine: Machine, other: Process) -> None:
    stranger = machine.exec(["nap"], user=User(1000, 1000))
    with pytest.raises(FileSystemError) as caught:
        other.kill(SIGTERM, sender=stranger)
    assert caught.value.name == "EPERM"
    stranger.kill(SIGTERM, sender=other)
    assert stranger.exit_code == 143


def test_names_of_signals() -> None:
    assert [parse_signal(text) for text in ("9", "KILL", "SIGTERM", "hup", "0")] == [9, 9, 15, 1, 0]
    assert [parse_signal(text) for text in ("FOO", "999")] == [None, None]
    assert parse_signal("RTMIN+3") == 37
