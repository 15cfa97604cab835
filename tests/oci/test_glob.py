"""Go's path.Match (https://pkg.go.dev/path#Match), with cases from its documentation's grammar."""

from __future__ import annotations

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.glob import path_match


@pytest.mark.parametrize(
    ("pattern", "name", "matched"),
    [
        ("*", "ubuntu", True),
        ("*", "team/app", False),
        ("*/*", "team/app", True),
        ("ub*:24.*", "ubuntu:24.04", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("ba[rz]", "baz", True),
        ("ba[^rz]", "baz", False),
        ("[a-c]x", "bx", True),
        ("[c-a]x", "bx", False),
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
        ("[\\]a]", "]", True),
        ("a.c", "abc", False),
        ("", "", True),
        ("[x^]", "^", True),
    ],
)
def test_match(pattern: str, name: str, matched: bool) -> None:
    assert path_match(pattern, name) is matched


@pytest.mark.parametrize("pattern", ["[", "[]a]", "[a", "[-x]", "a\\", "[a-]"])
def test_bad_patterns(pattern: str) -> None:
    with pytest.raises(InvalidParameterError, match=r"^syntax error in pattern$"):
        path_match(pattern, "a")
