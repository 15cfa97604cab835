"""A template's text to its tokens (Go, text/template/parse/lex.go).

    scan("a {{- .Name | upper }}") -> text 'a', left delimiter, field '.Name', space, pipe, …

A fault becomes a token of kind ERROR, the last one: the parser decides how to put it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from dockerlab.oci.golang import quote


class Kind(Enum):
    """What a token is."""

    ERROR = "error"
    EOF = "EOF"
    TEXT = "text"
    LEFT = "{{"
    RIGHT = "}}"
    SPACE = "space"
    IDENTIFIER = "identifier"
    KEYWORD = "keyword"
    FIELD = "field"
    VARIABLE = "variable"
    DOT = "."
    BOOL = "bool"
    NUMBER = "number"
    CHARACTER = "character"
    STRING = "string"
    RAW_STRING = "raw string"
    DECLARE = ":="
    ASSIGN = "="
    PIPE = "|"
    LEFT_PAREN = "("
    RIGHT_PAREN = ")"
    COMMA = ","
    OTHER = "any other character"


KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "nil", "template", "with"))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: `position` counts characters from 0, `line` from 1."""

    kind: Kind
    text: str
    position: int
    line: int

    def __str__(self) -> str:
        if self.kind is Kind.EOF:
            return "EOF"
        if self.kind is Kind.ERROR:
            return self.text
        if self.kind in {Kind.KEYWORD, Kind.DOT}:
            return f"<{self.text}>"
        return f"{quote(self.text[:10])}..." if len(self.text) > 10 else quote(self.text)


_LEFT, _RIGHT = "{{", "}}"
_BLANKS = " \t\r\n"
_TRIM_RIGHT = re.compile(r"[ \t\r\n]-}}")
_COMMENT = re.compile(r"(-[ \t\r\n])?/\*")
_SINGLE = {"=": Kind.ASSIGN, "|": Kind.PIPE, ",": Kind.COMMA}
_NAME = re.compile(r"\w*")
_NUMBER = re.compile(
    r"[+-]?(0[xX][0-9a-fA-F_]*(\.[0-9a-fA-F_]*)?([pP][+-]?[0-9_]*)?"
    r"|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*(\.[0-9_]*)?([eE][+-]?[0-9_]*)?)i?"
)


class _Fault(Exception):
    """The text can't go on like this."""


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.tokens: list[Token] = []
        self.parens = 0

    def scan(self) -> list[Token]:
        try:
            while self.position < len(self.text):
                self._text()
            self._emit(Kind.EOF, "", self.position)
        except _Fault as fault:
            self._emit(Kind.ERROR, str(fault), self.position)
        return self.tokens

    def _emit(self, kind: Kind, text: str, position: int) -> None:
        self.tokens.append(Token(kind, text, position, 1 + self.text.count("\n", 0, position)))

    def _text(self) -> None:
        """Text up to an action, then the action or comment."""
        start, action = self.position, self.text.find(_LEFT, self.position)
        end = len(self.text) if action < 0 else action
        text = self.text[start:end]
        if action >= 0 and self._trims_left(action):
            text = text.rstrip(_BLANKS)
        if text:
            self._emit(Kind.TEXT, text, start)
        self.position = end
        if action >= 0:
            self._action()

    def _trims_left(self, action: int) -> bool:
        marker = self.text[action + 2 : action + 4]
        return marker[:1] == "-" and len(marker) == 2 and marker[1] in _BLANKS

    def _action(self) -> None:
        start = self.position
        comment = _COMMENT.match(self.text, start + 2)
        if comment:
            self._comment(comment.end())
            return
        self._emit(Kind.LEFT, _LEFT, start)
        self.position += 4 if self._trims_left(start) else 2
        self.parens = 0
        while not self._right():
            self._inside()

    def _comment(self, body: int) -> None:
        end = self.text.find("*/", body)
        if end < 0:
            raise _Fault("unclosed comment")
        self.position = end + 2
        if not self._close():
            raise _Fault("comment ends before closing delimiter")

    def _close(self) -> bool:
        """Step over '}}' or ' -}}', and the blanks that the latter takes with it."""
        if _TRIM_RIGHT.match(self.text, self.position):
            self.position += 4
            while self.position < len(self.text) and self.text[self.position] in _BLANKS:
                self.position += 1
            return True
        if self.text.startswith(_RIGHT, self.position):
            self.position += 2
            return True
        return False

    def _right(self) -> bool:
        start = self.position
        at = start + 2 if _TRIM_RIGHT.match(self.text, start) else start
        if not self.text.startswith(_RIGHT, at):
            return False
        if self.parens:
            raise _Fault("unclosed left paren")
        self._close()
        self._emit(Kind.RIGHT, _RIGHT, at)
        return True

    def _inside(self) -> None:
        """One token within an action."""
        if self.position >= len(self.text):
            raise _Fault("unclosed action")
        character = self.text[self.position]
        if character in _BLANKS:
            self._blanks()
        elif character in _SINGLE:
            self._take(_SINGLE[character], 1)
        elif character == ":":
            if not self.text.startswith(":=", self.position):
                raise _Fault("expected :=")
            self._take(Kind.DECLARE, 2)
        elif character in "()":
            self._paren(character)
        elif character in "\"'`":
            self._quoted(character)
        else:
            self._word(character)

    def _take(self, kind: Kind, length: int) -> None:
        self._emit(kind, self.text[self.position : self.position + length], self.position)
        self.position += length

    def _blanks(self) -> None:
        length = 0
        while self.text[self.position + length : self.position + length + 1] in {*_BLANKS}:
            # The blank of ' -}}' belongs to the delimiter.
            if _TRIM_RIGHT.match(self.text, self.position + length):
                break
            length += 1
        self._take(Kind.SPACE, length)

    def _paren(self, character: str) -> None:
        self.parens += 1 if character == "(" else -1
        if self.parens < 0:
            self.position += 1
            raise _Fault("unexpected right paren")
        self._take(Kind.LEFT_PAREN if character == "(" else Kind.RIGHT_PAREN, 1)

    def _quoted(self, mark: str) -> None:
        kind, name = {
            '"': (Kind.STRING, "unterminated quoted string"),
            "'": (Kind.CHARACTER, "unterminated character constant"),
            "`": (Kind.RAW_STRING, "unterminated raw quoted string"),
        }[mark]
        end = self.position + 1
        while self.text[end : end + 1] != mark:
            if mark != "`" and self.text[end : end + 1] == "\\":
                end += 1
            if end >= len(self.text) or (mark != "`" and self.text[end] == "\n"):
                raise _Fault(name)
            end += 1
        self._take(kind, end + 1 - self.position)

    def _word(self, character: str) -> None:
        following = self.text[self.position + 1 : self.position + 2]
        if character in ".$":
            if character == "." and following.isdigit():
                self._number()
            else:
                self._dotted(character)
        elif character in "+-" or character.isdigit():
            self._number()
        elif character == "_" or character.isalpha():
            self._name()
        else:
            self._other(character)

    def _other(self, character: str) -> None:
        if not (character.isascii() and character.isprintable()):
            raise _Fault(f"unrecognized character in action: {_code_point(character)}")
        self._take(Kind.OTHER, 1)

    def _dotted(self, character: str) -> None:
        """'.', '.Field', '$' or '$name'."""
        name = _NAME.match(self.text, self.position + 1)
        length = 1 + (len(name[0]) if name else 0)
        self._check_end(self.position + length)
        if length == 1:
            self._take(Kind.DOT if character == "." else Kind.VARIABLE, 1)
        else:
            self._take(Kind.FIELD if character == "." else Kind.VARIABLE, length)

    def _number(self) -> None:
        end = self._number_end(self.position)
        if self.text[end : end + 1] in {"+", "-"}:  # a complex number: 1+2i
            end = self._number_end(end)
            if self.text[end - 1] != "i":
                raise self._bad_number(end)
        self._take(Kind.NUMBER, end - self.position)

    def _number_end(self, start: int) -> int:
        match = _NUMBER.match(self.text, start)
        end = match.end() if match else start
        if _is_alphanumeric(self.text[end : end + 1]):
            raise self._bad_number(end + 1)
        return end

    def _bad_number(self, end: int) -> _Fault:
        return _Fault(f"bad number syntax: {quote(self.text[self.position : end])}")

    def _name(self) -> None:
        match = _NAME.match(self.text, self.position)
        word = match[0] if match else ""
        self._check_end(self.position + len(word))
        if word in KEYWORDS:
            self._take(Kind.KEYWORD, len(word))
        else:
            self._take(Kind.BOOL if word in {"true", "false"} else Kind.IDENTIFIER, len(word))

    def _check_end(self, end: int) -> None:
        """After a name only certain characters may follow."""
        after = self.text[end : end + 1]
        if after and after not in _BLANKS + ".,|:()=" and not self.text.startswith(_RIGHT, end):
            raise _Fault(f"bad character {_code_point(after)}")


def _is_alphanumeric(character: str) -> bool:
    return character == "_" or character.isalnum()


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}" + (f" '{character}'" if character.isprintable() else "")


def scan(text: str) -> list[Token]:
    """The tokens of a template; the last one is EOF or ERROR."""
    return _Lexer(text).scan()
