"""A registry's doors: HTTP over the virtual network, and the engine's own pushes and pulls, which need no connection.

What the engine sends does not travel over simulated sockets, so that a layer stays what it is, by reference; in the
registry's log it looks like any other request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dockerlab.engine.registry_config import Configuration
from dockerlab.engine.registry_log import Journal
from dockerlab.engine.registry_version import THREE, version_of
from dockerlab.fs.content import Bytes
from dockerlab.registry import Request, Response, Server
from dockerlab.registry.protocol import VERSION, VERSION_HEADER, Refusal, json_response
from dockerlab.runtime.net import Asked, Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.web import Reply, http_date

ENGINE = "docker/28.2.2 go/go1.23.9 git-commit/45873be os/linux arch/amd64 UpstreamClient(Docker-Client/28.2.2)"
_VERSION = {VERSION_HEADER: VERSION}
_DELETED = re.compile(r"/v2/(?P<name>.+)/(?:manifests/(?P<reference>[^/]+)|blobs/(?P<digest>sha256:[^/]+))")
_NAMED = re.compile(
    r"/v2/(?P<name>.+?)/(?:manifests/(?P<reference>[^/]+)|blobs/uploads/(?P<uuid>[^/]*)"
    r"|blobs/(?P<digest>[^/]+)|tags/list|referrers/.*)"
)


class RegistrySite:
    """The `Site` of a registry."""

    def __init__(
        self, proc: Process, server: Server, config: Configuration, journal: Journal, *, encrypted: bool
    ) -> None:
        self._proc, self._server, self._config, self._journal = proc, server, config, journal
        self._scheme = "https" if encrypted else "http"
        self._more: Mapping[str, str] = {
            str(name): ", ".join(values) if isinstance(values, list) else str(values)
            for name, values in dict(config.find("http", "headers") or {}).items()
        }
        self._third = version_of(proc) == THREE
        self._last_port = 40_000

    def direct(self, request: Request, peer: str) -> Response:
        """Answer the engine, which the registry sees at an address of its network."""
        self._last_port += 2
        asked = Request(request.method, request.path, {"User-Agent": ENGINE, **request.headers}, request.body)
        response = self._answered(asked)
        self._journal.exchange(asked, response, f"{peer}:{self._last_port}", _names(asked))
        return response

    def answer(self, asked: Asked, socket: Socket) -> Reply:
        """What a request gets."""
        request = Request(asked.method, asked.target, dict(asked.headers), asked.body)
        response = self._answered(request)
        self._journal.exchange(request, response, f"{asked.peer}:{socket.peer[1]}", _names(request))
        headers = {**response.headers, **(self._more if request.route.startswith("/v2") else {})}
        location = response.header("Location")
        if location.startswith("/") and not self._config.is_on("http", "relativeurls"):
            headers["Location"] = f"{self._scheme}://{asked.header('Host')}{location}"
        headers["Date"] = http_date(self._proc.kernel.clock.now)
        if "Content-Length" not in headers and asked.method != "HEAD" and response.status != 204:
            headers["Content-Length"] = str(response.content.size)
        return Reply(response.status, tuple(headers.items()), response.content)

    def malformed(self, line: str, socket: Socket) -> Reply:
        """What is no request: the answer of Go's server."""
        body = Bytes(b"400 Bad Request")
        headers = (("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close"))
        return Reply(400, headers, body, close=True)

    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """All is in the log already."""

    def _answered(self, request: Request) -> Response:
        if request.route in ("", "/"):
            return Response(200, {"Cache-Control": "no-cache", "Content-Length": "0"})
        deleted = _DELETED.fullmatch(request.route) if request.method == "DELETE" else None
        if deleted is not None and not self._config.is_on("storage", "delete", "enabled"):
            return Refusal("UNSUPPORTED", headers=_VERSION).response()
        if self._third:
            return self._server.handle(request)
        if deleted is not None and ":" not in (deleted["reference"] or ":"):
            # The second registry deletes by digest only.
            return Refusal("DIGEST_INVALID", headers=_VERSION).response()
        return _with_null(request, self._server.handle(request))


def _with_null(request: Request, response: Response) -> Response:
    """The second registry says `null` where a repository has no tags any more."""
    if response.status != 200 or not request.route.endswith("/tags/list"):
        return response
    listed = response.json()
    return response if listed["tags"] else json_response({**listed, "tags": None}, headers=_VERSION)


def _names(request: Request) -> Mapping[str, str]:
    """What a path names."""
    match = _NAMED.fullmatch(request.route)
    return {name: value for name, value in match.groupdict().items() if value} if match else {}
