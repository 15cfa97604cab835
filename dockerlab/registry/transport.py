"""The network that registries are found in: names to servers of this process, with Go's words for what isn't there.

The engine speaks plain HTTP to loopback addresses and HTTPS to everything else (moby, registry/config.go); Docker
Hub's repositories are called docker.io, its API answers at registry-1.docker.io, its search at index.docker.io.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from dockerlab.errors import UnavailableError
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.wire import Sent, Sink, ignored

if TYPE_CHECKING:
    from dockerlab.registry.remote import Remote

T = TypeVar("T")
HUB = "docker.io"
HUB_API = "registry-1.docker.io"
HUB_INDEX = "index.docker.io"
HUB_TOKENS = "auth.docker.io"
_ALIASES = {HUB_API: HUB, HUB_INDEX: HUB, HUB_TOKENS: HUB}
_LOOPBACK = {"localhost": "127.0.0.1", "::1": "::1"}
_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65_535


class Answering(Protocol):
    """Whoever answers requests: a registry, a Notary server."""

    def handle(self, request: Request) -> Response:
        """Answer a request."""


class Peer(Answering, Protocol):
    """Whoever answers at a place of the virtual network."""

    @property
    def encrypted(self) -> bool:
        """Whether it speaks TLS."""

    @property
    def reason(self) -> str:
        """What the engine says where it is no registry, '' where it is one."""


class Network:
    """Registries by name: 'docker.io', 'localhost:5000'. One is found by every name of its loopback address.

    `locate` finds those that run somewhere else, as a program in a container whose port is published. What is
    connected to a real registry leads there.
    """

    def __init__(self, locate: Callable[[str, int], Peer | None] = lambda host, port: None) -> None:
        self._servers: dict[str, Answering] = {}
        self._remotes: dict[str, Remote] = {}
        self.locate = locate

    def add(self, name: str, server: Answering) -> None:
        """Let a server answer at a name."""
        self._servers[_key(name)] = server

    def remove(self, name: str) -> None:
        """Take a server off the network; one that isn't there is gone already."""
        self._servers.pop(_key(name), None)
        self._remotes.pop(_key(name), None)

    def connect(self, name: str, remote: Remote) -> None:
        """Let a name lead to a real registry, whoever else may answer there."""
        self._remotes[_key(name)] = remote

    def remote(self, name: str) -> Remote | None:
        """The real registry that a name leads to, None where it leads to one of the lab."""
        return self._remotes.get(_key(name))

    def find(self, name: str) -> Answering | None:
        """The server at a name, None where nobody answers."""
        return self._servers.get(_key(name))

    def servers(self, kind: type[T]) -> Mapping[str, T]:
        """Those of a kind that answer here, by name."""
        return {name: server for name, server in self._servers.items() if isinstance(server, kind)}

    def is_home(self, name: str, address: str) -> bool:
        """Whether an address that a registry gave (a path, or a URL) leads to that registry itself."""
        remote = self.remote(name)
        if remote is not None:
            return remote.is_home(address)
        place = urlsplit(address).netloc
        return not place or _key(place) == _key(name)

    def send(self, name: str, request: Request, sink: Sink | None = None, sent: Sent = ignored) -> Response:
        """Bring a request to the registry of that name; `UnavailableError` with Go's words where nobody answers.

        A path that is a whole URL leads wherever it says, but never from the lab into the real world. `sink` and
        `sent` follow what goes over a wire; within the lab bodies travel by reference.
        """
        remote = self.remote(name)
        if remote is not None:
            return self._carried(name, remote, request, sink, sent)
        parts = urlsplit(request.path)
        if parts.netloc:
            name, request = parts.netloc, replace(request, path=request.path.partition(parts.netloc)[2] or "/")
        server = self.find(name)
        if server is not None:
            return server.handle(request)
        host, port = _split(name)
        peer = self.locate(host, int(port or _PORTS[scheme(name)])) if port.isdigit() or not port else None
        plain = peer is not None and scheme(name) == "https" and not peer.encrypted
        if peer is not None and not peer.reason and not plain:
            return peer.handle(replace(request, headers={"Host": name, **request.headers}))
        shown = Request("GET", "/v2/") if request.route.startswith("/v2/") else request
        reason = "http: server gave HTTP response to HTTPS client" if plain else peer.reason if peer else ""
        reason = reason or _refusal(name, shown.path)
        raise UnavailableError(f'{shown.method.title()} "{url(name, shown.path)}": {reason}')

    @staticmethod
    def _carried(name: str, remote: Remote, request: Request, sink: Sink | None, sent: Sent) -> Response:
        try:
            return remote.carry(request, sink, sent)
        except UnavailableError as error:
            raise UnavailableError(f'{request.method.title()} "{url(name, request.path)}": {error}') from error


def url(name: str, path: str) -> str:
    """Where the engine asks for a path of a registry."""
    if urlsplit(path).netloc:
        return path
    return f"{scheme(name)}://{_host(name, path)}{path}"


def scheme(name: str) -> str:
    """How the engine speaks to a registry."""
    return "http" if _is_loopback(_split(name)[0]) else "https"


def _host(name: str, path: str) -> str:
    """The host that stands in the address of a request."""
    if _key(name) != HUB:
        return name
    return HUB_API if path.startswith("/v2/") else HUB_INDEX


def _refusal(name: str, path: str) -> str:
    """What dialling says: an address that nobody listens at, or a name that nobody knows."""
    host, port = _split(_host(name, path))
    port = port or str(_PORTS[scheme(name)])
    if int(port) > _LAST_PORT:
        return f"dial tcp: address {port}: invalid port"
    address = _LOOPBACK.get(host, host)
    if _is_address(address):
        shown = f"[{address}]" if ":" in address else address
        return f"dial tcp {shown}:{port}: connect: connection refused"
    return f"dial tcp: lookup {host}: no such host"


def _key(name: str) -> str:
    """One spelling for all names of the same place."""
    name = _ALIASES.get(name, name)
    host, port = _split(name)
    return f"localhost:{port or _PORTS['http']}" if _is_loopback(host) else name


def _split(name: str) -> tuple[str, str]:
    """Host and port; '[::1]:5000' is the host ::1."""
    if name.startswith("["):
        host, _, rest = name[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = name.partition(":")
    return host, port


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
