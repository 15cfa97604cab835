"""Whether an argument fits a parameter of a Go type, and Go's words where it doesn't (exec.go, evalArg)."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlab.cli.template import nodes
from dockerlab.cli.template.errors import FunctionError
from dockerlab.cli.template.values import Number, Slice, Value, type_of

ANY = "interface {}"

_WORDS = {"string": "string", "int": "integer"}


def check_literal(node: nodes.Literal | nodes.Nil, wanted: str) -> Value:
    """A constant as an argument; a float without a fraction may be an integer."""
    if isinstance(node, nodes.Nil):
        if wanted in _WORDS:
            raise FunctionError(f"cannot assign nil to {wanted}")
        return None if wanted == ANY else Slice(nil=True, element="string")
    if wanted == ANY or _fits(node.value, wanted):
        return node.value
    if wanted == "int" and isinstance(node.value, float) and node.value.is_integer():
        return int(node.value)
    if wanted in _WORDS:
        raise FunctionError(f"expected {_WORDS[wanted]}; found {node}")
    raise FunctionError(f"can't handle {node} for arg of type {wanted}")


def check_value(value: Value, wanted: str, *, held: bool = False) -> Value:
    """A value as an argument; `held` where None is what an interface holds, and not the lack of a value."""
    if wanted == ANY or _fits(value, wanted):
        return value
    if value is None and held:
        raise FunctionError(f"wrong type for value; expected {wanted}; got {ANY}")
    if value is None:
        if wanted not in _WORDS:
            return Slice(nil=True, element="string")
        raise FunctionError(f"invalid value; expected {wanted}")
    raise FunctionError(f"wrong type for value; expected {wanted}; got {type_of(value)}")


def _fits(value: Value, wanted: str) -> bool:
    if wanted == "string":
        return isinstance(value, str) and not isinstance(value, Number)
    if wanted == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, Sequence) and not isinstance(value, str) and _holds_text(value)


def _holds_text(value: Sequence[Value]) -> bool:
    """A typed slice says so itself; a plain list is looked into."""
    if isinstance(value, Slice):
        return value.element == "string"
    return all(isinstance(each, str) for each in value)
