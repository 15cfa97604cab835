"""Patterns and braces (POSIX.1-2024 XCU 2.14; bash's brace expansion)."""

from __future__ import annotations

import pytest

from dockerlab.runtime.shell.fields import Break, Piece, expand_braces, split
from dockerlab.runtime.shell.patterns import is_pattern, matcher
from dockerlab.runtime.shell.syntax import Literal, Word


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*.txt", "a.txt", True),
        ("?", "ab", False),
        ("[a-c]x", "bx", True),
        ("[!a-c]x", "bx", False),
        ("[]a]", "]", True),
        ("[[:digit:][:upper:]]", "X", True),
        ("[a", "[a", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("@(a|b)c", "bc", True),
        ("+(ab)", "ababab", True),
        ("!(*.c)", "x.h", True),
        ("!(*.c)", "x.c", False),
        ("a.b", "axb", False),
    ],
)
def test_matching(pattern: str, text: str, matches: bool) -> None:
    assert bool(matcher([(pattern, False)]).fullmatch(text)) == matches


def test_quoted_characters_are_plain() -> None:
    runs = [("a", False), ("*", True)]
    assert not is_pattern(runs)
    assert matcher(runs).fullmatch("a*")
    assert not matcher(runs).fullmatch("ab")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a{b,c}d", ["abd", "acd"]),
        ("{1..3}", ["1", "2", "3"]),
        ("{03..1}", ["03", "02", "01"]),
        ("{a..e..2}", ["a", "c", "e"]),
        ("{a,{b,c}}{1,2}", ["a1", "a2", "b1", "b2", "c1", "c2"]),
        ("{single}", ["{single}"]),
        ("{", ["{"]),
    ],
)
def test_braces(text: str, made: list[str]) -> None:
    words = expand_braces(Word((Literal(text),)))
    assert ["".join(part.text for part in word.parts if isinstance(part, Literal)) for word in words] == made


def test_quoted_braces_stay() -> None:
    word = Word((Literal("{a,b}", quoted=True),))
    assert expand_braces(word) == [word]


def test_splitting_keeps_quotes_whole() -> None:
    pieces = [Piece("x", False), Piece(" a b ", False, split=True), Piece("c d", True), Break(), Piece("", True)]
    assert [["".join(text for text, _ in field)] for field in split(pieces, " \t\n")] == [
        ["x"],
        ["a"],
        ["b"],
        ["c d"],
        [""],
    ]


def test_splitting_by_other_characters_keeps_empty_fields() -> None:
    fields = split([Piece("a::b:", False, split=True)], ":")
    assert ["".join(text for text, _ in field) for field in fields] == ["a", "", "b"]
