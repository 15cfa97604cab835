"""JSON as Go's encoding/json writes it."""

from __future__ import annotations

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.oci import gojson


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"b":1,"a":[true,null]}'),
        ("<a href='x'>&", "\"\\u003ca href='x'\\u003e\\u0026\""),
        ("line\u2028sep\u2029", '"line\\u2028sep\\u2029"'),
        ("tab\there\nthere\r", '"tab\\there\\nthere\\r"'),
        ("\b\f\x01\x7f", '"\\u0008\\u000c\\u0001\x7f"'),
        ("back\\b \\\\f", '"back\\\\b \\\\\\\\f"'),
        ("Grüße 🐳", '"Grüße 🐳"'),
        ("\udcff", '"\ufffd"'),
        ('"quoted"', '"\\"quoted\\""'),
    ],
)
def test_go_escapes(value: object, text: str) -> None:
    assert gojson.encode(value).decode() == text


def test_a_map_is_sorted_by_bytes_at_its_top_level_only() -> None:
    assert list(gojson.sort_keys({"b": {"z": 1, "a": 2}, "B": 1, "é": 1})) == ["B", "b", "é"]


@pytest.mark.parametrize("raw", [b"{", b"NaN", b"\xff", b"1 2"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidParameterError):
        gojson.decode(raw)
