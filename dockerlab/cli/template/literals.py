"""Constants in templates: numbers and quoted texts as Go writes them (parse/node.go newNumber, strconv.Unquote)."""

from __future__ import annotations

import re

from dockerlab.oci.golang import quote

_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.DOTALL)


def unquote(text: str) -> str:
    """The content of a text in quotes or backquotes; ValueError for a wrong escape."""
    if text.startswith("`"):
        return text[1:-1].replace("\r", "")
    return _ESCAPE.sub(_unescape, text[1:-1])


def _unescape(match: re.Match[str]) -> str:
    body = match[1]
    if body in _SIMPLE:
        return _SIMPLE[body]
    if body[0] in "xuU" and len(body) > 1:
        return chr(int(body[1:], 16))
    if len(body) == 3:
        return chr(int(body, 8))
    raise ValueError("invalid syntax")


class Rune(int):
    """A character constant: a number that was written as a character."""


def character(text: str) -> Rune:
    """The code point of 'x'."""
    content = unquote(text)
    if not content:
        raise ValueError("invalid syntax")
    if len(content) != 1:
        raise ValueError(f"malformed character constant: {text}")
    return Rune(ord(content))


_SIGN_WITHIN = re.compile(r"(?<=[^eEpP])[+-]")
_LEGACY_OCTAL = re.compile(r"[+-]?0[0-7_]+")


def number(text: str) -> int | float | complex:
    """A number of any base, with underscores; ValueError for what isn't one."""
    if text.endswith("i"):
        split = _SIGN_WITHIN.search(text)
        return (
            complex(number(text[: split.start()]), number(text[split.start() : -1]))
            if split
            else complex(0, number(text[:-1]))
        )
    digits = text.replace("_", "").lower()
    is_hex = digits.lstrip("+-").startswith("0x")
    try:
        if _LEGACY_OCTAL.fullmatch(text):
            return int(digits, 8)
        if is_hex and ("p" in digits or "." in digits):
            return float.fromhex(digits)
        if not is_hex and ("." in digits or "e" in digits):
            return _finite(float(digits))
        value = int(digits, 0)
    except ValueError as error:
        raise ValueError(f"illegal number syntax: {quote(text)}") from error
    if not -(1 << 63) <= value < 1 << 64:
        raise ValueError(f"integer overflow: {quote(text)}")
    return value


def _finite(value: float) -> float:
    if value in {float("inf"), float("-inf")}:
        raise ValueError("out of range")
    return value
