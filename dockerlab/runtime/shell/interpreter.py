"""Running commands: one small function for each kind of node (POSIX.1-2024 XCU 2.9)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Null, Pipe, Process
from dockerlab.runtime.shell.conditions import run_test
from dockerlab.runtime.shell.errors import RedirectError, ShellError
from dockerlab.runtime.shell.expansion import expand_arithmetic, expand_pattern, expand_text
from dockerlab.runtime.shell.jobs import add_job, wait_for
from dockerlab.runtime.shell.loops import run_counting, run_for, run_while
from dockerlab.runtime.shell.patterns import matcher
from dockerlab.runtime.shell.redirection import borrowed, open_redirects
from dockerlab.runtime.shell.simple import check_errexit, run_simple
from dockerlab.runtime.shell.stack import run_subshell
from dockerlab.runtime.shell.state import Shell, Steps, fork
from dockerlab.runtime.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    ArithmeticFor,
    Case,
    For,
    Function,
    Group,
    If,
    Item,
    Node,
    Pipeline,
    Redirected,
    Sequence,
    Simple,
    Subshell,
    Test,
    While,
    Word,
)
from dockerlab.runtime.shell.trace import trace
from dockerlab.runtime.shell.traps import run_pending


def execute(shell: Shell, node: Node, tail: bool = False) -> Steps:
    """The steps of a command; its status is what they return, and `shell.status`."""
    return _RUN[type(node)](shell, node, tail)


def _sequence(shell: Shell, node: Sequence, tail: bool) -> Steps:
    status = 0
    for number, item in enumerate(node.items):
        shell.text = item.text
        if item.background:
            status = shell.status = _background(shell, item)
        else:
            last = tail and number + 1 == len(node.items)
            status = shell.status = yield from execute(shell, item.command, last)
        if shell.pending:
            yield from run_pending(shell)
            status = shell.status
    return status


def _background(shell: Shell, item: Item) -> int:
    """`command &`: without job control its input is /dev/null (XCU 2.9.3.1)."""
    fds = shell.proc.fds if shell.interactive else {**shell.proc.fds, 0: Null()}
    process = forked(shell, item.command, fds)
    add_job(shell, process, item.text)
    return 0


def forked(shell: Shell, node: Node, fds: Any = None) -> Process:
    """A subshell that runs a command beside the shell; a machine that is full ends the shell."""
    try:
        return fork(shell, lambda twin: run_subshell(twin, node), fds)
    except FileSystemError:
        raise ShellError("no fork") from None


def _and_or(shell: Shell, node: AndOr, tail: bool) -> Steps:
    shell.unchecked += 1
    try:
        status = shell.status = yield from execute(shell, node.first)
        for operator, command in node.rest[:-1]:
            if (status == 0) == (operator == "&&"):
                status = shell.status = yield from execute(shell, command)
    finally:
        shell.unchecked -= 1
    operator, command = node.rest[-1]
    if (status == 0) == (operator == "&&"):
        status = shell.status = yield from execute(shell, command, tail)
    return status


def _pipeline(shell: Shell, node: Pipeline, tail: bool) -> Steps:
    started = shell.proc.kernel.clock.now
    shell.unchecked += node.negated
    try:
        if len(node.commands) == 1:
            status = yield from execute(shell, node.commands[0])
        else:
            status = yield from _side_by_side(shell, node)
    finally:
        shell.unchecked -= node.negated
    if node.timed:
        seconds = (shell.proc.kernel.clock.now - started) / 1e9
        shell.proc.err(f"\nreal\t{int(seconds // 60)}m{seconds % 60:.3f}s\nuser\t0m0.000s\nsys\t0m0.000s\n")
    if node.negated:
        return int(status == 0)
    shell.status = status
    return check_errexit(shell, status) if len(node.commands) > 1 else status


def _side_by_side(shell: Shell, node: Pipeline) -> Steps:
    stages: list[Process] = []
    before: Pipe | None = None
    for number, command in enumerate(node.commands):
        fds = dict(shell.proc.fds)
        if before is not None:
            fds[0] = before.reader
        if number + 1 < len(node.commands):
            before = Pipe()
            fds[1] = before.writer
            if node.stderr_too[number]:
                fds[2] = before.writer
        stages.append(forked(shell, command, fds))
    codes = yield from wait_for(shell, stages)
    if shell.dialect.has("arrays"):
        shell.variables.set("PIPESTATUS", {str(number): str(code) for number, code in enumerate(codes)})
    if "pipefail" in shell.options:
        return next((code for code in reversed(codes) if code), 0)
    return codes[-1]


def _redirected(shell: Shell, node: Redirected, tail: bool) -> Steps:
    shell.line = node.line
    try:
        changes = yield from open_redirects(shell, node.redirects)
    except RedirectError as error:
        return check_errexit(shell, shell.report(error))
    with borrowed(shell.proc, changes):
        return (yield from execute(shell, node.command))


def _subshell(shell: Shell, node: Subshell, tail: bool) -> Steps:
    if tail and not shell.traps:
        return (yield from run_subshell(shell, node.body))
    codes = yield from wait_for(shell, [forked(shell, node.body)])
    return check_errexit(shell, codes[0])


def _group(shell: Shell, node: Group, tail: bool) -> Steps:
    return execute(shell, node.body, tail)


def _condition(shell: Shell, node: Node) -> Steps:
    """A command whose failure is an answer, not an error for `set -e`."""
    shell.unchecked += 1
    try:
        return (yield from execute(shell, node))
    finally:
        shell.unchecked -= 1


def _if(shell: Shell, node: If, tail: bool) -> Steps:
    for condition, body in node.branches:
        if (yield from _condition(shell, condition)) == 0:
            return (yield from execute(shell, body, tail))
    if node.otherwise is None:
        return 0
    return (yield from execute(shell, node.otherwise, tail))


def _case(shell: Shell, node: Case, tail: bool) -> Steps:
    shell.line = node.line
    subject = yield from expand_text(shell, node.subject, tilde="word")
    trace(shell, f"case {node.text} in", only="bash")
    status, falls = 0, False
    for choice in node.choices:
        if not falls and not (yield from _matches(shell, subject, choice.patterns)):
            continue
        status = yield from execute(shell, choice.body, tail and choice.end == ";;")
        if choice.end == ";;":
            break
        falls = choice.end == ";&"
    return status


def _matches(shell: Shell, subject: str, patterns: tuple[Word, ...]) -> Generator[Wait, Any, bool]:
    for pattern in patterns:
        runs = yield from expand_pattern(shell, pattern)
        if matcher(runs).fullmatch(subject):
            return True
    return False


def _function(shell: Shell, node: Function, tail: bool) -> Steps:
    shell.functions[node.name] = node.body
    return 0
    yield  # a generator that never waits


def _test(shell: Shell, node: Test, tail: bool) -> Steps:
    shell.line = node.line
    status = int(not (yield from run_test(shell, node)))
    return check_errexit(shell, status)


def _arithmetic(shell: Shell, node: ArithmeticCommand, tail: bool) -> Steps:
    shell.line = node.line
    try:
        value = yield from expand_arithmetic(shell, node.expression)
    except ShellError as error:
        error.builtin = "(("
        shell.report(error)
        value = 0
    return check_errexit(shell, int(value == 0))


_RUN: dict[type, Callable[[Shell, Any, bool], Steps]] = {
    Simple: run_simple,
    Sequence: _sequence,
    AndOr: _and_or,
    Pipeline: _pipeline,
    Redirected: _redirected,
    Subshell: _subshell,
    Group: _group,
    If: _if,
    While: run_while,
    For: run_for,
    ArithmeticFor: run_counting,
    Case: _case,
    Function: _function,
    Test: _test,
    ArithmeticCommand: _arithmetic,
}
