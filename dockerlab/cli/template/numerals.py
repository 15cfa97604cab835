"""Numbers as fmt's verbs show them: signs, bases, exponents, and the flag '#' (Go, fmt/format.go and strconv)."""

from __future__ import annotations

import math
from typing import Protocol

from dockerlab.cli.template.printing import go_float

BASES = {"d": 10, "v": 10, "b": 2, "o": 8, "O": 8, "x": 16, "X": 16}
"""Of the verbs that show an integer's digits."""
_PREFIXES = {"b": "0b", "x": "0x", "X": "0X"}
_FORMATS = {10: "d", 2: "b", 8: "o", 16: "x"}


class Directive(Protocol):
    """Flags, width and precision."""

    @property
    def width(self) -> int | None:
        """The least number of characters."""

    @property
    def precision(self) -> int | None:
        """Digits."""

    def has(self, flag: str) -> bool:
        """Whether a flag is set."""

    def padded(self, text: str, *, zeroes: bool = True) -> str:
        """Filled up to the width."""


def _sign(directive: Directive) -> str:
    return "+" if directive.has("+") else " " if directive.has(" ") else ""


def integer_text(value: int, verb: str, directive: Directive) -> str:
    """An integer in the verb's base; zeroes that fill it up count as its digits."""
    least = directive.precision or 0
    if directive.precision == 0 and value == 0:
        return directive.padded("", zeroes=False)
    sign = "-" if value < 0 else _sign(directive)
    if directive.precision is None and directive.has("0") and not directive.has("-"):
        least = (directive.width or 0) - len(sign)
    digits = format(abs(int(value)), _FORMATS[BASES[verb]]).rjust(least, "0")
    digits = digits.upper() if verb == "X" else digits
    prefix = _PREFIXES.get(verb, "") if directive.has("#") else ""
    if verb in "oO" and directive.has("#") and not digits.startswith("0"):
        digits = f"0{digits}"
    return directive.padded(sign + ("0o" if verb == "O" else prefix) + digits, zeroes=False)


def unicode_text(value: int, directive: Directive) -> str:
    """U+0041, with the flag '#' and the character."""
    digits = f"{value % (1 << 64):X}".rjust(max(directive.precision or 0, 4), "0")
    character = chr(value) if 0 <= value < 0x110000 else ""
    shown = f" '{character}'" if directive.has("#") and character.isprintable() and character else ""
    return directive.padded(f"U+{digits}{shown}", zeroes=False)


_DEFAULTS = {"e": 6, "E": 6, "f": 6, "F": 6}


def float_text(value: float, verb: str, directive: Directive) -> str | None:
    """A float; None where the verb is none of floats."""
    if verb not in "vbgGxXeEfF":
        return None
    number = _unsigned(abs(value), verb, directive.precision)
    sign = "-" if math.copysign(1, value) < 0 and value == value else "+"
    if directive.has(" ") and sign == "+" and not directive.has("+"):
        sign = " "
    if not math.isfinite(value):
        shown = number if number == "NaN" and not _sign(directive) else sign + number
        return directive.padded(shown if shown[0] != "+" or directive.has("+") else shown[1:], zeroes=False)
    if directive.has("#") and verb != "b":
        number = _with_point(number, verb, directive.precision)
    if sign == "+" and not directive.has("+"):
        return directive.padded(number)
    missing = (directive.width or 0) - len(number) - 1
    if directive.has("0") and not directive.has("-") and missing > 0:
        return sign + "0" * missing + number
    return directive.padded(sign + number)


def complex_text(value: complex, verb: str, directive: Directive) -> str | None:
    """(1+2i), each part through the verb; None where the verb is none of floats."""
    real = float_text(value.real, verb, directive)
    imaginary = float_text(value.imag, verb, _Signed(directive))
    return None if real is None or imaginary is None else f"({real}{imaginary}i)"


class _Signed:
    """A directive with the flag '+'."""

    def __init__(self, directive: Directive) -> None:
        self.width, self.precision, self._directive = directive.width, directive.precision, directive

    def has(self, flag: str) -> bool:
        """Whether a flag is set."""
        return flag == "+" or self._directive.has(flag)

    def padded(self, text: str, *, zeroes: bool = True) -> str:
        """Filled up to the width."""
        return self._directive.padded(text, zeroes=zeroes)


def _unsigned(value: float, verb: str, precision: int | None) -> str:
    """strconv.FormatFloat of a number that is not negative."""
    if not math.isfinite(value):
        return "NaN" if value != value else "Inf"
    if verb == "b":
        mantissa, exponent = math.frexp(value)
        return f"{int(mantissa * 2**53)}p{exponent - 53:+d}" if value else "0p-1074"
    if verb in "xX":
        text = _hexadecimal(value, precision)
        return text.upper() if verb == "X" else text
    if verb in _DEFAULTS:
        return go_float(value, verb, _DEFAULTS[verb] if precision is None else precision)
    text = go_float(value, "g", precision if precision is None else precision or 1)
    return text.upper() if verb == "G" else text


def _hexadecimal(value: float, precision: int | None) -> str:
    """0x1.8p+01"""
    head, _, power = value.hex().partition("p")
    digits = head.removeprefix("0x1").removeprefix("0x0").removeprefix(".").rstrip("0")
    lead, exponent = int(value != 0), int(power)
    if precision is not None:
        scaled = round(int(f"{lead}{digits or 0}", 16) * 16**precision / 16 ** len(digits or "0"))
        exponent += scaled >= 2 * 16**precision
        digits = format(scaled, "x").rjust(precision + 1, "0")[1:]
    fraction = f".{digits}" if digits else ""
    return f"0x{lead}{fraction}p{exponent:+03d}"


def _with_point(number: str, verb: str, precision: int | None) -> str:
    """The flag '#': always a point, and for %g as many digits as the precision says."""
    mark = next((each for each in number if each in "pP" or (each in "eE" and verb not in "xX")), "")
    body, _, tail = number.partition(mark) if mark else (number, "", "")
    wanted = (6 if precision is None else precision) if verb in "vgGx" else 0
    significant = body.replace(".", "").lstrip("0")
    wanted -= len(significant)
    if "." not in body:
        wanted -= body == "0"
        body += "."
    return body + "0" * max(wanted, 0) + mark + tail
