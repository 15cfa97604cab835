"""PHP's values: how they are printed, compared and counted (php.net, "Type juggling")."""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def text_of(value: Any) -> str:
    """A value as `echo` prints it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.14g}"
    return "Array" if isinstance(value, dict) else str(value)


def truth(value: Any) -> bool:
    """Whether a value counts as true."""
    return value not in (None, False, 0, 0.0, "", "0") and value != {}


def number(value: Any) -> int | float:
    """A value as a number: the digits that a text begins with."""
    if isinstance(value, bool | int | float):
        return value if isinstance(value, float) else int(value)
    match = _NUMBER.match(text_of(value))
    if match is None:
        return 0
    return float(match[0]) if any(char in match[0] for char in ".eE") else int(match[0])


def loosely_equal(left: Any, right: Any) -> bool:
    """`==`: texts that are numbers are compared as numbers."""
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return truth(left) == truth(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        numeric = all(isinstance(each, int | float) or _NUMBER.fullmatch(str(each)) for each in (left, right))
        return number(left) == number(right) if numeric else text_of(left) == text_of(right)
    return bool(left == right)


def array_key(value: Any) -> int | str:
    """A key of an array: whole numbers stay numbers."""
    if isinstance(value, bool | int | float):
        return int(value)
    text = text_of(value)
    return int(text) if re.fullmatch(r"0|-?[1-9]\d*", text) else text


def dumped(value: Any, indent: str = "") -> str:
    """As `print_r` shows it."""
    if not isinstance(value, dict):
        return text_of(value)
    inner = indent + "    "
    rows = "".join(f"{inner}[{key}] => {dumped(each, inner + '    ')}\n" for key, each in value.items())
    return f"Array\n{indent}(\n{rows}{indent})\n"


def typed(value: Any, indent: str = "") -> str:
    """As `var_dump` shows it."""
    if isinstance(value, dict):
        rows = [
            f"{indent}  [{key if isinstance(key, int) else f'{chr(34)}{key}{chr(34)}'}]=>\n{typed(each, indent + '  ')}"
            for key, each in value.items()
        ]
        return f"{indent}array({len(value)}) {{\n{''.join(rows)}{indent}}}\n"
    if value is None:
        return f"{indent}NULL\n"
    if isinstance(value, bool):
        return f"{indent}bool({str(value).lower()})\n"
    if isinstance(value, str):
        return f'{indent}string({len(value.encode())}) "{value}"\n'
    return f"{indent}{'int' if isinstance(value, int) else 'float'}({text_of(value)})\n"
