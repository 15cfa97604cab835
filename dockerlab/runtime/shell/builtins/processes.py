"""Builtins about processes: wait, jobs, kill, trap, times, fg, bg (POSIX.1-2024 XCU wait, kill, trap)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process, Until
from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.jobs import describe, find_job, forget, report_end
from dockerlab.runtime.shell.quoting import single
from dockerlab.runtime.shell.state import Job, Shell, Steps, applet_name, complain_as_applet
from dockerlab.runtime.shell.traps import EXIT, set_trap
from dockerlab.runtime.signals import NAMES, SIGCONT, SIGTERM, parse_signal

_NO_SUCH_CHILD = 127


@builtin("wait")
def _wait(shell: Shell, words: list[str]) -> Steps:
    arguments = [word for word in words[1:] if word not in ("-n", "-f", "--")]
    if "-n" in words[1:] and not arguments:
        return (yield from _wait_any(shell))
    status = 0
    if not arguments:
        return (yield from _wait_all(shell))
    for text in arguments:
        found = find_job(shell, text)
        if found is None:
            status = _no_child(shell, text)
            continue
        status = yield from _wait_job(shell, found)
        if shell.pending:
            return 128 + shell.pending[0]
    return status


def _wait_all(shell: Shell) -> Steps:
    """Wait for all jobs. dash and ash keep the finished ones for `jobs` to tell."""
    for job in list(shell.jobs):
        yield from _until(shell, [job])
        if shell.pending:
            return 128 + shell.pending[0]
        if shell.dialect.name == "bash" and not shell.interactive:
            forget(shell, job)
        else:
            shell.proc.reap(job.process)
    return 0


def _no_child(shell: Shell, text: str) -> int:
    if shell.dialect.name == "bash":
        key = "no job" if text.startswith("%") else "no child"
        shell.complain(key, text, builtin="wait")
    return _NO_SUCH_CHILD


def _wait_job(shell: Shell, job: Job) -> Steps:
    """Wait for a job, or for a signal that has a trap (XCU 2.11)."""
    yield from _until(shell, [job])
    if job.process.exit_code is None:
        return 0
    if shell.dialect.name != "bash" or job.process.signum not in (None, SIGTERM):
        shell.text, text = job.text, shell.text
        report_end(shell, job.process)
        shell.text = text
    return forget(shell, job)


def _until(shell: Shell, jobs: list[Job]) -> Generator[Wait, Any, None]:
    if not shell.pending and all(job.process.exit_code is None for job in jobs):
        ended = [job.process for job in jobs]
        yield Until(lambda: bool(shell.pending) or shell.interrupted or any(one.exit_code is not None for one in ended))
    shell.check_interrupt()


def _wait_any(shell: Shell) -> Steps:
    if not shell.jobs:
        return _NO_SUCH_CHILD
    yield from _until(shell, shell.jobs)
    ended = next((job for job in shell.jobs if job.process.exit_code is not None), None)
    return forget(shell, ended) if ended else 128 + shell.pending[0]


@builtin("jobs")
def _jobs(shell: Shell, words: list[str]) -> int:
    only_pids = "-p" in words[1:]
    bash = shell.dialect.name == "bash"
    # dash and ash begin with the newest; a finished job is gone once it has been told of.
    for job in list(shell.jobs) if bash else list(reversed(shell.jobs)):
        ended = job.process.exit_code is not None
        if not (ended and bash and not shell.interactive):
            shell.proc.out(f"{job.process.pid}\n" if only_pids else describe(shell, job))
        if ended:
            forget(shell, job)
    return 0


@builtin("fg")
@builtin("bg")
def _resume(shell: Shell, words: list[str]) -> Steps:
    if not shell.interactive:
        shell.message("no job control" if shell.dialect.name == "bash" else "job control disabled", builtin=words[0])
        return 1
    job = find_job(shell, words[1] if len(words) > 1 else "%+")
    if job is None:
        shell.complain("no job", words[1] if len(words) > 1 else "current", builtin=words[0])
        return 1
    job.process.kill(SIGCONT)
    if words[0] == "bg":
        return 0
    shell.proc.out(f"{job.text}\n")
    shell.foreground.append(job.process)
    try:
        return (yield from _wait_job(shell, job))
    finally:
        shell.foreground.remove(job.process)


@builtin("disown", feature="shopt")
def _disown(shell: Shell, words: list[str]) -> int:
    shell.jobs.clear()
    return 0


# kill


@builtin("kill")
def _kill(shell: Shell, words: list[str]) -> int:
    arguments = words[1:]
    if arguments[:1] in (["-l"], ["-L"]):
        return _list_signals(shell, arguments[1:])
    signum: int | None = SIGTERM
    if arguments[:1] in (["-s"], ["-n"]) and len(arguments) > 1:
        signum, name, arguments = parse_signal(arguments[1]), arguments[1], arguments[2:]
    elif arguments and len(arguments[0]) > 1 and arguments[0][0] == "-" and arguments[0] != "--":
        signum, name, arguments = parse_signal(arguments[0][1:]), arguments[0][1:], arguments[1:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if signum is None:
        complain_as_applet(shell, "kill signal", name, name[:1], builtin="kill")
        return 2 if shell.dialect.name == "sh" else 1
    if not arguments:
        return _kill_usage(shell)
    return max([_send(shell, text, signum) for text in arguments])


def _kill_usage(shell: Shell) -> int:
    if shell.dialect.name == "bash":
        usage = "kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]"
        shell.proc.err(f"kill: usage: {usage}\n")
        return 2
    if shell.dialect.name == "ash":
        shell.proc.err(f"{applet_name(shell)}: you need to specify whom to kill\n")
        return 1
    usage = "kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]"
    shell.message(f"Usage: {usage}", builtin="kill")
    return 2


def _send(shell: Shell, text: str, signum: int) -> int:
    job = find_job(shell, text) if text.startswith("%") else None
    if not job and not text.lstrip("-").isdigit():
        complain_as_applet(shell, "no job" if text.startswith("%") else "kill pid", text, builtin="kill")
        return 2 if shell.dialect.name == "sh" else 1
    pid = job.process.pid if job else int(text)
    targets = _targets(shell, pid)
    if not targets:
        complain_as_applet(shell, "kill missing", text, builtin="kill")
        return 1
    for target in targets:
        try:
            target.kill(signum, sender=shell.proc)
        except FileSystemError:
            complain_as_applet(shell, "kill refused", text, builtin="kill")
            return 1
    return 0


def _targets(shell: Shell, pid: int) -> list[Process]:
    """The processes that a pid means: itself, a group (negative), all (-1), the own group (0)."""
    alive = shell.proc.machine.processes
    if pid > 0:
        return [alive[pid]] if pid in alive else []
    others = [process for process in alive.values() if process is not shell.proc]
    if pid == -1:
        return [process for process in others if process.pid != 1]
    group = shell.proc.pgid if pid == 0 else -pid
    members = [process for process in others if process.pgid == group]
    return [*members, shell.proc] if shell.proc.pgid == group else members


def _list_signals(shell: Shell, words: list[str]) -> int:
    if not words:
        shell.proc.out("".join(f"{NAMES[number]}\n" for number in sorted(NAMES) if number < 32))
        return 0
    for word in words:
        if word.isdigit():
            number = int(word) - 128 if int(word) > 128 else int(word)
            shell.proc.out(f"{NAMES.get(number, word)}\n")
        else:
            shell.proc.out(f"{parse_signal(word) or ''}\n")
    return 0


# trap


@builtin("trap", special=True)
def _trap(shell: Shell, words: list[str]) -> int:
    arguments = words[2:] if words[1:2] == ["--"] else words[1:]
    if not arguments or arguments == ["-p"]:
        _print_traps(shell)
        return 0
    if arguments[0] == "-l":
        return _list_signals(shell, [])
    action: str | None = arguments[0]
    names = arguments[1:]
    if action == "-" or (not names and _signal(arguments[0]) is not None) or arguments[0].isdigit():
        names = names if action == "-" else arguments
        action = None
    status = 0
    for name in names:
        signum = _signal(name)
        if signum is None:
            status = _bad_trap(shell, name)
        else:
            set_trap(shell, signum, action)
    return status


def _signal(name: str) -> int | None:
    if name in ("EXIT", "0"):
        return EXIT
    return parse_signal(name)


def _bad_trap(shell: Shell, name: str) -> int:
    if shell.dialect.name == "sh":
        shell.proc.err(f"trap: {shell.dialect.say('trap', name)}\n")
    else:
        shell.complain("trap", name, builtin="trap")
    return 1


def _print_traps(shell: Shell) -> None:
    for signum in sorted(shell.traps):
        name = "EXIT" if signum == EXIT else NAMES[signum]
        prefix = "SIG" if shell.dialect.name == "bash" and signum != EXIT else ""
        shell.proc.out(f"trap -- {single(shell.traps[signum])} {prefix}{name}\n")


@builtin("times", special=True)
def _times(shell: Shell, words: list[str]) -> int:
    digits = "000000" if shell.dialect.name == "sh" else "000"
    line = f"0m0.{digits}s 0m0.{digits}s\n"
    shell.proc.out(line * 2)
    return 0
