"""Scripts: reading text line by line and running each command as soon as it is complete."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.shell.dialects import Dialect
from dockerlab.runtime.shell.errors import Exit, Interrupt, ShellError, ShellSyntaxError
from dockerlab.runtime.shell.parser import Parser
from dockerlab.runtime.shell.stack import run_to_exit
from dockerlab.runtime.shell.state import Shell, Steps
from dockerlab.runtime.shell.syntax import AndOr, HereDocument, Node, Sequence, Simple
from dockerlab.runtime.shell.traps import run_pending
from dockerlab.runtime.shell.variables import Variables

SYNTAX_STATUS, INTERRUPTED = 2, 130


def parser_for(shell: Shell, text: str, line: int = 1) -> Parser:
    """A parser of the shell's dialect; bash expands aliases only for people."""
    aliases = shell.aliases if shell.dialect.name != "bash" or shell.interactive else {}
    return Parser(text, shell.dialect, line=line, aliases=aliases)


def run_text(shell: Shell, text: str, *, line: int = 1, tail: bool = False) -> Steps:
    """Run a text; a syntax error ends it with a message, after what came before has run."""
    parser = parser_for(shell, text, line)
    status = 0
    while True:
        try:
            node = parser.line()
        except ShellSyntaxError as error:
            shell.status = report_syntax(shell, error, text)
            if shell.dialect.name == "bash":
                return shell.status
            raise Exit(SYNTAX_STATUS) from None
        if node is None:
            return status
        if parser.lexer.unfinished:
            _warn_of_document(shell, parser.lexer.unfinished, parser.lexer.line)
        if "noexec" in shell.options:
            continue
        last = tail and parser.finished and _may_replace(shell.dialect, node)
        status = shell.status = yield from shell.interpreter.execute(shell, node, last)


def _warn_of_document(shell: Shell, document: HereDocument, line: int) -> None:
    """bash says so when the end of a here-document is missing."""
    if shell.dialect.name == "bash":
        shell.line = line - 1
        wanted = f"delimited by end-of-file (wanted `{document.delimiter}')"
        shell.message(f"warning: here-document at line {document.line} {wanted}")


def _may_replace(dialect: Dialect, node: Node) -> bool:
    """Whether the last command may take the shell's place."""
    if dialect.execs_last != "list":
        return bool(dialect.execs_last)
    if isinstance(node, Sequence):
        return bool(node.items) and _may_replace(dialect, node.items[-1].command)
    if isinstance(node, AndOr):
        return _may_replace(dialect, node.rest[-1][1])
    return isinstance(node, Simple)


def run_lines(shell: Shell, read: Callable[[], Generator[Wait, Any, str]], prompt: Callable[[bool], None]) -> Steps:
    """Run a script that comes line by line; commands read on where the shell stopped reading (XCU sh, stdin)."""
    line, status = 1, 0
    while True:
        try:
            prompt(False)
            text = yield from read()
            if not text:
                return status
            more = "?"
            while (nodes := _all_lines(shell, text, line, final=not more)) is None:
                prompt(True)
                more = yield from read()
                text += more
            line += text.count("\n")
            for node in nodes:
                status = yield from _one(shell, node)
        except Interrupt:
            if not shell.interactive:
                raise
            shell.interrupted = False
            status = shell.status = INTERRUPTED
            shell.proc.err("\n")


def _one(shell: Shell, node: Sequence) -> Steps:
    try:
        status = shell.status = yield from shell.interpreter.execute(shell, node)
        yield from run_pending(shell)
    except ShellError as error:
        if not shell.interactive:
            raise
        status = shell.status = shell.report(error)
    return status


def _all_lines(shell: Shell, text: str, line: int, final: bool) -> list[Sequence] | None:
    """The commands of a text; None when more text belongs to it. A syntax error ends who is no person."""
    parser = parser_for(shell, text, line)
    nodes = []
    try:
        while (node := parser.line()) is not None:
            nodes.append(node)
    except ShellSyntaxError as error:
        if error.incomplete and not final:
            return None
        shell.status = report_syntax(shell, error, text, line)
        if not shell.interactive:
            raise Exit(SYNTAX_STATUS) from None
        return []
    return None if parser.lexer.unfinished and not final else nodes


def run_file_as_script(shell: Shell, path: str, words: list[str]) -> Steps:
    """Read a file as a new shell would."""
    text = shell.proc.fs.read(path).decode("utf-8", "surrogateescape")
    shell.name, shell.place, shell.parameters = path if "/" not in words[0] else words[0], "file", list(words[1:])
    shell.functions, shell.aliases = {}, {}
    shell.variables = Variables(shell.variables.environment())
    return (yield from run_to_exit(shell, lambda: run_text(shell, text)))


def read_script(shell: Shell, path: str) -> str:
    """A script's text; raises FileSystemError."""
    full = shell.proc.path(path)
    status = shell.proc.fs.stat(full)
    if status.kind == "d":
        raise FileSystemError(21, path)
    return shell.proc.fs.read(full).decode("utf-8", "surrogateescape")


def report_syntax(shell: Shell, error: ShellSyntaxError, text: str, first: int = 1) -> int:
    """Print a syntax error as the dialect does; returns the status 2."""
    saved, shell.line = shell.line, error.line
    _REPORTS[shell.dialect.name](shell, error, text, first)
    shell.line = saved
    return SYNTAX_STATUS


def _report_dash(shell: Shell, error: ShellSyntaxError, text: str, first: int) -> None:
    expected = f' (expecting "{error.expected}")' if error.expected else ""
    shell.message(f"Syntax error: {error.text or f'{error.found} unexpected{expected}'}")


def _report_ash(shell: Shell, error: ShellSyntaxError, text: str, first: int) -> None:
    expected = f' (expecting "{error.expected}")' if error.expected else ""
    words = error.text[:1].lower() + error.text[1:] if not error.text.startswith("EOF") else error.text
    found = "unexpected end of file" if error.incomplete else f"unexpected {error.found}"
    shell.message(f"syntax error: {words or found + expected}")


def _report_bash(shell: Shell, error: ShellSyntaxError, text: str, first: int) -> None:
    lines = text.split("\n")
    if error.unclosed:
        shell.line = error.start
        _bash_line(shell, f"unexpected EOF while looking for matching `{error.bash}'")
    elif error.incomplete:
        shell.line = max(shell.line, first - 1 + len(lines) - (lines[-1] == "") + 1)
        _bash_line(shell, "syntax error: unexpected end of file")
    else:
        token = "newline" if error.bash in ("", "\n") else error.bash
        _bash_line(shell, f"syntax error near unexpected token `{token}'")
        number = error.line - first
        _bash_line(shell, f"`{lines[number] if number < len(lines) else ''}'")


def _bash_line(shell: Shell, text: str) -> None:
    middle = "" if shell.interactive else f"line {shell.line}: "
    place = f"{shell.builtin}: " if shell.builtin else "-c: " if shell.place.startswith("-c") else ""
    shell.proc.err(f"{shell.name}: {place}{middle}{text}\n")


_REPORTS = {"sh": _report_dash, "ash": _report_ash, "bash": _report_bash}
