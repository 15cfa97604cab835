"""--since and --until: spans back from now, points in time, seconds since 1970."""

from __future__ import annotations

import pytest

from dockerlab.cli.commands.times import timestamp
from dockerlab.errors import CommandError
from dockerlab.world import NANOSECOND, parse_instant

NOW = parse_instant("2026-11-23T09:00:00Z")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("", 0),
        ("10m", NOW - 600 * NANOSECOND),
        ("2026-11-23T08:00:00Z", NOW - 3600 * NANOSECOND),
        ("2026-11-23", NOW - 9 * 3600 * NANOSECOND),
        (f"{NOW // NANOSECOND}.5", NOW + NANOSECOND // 2),
    ],
)
def test_points_in_time(text: str, instant: int) -> None:
    assert timestamp(text, NOW) == instant


def test_what_is_no_time() -> None:
    with pytest.raises(CommandError, match='invalid value for "until": failed to parse value as time'):
        timestamp("soon", NOW, "until")
