"""How Go prints values, where the texts of Docker's builders depend on it: %q, %v, time.Duration."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dockerlab.errors import InvalidParameterError

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_TERM = re.compile(r"(\d*)(?:\.(\d*))?([^\d.]*)")


def quote(text: str) -> str:
    """A string as %q prints it."""
    return '"' + "".join(_ESCAPES.get(char) or _plain(char) for char in text) + '"'


def quote_rune(number: int) -> str:
    """An integer as %q prints it: as the character of that number."""
    char = chr(number)
    inner = "\\'" if char == "'" else char if char == '"' else _ESCAPES.get(char) or _plain(char)
    return f"'{inner}'"


def _plain(char: str) -> str:
    if char.isprintable():
        return char
    number = ord(char)
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def quote_list(items: Iterable[str]) -> str:
    """A list of strings as %q prints it: ["a" "b"]."""
    return "[" + " ".join(map(quote, items)) + "]"


def show_list(items: Iterable[str]) -> str:
    """A list of strings as %v prints it: [a b]."""
    return "[" + " ".join(items) + "]"


def parse_duration(text: str) -> int:
    """Nanoseconds of a text such as '1m30s' (time.ParseDuration, with its error texts)."""
    rest = text[1:] if text[:1] in {"+", "-"} else text
    if rest == "0":
        return 0
    total = 0.0
    if not rest:
        raise InvalidParameterError(f"time: invalid duration {quote(text)}")
    while rest:
        term = _TERM.match(rest)
        if term is None or not (term[1] or term[2]):
            raise InvalidParameterError(f"time: invalid duration {quote(text)}")
        if not term[3]:
            raise InvalidParameterError(f"time: missing unit in duration {quote(text)}")
        if term[3] not in _UNITS:
            raise InvalidParameterError(f"time: unknown unit {quote(term[3])} in duration {quote(text)}")
        total += float(f"{term[1] or 0}.{term[2] or 0}") * _UNITS[term[3]]
        rest = rest[term.end() :]
    return round(-total if text.startswith("-") else total)


def show_duration(nanoseconds: int) -> str:
    """A duration as Go's String method prints it: '1m30s', '500ms', '0s'."""
    if nanoseconds < 0:
        return "-" + show_duration(-nanoseconds)
    for unit in ("ns", "µs", "ms"):
        if nanoseconds < _UNITS[unit] * 1000:
            return f"{_trim(nanoseconds / _UNITS[unit])}{unit}" if nanoseconds else "0s"
    minutes, rest = divmod(nanoseconds, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = f"{_trim(rest / _UNITS['s'])}s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds


def _trim(number: float) -> str:
    text = f"{number:.9f}"
    return text.rstrip("0").rstrip(".")


def edit_distance(first: str, second: str) -> int:
    """How many letters must be inserted, removed or replaced to make one word of the other (Levenshtein)."""
    row = list(range(len(second) + 1))
    for number, char in enumerate(first, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(second, 1):
            before, row[place] = row[place], min(before + (char != other), row[place] + 1, row[place - 1] + 1)
    return row[-1]


def suggest(word: str, known: Iterable[str]) -> str:
    """' (did you mean X?)' with the nearest known word, '' where none is near (BuildKit, util/suggest)."""
    best, distance = "", 3
    for candidate in known:
        steps = edit_distance(word.lower(), candidate.lower())
        if steps == 0:
            return ""
        if steps < distance:
            best, distance = candidate, steps
    if not best:
        return ""
    return f" (did you mean {best.lower() if word == word.lower() else best}?)"
