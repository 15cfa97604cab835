"""eq and lt between values of templates (Go, text/template/funcs.go): basic types only with those of the same kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dockerlab.cli.template.errors import FunctionError
from dockerlab.cli.template.values import NilPointer, Struct, Value, is_nil, type_of
from dockerlab.cli.template.verbs import sprintf


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "bool"
    for kind in (int, float, complex, str):
        if isinstance(value, kind):
            return kind.__name__
    return ""


def _form(value: Value) -> str:
    """What a value that isn't basic is."""
    if isinstance(value, NilPointer) or type_of(value).startswith("*"):
        return "pointer"
    for form in (Struct, Mapping, Sequence):
        if isinstance(value, form):
            return form.__name__
    return ""


def compare_equal(a: Value, b: Value) -> bool:
    """a == b; maps and slices can only be compared with nil, structs where they hold neither."""
    left, right = _kind(a), _kind(b)
    if left == right:
        return bool(a == b) if left else _same_object(a, b)
    if a is None or b is None:
        return False
    raise FunctionError("incompatible types for comparison")


def _same_object(a: Value, b: Value) -> bool:
    if a is not None and b is not None and _form(a) != _form(b):
        raise _no_comparison(a, b)
    if is_nil(a) or is_nil(b):
        return is_nil(a) and is_nil(b)
    if not _is_comparable(b):
        raise _no_comparison(a, b)
    if _form(b) == "pointer":
        return a is b
    return type_of(a) == type_of(b) and all(compare_equal(a.get(name), b.get(name)) for name in _data(b))


def _data(struct: Struct) -> list[str]:
    return [name for name in struct.fields if struct.is_data(name)]


def _is_comparable(value: Value) -> bool:
    """Whether Go's == is defined for its type."""
    if _form(value) == "Struct":
        return all(_is_comparable(value.get(name)) for name in _data(value))
    return _form(value) not in {"Mapping", "Sequence"} or isinstance(value, str)


def _no_comparison(a: Value, b: Value) -> FunctionError:
    """Go's words, with the last two things in its own order."""
    if type_of(a) != type_of(b):
        return FunctionError(sprintf(f"non-comparable types %s: {type_of(a)}, {type_of(b)}: %s", (a, b)))
    return FunctionError(sprintf(f"non-comparable type %s: {type_of(b)}", (b,)))


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
