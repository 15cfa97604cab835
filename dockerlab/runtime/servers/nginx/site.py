"""One worker's connections: every request becomes a `Visit`, and is written into the logs when it is over."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net.http import Asked, header
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.nginx import pages, phases
from dockerlab.runtime.servers.nginx.build import Build
from dockerlab.runtime.servers.nginx.config import Config
from dockerlab.runtime.servers.nginx.logs import log_access
from dockerlab.runtime.servers.nginx.visit import Visit
from dockerlab.runtime.servers.web import Reply, cleaned, decoded

_VERSIONS = ("HTTP/1.0", "HTTP/1.1")


class Connection:
    """A `Site` for one connection, with its number."""

    def __init__(self, proc: Process, config: Config, build: Build, number: int) -> None:
        self._proc, self._config, self._build, self._number = proc, config, build, number
        self._visit: Visit | None = None

    def answer(self, asked: Asked, socket: Socket) -> Generator[Wait, Any, Reply]:
        """What a request gets."""
        visit = self._visit = self._visit_of(asked, socket)
        path, _, visit.args = asked.target.partition("?")
        if "://" in path:
            path = "/" + path.partition("://")[2].partition("/")[2]
        uri = cleaned(decoded(path.partition("#")[0])) if path.startswith("/") else None
        if asked.version not in _VERSIONS:
            return pages.error(visit, 505)
        if uri is None or "\0" in uri:
            # nginx gives up before it reads the headers.
            visit.asked = replace(asked, headers={})
            return pages.error(visit, 400)
        if asked.version == "HTTP/1.1" and not asked.header("Host"):
            return pages.error(visit, 400)
        visit.uri = uri
        return (yield from phases.answer(visit))

    def malformed(self, line: str, socket: Socket) -> Reply:
        """What is no request."""
        method, _, rest = line.partition(" ")
        visit = self._visit = self._visit_of(Asked(method, rest, "", {}, peer=socket.peer[0]), socket)
        return pages.error(visit, 400)

    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """Log the request."""
        visit = self._visit
        if visit is not None:
            visit.size = size
            visit.status = reply.status
            log_access(visit)

    def _visit_of(self, asked: Asked, socket: Socket) -> Visit:
        address, port = socket.local
        server = self._config.server_for(port, address, header(asked.headers, "Host"))
        return Visit(asked, socket, self._proc, self._config, self._build, server, self._number, asked.method)
