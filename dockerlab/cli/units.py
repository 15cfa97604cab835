"""Sizes, spans of time and texts as Docker writes and reads them (github.com/docker/go-units).

Sizes are bytes, spans seconds.
"""

from __future__ import annotations

import re
import unicodedata

from dockerlab.cli.numbers import OptionError, parse_float

_DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def human_size_with_precision(size: float, precision: int) -> str:
    """A size by powers of 1000 with so many digits: '77.8MB'."""
    return _scaled(size, 1000, _DECIMAL, precision)


def human_size(size: float) -> str:
    """A size by powers of 1000 with four digits: '1.049MB'."""
    return _scaled(size, 1000, _DECIMAL, 4)


def bytes_size(size: float) -> str:
    """A size by powers of 1024 with four digits: '3.42GiB'."""
    return _scaled(size, 1024, _BINARY, 4)


def _scaled(size: float, base: int, names: tuple[str, ...], precision: int) -> str:
    value, power = float(size), 0
    while value >= base and power < len(names) - 1:
        value /= base
        power += 1
    return f"{value:.{precision}g}{names[power]}"


def parse_human_size(text: str) -> int:
    """Bytes of '32kB', by powers of 1000."""
    return _parse_size(text, 1000)


def parse_ram_size(text: str) -> int:
    """Bytes of '32m', by powers of 1024 whatever the unit is called."""
    return _parse_size(text, 1024)


def _parse_size(text: str, base: int) -> int:
    number, suffix = _split_size(text)
    size = parse_float(number)
    if size < 0:
        raise OptionError(f"invalid size: '{text}'")
    suffix = suffix if len(suffix) > 3 else suffix.lower()
    if suffix in {"", "b"}:
        return int(size)
    power = "kmgtp".find(suffix[0]) + 1
    if power == 0 or suffix[1:] not in {"", "b", "ib"}:
        raise OptionError(f"invalid suffix: '{suffix}'")
    return int(size * base**power)


def _split_size(text: str) -> tuple[str, str]:
    """The number and the unit: parted by the first blank, or else after the last digit or dot."""
    if " " in text:
        number, _, suffix = text.partition(" ")
        return number, suffix
    last = max(text.rfind(character) for character in "0123456789.")
    if last < 0:
        raise OptionError(f"invalid size: '{text}'")
    return text[: last + 1], text[last + 1 :]


def human_duration(seconds: float) -> str:
    """A span of time as `docker ps` tells it: 'About an hour', '2 weeks'. Without 'ago'."""
    whole = int(seconds)
    if whole < 1:
        return "Less than a second"
    if whole == 1:
        return "1 second"
    if whole < MINUTE:
        return f"{whole} seconds"
    minutes = whole // MINUTE
    if minutes < 60:
        return "About a minute" if minutes == 1 else f"{minutes} minutes"
    return _human_hours(seconds / HOUR)


def _human_hours(exact: float) -> str:
    hours = int(exact + 0.5)
    if hours == 1:
        return "About an hour"
    for limit, unit, name in ((48, 1, "hours"), (14 * 24, 24, "days"), (60 * 24, 24 * 7, "weeks")):
        if hours < limit:
            return f"{hours // unit} {name}"
    if hours < 2 * 365 * 24:
        return f"{hours // (24 * 30)} months"
    return f"{int(exact) // 24 // 365} years"


def width(text: str) -> int:
    """Columns that a text takes on a terminal: wide characters take two, combining marks none."""
    return len(text) if text.isascii() else sum(_width_of(character) for character in text)


def _width_of(character: str) -> int:
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 2
    return 0 if unicodedata.combining(character) else 1


def ellipsis(text: str, columns: int) -> str:
    """A text cut to so many columns, its last one '…' if anything was cut off."""
    if columns <= 0:
        return ""
    if width(text) <= columns:
        return text
    if columns == 1:
        return text[:1]
    kept, used = [], 0
    for character in text:
        used += _width_of(character)
        if used > columns - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def short_id(identifier: str) -> str:
    """The 12 digits that tables show of an ID or digest."""
    return identifier.partition(":")[2][:12] if ":" in identifier else identifier[:12]


def natural_order(text: str) -> list[tuple[int, str]]:
    """A key for sorting that takes runs of digits as numbers (fvbommel/sortorder)."""
    return [(int(part or 0), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
