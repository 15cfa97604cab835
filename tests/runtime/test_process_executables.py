"""From a name to a program: PATH, permissions, `#!`, links to busybox (execve(2); POSIX.1-2024 XCU 2.9.1.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dockerlab.runtime.process import Buffer, Machine, Process, ProgramError, User

Make = Callable[..., Machine]
ENV = {"PATH": "/opt:/bin"}


def name(proc: Process) -> int:
    proc.out(f"{proc.argv} {proc.program_path} {proc.flavour}\n")
    return 0


def run(machine: Machine, *argv: str, user: User | None = None, cwd: str = "/") -> str:
    out = Buffer()
    process = machine.start(argv, env=ENV, stdout=out, stderr=out, cwd=cwd, user=user or User())
    machine.kernel.finish(machine.kernel.until(lambda: process.exit_code is not None))
    return out.text.rstrip("\n")


def refusal(machine: Machine, *argv: str, user: User | None = None) -> tuple[int, str]:
    with pytest.raises(ProgramError) as caught:
        machine.start(argv, env=ENV, user=user or User())
    return caught.value.code, caught.value.reason


@pytest.fixture
def machine(tiny_machine: Make) -> Machine:
    made = tiny_machine(name=name, sh=name)
    made.fs.mkdir("/opt")
    return made


def test_path_is_searched_in_order(machine: Machine) -> None:
    assert run(machine, "name") == "['name'] /bin/name gnu"
    machine.fs.write("/opt/name", b"", mode=0o755)
    assert run(machine, "name") == "['name'] /opt/name gnu"


def test_a_file_that_is_not_executable_is_passed_over(machine: Machine) -> None:
    machine.fs.write("/opt/name", b"", mode=0o644)
    assert run(machine, "name") == "['name'] /bin/name gnu"
    machine.fs.unlink("/bin/name")
    assert refusal(machine, "name") == (126, "Permission denied")


def test_what_is_refused(machine: Machine) -> None:
    assert refusal(machine, "nosuch") == (127, "not found")
    assert refusal(machine, "/nosuch") == (127, "No such file or directory")
    assert refusal(machine, "/opt") == (126, "Is a directory")


def test_permissions_are_those_of_the_user(machine: Machine) -> None:
    machine.fs.chmod("/bin/name", 0o700)
    assert refusal(machine, "name", user=User(1000, 1000)) == (126, "Permission denied")
    machine.fs.chmod("/bin/name", 0o710)
    assert run(machine, "name", user=User(1000, 1000, (0,))) == "['name'] /bin/name gnu"


def test_a_script_names_its_interpreter(machine: Machine) -> None:
    machine.fs.write("/opt/script", b"#!/bin/sh -e\necho\n", mode=0o755)
    assert run(machine, "script", "x") == "['/bin/sh', '-e', '/opt/script', 'x'] /bin/sh gnu"
    machine.fs.write("/opt/bad", b"#!/no/such\n", mode=0o755)
    assert refusal(machine, "bad") == (127, "No such file or directory")


def test_a_text_without_interpreter_is_left_to_the_shell(machine: Machine) -> None:
    machine.fs.write("/opt/text", b"echo hi\n", mode=0o755)
    assert refusal(machine, "text") == (126, "Exec format error")


@pytest.mark.parametrize(
    ("layout", "number", "runs"),
    [
        (b"\2\1", b"\x3e\0", True), (b"\1\1", b"\3\0", True), (b"\2\1", b"\xb7\0", False), (b"\2\2", b"\0\x16", False),
    ],
    ids=["x86-64", "386", "AArch64", "S/390"],
)  # fmt: skip
def test_an_elf_header_says_for_which_processor_a_program_is(
    machine: Machine, layout: bytes, number: bytes, runs: bool
) -> None:
    """elf(5), e_machine: whatever the image says."""
    machine.fs.write("/opt/name", b"\x7fELF" + layout + b"\1" + bytes(9) + b"\2\0" + number, mode=0o755)
    for machine.foreign in (False, True):
        if runs:
            assert run(machine, "name") == "['name'] /opt/name gnu"
        else:
            assert refusal(machine, "name") == (126, "Exec format error")


def test_filler_is_for_the_processor_that_the_image_is_for(machine: Machine) -> None:
    machine.fs.write("/opt/script", b"#!/bin/sh\n", mode=0o755)
    machine.foreign = True
    assert refusal(machine, "name") == refusal(machine, "script") == (126, "Exec format error")
    assert refusal(machine, "nosuch") == (127, "not found")


def test_runcs_init_says_what_only_the_kernel_refuses(machine: Machine) -> None:
    """A process in a container has begun by then, and ends with 1 (transcript other_platforms)."""
    machine.fs.write("/opt/lost", b"#!/no/such\n", mode=0o755)
    machine.foreign, machine.starter_threads = True, 5
    assert run(machine, "name") == "exec /bin/name: exec format error"
    assert run(machine, "lost") == "exec /opt/lost: no such file or directory"
    assert refusal(machine, "nosuch") == (127, "not found")


def test_links_to_busybox_are_its_applets(machine: Machine) -> None:
    machine.fs.write("/bin/busybox", bytes(100), mode=0o755)
    machine.fs.symlink("/bin/busybox", "/opt/name")
    assert run(machine, "name") == "['name'] /opt/name busybox"
    machine.fs.unlink("/opt/name")
    machine.fs.link("/bin/busybox", "/opt/name")
    assert run(machine, "name") == "['name'] /opt/name busybox"
    assert run(machine, "busybox", "name", "x") == "['name', 'x'] /bin/busybox busybox"
    assert run(machine, "busybox", "nosuch") == "nosuch: applet not found"


def test_a_link_to_another_name_is_found_by_either(machine: Machine) -> None:
    machine.fs.symlink("name", "/bin/alias")
    assert run(machine, "alias") == "['alias'] /bin/alias gnu"


def test_a_program_that_nobody_wrote_says_so(machine: Machine) -> None:
    machine.fs.write("/opt/server", b"\x7fELF\0\0", mode=0o755)
    assert run(machine, "server") == "server: dockerlab does not simulate this program"


def test_a_relative_name_is_seen_from_the_working_directory(machine: Machine) -> None:
    assert run(machine, "./name", cwd="/bin") == "['./name'] /bin/./name gnu"
