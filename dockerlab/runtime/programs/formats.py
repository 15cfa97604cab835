"""How numbers, modes, sizes and times are written by the programs."""

from __future__ import annotations

import datetime

from dockerlab.world import NANOSECOND

TYPE_LETTERS = {"d": "d", "l": "l", "c": "c", "b": "b", "p": "p", "f": "-"}
KINDS = {
    "d": "directory",
    "l": "symbolic link",
    "c": "character special file",
    "b": "block special file",
    "p": "fifo",
    "f": "regular file",
}
HALF_A_YEAR = 15_778_476  # seconds; half of the mean Gregorian year, as ls counts
SUFFIXES = {"b": 512, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "c": 1, "w": 2}


def mode_text(kind: str, mode: int) -> str:
    """'drwxr-xr-x': the ten characters of `ls -l` (POSIX.1-2024, ls, 'file mode')."""
    text = ""
    for shift, special, letter in ((6, 0o4000, "s"), (3, 0o2000, "s"), (0, 0o1000, "t")):
        bits = mode >> shift
        text += ("r" if bits & 4 else "-") + ("w" if bits & 2 else "-")
        executable = bool(bits & 1)
        if mode & special:
            text += letter if executable else letter.upper()
        else:
            text += "x" if executable else "-"
    return TYPE_LETTERS[kind] + text


def human(size: int, *, base: int = 1024) -> str:
    """'1.5K': one digit after the point below ten, rounded up, as `ls -h`, `du -h` and `df -h` of GNU do."""
    if size < base:
        return str(size)
    letters = "KMGTPE" if base == 1024 else "kMGTPE"
    divisor = base
    for letter in letters:
        tenths = -(-size * 10 // divisor)
        if tenths < 100:
            return f"{tenths // 10}.{tenths % 10}{letter}"
        whole = -(-size // divisor)
        if whole < base:
            return f"{whole}{letter}"
        divisor *= base
    return f"{-(-size // (divisor // base))}{letters[-1]}"


def human_busybox(size: int, unit: int = 1) -> str:
    """'1.5K' as busybox rounds it: to the nearest tenth, with a point always ('4.0K', '200.0M')."""
    size *= unit
    if size < 1024:
        return str(size)
    amount, power = size / 1024, 0
    while amount >= 1024:
        amount, power = amount / 1024, power + 1
    return f"{amount:.1f}{'KMGTPE'[power]}"


def allocated(kind: str, size: int) -> int:
    """Bytes that a file takes on the disk: whole blocks of 4096; a folder takes one."""
    if kind == "d":
        return 4096
    return -(-size // 4096) * 4096 if kind == "f" else 0


def instant(nanoseconds: int) -> datetime.datetime:
    """An instant as a UTC datetime (whole seconds)."""
    return datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=nanoseconds // NANOSECOND)


def listing_time(nanoseconds: int, now: int) -> str:
    """'Nov 23 09:00', or 'Nov 23  2020' for what is older than half a year or in the future."""
    moment = instant(nanoseconds)
    age = (now - nanoseconds) // NANOSECOND
    tail = f"{moment:%H:%M}" if 0 <= age < HALF_A_YEAR else f"{moment.year:>5}"
    return f"{moment:%b} {moment.day:>2} {tail}"


def full_time(nanoseconds: int) -> str:
    """'2026-11-23 09:00:00.000000000 +0000'."""
    return f"{instant(nanoseconds):%Y-%m-%d %H:%M:%S}.{nanoseconds % NANOSECOND:09d} +0000"


def parse_size(text: str) -> int:
    """A size with a suffix: '10', '4k', '1M', '2MB' (powers of 1000), '1KiB'; raises ValueError."""
    letters = text.lstrip("0123456789")
    number = text[: len(text) - len(letters)]
    if not number:
        raise ValueError(text)
    if not letters:
        return int(number)
    unit, rest = letters[0].lower(), letters[1:]
    if unit not in SUFFIXES or rest not in ("", "B", "iB"):
        raise ValueError(text)
    if rest == "B":
        return int(number) * 1000 ** "kmgt".index(unit) * 1000 if unit in "kmgt" else int(number)
    return int(number) * SUFFIXES[unit]
