"""Registries to ask: in this process with their things in memory or in a folder, and behind a real socket."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dockerlab.fs.content import Bytes
from dockerlab.oci.digest import Digest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from dockerlab.registry import Request, Response, Server
from dockerlab.registry.serve import HttpServer
from dockerlab.registry.wsgi import Handles

BLOB = bytes(range(256)) * 8
UNKNOWN = "sha256:" + "0" * 64


class Wire:
    """Whoever answers at a port, asked as a server of this process is."""

    def __init__(self, port: int) -> None:
        self.port = port

    def handle(self, request: Request) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            body = request.body if isinstance(request.body, bytes) else request.content.read()  # type: ignore[union-attr]
            connection.request(request.method, request.path, body, dict(request.headers))
            answer = connection.getresponse()
            return Response(answer.status, dict(answer.getheaders()), Bytes(answer.read()))
        finally:
            connection.close()


@contextmanager
def serving(server: Handles, log: Callable[[str], None] = lambda line: None) -> Iterator[Wire]:
    """A server behind a socket, as long as it is needed."""
    site = HttpServer(server, log=log)
    try:
        yield Wire(site.port)
    finally:
        site.stop()


class Exchangeable:
    """A socket of which the server behind it can be another one for each test."""

    server: Handles

    def handle(self, request: Request) -> Response:
        return self.server.handle(request)


class Registry:
    """A registry with one repository, and short ways to ask it."""

    def __init__(self, server: Handles | None = None, name: str = "team/app") -> None:
        self.server = server or Server()
        self.name = name

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Response:
        path = path if path.startswith("/") else f"/v2/{self.name}/{path}"
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.server.handle(Request(method, path, named, body))

    def blob(self, data: bytes = BLOB, algorithm: str = "sha256") -> str:
        digest = Digest.of(data, algorithm)
        assert self.ask("POST", f"blobs/uploads/?digest={digest}", data).status == 201
        return digest

    def start(self) -> str:
        answer = self.ask("POST", "blobs/uploads/")
        assert answer.status == 202
        return answer.header("Location")

    def manifest(self, reference: str | None = None, **more: Any) -> tuple[str, Response]:
        config = {"mediaType": OCI_CONFIG, "digest": self.blob(b"{}"), "size": 2}
        layers = [{"mediaType": OCI_LAYER_GZIP, "digest": self.blob(), "size": len(BLOB)}]
        return self.put({"config": config, "layers": layers, **more}, OCI_MANIFEST, reference)

    def put(
        self, fields: dict[str, Any], media_type: str, reference: str | None = None, algorithm: str = "sha256"
    ) -> tuple[str, Response]:
        raw = json.dumps({"schemaVersion": 2, "mediaType": media_type, **fields}).encode()
        digest = Digest.of(raw, algorithm)
        return digest, self.ask("PUT", f"manifests/{reference or digest}", raw, Content_Type=media_type)
