"""The program `sh` (and ash, dash, bash): its command line (POSIX.1-2024 XCU sh), and where its script comes from."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.shell.builtins.listing import apply_options
from dockerlab.runtime.shell.dialects import dialect_of
from dockerlab.runtime.shell.errors import Exit, ShellError
from dockerlab.runtime.shell.jobs import notify_ended, obey_keyboard
from dockerlab.runtime.shell.scripts import read_script, run_lines, run_text
from dockerlab.runtime.shell.stack import run_to_exit
from dockerlab.runtime.shell.state import Shell, Steps
from dockerlab.runtime.shell.wiring import new_shell

_VERSIONS = {
    "bash": "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n",
}


@dataclass
class _CommandLine:
    """The words of `sh …` sorted out."""

    options: list[str] = field(default_factory=list)
    command: bool = False
    interactive: bool = False
    from_stdin: bool = False
    login: bool = False
    operands: list[str] = field(default_factory=list)


def main(proc: Process) -> Steps | int:
    """Run a shell as a program."""
    name = posixpath.basename(proc.argv[0]).lstrip("-") or "sh"
    dialect = dialect_of(posixpath.basename(name), proc.flavour)
    shown = proc.argv[0].lstrip("-") or "sh"
    if dialect.name == "bash" and "--version" in proc.argv[1:2]:
        proc.out(_VERSIONS["bash"])
        return 0
    line = _parse(proc.argv)
    shell = new_shell(proc, dialect, shown, "-c" if line.command else "file" if line.operands else "stdin")
    try:
        apply_options(shell, [name, *line.options])
    except ShellError as error:
        return shell.report(error)
    return _start(shell, line)


def _parse(words: list[str]) -> _CommandLine:
    line, at = _CommandLine(login=words[0].startswith("-")), 1
    while at < len(words) and words[at][:1] in ("-", "+") and len(words[at]) > 1:
        word, at = words[at], at + 1
        if word == "--":
            break
        if word.startswith("--"):
            line.login = line.login or word == "--login"
            continue
        line.command = line.command or "c" in word
        line.interactive = line.interactive or "i" in word
        line.from_stdin = line.from_stdin or "s" in word
        line.login = line.login or "l" in word
        rest = "".join(letter for letter in word[1:] if letter not in "cisl")
        if rest:
            line.options.append(word[0] + rest)
        if "o" in rest and at < len(words):
            line.options.append(words[at])
            at += 1
    line.operands = words[at + (words[at : at + 1] == ["-"]) :]
    return line


def _start(shell: Shell, line: _CommandLine) -> Steps | int:
    if line.command:
        return _run_command(shell, line.operands)
    if line.operands and not line.from_stdin:
        return _run_file(shell, line.operands)
    shell.parameters = line.operands
    if line.interactive or (shell.proc.is_terminal(0) and shell.proc.is_terminal(2)):
        shell.options.add("interactive")
        obey_keyboard(shell)
    return run_to_exit(shell, lambda: _interactive(shell, line.login))


def _run_command(shell: Shell, operands: list[str]) -> Steps | int:
    if not operands:
        shell.proc.err(f"{shell.name}: {'0: ' if shell.dialect.name == 'sh' else ''}-c requires an argument\n")
        return 2
    if len(operands) > 1:
        shell.name, shell.place = operands[1], "-c name"
    shell.parameters = operands[2:]
    return run_to_exit(shell, lambda: run_text(shell, operands[0], tail=True))


def _run_file(shell: Shell, operands: list[str]) -> Steps | int:
    try:
        text = read_script(shell, operands[0])
    except FileSystemError as error:
        return _cannot_open(shell, operands[0], error)
    if "\0" in text[:80] and shell.dialect.name == "bash":
        shell.proc.err(f"{shell.name}: {operands[0]}: cannot execute binary file\n")
        return 126
    shell.name, shell.parameters = operands[0], operands[1:]
    return run_to_exit(shell, lambda: run_text(shell, text))


def _cannot_open(shell: Shell, path: str, error: FileSystemError) -> int:
    if shell.dialect.name == "sh":
        shell.proc.err(f"{shell.name}: 0: cannot open {path}: {error.strerror.replace(' or directory', '')}\n")
        return 2
    if shell.dialect.name == "ash":
        shell.proc.err(f"{shell.name}: can't open '{path}': {error.strerror}\n")
        return 2
    shell.proc.err(f"{shell.name}: {path}: {error.strerror}\n")
    return 126 if error.name == "EISDIR" else 127


def _interactive(shell: Shell, login: bool) -> Steps:
    """Commands from standard input, with prompts for a person."""
    if login and shell.proc.fs.is_file("/etc/profile"):
        yield from run_text(shell, read_script(shell, "/etc/profile"))
    if shell.interactive:
        shell.place = "interactive"
    try:
        status = yield from run_lines(shell, lambda: _read_line(shell), _prompter(shell))
    except Exit:
        _farewell(shell)
        raise
    _farewell(shell)
    return status


def _farewell(shell: Shell) -> None:
    """bash says to a person that it ends."""
    if shell.interactive and shell.dialect.name == "bash":
        shell.proc.err("exit\n")


def _read_line(shell: Shell) -> Generator[Wait, Any, str]:
    line: bytes = yield from shell.readline()
    return line.decode("utf-8", "surrogateescape")


def _prompter(shell: Shell) -> Callable[[bool], None]:
    def prompt(more: bool) -> None:
        if shell.interactive:
            if not more:
                notify_ended(shell)
            shell.proc.err(expand_prompt(shell, shell.variables.get("PS2" if more else "PS1") or ""))

    return prompt


def expand_prompt(shell: Shell, text: str) -> str:
    """The few sequences that prompts are made of (bash(1), PROMPTING)."""
    home, cwd = shell.variables.get("HOME") or "", shell.proc.cwd
    shown = f"~{cwd[len(home) :]}" if home not in ("", "/") and (cwd == home or cwd.startswith(f"{home}/")) else cwd
    values = {
        "\\u": shell.variables.get("USER") or ("root" if shell.proc.uid == 0 else "user"),
        "\\h": shell.proc.hostname.partition(".")[0],
        "\\w": shown,
        "\\W": posixpath.basename(shown) or "/",
        "\\$": "#" if shell.proc.uid == 0 else "$",
        "\\n": "\n",
        "\\[": "",
        "\\]": "",
    }
    for sequence, value in values.items():
        text = text.replace(sequence, value)
    return "# " if text == "$ " and shell.proc.uid == 0 else text
