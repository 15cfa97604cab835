"""Go's ways with values (fmt's %q, strconv.Quote, time.Duration)."""

from __future__ import annotations

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.golang import parse_duration, quote, quote_list, quote_rune, show_duration, show_list

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("a b", '"a b"'),
        ('"', '"\\""'),
        ("\\", '"\\\\"'),
        ("\n\x01", '"\\n\\x01"'),
        ("é\u2028", '"é\\u2028"'),
        ("…\U0001f433\udcff", '"…\U0001f433\\xff"'),
    ],
)
def test_quoted_strings(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_lists_and_runes() -> None:
    assert quote_list(["a", "b c"]) == '["a" "b c"]'
    assert show_list(["a", "b c"]) == "[a b c]"
    assert [quote_rune(number) for number in (0, 2, 39, 65)] == ["'\\x00'", "'\\x02'", "'\\''", "'A'"]


@pytest.mark.parametrize(
    ("text", "span", "shown"),
    [
        ("5s", 5 * SECOND, "5s"),
        ("1m30s", 90 * SECOND, "1m30s"),
        ("90s", 90 * SECOND, "1m30s"),
        ("1h", 3600 * SECOND, "1h0m0s"),
        ("1.5s", 3 * SECOND // 2, "1.5s"),
        ("100ms", SECOND // 10, "100ms"),
        ("1h15m30.5s", 4_530_500_000_000, "1h15m30.5s"),
        (".5s", SECOND // 2, "500ms"),
        ("2160h", 2160 * 3600 * SECOND, "2160h0m0s"),
        ("0", 0, "0s"),
        ("-2s", -2 * SECOND, "-2s"),
    ],
)
def test_durations(text: str, span: int, shown: str) -> None:
    assert parse_duration(text) == span
    assert show_duration(span) == shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abc", 'time: invalid duration "abc"'),
        ("", 'time: invalid duration ""'),
        ("1", 'time: missing unit in duration "1"'),
        ("1x", 'time: unknown unit "x" in duration "1x"'),
    ],
)
def test_texts_that_are_no_duration(text: str, message: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        parse_duration(text)
    assert str(caught.value) == message
