"""Values as Go prints them: `%v` and its kin (Go, package fmt)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dockerlab.cli.template.values import NilPointer, Number, Struct, Value, type_of
from dockerlab.oci.golang import quote

ADDRESS = "0xc000000000"
"""What stands for a pointer within another value."""


def plain(value: Value, *, plus: bool = False, depth: int = 0, pointer: bool = False) -> str:
    """%v; with `plus` %+v, which names the fields of structs. `pointer`: what is pointed to is shown with a '&'."""
    if value is None or isinstance(value, NilPointer):
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return go_float(value)
    if isinstance(value, complex):
        return f"({go_float(value.real)}{'' if go_float(value.imag)[0] == '-' else '+'}{go_float(value.imag)}i)"
    if isinstance(value, Mapping):
        parts = (f"{plain(key)}:{plain(value[key], plus=plus, depth=depth + 1)}" for key in sorted_keys(value))
        return f"map[{' '.join(parts)}]"
    if isinstance(value, Sequence):
        return f"[{' '.join(plain(each, plus=plus, depth=depth + 1) for each in value)}]"
    if isinstance(value, Struct):
        return _struct(value, plus, depth, pointer)
    return str(value)


def _struct(value: Struct, plus: bool, depth: int, pointer: bool) -> str:
    if depth and value.go_type.startswith("*"):
        return ADDRESS
    names = [name for name in value.fields if value.is_data(name)]
    texts = [plain(value.get(name), plus=plus, depth=depth + 1) for name in names]
    if plus:
        texts = [f"{name}:{text}" for name, text in zip(names, texts, strict=True)]
    return ("&" if pointer and value.go_type.startswith("*") else "") + "{" + " ".join(texts) + "}"


def sorted_keys(mapping: Mapping[Any, Any]) -> list[Any]:
    """A map's keys in the order that Go prints them in."""
    return sorted(mapping, key=lambda key: (isinstance(key, str), key))


def go_float(value: float, verb: str = "g", precision: int | None = None) -> str:
    """A float as %v and %g print it: the shortest text, with an exponent from 1e+06 on and below 1e-04."""
    if value != value or value in {float("inf"), float("-inf")}:
        return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"
    if verb != "g" or precision is not None:
        return f"{value:.{6 if precision is None else precision}{verb}}"
    mantissa, _, exponent = f"{Decimal(repr(value)).normalize():e}".partition("e")
    power = int(exponent)
    if value and not -5 < power < 6:
        return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


def sprint(values: Iterable[Value], *, pointer: bool = True) -> str:
    """fmt.Sprint: a blank between two operands where neither is a string; pointers with a '&'."""
    text, before = "", ""
    for position, value in enumerate(values):
        is_text = isinstance(value, str)
        if position and not is_text and before != "text":
            text += " "
        text += plain(value, pointer=pointer)
        before = "text" if is_text else "other"
    return text


def sprintln(values: Iterable[Value]) -> str:
    """fmt.Sprintln: blanks between all operands, and a newline."""
    return " ".join(plain(value, pointer=True) for value in values) + "\n"


def source(value: Value) -> str:
    """%#v: the value in Go's own notation."""
    if isinstance(value, NilPointer):
        return f"({type_of(value)})(nil)"
    if isinstance(value, Number) or not isinstance(value, str | Mapping | Sequence | Struct):
        return plain(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, Mapping):
        return f"{type_of(value)}{{{', '.join(f'{source(key)}:{source(value[key])}' for key in sorted_keys(value))}}}"
    if isinstance(value, Struct):
        fields = ", ".join(f"{name}:{source(value.get(name))}" for name in value.fields if value.is_data(name))
        return f"{value.go_type.replace('*', '&')}{{{fields}}}"
    return f"{type_of(value)}{{{', '.join(map(source, value))}}}"
