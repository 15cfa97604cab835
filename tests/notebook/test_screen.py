"""A screen shows what terminals show: moves, erasing, colours, and letters that come in pieces."""

from __future__ import annotations

import pytest

from dockerlab.notebook.screen import MOST_LINES, Screen


def screen(*pieces: str | bytes) -> Screen:
    shown = Screen()
    for piece in pieces:
        shown.feed(piece.encode() if isinstance(piece, str) else piece)
    return shown


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("a\r\nb\n", "a\nb\n"),
        ("10%\r50%", "50%"),
        ("long\r\x1b[Ks", "s"),
        ("abc\b\bX", "aXc"),
        ("a\tb", "a       b"),
        ("one\ntwo\x1b[1A\r1", "1ne\ntwo"),
        ("one\ntwo\n\x1b[2A\x1b[2Knew\x1b[2B\rend", "new\ntwo\nend"),
        ("gone\x1b[2J\x1b[Hfresh", "fresh"),
        ("ab\x1b[5Gx\x1b[2Dy", "ab yx"),
        ("a\nb\nc\x1b[1;1H\x1b[Jx", "x"),
        ("\x1b]0;title\x07text\x1b(B\x07!", "text!"),
    ],
)
def test_moves_and_erasing(printed: str, text: str) -> None:
    assert screen(printed).text == text


def test_colours_are_names_and_end_where_they_end() -> None:
    lines = list(screen("a\x1b[1;31mred\x1b[0m \x1b[92;44mx\x1b[39my\x1b[49;4mz\x1b[38;5;3mq\x1b[38;2;1;2;3mr").lines())
    assert lines == [
        [
            ("", "a"),
            ("bold fg1", "red"),
            ("", " "),
            ("bg4 fg10", "x"),
            ("bg4", "y"),
            ("underline", "z"),
            ("fg3 underline", "q"),
            ("underline", "r"),
        ]
    ]


def test_letters_and_sequences_may_come_in_pieces() -> None:
    shown = screen("é".encode()[:1], "é".encode()[1:] + b"\x1b", "[3", "1mred")
    assert list(shown.lines()) == [[("", "é"), ("fg1", "red")]]


def test_old_lines_are_forgotten_and_the_others_keep_their_numbers() -> None:
    shown = screen("".join(f"{number}\n" for number in range(1000)))
    assert shown.first == 1001 - MOST_LINES
    assert shown.text.splitlines()[0] == str(shown.first)
    shown.clear()
    assert shown.text == ""
