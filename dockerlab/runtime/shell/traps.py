"""Traps (POSIX.1-2024 XCU trap): actions for signals, which run between commands, and for the shell's end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.shell.errors import Exit
from dockerlab.runtime.shell.state import Shell, Steps

EXIT = 0


def set_trap(shell: Shell, signum: int, action: str | None) -> None:
    """Set, ignore ('') or reset (None) what a signal does."""
    if action is None:
        shell.traps.pop(signum, None)
    else:
        shell.traps[signum] = action
    if signum == EXIT:
        return
    if action is None:
        shell.proc.handlers.pop(signum, None)
    elif not action:
        shell.proc.handlers[signum] = "ignore"
    else:
        shell.proc.handlers[signum] = shell.pending.append


def run_pending(shell: Shell) -> Generator[Wait, Any, None]:
    """Run the actions of the signals that came in meanwhile; the status stays what it was."""
    while shell.pending:
        action = shell.traps.get(shell.pending.pop(0), "")
        if action:
            yield from _run(shell, action)


def _run(shell: Shell, action: str) -> Generator[Wait, Any, None]:
    status, line = shell.status, shell.line
    yield from shell.interpreter.run_text(shell, action)
    shell.status, shell.line = status, line


def run_exit_trap(shell: Shell, guard: Callable[[Steps], Steps]) -> Steps:
    """Run the EXIT action once; an `exit` in it decides on the status."""
    status = shell.status
    action = shell.traps.pop(EXIT, "")
    if not action:
        return status
    return (yield from guard(_exit_action(shell, action, status)))


def _exit_action(shell: Shell, action: str, status: int) -> Steps:
    try:
        yield from shell.interpreter.run_text(shell, action)
    except Exit as jump:
        return jump.status
    return status
