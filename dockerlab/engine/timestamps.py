"""Points in time as users write them: an age, a date, or seconds since 1970 (moby, api/types/time: GetTimestamp)."""

from __future__ import annotations

import re

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.golang import parse_duration, quote
from dockerlab.world import NANOSECOND, parse_instant

_SECONDS = re.compile(r"(\d+)(?:\.(\d{1,9}))?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?)?(?P<zone>Z|[+-]\d\d:\d\d)?")


def parse_time(text: str, now: int) -> int:
    """Nanoseconds since 1970 of '10m' (before now), '2026-11-23T09:00', or '1795449738.5'."""
    try:
        return now - parse_duration(text) if text != "0" else 0
    except InvalidParameterError:
        return _absolute(text)


def _absolute(text: str) -> int:
    seconds = _SECONDS.fullmatch(text)
    if seconds:
        return int(seconds[1]) * NANOSECOND + int(((seconds[2] or "") + "0" * 9)[:9])
    match = _DATE.fullmatch(text)
    try:
        return parse_instant(_complete(text, match["zone"] or "")) if match else _refuse(text)
    except ValueError:
        return _refuse(text)


def _complete(text: str, zone: str) -> str:
    """A date with all that RFC 3339 wants of it."""
    date, _, clock = text.removesuffix(zone).partition("T")
    parts = [*(clock.split(":") if clock else []), "00", "00", "00"][: max(3, clock.count(":") + 1)]
    return f"{date}T{':'.join(parts)}{zone or 'Z'}"


def _refuse(text: str) -> int:
    raise InvalidParameterError(f"failed to parse value as time or duration: {quote(text)}")
