"""Children: waiting for those in the foreground, remembering those in the background (POSIX.1-2024 XCU 2.11)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.kernel import TURNS
from dockerlab.runtime.process import Process, Until
from dockerlab.runtime.shell.state import Job, Shell
from dockerlab.runtime.signals import DESCRIPTIONS, SIGINT, SIGQUIT, SIGTERM, SIGXCPU

_BASH_WIDTH = 24
_DASH_WIDTH = 27


def wait_for(shell: Shell, children: Sequence[Process]) -> Generator[Wait, Any, list[int]]:
    """Wait for foreground children; says so when a signal ended one. Traps wait as well (XCU 2.11)."""
    shell.foreground += children
    try:
        for child in reversed(children):
            if not child.is_over():
                yield Until(child.is_over, on=child)
    finally:
        for child in children:
            shell.foreground.remove(child)
    codes = [shell.proc.reap(child) for child in children]
    shell.check_interrupt()
    report_end(shell, children[-1])
    return codes


def obey_keyboard(shell: Shell) -> None:
    """What signals do to a shell that a person types into: Ctrl-C drops the line, and so does a line without end."""

    def interrupted(signum: int) -> None:
        shell.interrupted = True

    shell.proc.handlers |= {SIGINT: interrupted, SIGXCPU: lambda signum: drop_endless(shell), SIGQUIT: "ignore"}


def drop_endless(shell: Shell) -> None:
    """The line loops for ever: drop it, not the shell."""
    if not shell.interrupted:
        shell.proc.err(f"{shell.name}: stopped by dockerlab after {TURNS} turns without a pause (an endless loop?)\n")
    shell.interrupted = True


def report_end(shell: Shell, child: Process) -> None:
    """The line about a child that a signal ended."""
    text = DESCRIPTIONS.get(child.signum or 0)
    if text is None:
        return
    if shell.dialect.name == "bash" and child.signum != SIGTERM and not shell.interactive:
        shell.message(f"{child.pid:5} {text:<{_BASH_WIDTH}}{shell.text}")
    else:
        shell.proc.err(f"{text}\n")


def add_job(shell: Shell, process: Process, text: str) -> None:
    """Remember a background command."""
    number = max((job.number for job in shell.jobs), default=0) + 1
    shell.jobs.append(Job(number, process, text))
    shell.last_background = process.pid
    if shell.interactive and not shell.subshells:  # a subshell has no job control to tell of
        process.pgid = process.pid  # so that Ctrl-C does not reach it
        shell.proc.err(f"[{number}] {process.pid}\n")


def find_job(shell: Shell, text: str) -> Job | None:
    """The job that '%1', '%+', '%%', '%-', '%name' or a pid mean."""
    if not text.startswith("%"):
        return next((job for job in shell.jobs if str(job.process.pid) == text), None)
    name = text[1:]
    if name in ("", "%", "+"):
        return shell.jobs[-1] if shell.jobs else None
    if name == "-":
        return shell.jobs[-2] if len(shell.jobs) > 1 else None
    if name.isdigit():
        return next((job for job in shell.jobs if job.number == int(name)), None)
    return next((job for job in reversed(shell.jobs) if job.text.startswith(name)), None)


def describe(shell: Shell, job: Job) -> str:
    """A job's line, as `jobs` prints it."""
    place = shell.jobs.index(job)
    mark = {len(shell.jobs) - 1: "+", len(shell.jobs) - 2: "-"}.get(place, " ")
    state = _state(job)
    if shell.dialect.name == "bash":
        tail = " &" if state == "Running" else ""
        return f"[{job.number}]{mark}  {state:<{_BASH_WIDTH}}{job.text}{tail}\n"
    text = job.text if shell.interactive else ""
    if shell.dialect.name == "ash":
        return f"[{job.number}]{mark}  {state:<{_DASH_WIDTH}}{text}\n"
    return f"[{job.number}] {mark} {state:<{_DASH_WIDTH}}{text}\n"


def _state(job: Job) -> str:
    process = job.process
    if process.exit_code is None:
        return "Stopped" if process.stopped else "Running"
    if process.signum is not None:
        return DESCRIPTIONS.get(process.signum, f"Signal {process.signum}")
    return f"Done({process.exit_code})" if process.exit_code else "Done"


def notify_ended(shell: Shell) -> None:
    """Tell a person which background commands have ended since the last line."""
    ended = [job for job in shell.jobs if job.process.exit_code is not None]
    for job in ended:
        shell.proc.err(describe(shell, job))
    for job in ended:
        forget(shell, job)


def forget(shell: Shell, job: Job) -> int:
    """Take a finished job's status; it is no job any more."""
    shell.jobs.remove(job)
    return shell.proc.reap(job.process)
