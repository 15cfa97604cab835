"""From a server's SQL to SQLite's, token by token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.tokens import QUOTED, STRING, WORD, Cursor, Token, identifier, literal


@dataclass(frozen=True)
class Rules:
    """How a dialect's words become SQLite's."""

    words: dict[str, str] = field(default_factory=dict)
    """Keyword → what stands for it."""
    cast: Callable[[str, str], str] = lambda piece, kind: piece
    """What `piece::kind` becomes."""
    quotes_strings: bool = False
    """Whether "x" is a string, as MySQL has it."""
    marks: dict[str, str] = field(default_factory=dict)
    """The same for operators."""
    folds: bool = True
    """Whether names without quotes lose their capitals."""


DEEPEST = 100
"""Brackets in brackets that a statement may have."""


def check_depth(tokens: Sequence[Token]) -> None:
    """Refuse a statement that is nested too deep to be read; raises SqlError."""
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth > DEEPEST:
            raise SqlError("deep")


def render(tokens: Sequence[Token], rules: Rules) -> str:
    """The text for SQLite."""
    return " ".join(_pieces(Cursor(tokens), rules))


def _pieces(cursor: Cursor, rules: Rules) -> list[str]:
    """Pieces up to the bracket that closes; a call with its brackets is one piece, so that a cast finds its operand."""
    pieces: list[str] = []
    before: Token | None = None
    while cursor.here.text and cursor.here.text != ")":
        token = cursor.take()
        if token.text == "(":
            inner = " ".join(_pieces(cursor, rules))
            cursor.take()
            called = before is not None and before.kind in (WORD, QUOTED) and _is_call(before, pieces)
            pieces.append((pieces.pop() if called else "") + f"({inner})")
        elif token.text == "::" and pieces:
            pieces.append(rules.cast(pieces.pop(), _type_name(cursor)))
        elif token.text == "." or (before is not None and before.text == "." and pieces):
            pieces[-1:] = [(pieces[-1] if pieces else "") + _one(token, rules)]
        else:
            pieces.append(_one(token, rules))
        before = token
    return pieces


NOT_CALLED = frozenset(
    "in values and or not as from where on using select set then else when by having join into over exists all any "
    "between like ilike is limit offset union intersect except returning distinct key references check default".split()
)


def _is_call(before: Token, pieces: Sequence[str]) -> bool:
    return bool(pieces) and before.low not in NOT_CALLED


def _type_name(cursor: Cursor) -> str:
    name = cursor.take().name.lower()
    while f"{name} {cursor.here.low}" in ("double precision", "character varying"):
        name += f" {cursor.take().low}"
    cursor.group()
    if cursor.words("without", "time", "zone") or cursor.words("with", "time", "zone"):
        pass
    return name


def _one(token: Token, rules: Rules) -> str:
    if token.kind == STRING:
        return literal(_unescaped(token.value) if rules.quotes_strings else token.value)
    if token.kind == QUOTED:
        text_like = rules.quotes_strings and token.text.startswith('"')
        return literal(_unescaped(token.name)) if text_like else identifier(token.name)
    if token.kind == WORD:
        low = token.text.lower()
        return rules.words.get(low, low if rules.folds else token.text)
    return rules.marks.get(token.text, token.text)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def _unescaped(text: str) -> str:
    """MySQL's backslashes."""
    pieces = text.split("\\")
    out, at = pieces[0], 1
    while at < len(pieces):
        piece = pieces[at]
        if not piece and at + 1 < len(pieces):
            out, at = out + "\\" + pieces[at + 1], at + 2
            continue
        out, at = out + _ESCAPES.get(piece[:1], piece[:1]) + piece[1:], at + 1
    return out
