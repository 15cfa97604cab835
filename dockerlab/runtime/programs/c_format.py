"""printf's directives, for the program printf and for awk: '%-5s', '%05.2f', '%x', '%c' (POSIX.1-2024 XBD 5)."""

from __future__ import annotations

import re
from collections.abc import Callable

DIRECTIVE = re.compile(r"%([-+ #0']*)(\*|\d*)(?:\.(\*|-?\d*))?(?:hh|h|ll|l|q|j|z|t|L)?([a-zA-Z%])")
WIDEST = 1_000_000
INTEGERS = "diouxXc"
FLOATS = "eEfFgGaA"

Next = Callable[[str], "str | int | float"]
"""Gives the next argument for a directive: an int for 'd', a float for 'f', a text for 's'."""


class FormatError(ValueError):
    """A directive that printf doesn't know; the text is the directive."""


def fill(form: str, argument: Next, *, lone: Callable[[str], str] = lambda text: text) -> str:
    """A format with its directives filled in; `lone` treats the text between them. Raises FormatError."""
    out: list[str] = []
    at = 0
    while (start := form.find("%", at)) >= 0:
        out.append(lone(form[at:start]))
        found = DIRECTIVE.match(form, start)
        if not found:
            raise FormatError(form[start : start + 2])
        out.append(_directive(found, argument))
        at = found.end()
    out.append(lone(form[at:]))
    return "".join(out)


def count(form: str) -> int:
    """How many arguments a format takes."""
    found = [match for match in DIRECTIVE.finditer(form) if match[4] != "%"]
    return len(found) + sum(match[0].count("*") for match in found)


def _directive(found: re.Match[str], argument: Next) -> str:
    flags, width, precision, kind = found[1], found[2], found[3], found[4]
    if kind == "%":
        return "%"
    wide = min(int(argument("d")) if width == "*" else int(width or 0), WIDEST)
    if wide < 0:
        flags, wide = flags + "-", -wide
    exact = int(argument("d")) if precision == "*" else int(precision or 0) if precision is not None else None
    exact = None if exact is None else min(exact, WIDEST)
    if kind in "sb":
        text = str(argument(kind))
        return _padded(text if exact is None else text[: max(exact, 0)], flags.replace("0", ""), wide)
    if kind == "c":
        return _padded(str(argument("c"))[:1], flags.replace("0", ""), wide)
    if kind in INTEGERS:
        return _integer(int(argument("d")), flags, wide, exact, kind)
    if kind in FLOATS:
        value = float(argument("f"))
        text = f"%{'#' if '#' in flags else ''}.{6 if exact is None else exact}{kind}" % abs(value)
        return _signed(text, value < 0, flags, wide)
    raise FormatError(found[0])


def _integer(value: int, flags: str, wide: int, exact: int | None, kind: str) -> str:
    if kind in "ouxX" and value < 0:
        value += 1 << 64
    digits = {"o": f"{abs(value):o}", "x": f"{abs(value):x}", "X": f"{abs(value):X}"}.get(kind, str(abs(value)))
    if exact is not None:
        digits = digits.rjust(exact, "0")
        flags = flags.replace("0", "")
    if "#" in flags and value:
        digits = {"o": "0", "x": "0x", "X": "0X"}.get(kind, "") + digits
    return _signed(digits, value < 0, flags if kind in "di" else flags.replace("+", "").replace(" ", ""), wide)


def _signed(digits: str, negative: bool, flags: str, wide: int) -> str:
    sign = "-" if negative else "+" if "+" in flags else " " if " " in flags else ""
    if "0" in flags and "-" not in flags:
        return sign + digits.rjust(wide - len(sign), "0")
    return _padded(sign + digits, flags, wide)


def _padded(text: str, flags: str, wide: int) -> str:
    return text.ljust(wide) if "-" in flags else text.rjust(wide)
