"""`-H`: where the daemon listens (docker/cli, opts/hosts.go)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dockerlab.cli.numbers import OptionError
from dockerlab.oci.golang import quote

SOCKET = "/var/run/docker.sock"
PIPE = "//./pipe/docker_engine"
TCP = "tcp://localhost:2375"
TLS = "tcp://localhost:2376"

_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:/]*)(?P<port>:[^/]*)?(?P<path>/.*)?", re.DOTALL)


def parse_host(text: str, *, tls: bool = False) -> str:
    """The full address of -H; '' means the usual one."""
    address = text.strip()
    if not address:
        return TLS if tls else f"unix://{SOCKET}"
    scheme, separator, rest = address.partition("://")
    if not separator:
        scheme, rest = "tcp", address
    if scheme not in _SCHEMES:
        raise OptionError(f"invalid bind address format: {address}")
    return _SCHEMES[scheme](rest)


def parse_tcp(text: str, default: str = TCP) -> str:
    """A TCP address with what it lacks taken from another."""
    address = text if "://" in text else f"tcp://{text}"
    scheme, _, rest = address.partition("://")
    if scheme != "tcp":
        raise OptionError(f"invalid proto, expected tcp: {text}")
    found, known = _authority(address, rest), _authority(default, default.partition("://")[2])
    host = found["host"] or known["host"]
    port = (found["port"] or "").removeprefix(":") or (known["port"] or "").removeprefix(":")
    return f"tcp://{host}:{port}{found['path'] or ''}"


def _authority(address: str, rest: str) -> re.Match[str]:
    match = _AUTHORITY.fullmatch(rest)
    if match is None:
        raise OptionError(f"parse {quote(address)}: invalid host")
    if " " in match["host"]:
        raise OptionError(f'parse {quote(address)}: invalid character " " in host name')
    if match["port"] and not re.fullmatch(r":\d*", match["port"]):
        raise OptionError(f"parse {quote(address)}: invalid port {quote(match['port'])} after host")
    return match


def _simple(scheme: str, default: str) -> Callable[[str], str]:
    return lambda rest: f"{scheme}://{rest or default}"


_SCHEMES: Mapping[str, Callable[[str], str]] = {
    "tcp": parse_tcp,
    "unix": _simple("unix", SOCKET),
    "npipe": _simple("npipe", PIPE),
    "fd": _simple("fd", ""),
    "ssh": _simple("ssh", ""),
}
