"""Values as Go prints them: `%v` and its kin (Go, package fmt)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from dockerlab.cli.template.values import NilPointer, Number, Struct, Value, type_of
from dockerlab.oci.golang import quote, quote_rune

ADDRESS = "0xc000000000"
"""What stands for a pointer within another value."""


def plain(value: Value, *, plus: bool = False, depth: int = 0) -> str:
    """%v; with `plus` %+v, which names the fields of structs."""
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
        return _struct(value, plus, depth)
    return str(value)


def _struct(value: Struct, plus: bool, depth: int) -> str:
    if depth and value.go_type.startswith("*"):
        return ADDRESS
    names = [name for name in value.fields if value.is_data(name)]
    texts = [plain(value.get(name), plus=plus, depth=depth + 1) for name in names]
    if plus:
        texts = [f"{name}:{text}" for name, text in zip(names, texts, strict=True)]
    return ("&" if plus and value.go_type.startswith("*") else "") + "{" + " ".join(texts) + "}"


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


def sprint(values: Iterable[Value]) -> str:
    """fmt.Sprint: a blank between two operands where neither is a string."""
    text, before = "", ""
    for position, value in enumerate(values):
        is_text = isinstance(value, str)
        if position and not is_text and before != "text":
            text += " "
        text += plain(value)
        before = "text" if is_text else "other"
    return text


def sprintln(values: Iterable[Value]) -> str:
    """fmt.Sprintln: blanks between all operands, and a newline."""
    return " ".join(plain(value) for value in values) + "\n"


_DIRECTIVE = re.compile(
    r"%(?P<flags>[-+# 0]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?(?:\[(?P<index>\d+)\])?(?P<verb>.)?", re.DOTALL
)


def sprintf(template: str, values: Sequence[Value]) -> str:
    """fmt.Sprintf."""
    rest, reordered = list(values), False

    def put(match: re.Match[str]) -> str:
        nonlocal rest, reordered
        verb = match["verb"]
        if verb is None:
            return "%!(NOVERB)"
        if verb == "%":
            return "%"
        width = _star(match["width"], rest)
        precision = _star(match["precision"], rest)
        if match["index"]:
            rest, reordered = list(values[int(match["index"]) - 1 :]), True
        if not rest:
            return f"%!{verb}({'BADINDEX' if match['index'] else 'MISSING'})"
        return _directive(rest.pop(0), verb, match["flags"], width, precision)

    text = _DIRECTIVE.sub(put, template)
    return text if reordered else text + _extra(rest)


def _extra(values: Sequence[Value]) -> str:
    """What is said of values that no directive took."""
    shown = ("<nil>" if value is None else f"{type_of(value)}={plain(value)}" for value in values)
    return f"%!(EXTRA {', '.join(shown)})" if values else ""


def _star(text: str | None, rest: list[Value]) -> int | None:
    if text == "*":
        return int(rest.pop(0)) if rest and isinstance(rest[0], int) else None
    return None if text is None else int(text or "0")


def _directive(value: Value, verb: str, flags: str, width: int | None, precision: int | None) -> str:
    """One value through one directive; within lists, maps and structs it holds for each element."""
    if width is not None and width < 0:
        flags, width = flags + "-", -width
    return _Directive(verb, flags, width or 0, precision).show(value)


@dataclass(frozen=True)
class _Directive:
    verb: str
    flags: str
    width: int
    precision: int | None

    def show(self, value: Value) -> str:
        """The value's text."""
        if self.verb == "T":
            return self._filled(type_of(value), value)
        if self.verb == "v" and "#" in self.flags:
            return _source(value)
        if value is None or isinstance(value, NilPointer):
            return self._filled("<nil>" if self.verb == "v" else f"%!{self.verb}(<nil>)", "")
        if isinstance(value, Mapping):
            parts = (f"{self.show(key)}:{self.show(value[key])}" for key in sorted_keys(value))
            return f"map[{' '.join(parts)}]"
        if isinstance(value, Struct):
            return self._struct(value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return f"[{' '.join(map(self.show, value))}]"
        return self._leaf(value)

    def _struct(self, value: Struct) -> str:
        if self.verb == "v":
            return plain(value, plus="+" in self.flags)
        return "{" + " ".join(self.show(value.get(name)) for name in value.fields if value.is_data(name)) + "}"

    def _leaf(self, value: Value) -> str:
        usual, formats = _formats(value)
        verb, flags = self.verb, self.flags
        if verb == "v":
            verb, flags = usual, flags.replace("+", "")
        if verb not in formats:
            shown = replace(self, verb=usual).show(value)
            return f"%!{verb}({type_of(value)}={shown})"
        text = _signed(formats[verb](value, flags, self.precision), value, flags if verb not in "cqU" else "")
        return self._filled(text, value)

    def _filled(self, text: str, value: Value) -> str:
        missing = self.width - len(text)
        if missing <= 0:
            return text
        if "-" in self.flags:
            return text + " " * missing
        if "0" in self.flags and self._takes_zeroes(value):
            sign = text[:1] if text[:1] in {"-", "+"} and not isinstance(value, str) else ""
            return sign + "0" * missing + text[len(sign) :]
        return " " * missing + text

    def _takes_zeroes(self, value: Value) -> bool:
        """Numbers and texts are filled up with zeroes; whole numbers only without a precision."""
        if isinstance(value, int):
            return isinstance(value, bool) or self.precision is None
        return isinstance(value, float | str)


def _signed(text: str, value: Value, flags: str) -> str:
    sign = "+" if "+" in flags else " " if " " in flags else ""
    if not sign or isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return text
    return sign + text.removeprefix("+")


_Format: TypeAlias = "Callable[[Any, str, int | None], str]"


def _formats(value: Value) -> tuple[str, Mapping[str, _Format]]:
    """The verb that %v stands for, and what each verb makes of a value of this kind."""
    for kind, usual, formats in ((bool, "t", _BOOL), (int, "d", _INT), (float, "g", _FLOAT), (str, "s", _TEXT)):
        if isinstance(value, kind):
            return usual, formats
    return "g", {"g": lambda value, flags, precision: plain(value)}


def _base(specifier: str, prefix: str) -> _Format:
    def show(value: Any, flags: str, precision: int | None) -> str:
        digits = format(abs(int(value)), specifier)
        digits = digits.rjust(precision or 0, "0")
        return ("-" if value < 0 else "") + (prefix if "#" in flags else "") + digits

    return show


def _float(verb: str) -> _Format:
    return lambda value, flags, precision: go_float(float(value), verb, precision)


def _hex_text(specifier: str) -> _Format:
    def show(value: Any, flags: str, precision: int | None) -> str:
        data = value.encode("utf-8", "surrogateescape")[:precision]
        prefix = f"0{specifier[-1]}" if "#" in flags else ""
        return prefix + (" " if " " in flags else "").join(format(byte, specifier) for byte in data)

    return show


def _hex_float(value: float) -> str:
    """0x1.8p+01"""
    mantissa, _, power = value.hex().partition("p")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}p{power[0]}{int(power[1:]):02d}"


def _quoted(value: Any, flags: str, precision: int | None) -> str:
    text = value if precision is None else value[:precision]
    return f"`{text}`" if "#" in flags and "`" not in text else quote(text, ascii_only="+" in flags)


_BOOL: Mapping[str, _Format] = {"t": lambda value, flags, precision: plain(value)}
_INT: Mapping[str, _Format] = {
    "d": _base("d", ""),
    "b": _base("b", "0b"),
    "o": _base("o", "0"),
    "O": lambda value, flags, precision: ("-" if value < 0 else "") + f"0o{abs(int(value)):o}",
    "x": _base("x", "0x"),
    "X": _base("X", "0X"),
    "c": lambda value, flags, precision: chr(value) if 0 <= value < 0x110000 else "\ufffd",
    "q": lambda value, flags, precision: quote_rune(value, ascii_only="+" in flags),
    "U": lambda value, flags, precision: f"U+{int(value):04X}",
}
_FLOAT: Mapping[str, _Format] = {
    **{verb: _float(verb) for verb in "eEfFg"},
    "G": lambda value, flags, precision: go_float(value, "g", precision).upper(),
    "x": lambda value, flags, precision: _hex_float(value),
    "X": lambda value, flags, precision: _hex_float(value).upper(),
}
_TEXT: Mapping[str, _Format] = {
    "s": lambda value, flags, precision: value if precision is None else value[:precision],
    "q": _quoted,
    "x": _hex_text("02x"),
    "X": _hex_text("02X"),
}


def _source(value: Value) -> str:
    """%#v: the value in Go's own notation."""
    if isinstance(value, Number) or not isinstance(value, str | Mapping | Sequence | Struct):
        return plain(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, Mapping):
        return f"{type_of(value)}{{{', '.join(f'{_source(key)}:{_source(value[key])}' for key in sorted_keys(value))}}}"
    if isinstance(value, Struct):
        fields = ", ".join(f"{name}:{_source(value.get(name))}" for name in value.fields if value.is_data(name))
        return f"{value.go_type.replace('*', '&')}{{{fields}}}"
    return f"{type_of(value)}{{{', '.join(map(_source, value))}}}"
