"""A registry's `Server` as a WSGI application (PEP 3333): from an environ to a `Request`, from a `Response` to bytes.

Bodies are streams both ways: an upload is read piece by piece while it is stored, and a blob leaves piece by piece. No
blob is ever whole in memory.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request as WsgiRequest

from dockerlab.fs.content import Content
from dockerlab.registry.bodies import BodyError, Stream
from dockerlab.registry.protocol import Refusal, Request, Response
from dockerlab.world import NANOSECOND, real_now

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DRAINED = 8 << 20
"""Bytes of what is refused that are read all the same, so that its sender reads the answer."""

SENT = 1 << 17
"""Bytes that leave at once; larger pieces go no faster."""

PATIENCE, FLOOR = 60 * NANOSECOND, 64 << 10
"""In such a time a sender must bring so many bytes; a slower one only keeps others waiting."""

_PLAIN = str.maketrans({chr(code): f"\\x{code:02x}" for code in (*range(32), 34, 92, *range(127, 160))})


class Handles(Protocol):
    """Whoever answers requests: a `Server`."""

    def handle(self, request: Request) -> Response:
        """Answer one."""


class Application:
    """The WSGI application; `log` gets a line for every request, `report` one for what should never happen."""

    def __init__(
        self,
        server: Handles,
        log: Callable[[str], None] = lambda line: None,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._server, self._log, self._report = server, log, report

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        asked = WsgiRequest(environ)
        body = _body(asked)
        request = Request(asked.method, _target(asked), dict(asked.headers), body)
        response = self._answer(request)
        headers = {**response.headers, "X-Content-Type-Options": "nosniff"}
        if not body.drain(DRAINED):
            headers["Connection"] = "close"  # what follows on the connection would be the rest of this body
        status = HTTPStatus(response.status)
        start_response(f"{status.value} {status.phrase}", list(headers.items()))
        return Sending(response.content, lambda sent: self._log(_line(asked, status, sent)))

    def _answer(self, request: Request) -> Response:
        try:
            return self._server.handle(request)
        except Exception as error:  # whatever it is, the client gets an answer and the others go on
            self._report(f"{request.method} {request.path.translate(_PLAIN)}: {error!r}")
            return Refusal("UNKNOWN").response()


class Sending:
    """A body on its way out, which says how much has left when it is over."""

    def __init__(self, content: Content, over: Callable[[int], None]) -> None:
        self.content, self.sent, self._over = content, 0, over

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.content.chunks(SENT):
            yield piece
            self.sent += len(piece)

    def close(self) -> None:
        """It has left, or will not leave any more."""
        self._over(self.sent)


def _target(asked: WsgiRequest) -> str:
    """The path and the query, as `Request` has them."""
    query = asked.query_string.decode("latin-1")
    return quote(asked.path, safe="/:") + (f"?{query}" if query else "")


def _body(asked: WsgiRequest) -> Stream:
    """What a request brings; of unknown length only where it comes in chunks."""
    said = asked.environ.get("CONTENT_LENGTH") or "0"
    length = int(said) if said.isdigit() else -1  # which no body ever has, so the connection is closed after it
    chunked = bool(asked.environ.get("HTTP_TRANSFER_ENCODING"))
    source, since, moved = asked.stream, real_now(), 0

    def read(size: int) -> bytes:
        nonlocal since, moved
        try:
            piece = source.read(size)
        except (OSError, ValueError, ClientDisconnected) as error:
            raise BodyError(str(error)) from error
        moved += len(piece)
        if real_now() - since > PATIENCE:
            if piece and moved < FLOOR:
                raise BodyError("the sender is too slow")
            since, moved = real_now(), 0
        return piece

    return Stream(read, None if chunked else length)


def _line(asked: WsgiRequest, status: HTTPStatus, sent: int) -> str:
    """A line of the access log, as Docker's registry writes it (Apache's combined format)."""
    date = datetime.datetime.fromtimestamp(real_now() // NANOSECOND, datetime.UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    protocol = asked.environ.get("SERVER_PROTOCOL", "HTTP/1.1")
    request, referer, agent = (
        text.translate(_PLAIN)
        for text in (
            f"{asked.method} {_target(asked)} {protocol}",
            asked.headers.get("Referer", ""),
            asked.headers.get("User-Agent", ""),
        )
    )
    return f'{asked.remote_addr or "-"} - - [{date}] "{request}" {status.value} {sent} "{referer}" "{agent}"'


__all__ = ["Application", "Handles", "Sending"]
