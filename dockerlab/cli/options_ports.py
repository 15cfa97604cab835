"""`-p` and `--expose` (github.com/docker/go-connections, nat)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from dockerlab.cli.numbers import OptionError, parse_uint

Bindings = dict[str, list[dict[str, str]]]
"""'80/tcp' -> where it can be reached on the host, as HostConfig.PortBindings has it."""

_PROTOCOLS = frozenset(("tcp", "udp", "sctp"))


def parse_publish(specs: Iterable[str]) -> Bindings:
    """The bindings of all -p: [[address:]host port:]container port[/protocol]; ranges on both sides."""
    bindings: Bindings = {}
    for spec in specs:
        for port, binding in _parse_one(_short_form(spec)):
            bindings.setdefault(port, []).append(binding)
    return bindings


def _short_form(spec: str) -> str:
    """'published=8080,target=80,protocol=udp' -> '8080:80/udp'."""
    if "=" not in spec:
        return spec
    fields = {"protocol": "tcp", "published": "", "target": ""}
    for part in spec.split(","):
        name, equals, value = part.partition("=")
        if not equals or not name:
            raise OptionError(f"invalid publish opts format (should be name=value but got '{part}')")
        fields[name] = value
    return f"{fields['published']}:{fields['target']}/{fields['protocol']}"


def _parse_one(spec: str) -> list[tuple[str, dict[str, str]]]:
    address, host, container = _split(spec)
    protocol, container = split_protocol(container)
    address = _checked_address(address)
    if not container:
        raise OptionError(f"no port specified: {spec}<empty>")
    first, last = _range(container, "invalid containerPort")
    host_first, host_last = _range(host, "invalid hostPort") if host else (0, 0)
    if host and last - first != host_last - host_first and last != first:
        raise OptionError(f"invalid ranges specified for container and host Ports: {container} and {host}")
    if protocol.lower() not in _PROTOCOLS:
        raise OptionError(f"invalid proto: {protocol}")
    # One container port may take any free one of a range of the host's.
    dynamic = f"-{host_last}" if first == last and host_first != host_last else ""
    found = []
    for step in range(last - first + 1):
        host_port = f"{host_first + step}{dynamic}" if host else ""
        found.append((f"{first + step}/{protocol.lower()}", {"HostIp": address, "HostPort": host_port}))
    return found


def _split(spec: str) -> tuple[str, str, str]:
    parts = spec.split(":")
    if len(parts) < 3:
        return ("", "", parts[0]) if len(parts) == 1 else ("", parts[0], parts[1])
    return ":".join(parts[:-2]), parts[-2], parts[-1]


def split_protocol(text: str) -> tuple[str, str]:
    """('udp', '53') of '53/udp'; tcp where nothing is said; ('', '') where there is no port."""
    port, _, protocol = text.partition("/")
    if not port:
        return "", ""
    return protocol.partition("/")[0] or "tcp", port


def _checked_address(address: str) -> str:
    bare = address[1:-1] if address[:1] == "[" and address[-1:] == "]" else address
    if bare:
        try:
            ipaddress.ip_address(bare)
        except ValueError as error:
            raise OptionError(f"invalid IP address: {bare}") from error
    return bare


def _range(text: str, complaint: str) -> tuple[int, int]:
    try:
        return parse_range(text)
    except OptionError as error:
        raise OptionError(f"{complaint}: {text}") from error


def parse_range(text: str) -> tuple[int, int]:
    """(80, 82) of '80-82'."""
    if not text:
        raise OptionError("empty string specified for ports")
    first, dash, last = text.partition("-")
    start = parse_uint(first, bits=16, base=10)
    end = parse_uint(last, bits=16, base=10) if dash else start
    if end < start:
        raise OptionError(f"invalid range specified for port: {text}")
    return start, end


def parse_expose(specs: Iterable[str]) -> list[str]:
    """The ports of all --expose: 'port[/protocol]', or a range."""
    ports: list[str] = []
    for spec in specs:
        if ":" in spec:
            raise OptionError(f"invalid port format for --expose: {spec}")
        protocol, text = split_protocol(spec)
        try:
            first, last = parse_range(text)
        except OptionError as error:
            raise OptionError(f"invalid range format for --expose: {spec}, error: {error}") from error
        ports += [f"{port}/{protocol}" for port in range(first, last + 1)]
    return ports
