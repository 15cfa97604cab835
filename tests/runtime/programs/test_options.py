"""getopt_long(3): short and long options, their values, and where they end."""

from __future__ import annotations

import pytest

from dockerlab.runtime.programs.options import OptionError, Options, parse_arguments

KNOWN = Options.of("abn:i::", "all=a number=n in-place=i numeric=b")


@pytest.mark.parametrize(
    ("words", "given", "operands"),
    [
        ("-ab x", [("a", ""), ("b", "")], ["x"]),
        ("-n5 -n 6", [("n", "5"), ("n", "6")], []),
        ("x -a y", [("a", "")], ["x", "y"]),
        ("-a -- -b", [("a", "")], ["-b"]),
        ("--number=3 --all", [("n", "3"), ("a", "")], []),
        ("--in-place=.bak -i -i.old", [("i", ".bak"), ("i", ""), ("i", ".old")], []),
        ("--al -", [("a", "")], ["-"]),
    ],
)
def test_words(words: str, given: list[tuple[str, str]], operands: list[str]) -> None:
    read = parse_arguments(words.split(), KNOWN)
    assert (read.given, read.operands) == (given, operands)


def test_a_plus_stops_at_the_first_operand() -> None:
    read = parse_arguments(["-a", "env", "-b"], Options.of("+ab"))
    assert read.operands == ["env", "-b"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("-z", "invalid option -- 'z'"),
        ("-n", "option requires an argument -- 'n'"),
        ("--nope", "unrecognized option '--nope'"),
        ("--all=1", "option '--all' doesn't allow an argument"),
        ("--num", "option '--num' is ambiguous; possibilities: '--number' '--numeric'"),
    ],
)
def test_wrong_words_say_so_as_getopt_does(words: str, text: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_arguments(words.split(), KNOWN)
    assert str(caught.value) == text
