"""Word expansion (POSIX.1-2024 XCU 2.6): tilde, parameters, commands, arithmetic, then fields."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from typing import Any, TypeAlias, TypeVar

from dockerlab.errors import DockerlabError
from dockerlab.events import Wait
from dockerlab.runtime.container_user import find_user
from dockerlab.runtime.process import Pipe, Until
from dockerlab.runtime.shell.arithmetic import evaluate
from dockerlab.runtime.shell.errors import ShellError
from dockerlab.runtime.shell.fields import DEFAULT_IFS, Break, Piece, expand_braces, expand_path, split
from dockerlab.runtime.shell.parameters import expand_parameter
from dockerlab.runtime.shell.patterns import Run, is_pattern
from dockerlab.runtime.shell.stack import run_subshell
from dockerlab.runtime.shell.state import Shell, fork
from dockerlab.runtime.shell.syntax import Arithmetic, CommandSubstitution, HereDocument, Literal, Parameter, Part, Word

T = TypeVar("T")
_NUMBER = re.compile(r"\s*[-+]?(0[xX][0-9A-Fa-f]+|\d+)\s*")
Expanding: TypeAlias = Generator[Wait, Any, T]
Pieces: TypeAlias = list[Piece | Break]


def expand_words(shell: Shell, words: Iterable[Word]) -> Expanding[list[str]]:
    """The fields of words, with splitting and pathname expansion."""
    fields: list[str] = []
    for word in words:
        bare = word.bare
        if bare is not None and not any(char in bare for char in "*?[{~"):
            fields.append(bare)
            continue
        for each in expand_braces(word) if shell.dialect.has("braces") else (word,):
            pieces = yield from expand_parts(shell, each, tilde="word")
            ifs = shell.variables.get("IFS")
            for runs in split(pieces, DEFAULT_IFS if ifs is None else ifs):
                fields += _paths(shell, runs)
    return fields


def _paths(shell: Shell, runs: list[Run]) -> list[str]:
    text = "".join(text for text, _ in runs)
    if "noglob" not in shell.options and is_pattern(runs):
        return expand_path(shell.proc.fs, shell.proc.cwd, runs) or [text]
    return [text]


def expand_text(shell: Shell, word: Word, tilde: str = "assignment") -> Expanding[str]:
    """One text, neither split nor matched, as assignments and `case` want it."""
    pieces = yield from expand_parts(shell, word, tilde=tilde)
    return "".join(piece.text if isinstance(piece, Piece) else " " for piece in pieces)


def expand_pattern(shell: Shell, word: Word) -> Expanding[list[Run]]:
    """A pattern: text, with what was quoted marked."""
    pieces = yield from expand_parts(shell, word, tilde="word")
    return [(piece.text, piece.quoted) if isinstance(piece, Piece) else (" ", False) for piece in pieces]


def expand_document(shell: Shell, document: HereDocument) -> Expanding[str]:
    """The text of a here-document."""
    return (yield from expand_text(shell, document.body, tilde=""))


def expand_arithmetic(shell: Shell, word: Word) -> Expanding[int]:
    """The value of an arithmetic expression."""
    text = yield from expand_text(shell, word, tilde="")
    return evaluate(text, _Numbers(shell), posix=shell.dialect.name == "sh")


class _Numbers:
    """Variables as arithmetic sees them: `set -u` holds here too, and dash wants plain numbers."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def get(self, name: str) -> str | None:
        value = self._shell.variables.get(name)
        if value is None and "[" not in name and "nounset" in self._shell.options:
            raise ShellError("unbound", name)
        if value and self._shell.dialect.name == "sh" and not _NUMBER.fullmatch(value):
            raise ShellError("number", value)
        return value

    def set(self, name: str, value: str) -> None:
        self._shell.variables.set(name, value)


def expand_parts(shell: Shell, word: Word, tilde: str = "") -> Expanding[Pieces]:
    """All parts of a word expanded, not split yet; `tilde` is '', 'word' or 'assignment'."""
    pieces: Pieces = []
    for number, part in enumerate(word.parts):
        if isinstance(part, Literal):
            if tilde and not part.quoted and "~" in part.text:
                pieces += _tildes(shell, part.text, number == 0, tilde, number + 1 == len(word.parts))
            else:
                pieces.append(Piece(part.text, part.quoted))
        else:
            pieces += yield from _expand_part(shell, part)
    return pieces


def _expand_part(shell: Shell, part: Part) -> Expanding[Pieces]:
    if isinstance(part, Parameter):
        return (yield from expand_parameter(shell, part))
    if isinstance(part, Arithmetic):
        text = str((yield from expand_arithmetic(shell, part.expression)))
        return [Piece(text, part.quoted, split=not part.quoted)]
    assert isinstance(part, CommandSubstitution)
    text = yield from substitute(shell, part)
    return [Piece(text, part.quoted, split=not part.quoted)]


def substitute(shell: Shell, part: CommandSubstitution) -> Expanding[str]:
    """The output of a command, without the newlines at its end."""
    pipe = Pipe()
    fds = {**shell.proc.fds, 1: pipe.writer}
    process = fork(shell, lambda twin: run_subshell(twin, part.body, substitution=True), fds)
    data = yield from _drain(pipe)
    shell.foreground.append(process)
    shell.substitution_status = yield from shell.proc.wait(process)
    if shell.dialect.name == "bash":
        shell.status = shell.substitution_status
    shell.foreground.remove(process)
    return data.replace(b"\0", b"").decode("utf-8", "surrogateescape").rstrip("\n")


def _drain(pipe: Pipe) -> Expanding[bytes]:
    """All that is written to a pipe."""
    pieces = []
    while (piece := pipe.take(1 << 20)) != b"":
        if piece is None:
            yield Until(lambda: pipe.pending > 0 or pipe.finished)
        else:
            pieces.append(piece)
    return b"".join(pieces)


# Tildes (XCU 2.6.1).


def _tildes(shell: Shell, text: str, first: bool, where: str, last: bool) -> Pieces:
    """Literal text with its tilde-prefixes; in assignments they stand after ':' too."""
    separator = ":" if where == "assignment" else "\0"
    pieces: Pieces = []
    chunks = text.split(separator)
    for number, chunk in enumerate(chunks):
        if number:
            pieces.append(Piece(separator, False))
        starts = (first or number > 0) and chunk.startswith("~")
        name, slash, rest = chunk[1:].partition("/")
        whole = bool(slash) or last or number + 1 < len(chunks)
        home = _home(shell, name) if starts and whole else None
        if home is None:
            pieces.append(Piece(chunk, False))
        else:
            pieces += [Piece(home, True), Piece(slash + rest, False)]
    return pieces


def _home(shell: Shell, name: str) -> str | None:
    if not name:
        home = shell.variables.get("HOME")
        return find_user(shell.proc.fs, str(shell.proc.uid)).home if home is None else home
    if name in ("+", "-"):
        return shell.variables.get("PWD" if name == "+" else "OLDPWD")
    try:
        return find_user(shell.proc.fs, name).home
    except DockerlabError:
        return None
