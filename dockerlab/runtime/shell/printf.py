"""printf's formats (POSIX.1-2024 XCU printf): directives, escapes, and the format used again while words are left."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from dockerlab.errors import DockerlabError
from dockerlab.runtime.shell.ansi import unescape_until_c
from dockerlab.runtime.shell.quoting import backslashed

_DIRECTIVE = re.compile(r"%(?:(%)|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?([hlLjzt]*)(.)?)|((?:\\.|[^%\\])+|\\)", re.DOTALL)
_INTEGER = re.compile(r"\s*([-+]?)(0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9]\d*)")


class FormatError(DockerlabError):
    """A directive that printf does not know; `before` is what was printed up to it."""

    def __init__(self, key: str, value: str, before: str) -> None:
        super().__init__(value)
        self.key = key
        self.value = value
        self.before = before


class Format:
    """One call of printf; `problems` collects the words that are no numbers, as (message key, word)."""

    def __init__(self, text: str, dialect: str) -> None:
        self._text = text
        self._dialect = dialect
        self._words: list[str] = []
        self._stopped = False
        self.problems: list[tuple[str, str]] = []

    def render(self, words: list[str]) -> str:
        """The output for some words."""
        self._words = list(words)
        pieces: list[str] = []
        while True:
            before = len(self._words)
            self._once(pieces)
            if self._stopped or not self._words or len(self._words) == before:
                return "".join(pieces)

    def _once(self, pieces: list[str]) -> None:
        for match in _DIRECTIVE.finditer(self._text):
            if match[1]:
                pieces.append("%")
            elif match[7] is not None:
                text, self._stopped = self._unescape(match[7])
                pieces.append(text)
            else:
                pieces.append(self._directive(match, "".join(pieces)))
            if self._stopped:
                return

    def _directive(self, match: re.Match[str], before: str) -> str:
        kind = match[6] or ""
        handler = self._KINDS.get(kind)
        if handler is None or (kind == "q" and self._dialect != "bash"):
            value = self._text if self._dialect == "ash" else (match[0][1:] if self._dialect == "sh" else kind)
            raise FormatError("printf directive" if self._dialect != "ash" else "printf format", value, before)
        flags, width, precision = match[2], self._size(match[3]), self._size(match[4])
        if width is not None and width < 0:
            flags, width = flags + "-", -width
        return handler(self, kind, flags, width, precision)

    def _unescape(self, text: str) -> tuple[str, bool]:
        return unescape_until_c(text, hexadecimal=self._dialect != "sh")

    def _size(self, text: str | None) -> int | None:
        if text == "*":
            return self._integer(self._next())
        return None if text is None else int(text or 0)

    def _next(self) -> str:
        return self._words.pop(0) if self._words else ""

    def _string(self, kind: str, flags: str, width: int | None, precision: int | None) -> str:
        text = self._next()
        if kind == "b":
            text, self._stopped = self._unescape(text)
        elif kind == "q":
            text = backslashed(text)
        elif kind == "c":
            text = text[:1]
        return _pad(text if precision is None else text[:precision], flags.replace("0", ""), width)

    def _number(self, kind: str, flags: str, width: int | None, precision: int | None) -> str:
        value = self._integer(self._next())
        if kind in "ouxX" and value < 0:
            value += 1 << 64
        digits = f"{abs(value):{ {'o': 'o', 'x': 'x', 'X': 'X'}.get(kind, 'd') }}"
        if precision is not None:
            digits, flags = digits.rjust(precision, "0"), flags.replace("0", "")
        if "#" in flags and value:
            digits = {"o": "0", "x": "0x", "X": "0X"}.get(kind, "") + digits
        sign = "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
        if "0" in flags and "-" not in flags and width:
            digits = digits.rjust(width - len(sign), "0")
        return _pad(sign + digits, flags, width)

    def _float(self, kind: str, flags: str, width: int | None, precision: int | None) -> str:
        word = self._next()
        try:
            value = float(word or 0)
        except ValueError:
            self.problems.append(("printf number", word))
            value = 0.0
        align = "<" if "-" in flags else "0" if "0" in flags else ""
        sign = "+" if "+" in flags else " " if " " in flags else ""
        text = f"{value:{sign}.{6 if precision is None else precision}{kind}}"
        return _pad(text, flags, width) if align != "0" else text.zfill(width or 0)

    def _integer(self, word: str) -> int:
        if not word:
            return 0
        if word[0] in "'\"":
            return ord(word[1]) if len(word) > 1 else 0
        match = _INTEGER.match(word)
        if not match or match.end() != len(word):
            self.problems.append(("printf partial" if match else "printf number", word))
        if not match:
            return 0
        digits = match[2]
        value = int(digits, 16 if digits[:2] in ("0x", "0X") else 8 if digits.startswith("0") else 10)
        return -value if match[1] == "-" else value

    _KINDS: ClassVar[dict[str, Callable[[Format, str, str, int | None, int | None], str]]] = {
        **dict.fromkeys("scbq", _string),
        **dict.fromkeys("diouxX", _number),
        **dict.fromkeys("eEfFgG", _float),
    }


def _pad(text: str, flags: str, width: int | None) -> str:
    if not width:
        return text
    return text.ljust(width) if "-" in flags else text.rjust(width)
