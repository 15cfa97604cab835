"""The program `sh`: its command line, scripts from files and from standard input, and its life as pid 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dockerlab.runtime.process import Buffer, Machine, Pipe, Process, User
from dockerlab.runtime.signals import SIGTERM

ENV = {"PATH": "/bin", "HOME": "/root"}
Run = Callable[..., Any]


def start(
    machine: Machine, *argv: str, stdin: Pipe | None = None, terminal: bool = False
) -> tuple[Process, Buffer, Buffer]:
    out, err = Buffer(terminal=terminal), Buffer(terminal=terminal)
    process = machine.start(argv, env=ENV, cwd="/", stdin=stdin, stdout=out, stderr=err)
    machine.kernel.settle()
    return process, out, err


def finish(machine: Machine, process: Process) -> int | None:
    machine.kernel.finish(machine.kernel.until(lambda: process.exit_code is not None))
    return process.exit_code


def test_options_and_operands(machine: Machine) -> None:
    process, out, err = start(machine, "sh", "-exc", 'echo "$0" $1; false; echo never', "name", "one")
    assert (finish(machine, process), out.text, err.text) == (1, "name one\n", "+ echo name one\n+ false\n")


def test_a_script_file(machine: Machine) -> None:
    machine.fs.write("/script", b"echo $0 $#\nnosuch\nexit 4\n")
    process, out, err = start(machine, "sh", "/script", "a", "b")
    assert (finish(machine, process), out.text, err.text) == (4, "/script 2\n", "/script: 2: nosuch: not found\n")


def test_a_script_from_standard_input_shares_it(machine: Machine) -> None:
    # `docker run -i … sh < script`: a program in the script reads what follows it.
    pipe = Pipe()
    process, out, _ = start(machine, "sh", stdin=pipe)
    pipe.write(b"echo now\n")
    machine.kernel.settle()
    assert out.text == "now\n"
    pipe.write(b"read x\nvalue\nfor i in 1\ndo echo $x$i\n")
    machine.kernel.settle()
    assert out.text == "now\n"
    pipe.write(b"done\ncat\nleft over\n")
    pipe.close()
    assert finish(machine, process) == 0
    assert out.text == "now\nvalue1\nleft over\n"


def test_a_person_gets_a_prompt(machine: Machine) -> None:
    pipe = Pipe(terminal=True)
    process, out, err = start(machine, "/opt/busybox/sh", stdin=pipe, terminal=True)
    pipe.write(b"cd /etc\nnosuch\necho (\necho still here\n")
    pipe.close()
    assert finish(machine, process) == 0
    assert out.text == "still here\n"
    assert err.text.startswith("/ # /etc # /opt/busybox/sh: nosuch: not found\n/etc # ")


@pytest.mark.parametrize(
    ("shell", "text", "code"),
    [
        ("dash", "sh: 0: cannot open nosuch: No such file\n", 2),
        ("bash", "bash: nosuch: No such file or directory\n", 127),
    ],
)
def test_a_missing_script(machine: Machine, shell: str, text: str, code: int) -> None:
    process, _, err = start(machine, {"dash": "sh"}.get(shell, shell), "nosuch")
    assert (finish(machine, process), err.text) == (code, text)


def test_the_last_command_takes_the_place_of_busybox_sh(container: Machine) -> None:
    # Asked of the real ones: busybox and bash exec the last command of -c, dash of Debian 12 does not.
    process, _, _ = start(container, "/opt/busybox/sh", "-c", "true; sleep 100")
    assert [each.argv for each in container.alive()] == [["sleep", "100"]]
    assert process.pid == 1


def test_dash_stays(container: Machine) -> None:
    start(container, "sh", "-c", "true; sleep 100")
    assert [each.argv[0] for each in container.alive()] == ["sh", "sleep"]


def test_pid_1_cannot_kill_itself(container: Machine) -> None:
    # SURPRISES 24: `docker run busybox sh -c 'kill -9 $$'` exits 0.
    process, out, _ = start(container, "sh", "-c", "kill -9 $$; echo alive")
    assert (finish(container, process), out.text) == (0, "alive\n")


def test_docker_stop_and_a_trap(container: Machine) -> None:
    # The loop of the recorded lifecycle scenario: the trap runs once the nap in the foreground is over.
    script = 'echo started; trap "echo term; exit 0" TERM; while true; do sleep 0.1; done'
    process, out, _ = start(container, "sh", "-c", script)
    container.kernel.finish(container.kernel.sleep(1))
    process.kill(SIGTERM)
    assert process.exit_code is None
    container.kernel.finish(container.kernel.until(lambda: process.exit_code is not None, 10))
    assert (process.exit_code, out.text) == (0, "started\nterm\n")


def test_docker_stop_without_a_trap_takes_the_whole_grace_period(container: Machine) -> None:
    process, _, _ = start(container, "sh", "-c", "while true; do sleep 0.1; done")
    process.kill(SIGTERM)
    assert not container.kernel.finish(container.kernel.until(lambda: process.exit_code is not None, 10))


def test_deep_recursion_ends_with_one_line(run: Run) -> None:
    result = run("f() { f; }; f")
    assert (result.exit_code, result.stderr) == (2, "sh: 1: Maximum function recursion depth (1000) reached\n")


def test_a_thousand_calls_deep_is_no_problem(run: Run) -> None:
    result = run("f() { [ $1 -eq 0 ] || f $(($1-1)); }; f 990 && echo deep")
    assert result.stdout == "deep\n"


def test_a_long_script(run: Run) -> None:
    result = run("\n".join(f"x{i}=$(({i}+1)); : $x{i}" for i in range(2000)) + "\necho $x1999", "bash")
    assert (result.stdout, result.stderr) == ("2000\n", "")


def test_an_endless_loop_ends_with_one_line(run: Run) -> None:
    result = run("while true; do :; done; echo never")
    assert (result.exit_code, result.stdout) == (137, "")
    assert result.stderr == "sh: stopped by dockerlab after 100000 turns without a pause (does it loop for ever?)\n"


def test_a_user_who_may_not(machine: Machine) -> None:
    err = Buffer()
    process = machine.start(["sh", "-c", "echo x > /etc/f"], env=ENV, stderr=err, user=User(1000, 1000))
    assert finish(machine, process) == 2
    assert err.text == "sh: 1: cannot create /etc/f: Permission denied\n"
