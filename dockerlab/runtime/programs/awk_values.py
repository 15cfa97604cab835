"""awk's values: numbers, texts, and texts from input that count as numbers when they look like one.

POSIX.1-2024, awk, "Expressions in awk": a field that looks numeric compares as a number, a text constant never does.
"""

from __future__ import annotations

import re
from typing import TypeAlias

NUMERIC = re.compile(r"\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)\s*")
PREFIX = re.compile(r"\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)")


class Input(str):
    """A text that came from outside: a field, a line, a command's output, ARGV, ENVIRON."""

    __slots__ = ()


Value: TypeAlias = "float | str"
UNSET = Input("")
"""What a variable is before something is assigned to it: 0 and '' at once."""


def looks_numeric(value: Value) -> bool:
    """Whether a value takes part in comparisons as a number."""
    if isinstance(value, float):
        return True
    return isinstance(value, Input) and (value is UNSET or NUMERIC.fullmatch(value) is not None)


def number(value: Value) -> float:
    """As a number: a text's numeric beginning, else 0."""
    if isinstance(value, float):
        return value
    found = PREFIX.match(value)
    return float(found[0]) if found else 0.0


def text(value: Value, form: str = "%.6g") -> str:
    """As a text: whole numbers without a point, others by CONVFMT or OFMT."""
    if isinstance(value, str):
        return value
    if value == value and abs(value) < 1e16 and value == int(value):
        return str(int(value))
    if value != value or value in (float("inf"), float("-inf")):
        return "nan" if value != value else "inf" if value > 0 else "-inf"
    return form % value


def truth(value: Value) -> bool:
    """As a condition."""
    if isinstance(value, float):
        return value != 0
    if looks_numeric(value):
        return number(value) != 0
    return value != ""


def compare(left: Value, right: Value) -> int:
    """Below, equal or above: as numbers where both are, else as texts."""
    if looks_numeric(left) and looks_numeric(right):
        one, other = number(left), number(right)
        return (one > other) - (one < other)
    first, second = text(left), text(right)
    return (first > second) - (first < second)
