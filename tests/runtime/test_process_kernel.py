"""Virtual time: sleeps cost nothing, order is fixed, and nothing runs for ever."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from dockerlab.events import Event, Status
from dockerlab.runtime.kernel import Task
from dockerlab.runtime.process import BudgetError, Buffer, Kernel, Machine, Process, StoppedError, Turn, Wait
from dockerlab.world import NANOSECOND, Clock

Make = Callable[..., Machine]
Steps = Generator[Wait, Any, int]


def nap(proc: Process) -> Steps:
    yield from proc.sleep(float(proc.argv[1]))
    proc.out(f"{proc.argv[1]}\n")
    return 0


def spin(proc: Process) -> Steps:
    while True:
        yield Turn()


def naps(proc: Process) -> Steps:
    while True:
        yield from proc.sleep(0.1)
        proc.out(".")


def elapsed(machine: Machine, run: Callable[[], object]) -> float:
    before = machine.kernel.clock.now
    run()
    return (machine.kernel.clock.now - before) / NANOSECOND


def test_sleeping_takes_virtual_time_only(tiny_machine: Make) -> None:
    machine = tiny_machine(nap=nap)
    process = machine.start(["nap", "86400"])
    kernel = machine.kernel
    assert elapsed(machine, lambda: kernel.finish(kernel.until(lambda: process.exit_code is not None))) == 86400


def test_sleepers_wake_in_the_order_of_time(tiny_machine: Make) -> None:
    machine, out = tiny_machine(nap=nap), Buffer()
    for seconds in ("30", "10", "20"):
        machine.start(["nap", seconds], stdout=out)
    # Pid 1 is the one that sleeps longest, so the others have ended when it does.
    machine.kernel.advance_to(machine.kernel.clock.now + 60 * NANOSECOND)
    assert out.text == "10\n20\n30\n"


def test_settle_runs_what_can_run_and_leaves_the_clock_alone(tiny_machine: Make) -> None:
    machine, out = tiny_machine(nap=nap), Buffer()
    machine.start(["nap", "5"], stdout=out)
    assert elapsed(machine, machine.kernel.settle) == 0
    assert out.text == ""


def test_a_timeout_ends_a_wait(tiny_machine: Make) -> None:
    # `docker stop` waits ten seconds for a process that does not react.
    machine = tiny_machine(nap=nap)
    process = machine.start(["nap", "1000"])
    kernel = machine.kernel
    assert elapsed(machine, lambda: kernel.finish(kernel.until(lambda: process.exit_code is not None, 10))) == 10


def test_a_busy_loop_is_ended_with_one_line(tiny_machine: Make) -> None:
    machine, err = tiny_machine(spin=spin), Buffer()
    process = machine.start(["spin"], stderr=err)
    machine.kernel.finish(machine.kernel.until(lambda: process.exit_code is not None))
    assert process.exit_code == 137
    assert err.text == "spin: stopped by dockerlab after 100000 turns without a pause (does it loop for ever?)\n"


def test_a_busy_loop_in_the_background_does_not_stop_time(tiny_machine: Make) -> None:
    machine, out = tiny_machine(spin=spin, nap=nap), Buffer()
    machine.start(["spin"])
    napper = machine.exec(["nap", "5"], stdout=out)
    machine.kernel.finish(machine.kernel.until(lambda: napper.exit_code is not None))
    assert out.text == "5\n"
    assert len(machine.alive()) == 1


def test_output_without_end_is_stopped_too(tiny_machine: Make) -> None:
    def shout(proc: Process) -> Steps:
        while True:
            proc.out("x" * 65536)
            yield from proc.writable()

    machine, out = tiny_machine(shout=shout), Buffer()
    process = machine.start(["shout"], stdout=out)
    machine.kernel.finish(machine.kernel.until(lambda: process.exit_code is not None))
    assert process.exit_code == 137
    assert len(out.value) < 64 << 20


def test_a_command_that_waits_for_ever_in_short_naps_is_stopped(tiny_machine: Make) -> None:
    machine = tiny_machine(naps=naps)
    process = machine.start(["naps"], stdout=Buffer())
    with pytest.raises(BudgetError):
        machine.kernel.finish(machine.kernel.until(lambda: process.exit_code is not None))


def test_short_naps_in_the_background_do_not_hold_up_a_long_one(tiny_machine: Make) -> None:
    machine, out = tiny_machine(naps=naps, nap=nap), Buffer()
    machine.start(["naps"], stdout=Buffer())
    long = machine.exec(["nap", "36000"], stdout=out)
    machine.kernel.finish(machine.kernel.until(lambda: long.exit_code is not None))
    assert out.text == "36000\n"


def test_two_weeks_pass_with_a_background_loop(tiny_machine: Make) -> None:
    machine, out = tiny_machine(naps=naps), Buffer()
    machine.start(["naps"], stdout=out)
    fortnight = 14 * 86400
    assert elapsed(machine, lambda: machine.kernel.advance_to(machine.kernel.clock.now + fortnight * NANOSECOND)) >= (
        fortnight
    )
    assert out.text.startswith("...")


def test_drive_yields_events_and_keeps_waits_for_itself(tiny_machine: Make) -> None:
    machine = tiny_machine(nap=nap)

    def conversation() -> Generator[Event, Any, str]:
        yield Status("begin")
        yield from machine.kernel.sleep(3)
        yield Status("end")
        return "value"

    assert [event.text for event in machine.kernel.drive(conversation()) if isinstance(event, Status)] == [
        "begin",
        "end",
    ]
    assert machine.kernel.finish(conversation()) == "value"


def test_a_stopped_conversation_may_tidy_up() -> None:
    kernel = Kernel(Clock())
    said: list[str] = []

    def conversation() -> Generator[Event, Any, str]:
        try:
            yield Wait()
        except StoppedError:
            said.append("tidied")
        return "done"

    assert kernel.finish(conversation()) == "done"
    assert said == ["tidied"]


def test_a_plain_wait_looks_again_when_something_happened() -> None:
    # What the engine uses: its own objects change, and it tells the kernel.
    kernel = Kernel(Clock())
    box: list[int] = []

    def waiter() -> Generator[Event, Any, int]:
        while not box:
            yield Wait()
        return box[0]

    def giver() -> Steps:
        yield from kernel.sleep(2)
        box.append(5)
        return 0

    task = Task()
    task.body = giver()
    kernel.add(task)
    assert kernel.finish(waiter()) == 5


def test_a_paused_machine_stands_still_while_time_passes(tiny_machine: Make) -> None:
    machine, out = tiny_machine(nap=nap), Buffer()
    machine.start(["nap", "5"], stdout=out)
    machine.kernel.settle()
    machine.frozen = True
    machine.kernel.advance_to(machine.kernel.clock.now + 60 * NANOSECOND)
    assert out.text == ""
    machine.frozen = False
    machine.kernel.settle()
    assert out.text == "5\n"
