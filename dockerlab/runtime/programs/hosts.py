"""What programs see of other machines: a hook that answers HTTP requests, and the ways in which it can fail.

`Machine.network` holds a `Network` or None (`--network none`, a host without a connection).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from dockerlab.errors import UnavailableError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process

LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}


@dataclass(frozen=True)
class Request:
    """An HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def parts(self) -> SplitResult:
        """The URL in its parts; without a scheme it is http."""
        try:
            parts = urlsplit(self.url if "://" in self.url else f"http://{self.url}")
            _ = parts.port
        except ValueError:
            # What is no URL names no machine.
            return urlsplit("http://")
        return parts

    @property
    def host(self) -> str:
        """The name of the other machine."""
        return self.parts.hostname or ""

    @property
    def port(self) -> int:
        """The port, 80 or 443 where none is named."""
        return self.parts.port or (443 if self.parts.scheme == "https" else 80)


@dataclass(frozen=True)
class Answer:
    """What the other side says."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


class HostError(UnavailableError):
    """No machine of that name is known."""


class RefusedError(UnavailableError):
    """The machine is there, but nobody listens at the port."""


class Network(Protocol):
    """What a machine's programs reach; its owner wires it to registries and containers."""

    def fetch(self, request: Request) -> Generator[Wait, Any, Answer]:
        """Do a request; raises HostError or RefusedError."""

    def resolve(self, host: str) -> str:
        """The address of a name; raises HostError."""


def fetch(proc: Process, request: Request) -> Generator[Wait, Any, Answer]:
    """Do a request on the machine's network, as far as it has one."""
    network: Network | None = proc.machine.network
    if network is None:
        if request.host in LOOPBACK or request.host.replace(".", "").isdigit():
            raise RefusedError(request.host)
        raise HostError(request.host)
    return (yield from network.fetch(request))


def resolve(proc: Process, host: str) -> str:
    """The address of a name; numbers are their own address."""
    if host in LOOPBACK:
        return LOOPBACK[host]
    if host.replace(".", "").isdigit():
        return host
    if proc.machine.network is None:
        raise HostError(host)
    address: str = proc.machine.network.resolve(host)
    return address
