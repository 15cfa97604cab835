"""The host's network namespace, and the registries that the lab serves on it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.registry.protocol import Request
from dockerlab.registry.server import Server
from dockerlab.runtime.kernel import Kernel, Task
from dockerlab.runtime.net import AddressInUseError, Answer, Asked, Link, Listener, Stack, serve

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


def answer(server: Server, asked: Asked) -> Answer:
    """A registry's reply as an HTTP message."""
    reply = server.handle(Request(asked.method, asked.target, dict(asked.headers), asked.body))
    return Answer(reply.status, bytes(reply.body), dict(reply.headers))
