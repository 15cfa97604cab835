"""Cells in a fresh kernel: one that never ends is stopped, and one that can't be stopped ends the run."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from dockerlab.course import kernel as kernel_module
from dockerlab.course.kernel import CellTimeoutError, Kernel, KernelDiedError, first_line, run_cells, started

STUBBORN = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"


class Scripted:
    """Stands in for a kernel: a cell 'slow' times out, 'stubborn' can't be interrupted, 'fatal' ends it."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.interrupted = 0

    def run(self, source: str, seconds: float) -> str:
        self.ran.append(source)
        if source in ("slow", "stubborn"):
            raise CellTimeoutError
        if source == "fatal":
            raise KernelDiedError("it ended the kernel")
        return "NameError: name 'x' is not defined" if source == "x" else ""

    def interrupt(self) -> None:
        self.interrupted += 1
        if self.ran[-1] == "stubborn":
            raise KernelDiedError("it can't be stopped")


def told(*sources: str, after: str = "look") -> tuple[list[str], list[str]]:
    kernel = Scripted()
    return list(run_cells(cast(Kernel, kernel), sources, 30, after)), kernel.ran


def test_a_cell_that_fails_or_is_stopped_does_not_end_the_run() -> None:
    problems, ran = told("a", "x", "slow", "b")
    assert problems == ["cell 2: NameError: name 'x' is not defined", "cell 3: stopped after 30 seconds"]
    assert ran == ["a", "look", "x", "look", "slow", "look", "b", "look"]


@pytest.mark.parametrize(("source", "reason"), [("stubborn", "it can't be stopped"), ("fatal", "it ended the kernel")])
def test_a_kernel_that_is_gone_ends_the_run(source: str, reason: str) -> None:
    problems, ran = told("a", source, "b")
    assert problems == [f"cell 2: {reason}; the cells after it were not run"]
    assert ran[-1] == source


@pytest.mark.parametrize(
    ("look", "reason"), [("slow", "stopped after 30 seconds"), ("x", "NameError: name 'x' is not defined")]
)
def test_a_look_that_fails_or_is_stopped_is_told(look: str, reason: str) -> None:
    kernel = Scripted()
    problems = list(run_cells(cast(Kernel, kernel), ["a", "b"], 30, look))
    assert problems == [f"cell {number}: what it left behind can't be looked at: {reason}" for number in (1, 2)]
    assert kernel.interrupted == (2 if look == "slow" else 0)


def test_an_endless_loop_is_interrupted_and_the_kernel_goes_on(tmp_path: Path) -> None:
    with started(tmp_path) as kernel:
        assert kernel.run("1 / 0", 120) == "ZeroDivisionError: division by zero"
        with pytest.raises(CellTimeoutError):
            kernel.run("while True: print('on and on')", 1)
        kernel.interrupt()
        assert kernel.run(f"assert __import__('os').getcwd() == {str(tmp_path.resolve())!r}", 120) == ""


def test_a_loop_that_ignores_interrupts_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_module, "GRACE", 1)
    with started(tmp_path) as kernel:
        kernel.run("", 120)
        with pytest.raises(CellTimeoutError):
            kernel.run(STUBBORN, 5)
        with pytest.raises(KernelDiedError, match="it can't be stopped"):
            kernel.interrupt()


def test_an_error_is_told_in_one_short_line() -> None:
    assert first_line("one\ntwo") == "one"
    assert len(first_line("x" * 500)) == 160
    assert first_line("") == ""
