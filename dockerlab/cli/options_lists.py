"""Checks of list flags, value by value: what docker/cli's opts package calls validators.

A validator returns the value as it is kept, or raises OptionError with docker's own text.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from dockerlab.cli.numbers import OptionError, parse_uint
from dockerlab.cli.units import parse_ram_size
from dockerlab.errors import InvalidReferenceError

Validator: TypeAlias = Callable[[str, Mapping[str, str]], str]
"""(value, the client's environment) -> the value as it is kept."""


def validate_env(text: str, environment: Mapping[str, str]) -> str:
    """`-e NAME=value`, or `-e NAME` with the client's own value where it has one."""
    name, equals, _ = text.partition("=")
    if not name:
        raise OptionError(f"invalid environment variable: {text}")
    if not equals and name in environment:
        return f"{name}={environment[name]}"
    return text


def validate_label(text: str) -> str:
    """`--label name=value`."""
    name = text.partition("=")[0].lstrip()
    if not name:
        raise OptionError(f"invalid label '{text}': empty name")
    if any(character.isspace() for character in name):
        raise OptionError(f"label '{name}' contains whitespaces")
    return text


def validate_extra_host(text: str) -> str:
    """`--add-host name:address`; also name=address, and brackets round an IPv6 address."""
    name, separator, address = text.partition("=" if "=" in text else ":")
    if not separator or not name or ":" in name:
        raise OptionError(f'bad format for add-host: "{text}"')
    if address != "host-gateway":
        if len(address) > 2 and address[0] == "[" and address[-1] == "]":
            address = address[1:-1]
        if _address(address) is None:
            raise OptionError(f'invalid IP address in add-host: "{address}"')
    return f"{name}:{address}"


def validate_ip(text: str) -> str:
    """An IP address, in its shortest form."""
    address = _address(text.strip())
    if address is None:
        raise OptionError(f"IP address is not correctly formatted: {text}")
    return str(address)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


_DOMAIN = re.compile(r"(:?([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]*[a-zA-Z0-9])"
                     r"(:?\.(:?[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]*[a-zA-Z0-9]))*)\.?\s*")  # fmt: skip


def validate_dns_search(text: str) -> str:
    """A domain for resolv.conf's search line; '.' means none."""
    trimmed = text.strip(" ")
    if trimmed == ".":
        return trimmed
    found = _DOMAIN.fullmatch(trimmed)
    if not re.search(r"[a-zA-Z]", trimmed) or found is None or len(found[1]) >= 255:
        raise OptionError(f"{trimmed} is not a valid domain")
    return found[1]


def parse_link(text: str) -> tuple[str, str]:
    """(container, alias) of `--link container:alias`."""
    if not text:
        raise OptionError("empty string specified for links")
    parts = text.split(":")
    if len(parts) > 2:
        raise OptionError(f"bad format for links: {text}")
    if len(parts) == 1:
        return text, text
    # "/foo:/bar/foo" is how old engines stored links; the alias is the last part of the path.
    return (parts[0][1:], parts[1].rpartition("/")[2]) if parts[0].startswith("/") else (parts[0], parts[1])


def _validate_link(text: str) -> str:
    parse_link(text)
    return text


def validate_attach(text: str) -> str:
    """A standard stream's name, in lower case."""
    name = text.lower()
    if name not in {"stdin", "stdout", "stderr"}:
        raise OptionError("valid streams are STDIN, STDOUT and STDERR")
    return name


def validate_sysctl(text: str) -> str:
    """A kernel parameter that has a namespace of its own."""
    known = {
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    }  # fmt: skip
    name, equals, _ = text.partition("=")
    if equals and (name in known or name.startswith(("net.", "fs.mqueue."))):
        return text
    raise OptionError(f"sysctl '{text}' is not allowed")


def validate_device_rule(text: str) -> str:
    """`--device-cgroup-rule 'c 1:3 mr'`: type, numbers, what is allowed."""
    if not re.fullmatch(r"[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}", text):
        raise OptionError(f"invalid device cgroup format '{text}'")
    return text


def validate_weight_device(text: str) -> str:
    """`--blkio-weight-device /dev/x:10-1000`."""
    _, weight = _device_and_value(text)
    try:
        value = parse_uint(weight, bits=16, base=10)
    except OptionError as error:
        raise OptionError(f"invalid weight for device: {text}") from error
    if value > 0 and not 10 <= value <= 1000:
        raise OptionError(f"invalid weight for device: {text}")
    return text


def _throttle(parse: Callable[[str], int], expected: str) -> Callable[[str], str]:
    def validate(text: str) -> str:
        _, rate = _device_and_value(text)
        try:
            value = parse(rate)
        except OptionError as error:
            raise OptionError(f"invalid rate for device: {text}. {expected}") from error
        if value < 0:
            raise OptionError(f"invalid rate for device: {text}. {expected}")
        return text

    return validate


def _device_and_value(text: str) -> tuple[str, str]:
    device, colon, value = text.partition(":")
    if not colon or not device:
        raise OptionError(f"bad format: {text}")
    if not device.startswith("/dev/"):
        raise OptionError(f"bad format for device path: {text}")
    return device, value


def validate_tag(text: str) -> str:
    """An image name that a build is to give."""
    from dockerlab.oci.reference import Reference

    try:
        Reference.parse(text)
    except InvalidReferenceError as error:
        raise OptionError(str(error)) from error
    return text


def _plain(validate: Callable[[str], str]) -> Validator:
    return lambda text, environment: validate(text)


_BPS = _throttle(
    parse_ram_size,
    "The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. "
    "Unit is optional and can be kb, mb, or gb",
)
_IOPS = _throttle(parse_uint, "The correct format is <device-path>:<number>. Number must be a positive integer")

LIST_VALIDATORS: Mapping[str, Validator] = {
    "add-host": _plain(validate_extra_host),
    "attach": _plain(validate_attach),
    "blkio-weight-device": _plain(validate_weight_device),
    "build-arg": validate_env,
    "device-cgroup-rule": _plain(validate_device_rule),
    "device-read-bps": _plain(_BPS),
    "device-read-iops": _plain(_IOPS),
    "device-write-bps": _plain(_BPS),
    "device-write-iops": _plain(_IOPS),
    "dns": _plain(validate_ip),
    "dns-search": _plain(validate_dns_search),
    "env": validate_env,
    "label": _plain(validate_label),
    "link": _plain(_validate_link),
    "tag": _plain(validate_tag),
}
"""By the flag's name, for flags of type list."""

MAP_VALIDATORS: Mapping[str, Callable[[str], str]] = {"sysctl": validate_sysctl}
"""By the flag's name, for flags of type map."""
