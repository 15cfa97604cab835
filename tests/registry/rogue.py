"""A registry that misbehaves, in a thread on loopback: what it does wrong is the name of the repository.

The kinds and what Docker says of them were asked of engine 20.10.24 with such a server.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import tarfile
import threading
import time
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from dockerlab.oci.media_types import DOCKER_CONFIG, DOCKER_LAYER_GZIP, DOCKER_MANIFEST

CUT = 50_000
"""Bytes after which a connection breaks."""


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@cache
def layer(name: str) -> tuple[bytes, bytes]:
    """A layer's tar and its compressed form, of 300 kB that can't be compressed."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        info = tarfile.TarInfo("file")
        info.size = 300_000
        archive.addfile(info, io.BytesIO(random.Random(name).randbytes(info.size)))
    return raw.getvalue(), gzip.compress(raw.getvalue(), mtime=0)


def config(name: str) -> bytes:
    if name == "badconfig":
        return b"not json"
    rootfs = {"type": "layers", "diff_ids": [digest(layer(name)[0])]}
    return json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs}).encode()


def manifest(name: str) -> bytes:
    if name == "garbage":
        return b'{"schemaVersion": 2, garbage'

    def described(kind: str, data: bytes) -> dict[str, Any]:
        return {"mediaType": kind, "size": len(data), "digest": digest(data)}

    document = {"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": described(DOCKER_CONFIG, config(name))}
    raw = json.dumps({**document, "layers": [described(DOCKER_LAYER_GZIP, layer(name)[1])]}).encode()
    return raw + b" " * (5 << 20) if name == "big" else raw


class Rogue:
    """The server; `asked` has the requests: method, path, range."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.uploaded = bytearray()
        self.stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"rogue": self}))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rogue: Rogue

    def do_GET(self) -> None:
        name = self._note()
        if self.path == "/v2/":
            return self._say(200, b"{}")
        if self.path == "/elsewhere":
            return self._say(200, self.headers.get("Authorization", "nothing").encode())
        act = getattr(self, f"_{name}", None)
        if act is not None:
            return act()
        if "/manifests/" in self.path:
            return self._manifest(name)
        return self._blob(name)

    do_HEAD = do_GET

    def _manifest(self, name: str) -> None:
        raw = manifest(name)
        known = {"Content-Type": DOCKER_MANIFEST, "Docker-Content-Digest": digest(raw)}
        swapped = name == "swapped" and self.command == "GET"
        self._say(200, raw.replace(b"{", b"{ ", 1) if swapped else raw, known)

    def _blob(self, name: str) -> None:
        data = layer(name)[1]
        if self.path.endswith(digest(config(name))):
            return self._say(200, config(name))
        kinds = {"corrupt": data[:-100] + bytes(100), "short": data[:1000], "long": data + b"x" * 1000}
        if name == "blob404":
            return self._say(404, b'{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown to registry"}]}')
        if name == "blob500":
            return self._say(500, b"boom")
        if name in ("truncated", "broken"):
            return self._cut(data, once=name == "broken")
        if name == "once" and len([each for each in self.rogue.asked if each[1] == self.path]) == 1:
            return self._say(200, kinds["corrupt"])
        return self._say(200, kinds.get(name, data))

    def _cut(self, data: bytes, *, once: bool) -> None:
        """Send a part; the connection ends before the rest (`once`: a second request gets all of it)."""
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        more = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if wanted else {}
        self.send_response(206 if wanted else 200)
        for key, value in {"Content-Length": str(len(data) - start), **more}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data[start:] if wanted and once else data[start : start + CUT])
        self._hang_up()

    def _html(self) -> None:
        self._say(200, b"<html>hello</html>", {"Content-Type": "text/html"})

    def _e500(self) -> None:
        self._say(500, b"oops")

    def _loop(self) -> None:
        self._say(307, b"", {"Location": self.path})

    def _eof(self) -> None:
        self._hang_up()

    def _noise(self) -> None:
        self.wfile.write(b"SSH-2.0-hello\r\n\r\n")
        self._hang_up()

    def _slow(self) -> None:
        """An answer of which a byte comes now and then."""
        for _ in range(10_000):
            if self.rogue.stop.wait(0.05):
                break
            self.wfile.write(b"H")
            self.wfile.flush()

    def _slowbody(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        for _ in range(10_000):
            if self.rogue.stop.wait(0.05):
                break
            self.wfile.write(b"x")
            self.wfile.flush()

    def _away(self) -> None:
        """A blob that lies somewhere else: on another port, which is another origin."""
        self._say(307, b"", {"Location": f"http://localhost:{self.rogue.port}/elsewhere"})

    def do_POST(self) -> None:
        name = self._note()
        self._body()
        if name == "post500":
            return self._say(500, b"boom")
        return self._say(202, b"", {"Location": f"/v2/{name}/blobs/uploads/1", "Range": "0-0"})

    def do_PATCH(self) -> None:
        name = self._note()
        if name in ("drops", "dropsonce") and not (name == "dropsonce" and self.rogue.uploaded):
            self.rogue.uploaded += self.rfile.read(CUT)
            return self._hang_up()
        self.rogue.uploaded += self._body()
        return self._say(202, b"", {"Location": f"/v2/{name}/blobs/uploads/1"})

    def _dropsonce(self) -> None:
        if "/uploads/" in self.path:
            return self._say(204, b"", {"Range": f"0-{len(self.rogue.uploaded) - 1}"})
        return self._say(404, b"")

    def _drops(self) -> None:
        self._say(404, b"")

    _post500 = _drops

    def do_PUT(self) -> None:
        name = self._note()
        self._body()
        if "/manifests/" in self.path and name == "manifest400":
            return self._say(400, b'{"errors":[{"code":"MANIFEST_INVALID","message":"manifest invalid","detail":{}}]}')
        return self._say(201, b"")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _say(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _hang_up(self) -> None:
        self.wfile.flush()
        time.sleep(0.01)
        self.connection.shutdown(2)
        self.close_connection = True

    def _note(self) -> str:
        wanted = self.headers.get("Range", "") or self.headers.get("Content-Range", "")
        self.rogue.asked.append((self.command, self.path, wanted))
        parts = self.path.split("/")
        return parts[2] if len(parts) > 3 else ""

    def log_message(self, *words: object) -> None:
        pass
