"""The shell's own call stack, and how a subshell lives: run, traps at the end, exit status.

A `Call` that some steps yield is run here and its result handed back, so functions that call themselves a thousand
times need no depth of Python's stack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dockerlab.runtime.shell.errors import BreakLoop, Exit, Replaced, Return, ShellError
from dockerlab.runtime.shell.state import Call, Shell, Steps
from dockerlab.runtime.shell.syntax import Node
from dockerlab.runtime.shell.traps import run_exit_trap


def run_stack(steps: Steps) -> Steps:
    """Run steps with all that they call."""
    stack = [steps]
    answer: Any = None
    error: BaseException | None = None
    while stack:
        try:
            event = stack[-1].throw(error) if error is not None else stack[-1].send(answer)
        except StopIteration as stop:
            stack.pop()
            answer, error = stop.value, None
            continue
        except Exception as raised:
            stack.pop()
            answer, error = None, raised
            continue
        answer = error = None
        if isinstance(event, Call):
            stack.append(event.steps)
            continue
        answer = yield event
    if error is not None:
        raise error
    return int(answer)


def run_subshell(shell: Shell, node: Node, *, substitution: bool = False) -> Steps:
    """The whole life of a subshell that runs one command."""
    if substitution:
        shell.traced += 1
        if shell.dialect.name == "bash":
            shell.options.discard("errexit")
    return run_to_exit(shell, lambda: shell.interpreter.execute(shell, node, True))


def run_to_exit(shell: Shell, start: Callable[[], Steps]) -> Steps:
    """Run steps, and then what the end of a shell asks for; returns the exit status."""
    try:
        shell.status = yield from run_stack(guarded(shell, start()))
    except Replaced as replaced:
        return replaced.status
    return (yield from run_exit_trap(shell, lambda steps: run_stack(guarded(shell, steps))))


def guarded(shell: Shell, steps: Steps) -> Steps:
    """Steps whose jumps and errors end here, as a status."""
    try:
        return (yield from steps)
    except (Exit, Return) as jump:
        return jump.status
    except BreakLoop:
        return 0
    except ShellError as error:
        return shell.report(error)
