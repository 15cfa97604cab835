"""How programs run: plain functions and generators, pipes between them, children, exit codes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Buffer, Feed, Machine, Null, Pipe, Process, ProgramError, StuckError, Until, Wait

Make = Callable[..., Machine]
Steps = Generator[Wait, Any, int]


def echo(proc: Process) -> int:
    proc.out(" ".join(proc.argv[1:]) + "\n")
    return 0


def cat(proc: Process) -> Steps:
    while data := (yield from proc.read()):
        proc.out(data)
    return 0


def first_line(proc: Process) -> Steps:
    proc.out((yield from proc.readline()))
    return 0


def endless(proc: Process) -> Steps:
    while True:
        proc.out("y\n" * 1000)
        yield from proc.writable()


def finish(machine: Machine, process: Process) -> int | None:
    machine.kernel.finish(machine.kernel.until(lambda: process.exit_code is not None))
    return process.exit_code


def test_a_plain_function_is_a_program(tiny_machine: Make) -> None:
    machine, out = tiny_machine(echo=echo), Buffer()
    process = machine.start(["echo", "a", "b"], stdout=out)
    assert (finish(machine, process), out.text, process.pid, process.ppid) == (0, "a b\n", 1, 0)


def test_a_generator_waits_for_its_input(tiny_machine: Make) -> None:
    machine, out, pipe = tiny_machine(cat=cat), Buffer(), Pipe()
    process = machine.start(["cat"], stdin=pipe, stdout=out)
    machine.kernel.settle()
    assert process.exit_code is None
    pipe.write(b"now")
    machine.kernel.settle()
    assert out.text == "now"
    pipe.close()
    assert finish(machine, process) == 0


def test_waiting_for_what_cannot_come_is_an_error_not_a_hang(tiny_machine: Make) -> None:
    machine = tiny_machine(cat=cat)
    process = machine.start(["cat"], stdin=Pipe())
    with pytest.raises(StuckError):
        finish(machine, process)


def test_a_pipe_between_two_children_ends_an_endless_writer(tiny_machine: Make) -> None:
    # As in `yes | head -1`: the reader goes, the writer gets SIGPIPE (141 = 128 + 13).
    codes: list[int] = []

    def both(proc: Process) -> Steps:
        pipe = Pipe()
        left, right = proc.spawn(["endless"], stdout=pipe), proc.spawn(["first_line"], stdin=pipe)
        codes.append((yield from proc.wait(right)))
        codes.append((yield from proc.wait(left)))
        return 0

    machine, out = tiny_machine(both=both, endless=endless, first_line=first_line), Buffer()
    assert finish(machine, machine.start(["both"], stdout=out)) == 0
    assert (codes, out.text) == ([0, 141], "y\n")


def test_a_line_is_read_without_what_follows(tiny_machine: Make) -> None:
    # POSIX.1-2024 XCU read: the shell's `read` and the program after it share the input.
    def parent(proc: Process) -> Steps:
        line = yield from proc.readline()
        proc.out(b"[" + line.strip() + b"]")
        return (yield from proc.run(["cat"]))

    machine, out = tiny_machine(parent=parent, cat=cat), Buffer()
    finish(machine, machine.start(["parent"], stdin=Feed("one\ntwo\n"), stdout=out))
    assert out.text == "[one]two\n"


def test_a_child_that_ended_is_a_zombie_until_somebody_waits(tiny_machine: Make) -> None:
    def parent(proc: Process) -> Steps:
        child = proc.spawn(["echo"])
        yield Until(lambda: child.exit_code is not None)
        assert child.state == "Z"
        assert child.pid in proc.machine.processes
        yield from proc.wait(child)
        assert child.pid not in proc.machine.processes
        return 0

    machine = tiny_machine(parent=parent, echo=echo)
    assert finish(machine, machine.start(["parent"])) == 0


def test_orphans_go_to_pid_1(tiny_machine: Make) -> None:
    def napper(proc: Process) -> Steps:
        yield from proc.sleep(10)
        return 0

    def middle(proc: Process) -> int:
        proc.spawn(["napper"])
        return 0

    def init(proc: Process) -> Steps:
        yield from proc.run(["middle"])
        (orphan,) = [each for each in proc.machine.alive() if each is not proc]
        return 0 if orphan.ppid == 1 else 1

    machine = tiny_machine(init=init, middle=middle, napper=napper)
    assert finish(machine, machine.start(["init"])) == 0


def test_with_pid_1_all_others_end(tiny_machine: Make) -> None:
    # pid_namespaces(7): when the init process terminates, the kernel kills the rest.
    def napper(proc: Process) -> Steps:
        yield from proc.sleep(1000)
        return 0

    def init(proc: Process) -> Steps:
        child = proc.spawn(["napper"])
        children.append(child)
        yield from proc.sleep(1)
        return 7

    children: list[Process] = []
    machine = tiny_machine(init=init, napper=napper)
    assert finish(machine, machine.start(["init"])) == 7
    assert (machine.exit_code, children[0].exit_code) == (7, 137)


def test_an_error_of_files_that_nobody_caught_is_one_line(tiny_machine: Make) -> None:
    def careless(proc: Process) -> int:
        proc.fs.read("/nosuch")
        return 0

    machine, err = tiny_machine(careless=careless), Buffer()
    assert finish(machine, machine.start(["careless"], stderr=err)) == 1
    assert err.text == "careless: /nosuch: No such file or directory\n"


def test_a_bug_in_a_program_does_not_take_the_machine_down(tiny_machine: Make) -> None:
    def broken(proc: Process) -> int:
        raise KeyError("oops")

    machine, err = tiny_machine(broken=broken, echo=echo), Buffer()
    process = machine.start(["broken"], stderr=err)
    assert finish(machine, process) == 134
    assert "dockerlab has a bug here: KeyError" in err.text
    assert isinstance(process.fault, KeyError)


def test_ctrl_c_in_the_middle_of_a_program_leaves_the_machine_usable(tiny_machine: Make) -> None:
    def interrupted(proc: Process) -> int:
        raise KeyboardInterrupt

    machine, out = tiny_machine(interrupted=interrupted, echo=echo), Buffer()
    process = machine.start(["interrupted"])
    with pytest.raises(KeyboardInterrupt):
        finish(machine, process)
    assert process.exit_code == 130
    assert finish(machine, machine.start(["echo", "on"], stdout=out)) == 0


def test_too_many_processes_are_refused(tiny_machine: Make) -> None:
    def bomb(proc: Process) -> Steps:
        while True:
            try:
                proc.spawn(["bomb"])
            except FileSystemError as error:
                proc.err(f"{error.name}\n")
                return 1
            yield from proc.sleep(1)

    machine, err = tiny_machine(bomb=bomb), Buffer()
    finish(machine, machine.start(["bomb"], stderr=err))
    assert err.text.startswith("EAGAIN")


def test_null_is_the_default_of_all_streams(tiny_machine: Make) -> None:
    machine = tiny_machine(cat=cat)
    process = machine.start(["cat"])
    assert finish(machine, process) == 0
    assert isinstance(Null().reader, Null)


def test_starting_what_is_not_there_raises(tiny_machine: Make) -> None:
    with pytest.raises(ProgramError) as caught:
        tiny_machine().start(["nosuch"])
    assert (caught.value.code, caught.value.reason) == (127, "not found")
