"""What programs on the host reach over HTTP: the registries that the lab serves, by their names."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.registry import Network
from dockerlab.registry.protocol import Request as RegistryRequest
from dockerlab.runtime.programs.hosts import LOOPBACK, Answer, HostError, RefusedError, Request


class HostNetwork:
    """Implements `runtime.programs.hosts.Network` over the lab's registries."""

    def __init__(self, registries: Network) -> None:
        self._registries = registries

    def resolve(self, host: str) -> str:
        """Only the host itself has a name here."""
        if host in LOOPBACK:
            return LOOPBACK[host]
        raise HostError(host)

    def fetch(self, request: Request) -> Generator[Wait, Any, Answer]:
        """Ask a registry; nobody else listens."""
        yield from ()
        self.resolve(request.host)
        server = self._registries.find(f"{request.host}:{request.port}")
        if server is None:
            raise RefusedError(request.host)
        parts = request.parts
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        reply = server.handle(RegistryRequest(request.method, path, dict(request.headers), request.body))
        return Answer(reply.status, bytes(reply.body), dict(reply.headers))
