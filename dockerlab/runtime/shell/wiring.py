"""Puts the interpreter together: who runs commands needs who expands words, and the other way round."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.shell import expansion, interpreter, scripts, simple
from dockerlab.runtime.shell.builtins import (
    flow,
    input,
    limits,
    listing,
    looking,
    output,
    places,
    processes,
    testing,
    values,
)
from dockerlab.runtime.shell.dialects import Dialect
from dockerlab.runtime.shell.fields import Break, Piece
from dockerlab.runtime.shell.state import Shell, Steps
from dockerlab.runtime.shell.syntax import Node, Word
from dockerlab.runtime.shell.variables import Variables

BUILTIN_MODULES = (flow, input, limits, listing, looking, output, places, processes, testing, values)
"""Importing them registers what they hold."""


class Wired:
    """The interpreter as the state of a shell sees it."""

    def execute(self, shell: Shell, node: Node, tail: bool = False) -> Steps:
        """Run a command."""
        return interpreter.execute(shell, node, tail)

    def run_text(self, shell: Shell, text: str) -> Steps:
        """Parse and run a text."""
        return scripts.run_text(shell, text, line=max(shell.line, 1))

    def run_words(self, shell: Shell, words: list[str]) -> Steps:
        """Run a builtin or a program."""
        return simple.run_words(shell, words)

    def expand_parts(self, shell: Shell, word: Word, tilde: str = "") -> Generator[Wait, Any, list[Piece | Break]]:
        """Expand a word's parts."""
        return expansion.expand_parts(shell, word, tilde)


_WIRED = Wired()


def new_shell(proc: Process, dialect: Dialect, name: str, place: str) -> Shell:
    """A shell with the variables that it starts with (XCU 2.5.3)."""
    shell = Shell(proc, dialect, _WIRED, name, place, variables=Variables(proc.env))
    variables = shell.variables
    variables.set("PWD", proc.cwd, export=True)
    variables.set("IFS", " \t\n")
    variables.set("OPTIND", "1")
    if dialect.name != "sh":
        level = variables.get("SHLVL") or "0"
        variables.set("SHLVL", str(int(level) + 1 if level.isdigit() else 1), export=True)
    for mark, text in (("PS1", dialect.prompt), ("PS2", "> "), ("PS4", "+ ")):
        if variables.get(mark) is None:
            variables.set(mark, text)
    if dialect.name == "bash":
        variables.set("BASH", f"/bin/{dialect.name}")
        variables.set("BASH_VERSION", "5.2.15(1)-release")
        variables.set("HOSTNAME", proc.hostname)
        variables.set("EUID", str(proc.uid))
        variables.set("UID", str(proc.uid))
    return shell
