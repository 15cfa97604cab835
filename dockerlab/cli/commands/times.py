"""Points in time as --since and --until take them; the client reads them before it asks the daemon."""

from __future__ import annotations

from dockerlab.engine.timestamps import parse_time
from dockerlab.errors import CommandError, InvalidParameterError


def timestamp(text: str, now: int, flag: str = "") -> int:
    """Nanoseconds since 1970 of '10m' (ago), a date or seconds since 1970; 0 for ''.

    An error names the `flag`, where one is given.
    """
    if not text:
        return 0
    try:
        return parse_time(text, now)
    except InvalidParameterError as error:
        where = f'invalid value for "{flag}": ' if flag else ""
        raise CommandError(f"{where}{error}") from error
