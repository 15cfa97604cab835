"""Dates as people type them ('2020-01-01', '@0', '2 days ago') and as date(1) prints them. All times are UTC."""

from __future__ import annotations

import datetime
import re

from dockerlab.runtime.programs.formats import instant
from dockerlab.world import NANOSECOND

UNITS = {
    "sec": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "fortnight": 1209600,
}
WORDS = {"now": 0, "today": 0, "yesterday": -86400, "tomorrow": 86400}
RELATIVE = re.compile(
    r"((?<![\d:])[-+]\s*\d*|(?<![-\d:])\d*)\s*\b(second|sec|minute|min|hour|day|week|fortnight|month|year)s?(\s+ago)?\b",
    re.I,
)
FORMS = (
    "%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%m/%d/%Y", "%d %b %Y", "%b %d %Y", "%d %B %Y", "%B %d %Y",
    "%b %d, %Y", "%B %d, %Y", "%a %b %d %Y", "%a, %d %b %Y",
)  # fmt: skip
CLOCK = re.compile(r"(?:(?<=\d)T|\b)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?")
ZONE = re.compile(r"\s*(?:\b(?:UTC|GMT)|(?<=\d)Z|([-+])(\d\d):?(\d\d))\s*$")


class DateError(ValueError):
    """A text that is no date."""


def parse_date(text: str, now: int, *, stamp: bool = False) -> int:
    """Nanoseconds since 1970 of a date; `stamp` reads touch -t's [[CC]YY]MMDDhhmm[.ss]. Raises DateError."""
    if stamp:
        return _parse_stamp(text, now)
    text = text.strip()
    if text.startswith("@"):
        return _parse_epoch(text[1:])
    shift = 0
    moment = instant(now)
    zone = ZONE.search(text)
    if zone and re.search(r"\d", text[: zone.start()]) and (CLOCK.search(text) or not zone[1]):
        text = text[: zone.start()]
        shift = _zone_seconds(zone)
    clock = CLOCK.search(text)
    if clock:
        text = (text[: clock.start()].rstrip().removesuffix("T") + text[clock.end() :]).strip()
    text, moves = _take_moves(text)
    moment, dated = _apply_date(moment, text)
    if clock:
        moment = _set_clock(moment, clock)
    elif dated:
        moment = moment.replace(hour=0, minute=0, second=0)
    for amount, unit in moves:
        moment = _moved(moment, amount, unit)
    fraction = int(((clock[4] or "") if clock else "").ljust(9, "0")[:9])
    # A bare 'now' keeps the clock's own fraction of a second.
    keep = now % NANOSECOND if not clock and not dated else fraction
    return (int(moment.timestamp()) - shift) * NANOSECOND + keep


def _parse_epoch(text: str) -> int:
    try:
        return int(float(text) * NANOSECOND) if "." in text else int(text) * NANOSECOND
    except ValueError:
        raise DateError(text) from None


def _parse_stamp(text: str, now: int) -> int:
    found = re.fullmatch(r"(\d{2}|\d{4})?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?", text)
    if not found:
        raise DateError(text)
    year = found[1] or str(instant(now).year)
    if len(year) == 2:
        year = ("19" if int(year) >= 69 else "20") + year
    parts = [int(year), *(int(found[at] or 0) for at in range(2, 7))]
    try:
        moment = datetime.datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=datetime.UTC)
    except ValueError:
        raise DateError(text) from None
    return int(moment.timestamp()) * NANOSECOND


def _zone_seconds(zone: re.Match[str]) -> int:
    if not zone[1]:
        return 0
    return (1 if zone[1] == "+" else -1) * (int(zone[2]) * 3600 + int(zone[3]) * 60)


def _set_clock(moment: datetime.datetime, clock: re.Match[str]) -> datetime.datetime:
    try:
        return moment.replace(hour=int(clock[1]), minute=int(clock[2]), second=int(clock[3] or 0))
    except ValueError:
        raise DateError(clock[0]) from None


def _take_moves(text: str) -> tuple[str, list[tuple[int, str]]]:
    """'+1 day', '3 weeks ago', 'yesterday', 'next month': taken out of the text, as amounts of units."""
    text = re.sub(r"\bnext\s+", "+1 ", re.sub(r"\blast\s+", "-1 ", text))
    moves: list[tuple[int, str]] = []
    for found in RELATIVE.finditer(text):
        sign = found[1].strip()
        amount = int(f"{sign}1" if sign in ("", "+", "-") else sign.replace(" ", ""))
        moves.append((-amount if found[3] else amount, found[2].lower()))
    text = RELATIVE.sub("", text)
    for word, seconds in WORDS.items():
        text, times = re.subn(rf"(?i)\b{word}\b", "", text)
        moves += [(seconds, "sec")] * times
    return text.strip(), moves


def _moved(moment: datetime.datetime, amount: int, unit: str) -> datetime.datetime:
    if unit in UNITS:
        return moment + datetime.timedelta(seconds=amount * UNITS[unit])
    months = moment.year * 12 + moment.month - 1 + amount * (12 if unit == "year" else 1)
    first = moment.replace(year=months // 12, month=months % 12 + 1, day=1)
    return first + datetime.timedelta(days=moment.day - 1)


def _apply_date(moment: datetime.datetime, text: str) -> tuple[datetime.datetime, bool]:
    if not text:
        return moment, False
    for form in FORMS:
        try:
            day = datetime.datetime.strptime(text.strip(" ,"), form)
        except ValueError:
            continue
        return moment.replace(year=day.year, month=day.month, day=day.day), True
    raise DateError(text)


def format_date(form: str, moment: int) -> str:
    """strftime(3) with GNU's %N, %s, %P and the flags '-' and '_' (no padding, blanks)."""
    when = instant(moment)
    special = {
        "N": f"{moment % NANOSECOND:09d}", "s": str(moment // NANOSECOND), "P": f"{when:%p}".lower(), "Z": "UTC",
        "z": "+0000", "e": f"{when.day:2}", "k": f"{when.hour:2}", "l": f"{when.hour % 12 or 12:2}", "n": "\n",
        "t": "\t", "F": f"{when:%Y-%m-%d}", "T": f"{when:%H:%M:%S}", "R": f"{when:%H:%M}", "D": f"{when:%m/%d/%y}",
        "h": f"{when:%b}", "r": f"{when:%I:%M:%S %p}", "C": f"{when.year // 100}",
        "c": f"{when:%a %b} {when.day:2} {when:%H:%M:%S %Y}", "q": str((when.month + 2) // 3), "+": "",
    }  # fmt: skip

    def fill(found: re.Match[str]) -> str:
        flag, width, letter = found[1], found[2], found[3]
        text = special[letter] if letter in special else when.strftime(f"%{letter}")
        if letter == "N" and width:
            return text[: int(width)]
        if flag == "-":
            return text.lstrip("0 ") or "0"
        if flag == "_":
            return (text.lstrip("0") or "0").rjust(len(text))
        return text.upper() if flag == "^" else text

    return re.sub(r"%([-_^0]?)(\d*):?([a-zA-Z%+])", fill, form)
