"""Backslash sequences, as `$'…'` (POSIX.1-2024 XCU 2.2.4), `printf` and `echo -e` understand them."""

from __future__ import annotations

import re

_SIMPLE = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_SEQUENCE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|0?[0-7]{1,3}|c.|.)", re.DOTALL)
_STOP = re.compile(r"(?<!\\)((?:\\\\)*)\\c.*", re.DOTALL)


def _byte(number: int) -> str:
    """A byte in a text: ASCII is itself, others as surrogates, to be joined to UTF-8 later."""
    return chr(number) if number < 0x80 else chr(0xDC00 + number)


def unescape(text: str, *, controls: bool = True, hexadecimal: bool = True) -> str:
    """Text with its sequences replaced; bytes that make UTF-8 together become characters. dash has no `\\x`."""

    def replace(match: re.Match[str]) -> str:
        body = match[1]
        if body[0] in "xuU" and not hexadecimal:
            return match[0]
        if body[0] == "x" and len(body) > 1:
            return _byte(int(body[1:], 16))
        if body[0] in "uU" and len(body) > 1:
            return chr(int(body[1:], 16))
        if body[0] in "01234567":
            return _byte(int(body, 8) & 0xFF)
        if body[0] == "c" and len(body) > 1 and controls:
            return chr(ord(body[1]) & 0x1F)
        return _SIMPLE.get(body, body if body in "\\'\"?" else f"\\{body}")

    plain = _SEQUENCE.sub(replace, text)
    return plain.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def unescape_until_c(text: str, *, hexadecimal: bool = True) -> tuple[str, bool]:
    r"""As `echo -e` and printf's %b do it: `\c` ends all output; returns whether it was met."""
    stop = _STOP.search(text)
    plain = text[: stop.end(1)] if stop else text
    return unescape(plain, controls=False, hexadecimal=hexadecimal), stop is not None
