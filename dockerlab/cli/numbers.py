"""Numbers, truth values and spans as Go reads them from text, with Go's words where it can't (strconv, time)."""

from __future__ import annotations

import re

from dockerlab.errors import CommandError, InvalidParameterError
from dockerlab.oci import golang


class OptionError(CommandError):
    """A flag's value that makes no sense; the text is Docker's, without the part that names the flag."""


_INTEGER = re.compile(r"[+-]?(0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO](_?[0-7])+|0(_?[0-7])*|[1-9](_?\d)*)")
_DECIMAL_INTEGER = re.compile(r"[+-]?\d+")
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity|nan)", re.IGNORECASE)
_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))


def parse_int(text: str, *, bits: int = 64, base: int = 0) -> int:
    """A whole number (strconv.ParseInt). Base 0 takes prefixes such as 0x and underscores, too."""
    value = _integer("ParseInt", text, base)
    limit = 1 << (bits - 1)
    if not -limit <= value < limit:
        raise OptionError(f'strconv.ParseInt: parsing "{text}": value out of range')
    return value


def parse_uint(text: str, *, bits: int = 64, base: int = 0) -> int:
    """A whole number that isn't negative (strconv.ParseUint)."""
    if text[:1] in {"+", "-"}:
        raise OptionError(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    value = _integer("ParseUint", text, base)
    if value >= 1 << bits:
        raise OptionError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return value


def _integer(function: str, text: str, base: int) -> int:
    pattern = _DECIMAL_INTEGER if base else _INTEGER
    if not pattern.fullmatch(text):
        raise OptionError(f'strconv.{function}: parsing "{text}": invalid syntax')
    digits = text.lstrip("+-")
    # Go's base 0 reads 017 as octal, which Python only does as 0o17.
    octal = not base and len(digits) > 1 and digits[0] == "0" and digits[1] in "01234567_"
    value = int(digits, 8) if octal else int(digits, base or 0)
    return -value if text.startswith("-") else value


def parse_float(text: str) -> float:
    """A number (strconv.ParseFloat)."""
    if not _FLOAT.fullmatch(text):
        raise OptionError(f'strconv.ParseFloat: parsing "{text}": invalid syntax')
    return float(text)


def parse_bool(text: str) -> bool:
    """A truth value (strconv.ParseBool)."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise OptionError(f'strconv.ParseBool: parsing "{text}": invalid syntax')


def parse_duration(text: str) -> int:
    """Nanoseconds of '1h15m30.5s' (time.ParseDuration)."""
    try:
        return golang.parse_duration(text)
    except InvalidParameterError as error:
        raise OptionError(str(error)) from error
