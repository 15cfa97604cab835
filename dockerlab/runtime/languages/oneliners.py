"""One-line programs that print: a tiny grammar that several languages share, with each one's own signs.

    program    = print { ";" print }
    expression = term { ("+" | "-" | "." | …) term }      by precedence
    term       = number | text | fact | "(" expression ")" | "-" term

A fact is what tutorials show: a version, a variable, the host's name. All else is refused; nothing is ever half run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | None"


class NotPlayedError(Exception):
    """A program that does more than print."""


@dataclass(frozen=True)
class Dialect:
    """The signs of one language."""

    prints: Mapping[str, tuple[str, str, str]]
    """A regular expression for a print, to what opens and closes its arguments' list, and what ends its line."""
    joins: str = "+"
    """The sign that joins texts."""
    facts: Mapping[str, Callable[[re.Match[str]], Value]] = field(default_factory=dict)
    """Regular expressions for facts, to their values."""
    filled: str = ""
    """A regular expression for an expression within a text; group 1 is the expression."""
    filled_quotes: str = '"'
    """The quotes in which texts are filled in."""
    ends: str = ";"
    shown: Callable[[Value], str] = str


_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.\d+|\d+)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)"""
    r"""|(?P<sign>\*\*|//|[-+*/%.(),]))""",
    re.S,
)
_PRECEDENCE = {".": 1, "+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "**": 3}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b"}


def run(source: str, dialect: Dialect) -> str:
    """What the program prints. NotPlayedError for one that does anything else."""
    return "".join(_statements(source.strip(), dialect))


def value_of(source: str, dialect: Dialect) -> Value:
    """The value of an expression (`node -p`)."""
    reader = _Reader(source.strip().rstrip(";"), dialect)
    value = reader.expression()
    reader.at_end()
    return value


def _statements(source: str, dialect: Dialect) -> Iterator[str]:
    reader = _Reader(source, dialect)
    while not reader.done:
        for pattern, (opening, closing, ending) in dialect.prints.items():
            if reader.take(pattern):
                values = reader.arguments(opening, closing)
                yield (" " if opening == "(" and ending else "").join(dialect.shown(value) for value in values) + ending
                break
        else:
            raise NotPlayedError(source)
        reader.end_of_statement()


class _Reader:
    def __init__(self, source: str, dialect: Dialect) -> None:
        self._source, self._dialect, self._at = source, dialect, 0

    @property
    def done(self) -> bool:
        return not self._source[self._at :].strip()

    def at_end(self) -> None:
        if not self.done:
            raise NotPlayedError(self._source)

    def take(self, pattern: str) -> re.Match[str] | None:
        found = re.compile(r"\s*" + pattern).match(self._source, self._at)
        if found:
            self._at = found.end()
        return found

    def end_of_statement(self) -> None:
        if not self.take(f"(?:[ \t]*[{self._dialect.ends}\n])+") and not self.done:
            raise NotPlayedError(self._source)

    def arguments(self, opening: str, closing: str) -> list[Value]:
        values: list[Value] = []
        if opening:
            if self.take(re.escape(opening)) is None:
                raise NotPlayedError(self._source)
            if self.take(re.escape(closing)):
                return values
        values.append(self.expression())
        while self.take(","):
            values.append(self.expression())
        if opening and self.take(re.escape(closing)) is None:
            raise NotPlayedError(self._source)
        return values

    def expression(self, least: int = 1) -> Value:
        left = self._term()
        while True:
            found = _TOKEN.match(self._source, self._at)
            sign = found["sign"] if found else None
            rank = _PRECEDENCE.get(sign or "", 0)
            if found is None or sign is None or rank < least:
                return left
            self._at = found.end()
            left = self._apply(sign, left, self.expression(rank if sign == "**" else rank + 1))

    def _apply(self, sign: str, left: Value, right: Value) -> Value:
        if sign == self._dialect.joins and (sign == "." or isinstance(left, str) or isinstance(right, str)):
            return self._dialect.shown(left) + self._dialect.shown(right)
        if isinstance(left, str | None) or isinstance(right, str | None):
            raise NotPlayedError(self._source)
        if sign in "/%" and not right:
            raise NotPlayedError(self._source)
        if sign == "**" and abs(right) > 64:
            raise NotPlayedError(self._source)
        results: dict[str, Callable[[], Value]] = {
            "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
            "/": lambda: _quotient(left, right), "%": lambda: left % right, "**": lambda: left**right,
        }  # fmt: skip
        if sign not in results:
            raise NotPlayedError(self._source)
        return results[sign]()

    def _term(self) -> Value:
        for pattern, fact in self._dialect.facts.items():
            found = self.take(pattern)
            if found:
                return fact(found)
        token = _TOKEN.match(self._source, self._at)
        if token is None:
            raise NotPlayedError(self._source)
        self._at = token.end()
        if token["number"]:
            return float(token["number"]) if "." in token["number"] else int(token["number"])
        if token["text"]:
            return self._text(token["text"])
        if token["sign"] == "(":
            value = self.expression()
            if self.take(r"\)") is None:
                raise NotPlayedError(self._source)
            return value
        if token["sign"] == "-":
            value = self._term()
            if not isinstance(value, str | None):
                return -value
        raise NotPlayedError(self._source)

    def _text(self, literal: str) -> str:
        quote, inner = literal[0], literal[1:-1]
        if quote == "`" and quote not in self._dialect.filled_quotes:
            raise NotPlayedError(self._source)  # elsewhere it runs a program
        if quote in self._dialect.filled_quotes and self._dialect.filled:
            inner = re.sub(self._dialect.filled, self._fill, inner)
        if quote == "'" and "'" not in self._escaping:
            return inner.replace("\\'", "'")
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), inner, flags=re.S)

    @property
    def _escaping(self) -> str:
        """The quotes in which \\n is a new line: in JavaScript all of them."""
        return "'\"`" if self._dialect.filled_quotes == "`" else '"'

    def _fill(self, found: re.Match[str]) -> str:
        return self._dialect.shown(value_of(found[1], self._dialect))


def _quotient(left: float, right: float) -> float:
    result = left / right
    return int(result) if result == int(result) else result
