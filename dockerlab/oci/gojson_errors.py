"""What Go's encoding/json says of a text that is no JSON (scanner.go): the first byte that does not fit, and why."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass

_BLANKS = b" \t\r\n"
_LITERALS = {ord("t"): b"true", ord("f"): b"false", ord("n"): b"null"}
_DIGITS = string.digits.encode()
_HEX = string.hexdigits.encode()
_ESCAPES = b'bfnrt\\/"'


class _Fault(Exception):
    """The scan ends here; the text is the reason."""


def syntax_error(raw: bytes, *, stream: bool = False) -> str:
    """The error of json.Unmarshal, with `stream` that of a Decoder; '' for a text that is JSON."""
    scanner = _Scanner(raw, stream)
    try:
        scanner.value()
        if not stream:
            scanner.end()
    except _Fault as fault:
        return str(fault)
    except RecursionError:
        return "exceeded max depth"
    return ""


@dataclass
class _Scanner:
    raw: bytes
    stream: bool
    at: int = 0

    def _peek(self) -> int:
        """The next byte; the text may not end here."""
        if self.at < len(self.raw):
            return self.raw[self.at]
        if not self.stream:
            raise _Fault("unexpected end of JSON input")
        raise _Fault("unexpected EOF" if self.raw.strip(_BLANKS) else "EOF")

    def _next(self) -> int:
        """The next byte that is no blank."""
        while self.at < len(self.raw) and self.raw[self.at] in _BLANKS:
            self.at += 1
        return self._peek()

    def _refuse(self, context: str) -> _Fault:
        return _Fault(f"invalid character {_shown(self.raw[self.at])} {context}")

    def end(self) -> None:
        """Nothing but blanks may follow."""
        if self.raw[self.at :].strip(_BLANKS):
            self._next()
            raise self._refuse("after top-level value")

    def value(self) -> None:
        """One value of any kind."""
        first = self._next()
        if first == ord("{"):
            self._members(ord("}"), self._pair, "after object key:value pair")
        elif first == ord("["):
            self._members(ord("]"), self.value, "after array element")
        elif first == ord('"'):
            self._string()
        elif first in _LITERALS:
            self._literal(_LITERALS[first])
        elif first == ord("-") or first in _DIGITS:
            self._number()
        else:
            raise self._refuse("looking for beginning of value")

    def _members(self, closing: int, member: Callable[[], None], context: str) -> None:
        self.at += 1
        if self._next() != closing:
            while True:
                member()
                if self._next() != ord(","):
                    break
                self.at += 1
        if self._peek() != closing:
            raise self._refuse(context)
        self.at += 1

    def _pair(self) -> None:
        if self._next() != ord('"'):
            raise self._refuse("looking for beginning of object key string")
        self._string()
        if self._next() != ord(":"):
            raise self._refuse("after object key")
        self.at += 1
        self.value()

    def _string(self) -> None:
        self.at += 1
        while (char := self._peek()) != ord('"'):
            if char < ord(" "):
                raise self._refuse("in string literal")
            self.at += 1
            if char == ord("\\"):
                self._escape()
        self.at += 1

    def _escape(self) -> None:
        char = self._peek()
        if char != ord("u") and char not in _ESCAPES:
            raise self._refuse("in string escape code")
        self.at += 1
        for _ in range(4 if char == ord("u") else 0):
            if self._peek() not in _HEX:
                raise self._refuse("in \\u hexadecimal character escape")
            self.at += 1

    def _literal(self, word: bytes) -> None:
        for expected in word:
            if self._peek() != expected:
                raise self._refuse(f"in literal {word.decode()} (expecting {_shown(expected)})")
            self.at += 1

    def _number(self) -> None:
        if self._peek() == ord("-"):
            self.at += 1
        if self._peek() == ord("0"):
            self.at += 1
        else:
            self._digits("in numeric literal")
        if self._here(b"."):
            self._digits("after decimal point in numeric literal")
        if self._here(b"eE"):
            self._here(b"+-")
            self._digits("in exponent of numeric literal")

    def _here(self, some: bytes) -> bool:
        """Whether one of these bytes comes next; it is passed over."""
        found = self.at < len(self.raw) and self.raw[self.at] in some
        self.at += found
        return found

    def _digits(self, context: str) -> None:
        if self._peek() not in _DIGITS:
            raise self._refuse(context)
        while self._here(_DIGITS):
            pass


def _shown(char: int) -> str:
    """A byte as Go quotes it."""
    named = {ord("'"): "'\\''", ord('"'): "'\"'", ord("\\"): "'\\\\'", 10: "'\\n'", 13: "'\\r'", 9: "'\\t'"}
    if char in named:
        return named[char]
    return f"'{chr(char)}'" if chr(char).isprintable() else f"'\\x{char:02x}'" if char < 128 else f"'\\u{char:04x}'"
