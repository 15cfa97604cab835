"""Sizes, spans and numbers: upstream's table (data/units.json) and Go's documentation."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.cli import units
from dockerlab.cli.numbers import OptionError, parse_bool, parse_duration, parse_int, parse_uint
from dockerlab.cli.options_ulimit import parse_ulimit
from tests.peer.suite import Suite, cases_of


def ask(case: dict[str, Any]) -> object:
    """What dockerlab makes of a case."""
    match case["fn"]:
        case "HumanDuration":
            return units.human_duration(case["seconds"])
        case "HumanSize":
            return units.human_size(case["size"])
        case "HumanSizeWithPrecision":
            return units.human_size_with_precision(case["size"], case["precision"])
        case "BytesSize":
            return units.bytes_size(case["size"])
        case "FromHumanSize":
            return units.parse_human_size(case["input"])
        case "RAMInBytes":
            return units.parse_ram_size(case["input"])
    assert case["fn"] == "ParseUlimit"
    # Upstream's table keeps only what stands behind the name; the one error that is about the name has none.
    bare = (case["expected_error"] or "").startswith("invalid ulimit argument")
    name = case["result"]["Name"] if case["result"] else "nofile"
    return parse_ulimit(case["input"] if bare else f"{name}={case['input']}").to_json()


def check(case: dict[str, Any]) -> None:
    """One of upstream's cases."""
    if case.get("expected_error"):
        with pytest.raises(OptionError) as caught:
            ask(case)
        assert str(caught.value) == case["expected_error"]
    else:
        assert ask(case) == case["result"]


SUITE = Suite("cli/data/units.json", "sizes and spans", cases_of("cli/data/units.json"), check)


@pytest.mark.parametrize("case", SUITE.params)
def test_upstream(case: dict[str, Any]) -> None:
    SUITE.check(case)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.9, "Less than a second"),
        (1, "1 second"),
        (119, "About a minute"),
        (90 * 60, "2 hours"),
        (47 * 3600, "47 hours"),
        (365 * 86400, "12 months"),
    ],
)
def test_what_is_easily_got_wrong_about_spans(seconds: float, text: str) -> None:
    """Asked of the real client: 90 minutes are 2 hours, 47 hours stay hours, a year is 12 months."""
    assert units.human_duration(seconds) == text


def test_sizes_near_a_power_get_an_exponent() -> None:
    """printf's %.3g, as the real `docker images` shows 999,500 bytes."""
    assert units.human_size_with_precision(999_500, 3) == "1e+03kB"
    assert units.human_size_with_precision(77_812_345, 3) == "77.8MB"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("zz", 'time: invalid duration "zz"'),
        ("5", 'time: missing unit in duration "5"'),
        ("5x", 'time: unknown unit "x" in duration "5x"'),
        ("", 'time: invalid duration ""'),
    ],
)
def test_bad_durations(text: str, error: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_duration(text)
    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("text", "value"), [("0x10", 16), ("-5", -5), ("017", 15), ("1_000", 1000), ("0b11", 3), ("0", 0)]
)
def test_integers_of_any_base(text: str, value: int) -> None:
    """strconv.ParseInt with base 0."""
    assert parse_int(text) == value


def test_numbers_out_of_range() -> None:
    with pytest.raises(OptionError, match="value out of range"):
        parse_int("9223372036854775808")
    with pytest.raises(OptionError, match="value out of range"):
        parse_uint("65536", bits=16)
    with pytest.raises(OptionError, match='parsing "-1": invalid syntax'):
        parse_uint("-1")


def test_truth_values() -> None:
    assert [parse_bool(text) for text in ("1", "t", "TRUE", "0", "F", "False")] == [True] * 3 + [False] * 3
    with pytest.raises(OptionError):
        parse_bool("yes")


def test_names_with_numbers_are_in_natural_order() -> None:
    """The client's own sorting of volumes and networks (upstream's TestVolumeListSortOrder)."""
    names = ["volume-10-foo", "volume-2-foo", "volume-1-foo", "volume"]
    assert sorted(names, key=units.natural_order) == ["volume", "volume-1-foo", "volume-2-foo", "volume-10-foo"]
