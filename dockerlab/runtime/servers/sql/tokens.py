"""Reading SQL word by word: enough to split a script and to rewrite a statement (ISO/IEC 9075-2, 5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORD, QUOTED, STRING, NUMBER, MARK = "word", "quoted", "string", "number", "mark"

_PATTERN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<dollar>\$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$)
    |(?P<string>[eE]?'(?:[^'\\]|''|\\.)*')
    |(?P<double>"(?:[^"]|"")*")
    |(?P<back>`(?:[^`]|``)*`)
    |(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<word>@{0,2}[^\W\d][\w$]*)
    |(?P<mark>::|->>|->|<>|!=|<=|>=|\|\||:=|.)""",
    re.VERBOSE | re.DOTALL,
)
_KINDS = {"dollar": STRING, "string": STRING, "double": QUOTED, "back": QUOTED, "number": NUMBER, "word": WORD}


@dataclass(frozen=True)
class Token:
    """A piece of a statement: its text as it was written, and where."""

    kind: str
    text: str
    at: int

    @property
    def low(self) -> str:
        """A word in lower case; '' for everything else, so that a quoted one is never taken for a keyword."""
        return self.text.lower() if self.kind in (WORD, MARK) else ""

    @property
    def name(self) -> str:
        """The identifier that it is, without quotes."""
        if self.kind == QUOTED:
            mark = self.text[0]
            return self.text[1:-1].replace(mark * 2, mark)
        return self.text

    @property
    def value(self) -> str:
        """The text that a literal stands for."""
        if self.kind == STRING and self.text.startswith("$"):
            return self.text.split("$", 2)[2].rsplit("$", 2)[0]
        if self.kind == STRING:
            return self.text.lstrip("eE")[1:-1].replace("''", "'")
        return self.name


def tokenize(text: str, *, comments: str = "--") -> list[Token]:
    """The tokens of a text without comments and spaces; `#` starts a comment only where `comments` says so."""
    return [token for token in _tokens(text, comments) if token.kind != "space"]


def _tokens(text: str, comments: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        assert match is not None
        group, piece = match.lastgroup or "mark", match[0]
        if group == "tag":
            group = "dollar"
        if group == "space" and piece.startswith("#") and "#" not in comments:
            group, piece = "mark", "#"
        yield Token("space" if group == "space" else _KINDS.get(group, MARK), piece, at)
        at += len(piece)


@dataclass(frozen=True)
class Statement:
    """One statement of a script, where it began, and whether a semicolon ended it."""

    text: str
    at: int
    ended: bool


def split(script: str, *, comments: str = "--") -> list[Statement]:
    """The statements of a script; the last may lack its semicolon."""
    found, start = [], None
    for token in tokenize(script, comments=comments):
        if token.text == ";":
            if start is not None:
                found.append(Statement(script[start : token.at], start, True))
            start = None
        elif start is None:
            start = token.at
    if start is not None:
        found.append(Statement(script[start:].rstrip(), start, False))
    return found


def join(tokens: Sequence[Token], text: str) -> str:
    """The part of a text that tokens cover."""
    return text[tokens[0].at : tokens[-1].at + len(tokens[-1].text)] if tokens else ""


def literal(text: str) -> str:
    """A string literal that SQLite reads as this text."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


class Cursor:
    """A place among tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens, self.at = list(tokens), 0

    @property
    def here(self) -> Token:
        """The next token; an empty mark at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else Token(MARK, "", -1)

    def take(self) -> Token:
        """The next token, which is then behind."""
        token = self.here
        self.at += 1
        return token

    def words(self, *wanted: str) -> bool:
        """Whether these words follow; they are then behind."""
        following = [token.low for token in self.tokens[self.at : self.at + len(wanted)]]
        if following != list(wanted):
            return False
        self.at += len(wanted)
        return True

    def group(self) -> list[Token]:
        """The tokens inside of the parentheses that open here; empty where none do."""
        if self.here.text != "(":
            return []
        depth, start = 0, self.at + 1
        while self.here.text:
            depth += {"(": 1, ")": -1}.get(self.take().text, 0)
            if not depth:
                break
        return self.tokens[start : self.at - 1]


def by_commas(tokens: Sequence[Token]) -> list[list[Token]]:
    """Tokens in parts, split at the commas outside of parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]
