"""Dates as GNU's date reads and prints them; the clock is the lab's."""

from __future__ import annotations

import pytest

from dockerlab.runtime.programs.dates import DateError, format_date, parse_date
from dockerlab.world import parse_instant

NOW = parse_instant("2026-11-23T09:00:00Z")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-01-02", "2020-01-02T00:00:00Z"),
        ("2020-01-02 03:04:05", "2020-01-02T03:04:05Z"),
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z"),
        ("2020-01-02T03:04:05.5Z", "2020-01-02T03:04:05.5Z"),
        ("2020-01-02 03:04 +0200", "2020-01-02T01:04:00Z"),
        ("@86400", "1970-01-02T00:00:00Z"),
        ("1 Jan 2021", "2021-01-01T00:00:00Z"),
        ("yesterday", "2026-11-22T09:00:00Z"),
        ("2 weeks ago", "2026-11-09T09:00:00Z"),
        ("2020-02-28 +2 days", "2020-03-01T00:00:00Z"),
        ("next month", "2026-12-23T09:00:00Z"),
        ("12:30", "2026-11-23T12:30:00Z"),
    ],
)
def test_reading(text: str, moment: str) -> None:
    assert parse_date(text, NOW) == parse_instant(moment)


def test_the_stamp_of_touch() -> None:
    assert parse_date("202001020304.05", NOW, stamp=True) == parse_instant("2020-01-02T03:04:05Z")


@pytest.mark.parametrize("text", ["zz", "2020-13-01", "@x"])
def test_nonsense(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text, NOW)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%F %T", "2026-11-23 09:00:00"),
        ("%s", "1795424400"),
        ("%-d/%-m", "23/11"),
        ("%a %b %e", "Mon Nov 23"),
        ("%N", "000000000"),
        ("%3N", "000"),
    ],
)
def test_printing(form: str, text: str) -> None:
    assert format_date(form, NOW) == text
