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
