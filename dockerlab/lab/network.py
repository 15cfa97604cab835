"""The host's network namespace, and the registries that the lab serves on it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from dockerlab.events import Wait
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.remote import Remote, checked_name
from dockerlab.registry.server import Server
from dockerlab.registry.wire import Stalled
from dockerlab.runtime.kernel import Kernel, Task
from dockerlab.runtime.net import LOOPBACK, AddressInUseError, Answer, Asked, Link, Listener, Stack, serve

LAN = "192.168.64.0/24"
ADDRESS = "192.168.64.2"
"""The host's own address, on a network that has nobody else on it."""


def host_stack() -> Stack:
    """The host's network namespace."""
    stack = Stack("host")
    stack.attach(Link("lan", LAN), ADDRESS, "eth0", "52:54:00:12:34:56")
    return stack


class Service(Task):
    """A server that runs beside the processes, for as long as the host does."""

    def __init__(self, kernel: Kernel, listener: Listener, server: Server) -> None:
        super().__init__()
        self.listener = listener
        self.body = self._run(kernel, server)
        kernel.add(self)

    def _run(self, kernel: Kernel, server: Server) -> Generator[Wait, Any, int]:
        yield from serve(kernel, self.listener, lambda asked: answer(server, asked))
        return 0


def serve_registry(kernel: Kernel, stack: Stack, name: str, server: Server) -> Service | None:
    """Let a registry answer at a port of the host; None where it has no port there, or somebody else does."""
    host, _, port = name.rpartition(":")
    if host not in {"localhost", "127.0.0.1", "[::1]"} or not port.isdigit():
        return None
    try:
        return Service(kernel, stack.listen(int(port), program="registry"), server)
    except AddressInUseError:
        return None


def connected_registry(name: str, url: str) -> Remote:
    """A real registry for a name of the lab; `InvalidParameterError` where either is none."""
    checked_name(name)
    return Remote(url)


@dataclass(frozen=True)
class Reached:
    """Who answers at a place that the host can reach: a registry (`direct`), or something else (`reason`)."""

    direct: Callable[[Request, str], Response]
    client: str
    """The host's address as the registry sees it."""
    encrypted: bool
    reason: str = ""

    def handle(self, request: Request) -> Response:
        """The registry's answer."""
        return self.direct(request, self.client)


def reach(stack: Stack, host: str, port: int) -> Reached | None:
    """Who answers at a port that the host's own programs could connect to, None where nobody does."""
    address = LOOPBACK.get(host, host)
    local = address.startswith("127.") or address == "::1" or address in stack.addresses
    neighbour = next((each.link.members.get(address) for each in stack.interfaces if each.link.holds(address)), None)
    target = stack if local else neighbour
    if target is None:
        return None
    forward = None if target.listener(address, port) else target.forward(address, port)
    owner, inner = (forward.stack, forward.port) if forward else (target, port)
    listener = owner.listener(next(iter(owner.addresses), "127.0.0.1") if forward else address, inner)
    if listener is None:
        return None if forward is None else Reached(_nobody, "", False, "EOF")
    client = stack.address_towards(owner) if owner is not stack else "127.0.0.1"
    reason = str(Stalled(in_body=False)) if listener.frozen() else "" if listener.direct else "EOF"
    return Reached(listener.direct or _nobody, client, listener.encrypted, reason)


def _nobody(request: Request, client: str) -> Response:
    """Stands for a server that is no registry."""
    return Response(404)


def answer(server: Server, asked: Asked) -> Answer:
    """A registry's reply as an HTTP message."""
    reply = server.handle(Request(asked.method, asked.target, dict(asked.headers), asked.body))
    return Answer(reply.status, bytes(reply.body), dict(reply.headers))
