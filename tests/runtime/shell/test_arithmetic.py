"""Arithmetic (POSIX.1-2024 XCU 2.6.4): C's operators and 64-bit integers."""

from __future__ import annotations

import pytest

from dockerlab.runtime.shell.arithmetic import evaluate
from dockerlab.runtime.shell.errors import ShellError
from dockerlab.runtime.shell.variables import Variables


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-7 / 2", -3),
        ("-7 % 3", -1),
        ("2 ** 3 ** 2", 512),
        ("1 << 4 | 1", 17),
        ("5 > 3 && 2 != 2", 0),
        ("!0 + !5", 1),
        ("~0", -1),
        ("1 ? 2 : 3 ? 4 : 5", 2),
        ("0x1F + 010", 39),
        ("2#101", 5),
        ("1, 2, 3", 3),
        ("9223372036854775807 + 1", -9223372036854775808),
    ],
)
def test_values(text: str, value: int) -> None:
    assert evaluate(text, Variables({})) == value


def test_assignments_change_variables() -> None:
    variables = Variables({"i": "5"})
    assert evaluate("j = i++ + ++i", variables) == 12
    assert (variables.get("i"), variables.get("j")) == ("7", "12")
    assert evaluate("i *= 2", variables) == 14


def test_a_branch_not_taken_has_no_effect() -> None:
    variables = Variables({"i": "1"})
    assert evaluate("0 && (i = 9) || 1 ? 2 : (i = 8) / 0", variables) == 2
    assert variables.get("i") == "1"


def test_variables_may_hold_expressions() -> None:
    assert evaluate("a * 2", Variables({"a": "b + 1", "b": "3"})) == 8


def test_names_that_lead_in_a_circle_are_refused() -> None:
    with pytest.raises(ShellError):
        evaluate("a", Variables({"a": "b", "b": "a"}))


@pytest.mark.parametrize(
    ("text", "key"), [("1 / 0", "division"), ("1 +", "primary"), ("08", "bad base"), ("1 2", "arithmetic end")]
)
def test_errors(text: str, key: str) -> None:
    with pytest.raises(ShellError) as caught:
        evaluate(text, Variables({}))
    assert caught.value.key == key
