"""POSIX regular expressions (POSIX.1-2024 XBD 9) in Python's: basic, extended, brackets."""

from __future__ import annotations

import pytest

from dockerlab.runtime.programs.regex import PatternError, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a+", "a+", "a+"),
        (r"a\+", "aaa", "aaa"),
        ("*a", "*a", "*a"),
        (r"\(a\)\1", "aa", "aa"),
        (r"a\{2\}", "aaa", "aa"),
        ("[]a]*", "]a]b", "]a]"),
        ("[^]]", "]x", "x"),
        (r"[\n]", "\\", "\\"),
        ("[[:digit:][:upper:]]*", "9A9a", "9A9"),
        ("a.c", "a\nc", "a\nc"),
        ("x$y", "x$y", "x$y"),
        (r"\<w", "a w", "w"),
        ("^*", "*", "*"),
    ],
)
def test_basic(pattern: str, text: str, found: str) -> None:
    match = compile_pattern(pattern).search(text)
    assert match
    assert match[0] == found


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a+|b", "xaab", "aa"),
        ("a{2,}", "aaa", "aaa"),
        ("(a|b){2}", "ab", "ab"),
        ("a{,2}", "aaa", "aa"),
        ("a{x", "a{x", "a{x"),
        (r"\.", "a.", "."),
    ],
)
def test_extended(pattern: str, text: str, found: str) -> None:
    match = compile_pattern(pattern, extended=True).search(text)
    assert match
    assert match[0] == found


@pytest.mark.parametrize(
    ("pattern", "extended", "text"),
    [
        ("(", True, "Unmatched ( or \\("),
        (r"\(", False, "Unmatched ( or \\("),
        ("[a", False, "Unmatched [, [^, [:, [., or [="),
        ("[[:nope:]]", False, "Invalid character class name"),
        ("a\\", False, "Trailing backslash"),
    ],
)
def test_what_is_no_pattern_says_so_in_gnus_words(pattern: str, extended: bool, text: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern, extended=extended)
    assert str(caught.value) == text
