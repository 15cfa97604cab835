"""Parameters in braces (POSIX.1-2024 XCU 2.6.2): `${name}`, `${#name}`, `${name:-word}`, and what ash and bash add."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dockerlab.runtime.shell.dialects import Dialect
from dockerlab.runtime.shell.syntax import Parameter, Part, Word

if TYPE_CHECKING:
    from dockerlab.runtime.shell.lexer import Lexer
    from dockerlab.runtime.shell.wordreader import WordReader

_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|[0-9]+|[@*#?$!-]")
_LENGTH = re.compile(r"#([A-Za-z_][A-Za-z_0-9]*|[0-9]+|[@*#?$!-])(?=[}\[])")
_INDIRECT = re.compile(r"!\w")
_VALUE_OPERATORS = (":-", ":=", ":?", ":+", "-", "=", "?", "+")
_TRIM_OPERATORS = ("%%", "%", "##", "#")
_REPLACE_OPERATORS = (("//", "/"), ("//", "/#", "/%", "/"))
"""busybox's, and bash's."""
_BASH_OPERATORS = ("^^", "^", ",,", ",", "@")
_ESCAPES = '$`"\\\n}'
"""What a backslash escapes in a word between quotes and braces."""


class ParameterReader:
    """Reads what stands between `${` and `}`."""

    def __init__(self, lexer: Lexer, dialect: Dialect, words: WordReader) -> None:
        self._lexer = lexer
        self._dialect = dialect
        self._words = words

    def read(self, quoted: bool) -> Parameter:
        """`${…}` at the lexer's position."""
        lexer = self._lexer
        start = lexer.position
        lexer.position += 2
        part = self._length() or self._parameter(quoted)
        if part is None or lexer.text[lexer.position : lexer.position + 1] != "}":
            part = self._bad(start)
        lexer.position += 1
        return Parameter(
            part.name, part.operator, part.argument, part.other, part.index, part.indirect, quoted or part.quoted
        )

    def _bad(self, start: int) -> Parameter:
        """A text in braces that means nothing: an error when it is expanded."""
        lexer = self._lexer
        self._words.plain("}")
        if lexer.position >= len(lexer.text):
            raise lexer.fail("Missing '}'", "}")
        return Parameter(lexer.text[start + 2 : lexer.position], "bad")

    def _length(self) -> Parameter | None:
        """`${#name}`."""
        lexer = self._lexer
        match = _LENGTH.match(lexer.text, lexer.position)
        if not match:
            return None
        lexer.position = match.end()
        return Parameter(match[1], "length", index=self._index())

    def _parameter(self, quoted: bool) -> Parameter | None:
        lexer = self._lexer
        indirect = self._dialect.has("indirect") and bool(_INDIRECT.match(lexer.text, lexer.position))
        lexer.position += indirect
        match = _PARAMETER.match(lexer.text, lexer.position)
        if not match:
            return None
        lexer.position = match.end()
        name, index = match[0], self._index()
        if indirect and lexer.text[lexer.position : lexer.position + 2] in ("*}", "@}"):
            lexer.position += 1
            return Parameter(name, "names")
        operator, argument, other = self._operation(quoted)
        return Parameter(name, operator, argument, other, index, indirect)

    def _index(self) -> Word | None:
        lexer = self._lexer
        if not self._dialect.has("arrays") or lexer.text[lexer.position : lexer.position + 1] != "[":
            return None
        lexer.position += 1
        index = Word(tuple(self._words.plain("]")))
        lexer.position += 1
        return index

    def _operation(self, quoted: bool) -> tuple[str, Word | None, Word | None]:
        if operator := self._accept(_VALUE_OPERATORS):
            return operator, self._value(quoted), None
        if operator := self._accept(_TRIM_OPERATORS):
            return operator, self._rest(), None
        if self._dialect.has("replace") and (operator := self._accept(_REPLACE_OPERATORS[self._dialect.has("arrays")])):
            return operator, *self._two("/")
        if self._dialect.has("slice") and self._accept((":",)):
            return ":", *self._two(":")
        if self._dialect.has("arrays") and (operator := self._accept(_BASH_OPERATORS)):
            return operator, self._rest(), None
        return "", None, None

    def _rest(self) -> Word:
        return Word(tuple(self._words.plain("}")))

    def _value(self, quoted: bool) -> Word:
        if not quoted:
            return self._rest()
        parts: list[Part] = []
        lexer = self._lexer
        while True:
            parts += self._words.quoted('}"', _ESCAPES)
            if lexer.text[lexer.position : lexer.position + 1] != '"':
                return Word(tuple(parts))
            parts += self._words.double()

    def _two(self, between: str) -> tuple[Word, Word | None]:
        """Two operands, the second one optional."""
        lexer = self._lexer
        first = Word(tuple(self._words.plain(between + "}")))
        if lexer.text[lexer.position : lexer.position + 1] != between:
            return first, None
        lexer.position += 1
        return first, Word(tuple(self._words.plain("}")))

    def _accept(self, operators: tuple[str, ...]) -> str:
        """The first of the operators that stands here, taken; '' where none does."""
        for operator in operators:
            if self._lexer.text.startswith(operator, self._lexer.position):
                self._lexer.position += len(operator)
                return operator
        return ""
