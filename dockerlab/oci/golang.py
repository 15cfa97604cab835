"""How Go writes and reads values, where Docker's texts depend on it: fmt's %q and %v, strconv.Quote, time.Duration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dockerlab.errors import InvalidParameterError

_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def quote(text: str, *, ascii_only: bool = False) -> str:
    """A text in double quotes (strconv.Quote, or QuoteToASCII)."""
    return '"' + "".join(_escaped(character, ascii_only) for character in text) + '"'


def quote_rune(code: int, *, ascii_only: bool = False) -> str:
    """The character of a number in single quotes (strconv.QuoteRune)."""
    character = chr(code) if 0 <= code < 0x110000 else "\ufffd"
    return "'" + ("\\'" if character == "'" else '"' if character == '"' else _escaped(character, ascii_only)) + "'"


def _escaped(character: str, ascii_only: bool = False) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that isn't UTF-8, as surrogateescape keeps it
        return f"\\x{code - 0xDC00:02x}"
    if character.isprintable() and (code < 0x80 or not ascii_only):
        return character
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quote_list(items: Iterable[str]) -> str:
    """A list of strings as %q prints it: ["a" "b"]."""
    return "[" + " ".join(map(quote, items)) + "]"


def show_list(items: Iterable[str]) -> str:
    """A list of strings as %v prints it: [a b]."""
    return "[" + " ".join(items) + "]"


_UNITS: Mapping[str, int] = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_PART = re.compile(r"(\d*)(\.\d*)?([^\d.]*)")


def parse_duration(text: str) -> int:
    """Nanoseconds of a text such as '1h15m30.5s' (time.ParseDuration, with its words where that fails)."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    if not rest:
        raise InvalidParameterError(f"time: invalid duration {quote(text)}")
    total, position = 0, 0
    while position < len(rest):
        part = _PART.match(rest, position)
        if part is None or (part[1] + (part[2] or "")).strip(".") == "":
            raise InvalidParameterError(f"time: invalid duration {quote(text)}")
        total += _part_of_duration(part, text)
        position = part.end()
    return sign * total


def _part_of_duration(part: re.Match[str], text: str) -> int:
    whole, fraction, unit = part[1], part[2] or "", part[3]
    if not unit:
        raise InvalidParameterError(f"time: missing unit in duration {quote(text)}")
    if unit not in _UNITS:
        raise InvalidParameterError(f"time: unknown unit {quote(unit)} in duration {quote(text)}")
    digits = fraction[1:]
    scale: int = 10 ** len(digits)
    return int(whole or "0") * _UNITS[unit] + int(digits or "0") * _UNITS[unit] // scale


def show_duration(nanoseconds: int) -> str:
    """A span's own text: '1m30s', '1.5s', '2160h0m0s', '0s' (time.Duration.String)."""
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if rest == 0:
        return "0s"
    if rest < 1_000_000_000:
        name = next(unit for unit in ("ms", "µs", "ns") if rest >= _UNITS[unit])
        return f"{sign}{_decimal(rest, _UNITS[name])}{name}"
    minutes, rest = divmod(rest, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    lead = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{sign}{lead}{_decimal(rest, _UNITS['s'])}s"


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    digits = len(str(unit)) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".") if rest else str(whole)
