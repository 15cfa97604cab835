"""What Go's decoder says of faulty JSON (encoding/json, scanner.go; transcript archives_by_hand)."""

from __future__ import annotations

import pytest

from dockerlab.oci.gojson_errors import syntax_error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"a": [1, -2.5e+3, true, null, "\\u00e4\\n"]} ', ""),
        ("nojson", "invalid character 'o' in literal null (expecting 'u')"),
        ("hello", "invalid character 'h' looking for beginning of value"),
        ("{", "unexpected end of JSON input"),
        ("", "unexpected end of JSON input"),
        ("{a: 1}", "invalid character 'a' looking for beginning of object key string"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair"),
        ('{"a": 1,}', "invalid character '}' looking for beginning of object key string"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("{} x", "invalid character 'x' after top-level value"),
        ('"a\nb"', "invalid character '\\n' in string literal"),
        ('"\\q"', "invalid character 'q' in string escape code"),
        ('"\\u12g"', "invalid character 'g' in \\u hexadecimal character escape"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1ex", "invalid character 'x' in exponent of numeric literal"),
        ("'a'", "invalid character '\\'' looking for beginning of value"),
    ],
)
def test_the_first_byte_that_does_not_fit(text: str, error: str) -> None:
    assert syntax_error(text.encode()) == error


@pytest.mark.parametrize(("text", "error"), [("{\n", "unexpected EOF"), (" ", "EOF"), ("{} x", "")])
def test_a_decoder_reads_on_where_a_value_ends(text: str, error: str) -> None:
    assert syntax_error(text.encode(), stream=True) == error
