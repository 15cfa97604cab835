"""Parameter expansion (POSIX.1-2024 XCU 2.6.2, and bash's additions): `${name:-word}`, `%`, `#`, `/`, `:`, arrays."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeAlias

from dockerlab.events import Wait
from dockerlab.runtime.shell.arithmetic import evaluate
from dockerlab.runtime.shell.errors import ShellError
from dockerlab.runtime.shell.fields import Break, Piece
from dockerlab.runtime.shell.patterns import Run, expression, marked
from dockerlab.runtime.shell.quoting import quote
from dockerlab.runtime.shell.state import Shell
from dockerlab.runtime.shell.syntax import Parameter, Word

Pieces: TypeAlias = list[Piece | Break]
Expanding: TypeAlias = Generator[Wait, Any, Pieces]
Editing: TypeAlias = Generator[Wait, Any, "Callable[[str], str]"]


def expand_parameter(shell: Shell, part: Parameter) -> Expanding:
    """What a parameter stands for."""
    if part.operator == "bad":
        raise ShellError("bad substitution", part.name)
    if part.indirect and part.index is not None and part.index.bare in ("@", "*"):
        return _list(shell, list(shell.variables.elements(part.name)), part.quoted, joined=part.index.bare == "*")
    if part.indirect:
        target = shell.parameter(part.name) or ""
        part = Parameter(target, part.operator, part.argument, part.other, part.index, False, part.quoted)
    name = yield from _subscripted(shell, part)
    values = _values(shell, name)
    if part.operator == "length":
        return _length(shell, part, name, values)
    if part.operator == "names":
        names = [each for each in shell.variables.names() if each.startswith(part.name)]
        return _list(shell, names, part.quoted, joined=False)
    if part.operator in _CONDITIONAL:
        return (yield from _conditional(shell, part, name, values))
    values = _required(shell, part, name, values)
    if part.operator == ":" and part.argument is not None:
        values = yield from _slice(shell, part, name, values)
    elif part.operator:
        edit = yield from _EDITS[part.operator](shell, part)
        values = [edit(value) for value in values]
    return _present(shell, part, name, values)


def _subscripted(shell: Shell, part: Parameter) -> Generator[Wait, Any, str]:
    """The parameter's name, with the value of its subscript: 'a[0]', 'a[@]', 'a'."""
    if part.index is None:
        return part.name
    text = yield from _text(shell, part.index)
    if text in ("@", "*"):
        return f"{part.name}[{text}]"
    variable = shell.variables.find(part.name)
    if variable is not None and variable.keyed:
        return f"{part.name}[{text}]"
    number = evaluate(text, shell.variables)
    if number < 0:
        number += max((int(key) for key in shell.variables.elements(part.name)), default=-1) + 1
    return f"{part.name}[{number}]"


def _text(shell: Shell, word: Word) -> Generator[Wait, Any, str]:
    return "".join(text for text, _ in (yield from _runs(shell, word, "word")))


def _runs(shell: Shell, word: Word, tilde: str) -> Generator[Wait, Any, list[Run]]:
    """A word as one text, with what was quoted marked."""
    pieces = yield from shell.interpreter.expand_parts(shell, word, tilde)
    return [(piece.text, piece.quoted) if isinstance(piece, Piece) else (" ", False) for piece in pieces]


def _values(shell: Shell, name: str) -> list[str] | None:
    """The values of a parameter; None where it is unset. Only '@' and '*' have another number than one."""
    if name in ("@", "*"):
        return list(shell.parameters)
    if name.endswith(("[@]", "[*]")):
        return list(shell.variables.elements(name[:-3]).values())
    value = shell.parameter(name)
    return None if value is None else [value]


def _is_list(name: str) -> bool:
    return name in ("@", "*") or name.endswith(("[@]", "[*]"))


def _present(shell: Shell, part: Parameter, name: str, values: list[str]) -> Pieces:
    if _is_list(name):
        return _list(shell, values, part.quoted, joined=name[-2:-1] == "*" or name == "*")
    return [Piece(values[0], part.quoted, split=not part.quoted)]


def _list(shell: Shell, values: Sequence[str], quoted: bool, joined: bool) -> Pieces:
    """The fields of `$@`, `$*`, `"$@"` (each its own) or `"$*"` (joined by the first character of IFS)."""
    if quoted and joined:
        ifs = shell.variables.get("IFS")
        separator = " " if ifs is None else ifs[:1]
        return [Piece(separator.join(values), True)]
    pieces: Pieces = []
    for number, value in enumerate(values):
        if number:
            pieces.append(Break())
        pieces.append(Piece(value, quoted, split=not quoted))
    return pieces


def _length(shell: Shell, part: Parameter, name: str, values: list[str] | None) -> Pieces:
    if values is None and "nounset" in shell.options:
        raise ShellError("unbound", name)
    values = values or []
    if name in ("@", "*") and shell.dialect.name != "bash":
        values = [" ".join(values)]
        name = "joined"
    number = len(values) if _is_list(name) else len(values[0]) if values else 0
    return [Piece(str(number), part.quoted, split=not part.quoted)]


def _required(shell: Shell, part: Parameter, name: str, values: list[str] | None) -> list[str]:
    if values is None:
        if "nounset" in shell.options and not _is_list(name):
            raise ShellError("unbound", name)
        return [""]
    return values


# ${x-w} ${x=w} ${x?w} ${x+w}, and with a colon: unset or empty.

_CONDITIONAL = frozenset({"-", ":-", "=", ":=", "?", ":?", "+", ":+"})


def _conditional(shell: Shell, part: Parameter, name: str, values: list[str] | None) -> Expanding:
    # dash and ash take $@ and $* as set, even where there are no parameters.
    missing = not values and shell.dialect.name == "bash" if _is_list(name) else values is None
    if part.operator.startswith(":") and values is not None:
        missing = missing or not any(values)
    kind = part.operator[-1]
    if kind == "+":
        return (
            [Piece("", part.quoted)]
            if missing and part.quoted
            else []
            if missing
            else (yield from _argument(shell, part))
        )
    if not missing and values is not None:
        return _present(shell, part, name, values)
    if kind == "-":
        return (yield from _argument(shell, part))
    text = yield from _text(shell, part.argument or Word())
    if kind == "?":
        raise _missing_error(part, text)
    shell.variables.set(name, text)
    return [Piece(text, part.quoted, split=not part.quoted)]


def _missing_error(part: Parameter, text: str) -> ShellError:
    if text:
        return ShellError("error text", part.name, text)
    return ShellError("unset or null" if part.operator == ":?" else "unset", part.name)


def _argument(shell: Shell, part: Parameter) -> Expanding:
    """The word after the operator: its unquoted parts are split as if they came from the parameter."""
    pieces = yield from shell.interpreter.expand_parts(shell, part.argument or Word(), "" if part.quoted else "word")
    if part.quoted:
        return pieces or [Piece("", True)]
    return [
        Piece(piece.text, piece.quoted, split=not piece.quoted) if isinstance(piece, Piece) else piece
        for piece in pieces
    ]


# Edits of values.


def _trim(shell: Shell, part: Parameter) -> Editing:
    """`#`, `##`, `%`, `%%`: the shortest or longest match is cut off at the beginning or the end."""
    runs = yield from _runs(shell, part.argument or Word(), "word")
    longest, at_end = len(part.operator) == 2, part.operator[0] == "%"
    body = expression(marked(runs), not longest)
    if not at_end:
        found = re.compile(body, re.DOTALL)
        return lambda value: value[match.end() :] if (match := found.match(value)) else value
    whole = re.compile(expression(marked(runs)), re.DOTALL)

    def cut(value: str) -> str:
        places = range(len(value) + 1) if longest else range(len(value), -1, -1)
        return next((value[:place] for place in places if whole.fullmatch(value, place)), value)

    return cut


def _replace(shell: Shell, part: Parameter) -> Editing:
    """`/`, `//`, `/#`, `/%`: replace the first, every, a leading, a trailing match."""
    runs = yield from _runs(shell, part.argument or Word(), "word")
    new = (yield from _text(shell, part.other)) if part.other is not None else ""
    body = expression(marked(runs))
    if not body:
        return lambda value: value
    anchored = {"/#": f"\\A(?:{body})", "/%": f"(?:{body})\\Z"}.get(part.operator, body)
    compiled = re.compile(anchored, re.DOTALL)
    count = 0 if part.operator == "//" else 1
    return lambda value: compiled.sub(lambda match: new, value, count=count)


def _slice(shell: Shell, part: Parameter, name: str, values: list[str]) -> Generator[Wait, Any, list[str]]:
    """`:offset:length`, of a text or of the parameters."""
    offset = evaluate((yield from _text(shell, part.argument or Word())), shell.variables)
    length = None
    if part.other is not None:
        length = evaluate((yield from _text(shell, part.other)), shell.variables)
    if not _is_list(name):
        return [_cut(values[0], offset, length)]
    if name in ("@", "*"):
        values = [shell.name, *values] if offset == 0 else values
        offset = offset - 1 if offset > 0 else offset
    elif offset > 0:
        # An array's offset is a subscript, and subscripts may have gaps.
        offset = sum(int(key) < offset for key in shell.variables.elements(name[:-3]) if key.isdigit())
    start = max(offset + len(values), 0) if offset < 0 else offset
    return values[start:] if length is None else values[start : start + max(length, 0)]


def _cut(value: str, offset: int, length: int | None) -> str:
    start = offset + len(value) if offset < 0 else offset
    if start < 0:
        return ""
    end = len(value) if length is None else start + length if length >= 0 else len(value) + length
    return value[start : max(end, start)]


def _case(shell: Shell, part: Parameter) -> Editing:
    """bash's `^`, `^^`, `,`, `,,`."""
    change = str.upper if part.operator[0] == "^" else str.lower
    runs = yield from _runs(shell, part.argument or Word(), "word")
    wanted = re.compile(expression(marked(runs)) or ".", re.DOTALL)

    def one(char: str) -> str:
        return change(char) if wanted.fullmatch(char) else char

    if len(part.operator) == 2:
        return lambda value: "".join(map(one, value))
    return lambda value: one(value[:1]) + value[1:] if value else value


def _transform(shell: Shell, part: Parameter) -> Editing:
    """bash's `@Q`, `@U`, `@L`, `@u`."""
    kind = yield from _text(shell, part.argument or Word())
    edits: dict[str, Callable[[str], str]] = {
        "Q": lambda value: quote(value, always=True),
        "U": str.upper,
        "L": str.lower,
        "u": lambda value: value[:1].upper() + value[1:],
    }
    if kind not in edits:
        raise ShellError("bad substitution", f"{part.name}@{kind}")
    return edits[kind]


_EDITS: dict[str, Callable[[Shell, Parameter], Editing]] = {
    **dict.fromkeys(("#", "##", "%", "%%"), _trim),
    **dict.fromkeys(("/", "//", "/#", "/%"), _replace),
    **dict.fromkeys(("^", "^^", ",", ",,"), _case),
    "@": _transform,
}
