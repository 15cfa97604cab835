"""Simple commands (POSIX.1-2024 XCU 2.9.1): expansion, assignments, redirections, and what the name stands for."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from types import GeneratorType
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import ProgramError, Stream, Turn
from dockerlab.runtime.shell.arithmetic import evaluate
from dockerlab.runtime.shell.builtins.registry import Builtin, find_builtin
from dockerlab.runtime.shell.errors import Exit, Fatal, RedirectError, Replaced, Return, ShellError
from dockerlab.runtime.shell.expansion import expand_text, expand_words
from dockerlab.runtime.shell.jobs import wait_for
from dockerlab.runtime.shell.programs import become, find_program, handed_on, program_failure
from dockerlab.runtime.shell.redirection import Changes, applied, apply_for_good, borrowed, open_redirects
from dockerlab.runtime.shell.scripts import run_file_as_script
from dockerlab.runtime.shell.state import Call, Shell, Steps, fork
from dockerlab.runtime.shell.syntax import Assignment, Node, Simple, Word
from dockerlab.runtime.shell.trace import trace_command

_DEEPEST = 1000
_DECLARING = frozenset({"export", "readonly", "local", "declare", "typeset"})
_ASSIGNMENT_WORD = re.compile(r"[A-Za-z_]\w*\+?=")


@dataclass(frozen=True)
class _Command:
    """A simple command after expansion."""

    words: list[str]
    assigned: list[tuple[Assignment, str | list[str]]]
    changes: Changes
    node: Simple

    @property
    def plain(self) -> list[tuple[str, str]]:
        """The assignments of single values."""
        return [(assignment.name, value) for assignment, value in self.assigned if isinstance(value, str)]


def check_errexit(shell: Shell, status: int) -> int:
    """End the shell where `set -e` says so (XCU set -e)."""
    if status and "errexit" in shell.options and not shell.unchecked:
        raise Exit(status)
    return status


def run_simple(shell: Shell, node: Simple, tail: bool) -> Steps:
    """Run a simple command."""
    shell.line = node.line
    shell.substitution_status = None
    words = yield from _words(shell, node)
    builtin = find_builtin(shell, words[0]) if words and words[0] not in shell.functions else None
    try:
        changes = yield from open_redirects(shell, node.redirects)
    except RedirectError as error:
        if builtin and builtin.special and shell.dialect.name != "bash":
            raise
        return check_errexit(shell, shell.report(error))
    assigned = yield from _assigned(shell, node.assignments)
    command = _Command(words, assigned, changes, node)
    trace_command(shell, command.plain, words)
    if not words:
        return check_errexit(shell, _assign_only(shell, command))
    if words[0] in shell.functions and not (builtin and builtin.special):
        return (yield from _call_function(shell, command))
    if builtin:
        return check_errexit(shell, (yield from _call_builtin(shell, builtin, command)))
    return check_errexit(shell, (yield from _call_program(shell, command, tail)))


# Expansion.


def _words(shell: Shell, node: Simple) -> Generator[Wait, Any, list[str]]:
    if not node.words:
        return []
    if node.words[0].bare not in _DECLARING:
        return (yield from expand_words(shell, node.words))
    # After `export` and its kin `name=value` is expanded as an assignment is: neither split nor matched.
    words: list[str] = []
    for word in node.words:
        if _looks_assigned(word):
            words.append((yield from expand_text(shell, word)))
        else:
            words += yield from expand_words(shell, [word])
    return words


def _looks_assigned(word: Word) -> bool:
    first = word.parts[0] if word.parts else None
    text = getattr(first, "text", "")
    return not getattr(first, "quoted", True) and bool(_ASSIGNMENT_WORD.match(text))


def _assigned(
    shell: Shell, assignments: tuple[Assignment, ...]
) -> Generator[Wait, Any, list[tuple[Assignment, str | list[str]]]]:
    found: list[tuple[Assignment, str | list[str]]] = []
    for assignment in assignments:
        value: str | list[str]
        if isinstance(assignment.value, tuple):
            value = yield from expand_words(shell, assignment.value)
        else:
            value = yield from expand_text(shell, assignment.value)
        if assignment.index is not None:
            assignment = yield from _with_index(shell, assignment)
        found.append((assignment, value))
    return found


def _with_index(shell: Shell, assignment: Assignment) -> Generator[Wait, Any, Assignment]:
    assert assignment.index is not None
    text = yield from expand_text(shell, assignment.index, tilde="")
    variable = shell.variables.find(assignment.name)
    if not (variable and variable.keyed):
        text = str(evaluate(text, shell.variables))
    return Assignment(f"{assignment.name}[{text}]", assignment.value, assignment.append)


def assign(shell: Shell, assignment: Assignment, value: str | list[str]) -> None:
    """Carry out an assignment."""
    variables = shell.variables
    if isinstance(value, list):
        old = dict(variables.elements(assignment.name)) if assignment.append else {}
        variables.set(assignment.name, _array(old, value))
        return
    variable = variables.find(assignment.name)
    if variable and variable.integer:
        value = str(evaluate(value, variables) + (int(variable.text or 0) if assignment.append else 0))
    elif assignment.append:
        value = (variables.get(assignment.name) or "") + value
    variables.set(assignment.name, value, export="allexport" in shell.options)


def _array(old: dict[str, str], values: list[str]) -> dict[str, str]:
    """The elements of `(a b [5]=c)`, behind those that are there already."""
    elements = dict(old)
    number = max((int(key) for key in old if key.isdigit()), default=-1) + 1
    for value in values:
        match = re.match(r"\[([^]]*)\]=(.*)", value, re.DOTALL)
        if match:
            elements[match[1]] = match[2]
            number = int(match[1]) + 1 if match[1].isdigit() else number
        else:
            elements[str(number)] = value
            number += 1
    return elements


def _assign_only(shell: Shell, command: _Command) -> int:
    for assignment, value in command.assigned:
        assign(shell, assignment, value)
    return shell.substitution_status or 0


def run_words(shell: Shell, words: list[str]) -> Steps:
    """`command name …`: a builtin or a program, never a function; a special builtin's errors end nothing."""
    builtin = find_builtin(shell, words[0])
    command = _Command(words, [], {}, Simple())
    if builtin:
        return (yield from _call_builtin(shell, Builtin(builtin.name, builtin.run), command))
    return (yield from _call_program(shell, command, False))


# What a name stands for.


def _call_function(shell: Shell, command: _Command) -> Steps:
    """A function: its own positional parameters, and assignments that end with it."""
    body = shell.functions[command.words[0]]
    with borrowed(shell.proc, command.changes):
        if shell.calls >= _DEEPEST:
            raise ShellError("too deep")
        yield Turn()
        shell.check_interrupt()
        status: int = yield Call(_function_steps(shell, body, command))
        return status


def _function_steps(shell: Shell, body: Node, command: _Command) -> Steps:
    parameters, shell.parameters = shell.parameters, command.words[1:]
    loops, shell.loops = shell.loops, 0
    shell.calls += 1
    shell.variables.push(name for name, _ in command.plain)
    for name, value in command.plain:
        shell.variables.set(name, value, export=True)
    try:
        return (yield from shell.interpreter.execute(shell, body))
    except Return as jump:
        return jump.status
    finally:
        shell.variables.pop()
        shell.calls -= 1
        shell.parameters, shell.loops = parameters, loops


def _call_builtin(shell: Shell, builtin: Builtin, command: _Command) -> Steps:
    keeps = not command.plain or (builtin.special and shell.dialect.name != "bash")
    if not keeps:
        shell.variables.push(name for name, _ in command.plain)
    try:
        for name, value in command.plain:
            shell.variables.set(name, value, export=not keeps)
        with borrowed(shell.proc, command.changes) as keep:
            if command.words == ["exec"]:
                keep()
            for assignment in command.node.arrays:
                yield from _declare_array(shell, assignment)
            words = [*command.words, *(assignment.name for assignment in command.node.arrays)]
            result = builtin.run(shell, words)
            return (yield from result) if isinstance(result, GeneratorType) else int(result)  # type: ignore[arg-type]
    except ShellError as error:
        if (builtin.special and shell.dialect.name != "bash") or isinstance(error, (RedirectError, Fatal)):
            raise
        return shell.report(error)
    except FileSystemError as error:
        shell.message(f"write error: {error.strerror}", builtin=command.words[0])
        return 1
    finally:
        if not keeps:
            shell.variables.pop()


def _declare_array(shell: Shell, assignment: Assignment) -> Generator[Wait, Any, None]:
    """`declare a=(…)`: the value first, then the marks by name."""
    assert isinstance(assignment.value, tuple)
    values = yield from expand_words(shell, assignment.value)
    if shell.calls:
        shell.variables.local(assignment.name)
    assign(shell, assignment, values)


# Programs.


def _call_program(shell: Shell, command: _Command, tail: bool) -> Steps:
    env = handed_on(shell, dict(command.plain))
    fds = applied(shell.proc.fds, command.changes)
    try:
        found = find_program(shell, command.words, env)
    except ProgramError as error:
        if error.text:
            return (yield from _run_script(shell, error.file, command, fds))
        with borrowed(shell.proc, command.changes):
            return program_failure(shell, error)
    if shell.dialect.name == "bash":
        env["_"] = command.words[0] if "/" in command.words[0] else found.path
    if tail and not shell.traps and not shell.jobs:
        apply_for_good(shell.proc, command.changes)
        raise Replaced((yield from become(shell, found, env)))
    try:
        child = shell.proc.launch(found, env=env, cwd=shell.proc.cwd, user=shell.proc, fds=fds)
    except FileSystemError:
        raise ShellError("no fork") from None
    return (yield from wait_for(shell, [child]))[0]


def _run_script(shell: Shell, path: str, command: _Command, fds: Mapping[int, Stream]) -> Steps:
    """A file without `#!`: the kernel refuses it, so a shell reads it itself (XCU 2.9.1.6)."""
    words = command.words
    child = fork(shell, lambda twin: run_file_as_script(twin, path, words), fds)
    return (yield from wait_for(shell, [child]))[0]
