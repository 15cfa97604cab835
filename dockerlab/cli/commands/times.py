"""Points in time as --since and --until take them (docker/cli and the Engine API): spans back from now, too."""

from __future__ import annotations

from dockerlab.cli.numbers import parse_duration
from dockerlab.errors import CommandError
from dockerlab.world import NANOSECOND, parse_instant


def timestamp(text: str, now: int, flag: str = "") -> int:
    """Nanoseconds since 1970 of '10m' (ago), RFC 3339 or seconds since 1970; 0 for ''.

    An error names the `flag`, where one is given.
    """
    if not text:
        return 0
    try:
        return now - parse_duration(text)
    except CommandError:
        return _absolute(text, flag)


def _absolute(text: str, flag: str) -> int:
    whole, _, fraction = text.partition(".")
    if whole.isdigit() and (fraction.isdigit() or not fraction):
        return int(whole) * NANOSECOND + int((fraction + "0" * 9)[:9])
    try:
        return parse_instant(text)
    except ValueError as error:
        where = f'invalid value for "{flag}": ' if flag else ""
        raise CommandError(f'{where}failed to parse value as time or duration: "{text}"') from error
