"""eq and lt between values of templates: only between basic types, and only of the same kind."""

from __future__ import annotations

from dockerlab.cli.template.errors import FunctionError
from dockerlab.cli.template.printing import plain
from dockerlab.cli.template.values import Value, is_nil, type_of


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "bool"
    for kind in (int, float, complex, str):
        if isinstance(value, kind):
            return kind.__name__
    return ""


def compare_equal(a: Value, b: Value) -> bool:
    """a == b; maps and slices can only be compared with nil."""
    if is_nil(a) or is_nil(b):
        return is_nil(a) and is_nil(b)
    left, right = _kind(a), _kind(b)
    if left != right:
        raise FunctionError("incompatible types for comparison")
    if not left:
        raise FunctionError(f"non-comparable type {plain(a)}: {type_of(a)}")
    return bool(a == b)


def compare_less(a: Value, b: Value) -> bool:
    """a < b, for numbers and texts."""
    left, right = _kind(a), _kind(b)
    if not left or not right:
        raise FunctionError("invalid type for comparison")
    if left != right:
        raise FunctionError("incompatible types for comparison")
    if left in {"bool", "complex"}:
        raise FunctionError("invalid type for comparison")
    return bool(a < b)


def compare_less_or_equal(a: Value, b: Value) -> bool:
    """a <= b, with the complaints of a < b first."""
    return compare_less(a, b) or compare_equal(a, b)
