"""No template, however odd, makes anything but a text or a TemplateError."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from dockerlab.cli.template import TemplateError, render

WORDS = """
    {{ }} {{- -}} . .A .B.C $ $x := = | ( ) , if else end range with define template block break continue
    nil true 1 -2 1.5 0x1p4 'c' "s" `r` index slice len printf json join and or not eq lt /* */ x \\ " '
"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ABC"), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(PIECES, max_size=25), VALUES)
def test_odd_templates(pieces: list[str], value: object) -> None:
    with contextlib.suppress(TemplateError):
        assert isinstance(render(" ".join(pieces), value), str)


@given(st.text(alphabet="{}-.|$ \t\n\"'`/*()x1:=,", max_size=40))
def test_odd_characters(text: str) -> None:
    with contextlib.suppress(TemplateError):
        render("{{" + text + "}}", {"x": 1})
