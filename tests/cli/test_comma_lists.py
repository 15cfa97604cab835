"""Comma-separated values in quotes, as encoding/csv reads them; the errors were asked of client 28.2.2."""

from __future__ import annotations

import pytest

from dockerlab.cli.comma_lists import parse_comma_list
from dockerlab.cli.numbers import OptionError


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", ()), ("a", ("a",)), ("a,,b", ("a", "", "b")), (",", ("", "")), ('"a,b",c', ("a,b", "c")),
        ('"a""b"', ('a"b',)), ('""', ("",)), ("a,", ("a", "")),
    ],
)  # fmt: skip
def test_fields(text: str, fields: tuple[str, ...]) -> None:
    assert parse_comma_list(text) == fields


@pytest.mark.parametrize(
    ("text", "column", "error"),
    [
        ('["a:1"]', 2, 'bare " in non-quoted-field'),
        ('a"b', 2, 'bare " in non-quoted-field'),
        ('"a"b', 3, 'extraneous or missing " in quoted-field'),
        ('"a', 3, 'extraneous or missing " in quoted-field'),
        ('a,"b', 5, 'extraneous or missing " in quoted-field'),
    ],
)
def test_faults(text: str, column: int, error: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_comma_list(text)
    assert str(caught.value) == f"parse error on line 1, column {column}: {error}"
