"""Assignments (POSIX.1-2024 XCU 2.9.1): `name=value` before a command, and bash's arrays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dockerlab.runtime.shell.syntax import Assignment, Literal, Part, Word

if TYPE_CHECKING:
    from dockerlab.runtime.shell.lexer import Token
    from dockerlab.runtime.shell.parser import Parser

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z_0-9]*)(\+?)=")
_ELEMENT = re.compile(r"([A-Za-z_][A-Za-z_0-9]*)\[")
_DECLARING = frozenset({"declare", "typeset", "local", "export", "readonly"})


class AssignmentReader:
    """Reads one assignment at the parser's next token, where one may stand."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser

    def read(self, words: list[Word]) -> Assignment | None:
        """An assignment, where one may stand: before the command word, or as an array after `declare`."""
        declaring = bool(words) and words[0].bare in _DECLARING and self._parser.dialect.has("arrays")
        if words and not declaring:
            return None
        token = self._parser.peek()
        first = token.word.parts[0] if token.word.parts else None
        if not isinstance(first, Literal) or first.quoted:
            return None
        match = _ASSIGNMENT.match(first.text)
        if not match:
            return None if words else self._element(token, first.text)
        value = Word((Literal(first.text[match.end() :]), *token.word.parts[1:]))
        if self._array_follows(token, match):
            self._parser.take()
            return Assignment(match[1], self._array(), bool(match[2]))
        if words or (match[2] and not self._parser.dialect.has("arrays")):
            return None
        self._parser.take()
        return Assignment(match[1], _trimmed(value), bool(match[2]))

    def _array_follows(self, token: Token, match: re.Match[str]) -> bool:
        after = self._parser.lexer.text[token.end : token.end + 1] == "("
        return self._parser.dialect.has("arrays") and after and token.end - token.start == match.end()

    def _array(self) -> tuple[Word, ...]:
        self._parser.expect("(")
        self._parser.skip_newlines()
        values = []
        while not self._parser.at(")"):
            if self._parser.peek().kind not in ("word", "number"):
                raise self._parser.unexpected(")")
            values.append(self._parser.take().word)
            self._parser.skip_newlines()
        self._parser.take()
        return tuple(values)

    def _element(self, token: Token, text: str) -> Assignment | None:
        """`name[index]=value`: read again from the raw text, since the index may hold anything."""
        match = _ELEMENT.match(text)
        if not match or not self._parser.dialect.has("arrays"):
            return None
        whole = "".join(part.text if isinstance(part, Literal) else "\0" for part in token.word.parts)
        end = whole.find("]", match.end())
        operator = re.match(r"(\+?)=", whole[end + 1 :]) if end > 0 else None
        if not operator:
            return None
        self._parser.take()
        index = _cut(token.word, match.end(), end)
        value = _cut(token.word, end + 1 + operator.end(), len(whole))
        return Assignment(match[1], value, bool(operator[1]), index)


def _trimmed(word: Word) -> Word:
    """A word without an empty unquoted beginning."""
    first = word.parts[0]
    if isinstance(first, Literal) and not first.text and not first.quoted:
        return Word(word.parts[1:])
    return word


def _cut(word: Word, start: int, end: int) -> Word:
    """A slice of a word, where every part that is not literal counts as one character."""
    parts: list[Part] = []
    at = 0
    for part in word.parts:
        if isinstance(part, Literal):
            piece = part.text[max(start - at, 0) : max(end - at, 0)]
            at += len(part.text)
            if piece or (part.quoted and start <= at <= end):
                parts.append(Literal(piece, part.quoted))
            continue
        if start <= at < end:
            parts.append(part)
        at += 1
    return Word(tuple(parts))
