"""What a script may do with plain values: their methods by name, and results that stay within bounds."""

from __future__ import annotations

import datetime
import operator
import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

MOST = 1 << 24
"""Items or characters that one value may have; beyond that a script gets MemoryError."""
MOST_BITS = 1 << 16
"""Bits of the largest integer."""
_MOST_WIDTH = 1 << 16
"""Characters that a format may pad to."""

_MOMENT = "day hour isoformat isoweekday microsecond minute month replace second strftime weekday year"
METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(
        "capitalize casefold center count encode endswith expandtabs find index isalnum isalpha isascii isdecimal "
        "isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip partition "
        "removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith "
        "strip swapcase title translate upper zfill".split()
    ),
    bytes: frozenset("count decode endswith find hex index join lower replace split startswith strip upper".split()),
    list: frozenset("append clear copy count extend index insert pop remove reverse".split()),
    tuple: frozenset("count index".split()),
    dict: frozenset("clear copy get items keys most_common pop popitem setdefault update values".split()),
    set: frozenset(
        "add clear copy difference discard intersection isdisjoint issubset issuperset pop remove "
        "symmetric_difference union update".split()
    ),
    frozenset: frozenset("difference intersection isdisjoint issubset issuperset union".split()),
    range: frozenset("start stop step count index".split()),
    int: frozenset("bit_count bit_length to_bytes conjugate real imag numerator denominator".split()),
    float: frozenset("is_integer hex real imag as_integer_ratio".split()),
    BaseException: frozenset("args code errno filename strerror add_note name".split()),
    datetime.datetime: frozenset(f"{_MOMENT} astimezone date time timestamp tzinfo".split()),
    datetime.date: frozenset("day isoformat isoweekday month replace strftime weekday year".split()),
    datetime.time: frozenset("hour isoformat minute second strftime".split()),
    datetime.timedelta: frozenset("days microseconds seconds total_seconds".split()),
    datetime.timezone: frozenset(),
    re.Pattern: frozenset("findall finditer fullmatch groups match pattern search split sub".split()),
    re.Match: frozenset("end group groupdict groups span start string".split()),
}
"""Attributes of plain values. There is no way from one of these to the interpreter that runs the lab."""

STATIC: Mapping[type, frozenset[str]] = {
    dict: frozenset({"fromkeys"}),
    str: frozenset({"maketrans"}),
    bytes: frozenset({"fromhex"}),
    int: frozenset({"from_bytes"}),
    float: frozenset({"fromhex"}),
    datetime.datetime: frozenset("fromisoformat fromtimestamp strptime min max".split()),
    datetime.date: frozenset("fromisoformat min max".split()),
    datetime.timezone: frozenset({"utc"}),
}
"""Attributes of types, besides the methods of their values."""

BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv,
    "FloorDiv": operator.floordiv, "Mod": operator.mod, "Pow": operator.pow, "LShift": operator.lshift,
    "RShift": operator.rshift, "BitOr": operator.or_, "BitAnd": operator.and_, "BitXor": operator.xor,
}  # fmt: skip
COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "Eq": operator.eq, "NotEq": operator.ne, "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt,
    "GtE": operator.ge, "Is": operator.is_, "IsNot": operator.is_not,
    "In": lambda item, row: item in row, "NotIn": lambda item, row: item not in row,
}  # fmt: skip
UNARY: Mapping[str, Callable[[Any], Any]] = {
    "USub": operator.neg, "UAdd": operator.pos, "Not": operator.not_, "Invert": operator.invert,
}  # fmt: skip
_Row = (str, bytes, list, tuple)
_PERCENT = re.compile(r"%(?:\(\w*\))?[-+ #0]*([\d*]*(?:\.[\d*]*)?)")
"""The width and the precision of a conversion (Library Reference, "printf-style String Formatting")."""


def method(value: Any, name: str) -> Any:
    """An attribute of a plain value or type; AttributeError for all that is not on the lists."""
    if isinstance(value, type):
        return _of_type(value, name)
    for kind, names in METHODS.items():
        if isinstance(value, kind):
            if kind is str and name == "format":
                return lambda *given, **named: SafeFormatter().vformat(str(value), given, named)
            if name in names and hasattr(value, name):
                found = getattr(value, name)
                return _guarded(found, value, name) if callable(found) else found
    if name in ("__class__", "__doc__"):
        return type(value) if name == "__class__" else None
    raise AttributeError(f"'{type(value).__name__}' object has no attribute '{name}'")


def _of_type(kind: type, name: str) -> Any:
    if name in ("__name__", "__qualname__"):
        return str(getattr(kind, "script_name", kind.__name__))
    if name in STATIC.get(kind, ()):
        return getattr(kind, name)
    if name in METHODS.get(kind, ()):
        return lambda value, *given, **named: method(value, name)(*given, **named)
    raise AttributeError(f"type object '{kind.__name__}' has no attribute '{name}'")


def _guarded(function: Callable[..., Any], owner: Any, name: str) -> Callable[..., Any]:
    """A method that refuses to make something giant out of something small."""
    if isinstance(owner, str | bytes) or name in ("to_bytes", "extend", "update", "insert"):
        return lambda *given, **named: function(*_checked(owner, name, given), **named)
    return function


def _checked(owner: Any, name: str, given: Sequence[Any]) -> Sequence[Any]:
    size = 0
    if name == "replace" and len(given) > 1:
        size = len(owner) + owner.count(given[0]) * len(given[1])
    elif name == "join" and given:
        row = given[0]
        size = len(owner) * len(row) + sum(len(each) for each in row if isinstance(each, str | bytes))
    elif name in ("extend", "update") and given and hasattr(given[0], "__len__"):
        size = len(owner) + len(given[0])
    elif name in ("center", "ljust", "rjust", "zfill", "expandtabs", "to_bytes"):
        size = max((each for each in given if isinstance(each, int)), default=0)
        size *= max(owner.count("\t"), 1) if name == "expandtabs" else 1
    if size > MOST:
        raise MemoryError
    return given


def binary(name: str, left: Any, right: Any) -> Any:
    """A binary operation whose result is not too large."""
    if name in ("Mult", "LShift", "Pow", "Mod"):
        _check_growth(name, left, right)
    if name == "Add" and isinstance(left, _Row) and isinstance(right, _Row) and len(left) + len(right) > MOST:
        raise MemoryError
    return BINARY[name](left, right)


def _check_growth(name: str, left: Any, right: Any) -> None:
    if name == "Mod":
        if isinstance(left, str | bytes):
            _check_widths(" ".join(_PERCENT.findall(str(left))))
        return
    if name == "Mult":
        for row, count in ((left, right), (right, left)):
            if isinstance(row, _Row) and isinstance(count, int) and len(row) * count > MOST:
                raise MemoryError
    if isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length()
        grown = {"Mult": bits + right.bit_length(), "LShift": bits + max(right, 0), "Pow": bits * max(right, 0)}
        if grown.get(name, 0) > MOST_BITS:
            raise MemoryError


def _check_widths(spec: str) -> None:
    """Widths and precisions in a format stay small; '*' takes them from the values, so it is refused."""
    if any(len(number) > 6 or int(number) > _MOST_WIDTH for number in re.findall(r"\d+", spec)) or "*" in spec:
        raise MemoryError


class SafeFormatter(string.Formatter):
    """str.format without a way to attributes, and without giant widths."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if "." in field_name or "__" in field_name:
            raise AttributeError("dockerlab's Python does not simulate attributes in a format string")
        return super().get_field(field_name, args, kwargs)

    def format_field(self, value: Any, format_spec: str) -> str:
        return formatted(value, format_spec)


def formatted(value: Any, spec: str) -> str:
    """format(value, spec) for plain values; a giant width is refused."""
    if not isinstance(value, datetime.date | datetime.time):
        _check_widths(spec.replace("*", "", 1))
    return format(value, spec)
