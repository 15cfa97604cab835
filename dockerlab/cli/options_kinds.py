"""What each type of flag makes of its text: pflag's and docker/cli's `Value`s, by the word that help prints.

A kind has a zero value and a function that puts one more text into a value. Values are plain and immutable:
bool, int, str, tuples, dicts that are replaced, never changed. Spans are nanoseconds, sizes bytes, CPUs
thousand-millionths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from ipaddress import ip_interface
from typing import Any

from dockerlab.cli.comma_lists import parse_comma_list
from dockerlab.cli.numbers import OptionError, parse_bool, parse_duration, parse_float, parse_int, parse_uint
from dockerlab.cli.options_lists import LIST_VALIDATORS, MAP_VALIDATORS, validate_ip
from dockerlab.cli.options_mount import parse_mount
from dockerlab.cli.options_network import parse_gpus, parse_network
from dockerlab.cli.options_ulimit import add_ulimit
from dockerlab.cli.table import Flag
from dockerlab.cli.units import parse_ram_size

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of flag: its zero value, and `put(value so far, text, flag, environment) -> value`."""

    zero: Any
    put: Callable[[Any, str, Flag, Environment], Any]

    def default(self, flag: Flag) -> Any:
        """The value of a flag that wasn't given."""
        if flag.default in {"", "[]", "map[]"}:
            return self.zero
        return self.put(self.zero, flag.default, flag, {})


def _scalar(zero: Any, parse: Callable[[str], Any]) -> Kind:
    return Kind(zero, lambda value, text, flag, environment: parse(text))


def _put_list(value: tuple[str, ...], text: str, flag: Flag, environment: Environment) -> tuple[str, ...]:
    validate = LIST_VALIDATORS.get(flag.name)
    return (*value, validate(text, environment) if validate else text)


def _put_map(value: Mapping[str, str], text: str, flag: Flag, environment: Environment) -> Mapping[str, str]:
    validate = MAP_VALIDATORS.get(flag.name)
    key, _, content = (validate(text) if validate else text).partition("=")
    return {**value, key: content}


def _put_strings(value: tuple[str, ...], text: str, flag: Flag, environment: Environment) -> tuple[str, ...]:
    return (*value, *parse_comma_list(text))


def put_filter(value: Mapping[str, tuple[str, ...]], text: str) -> Mapping[str, tuple[str, ...]]:
    """Add 'name=value' to filters; the name is put in lower case, and an empty text is let be."""
    if not text:
        return value
    if "=" not in text:
        raise OptionError("bad format of filter (expected name=value)")
    name, _, wanted = text.partition("=")
    name, wanted = name.strip().lower(), wanted.strip()
    if wanted in value.get(name, ()):
        return value
    return {**value, name: (*value.get(name, ()), wanted)}


def parse_cpus(text: str) -> int:
    """Thousand-millionths of a CPU in '0.5' or '1/3'."""
    try:
        cpus = Fraction(text) * 1_000_000_000
    except (ValueError, ZeroDivisionError) as error:
        raise OptionError(f"failed to parse {text} as a rational number") from error
    if cpus.denominator != 1:
        raise OptionError("value is too precise")
    return int(cpus)


def _put_size(value: int, text: str, flag: Flag, environment: Environment) -> int:
    return -1 if flag.name == "memory-swap" and text == "-1" else parse_ram_size(text)


def _parse_ip(text: str) -> str:
    try:
        return validate_ip(text.strip())
    except OptionError as error:
        raise OptionError(f'failed to parse IP: "{text}"') from error


def _put_ips(value: tuple[str, ...], text: str, flag: Flag, environment: Environment) -> tuple[str, ...]:
    words = [word.strip() for word in text.split(",")]
    for word in words:
        try:
            validate_ip(word)
        except OptionError as error:
            raise OptionError(f"invalid string being converted to IP address: {word}") from error
    return (*value, *words)


def _put_networks(value: tuple[str, ...], text: str, flag: Flag, environment: Environment) -> tuple[str, ...]:
    words = [word.strip() for word in text.split(",")]
    for word in words:
        try:
            ip_interface(word if "/" in word else "")
        except ValueError as error:
            raise OptionError(f"invalid string being converted to CIDR: {word}") from error
    return (*value, *words)


_LIST = Kind((), _put_list)
_PLAIN_LIST = Kind((), lambda value, text, flag, environment: (*value, text))

KINDS: Mapping[str, Kind] = {
    "bool": _scalar(False, parse_bool),
    "string": _scalar("", str),
    "int": _scalar(0, parse_int),
    "uint": _scalar(0, parse_uint),
    "uint16": _scalar(0, lambda text: parse_uint(text, bits=16)),
    "uint32": _scalar(0, lambda text: parse_uint(text, bits=32)),
    "float": _scalar(0.0, parse_float),
    "duration": _scalar(0, parse_duration),
    "bytes": Kind(0, _put_size),
    "decimal": _scalar(0, parse_cpus),
    "ip": _scalar("", _parse_ip),
    "ipSlice": Kind((), _put_ips),
    "ipNetSlice": Kind((), _put_networks),
    "list": _LIST,
    "stringArray": _PLAIN_LIST,
    "strings": Kind((), _put_strings),
    "map": Kind({}, _put_map),
    "filter": Kind({}, lambda value, text, flag, environment: put_filter(value, text)),
    "ulimit": Kind((), lambda value, text, flag, environment: add_ulimit(value, text)),
    "mount": Kind((), lambda value, text, flag, environment: (*value, parse_mount(text))),
    "network": Kind((), lambda value, text, flag, environment: (*value, parse_network(text))),
    "gpu-request": Kind((), lambda value, text, flag, environment: (*value, parse_gpus(text))),
}
"""By type. What isn't here (Swarm's own types) is kept as a list of texts."""


def kind_of(flag: Flag) -> Kind:
    """How a flag's texts are read."""
    return KINDS.get(flag.type, _PLAIN_LIST)
