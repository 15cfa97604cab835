"""HTTP/1.1 over the virtual network: one request at a time, as curl asks and small servers answer (RFC 9112)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from types import GeneratorType
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import SplitResult, urlsplit

from dockerlab.events import Wait
from dockerlab.runtime.kernel import Kernel
from dockerlab.runtime.net.crew import crew
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import NetworkError
from dockerlab.runtime.net.sockets import Listener, Socket, receive, receive_line

if TYPE_CHECKING:
    from dockerlab.runtime.machine import Machine

REASONS: Mapping[int, str] = {
    100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
    206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
    307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 413: "Content Too Large",
    416: "Range Not Satisfiable", 429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip
LONGEST_LINE = 8190
"""Bytes of the longest header that is read; servers in life refuse more, too."""


class HttpError(NetworkError):
    """What came over the connection is no HTTP message."""

    text = "Received HTTP/0.9 when not allowed"


class EmptyReplyError(HttpError):
    """The connection ended before a byte came."""

    text = "Empty reply from server"


class TlsError(HttpError):
    """TLS was spoken to somebody who does not."""

    text = "wrong version number"


@dataclass(frozen=True)
class Request:
    """What a client asks: a URL, or what is left of one (no scheme is http)."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def parts(self) -> SplitResult:
        """The URL in its parts."""
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

    @property
    def target(self) -> str:
        """Path and query, as they stand in the request line."""
        return (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")

    def encode(self) -> bytes:
        """The message."""
        headers = {"Host": self.parts.netloc.rpartition("@")[2], **self.headers}
        if self.body or self.method in {"POST", "PUT"}:
            headers["Content-Length"] = str(len(self.body))
        return _message(f"{self.method} {self.target} HTTP/1.1", headers, self.body)


@dataclass(frozen=True)
class Asked:
    """A request as a server reads it; `peer` is the client's address."""

    method: str
    target: str
    version: str
    headers: Mapping[str, str]
    body: bytes = b""
    peer: str = ""

    @property
    def path(self) -> str:
        """The target without its query, as it came (percent-encoded)."""
        return self.target.partition("?")[0]

    def header(self, name: str, default: str = "") -> str:
        """A header, whatever the case of its name."""
        return header(self.headers, name, default)

    @property
    def line(self) -> str:
        """The request line, as access logs show it."""
        return f"{self.method} {self.target} {self.version}"


@dataclass(frozen=True)
class Answer:
    """What a server says."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @property
    def words(self) -> str:
        """The words behind the status."""
        return self.reason or REASONS.get(self.status, "Unknown")

    def encode(self, *, head: bool = False) -> bytes:
        """The message; `head` leaves the body out but not its length."""
        headers = dict(self.headers)
        if not header(headers, "Content-Length") and self.status >= 200 and self.status not in (204, 304):
            headers["Content-Length"] = str(len(self.body))
        return _message(f"HTTP/1.1 {self.status} {self.words}", headers, b"" if head else self.body)


Handler: TypeAlias = "Callable[[Asked], Answer | Generator[Wait, Any, Answer]]"


def header(headers: Mapping[str, str], name: str, default: str = "") -> str:
    """A header, whatever the case of its name."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), default)


def _message(first: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body


# The client's side.


def fetch(
    machine: Machine, request: Request, *, timeout: float | None = None, bind: str = ""
) -> Generator[Wait, Any, Answer]:
    """Ask, and wait for the answer. Raises NetworkError in all its kinds."""
    socket = yield from dial(machine, request.host, request.port, timeout=timeout)
    try:
        if request.parts.scheme == "https" and not socket.encrypted:
            raise TlsError(request.host)
        socket.write(request.encode())
        return (yield from read_answer(socket, request.method))
    except BrokenPipeError:
        raise EmptyReplyError(request.host) from None
    finally:
        socket.close()


def read_answer(socket: Socket, method: str) -> Generator[Wait, Any, Answer]:
    """The answer to a request that was sent."""
    first = _text((yield from receive_line(socket)))
    if not first:
        raise EmptyReplyError("")
    version, _, rest = first.partition(" ")
    status, _, reason = rest.strip().partition(" ")
    if not version.startswith("HTTP/") or not status.isdigit():
        raise HttpError(first)
    headers = yield from _read_headers(socket)
    bodiless = method == "HEAD" or int(status) in (204, 304) or int(status) < 200
    body = b"" if bodiless else (yield from _read_body(socket, headers, to_the_end=True))
    return Answer(int(status), body, headers, reason.strip())


# The server's side.


def serve(kernel: Kernel, listener: Listener, handler: Handler) -> Generator[Wait, Any, None]:
    """Answer all who connect, side by side, until the listener is closed."""

    def accepting(start: Callable[[Generator[Wait, Any, Any]], None]) -> Generator[Wait, Any, None]:
        while (socket := (yield from listener.accept())) is not None:
            start(converse(socket, handler))

    yield from crew(kernel, accepting)


def converse(socket: Socket, handler: Handler) -> Generator[Wait, Any, None]:
    """Answer the requests of one connection, one after the other."""
    try:
        while (asked := (yield from read_request(socket))) is not None:
            result = handler(asked)
            answer = (yield from result) if isinstance(result, GeneratorType) else result
            assert isinstance(answer, Answer)
            socket.write(answer.encode(head=asked.method == "HEAD"))
            if not _goes_on(asked, answer):
                break
    except HttpError:
        socket.write(Answer(400, headers={"Connection": "close"}).encode())
    except BrokenPipeError:
        pass  # the client went away
    finally:
        socket.close()


def read_request(socket: Socket) -> Generator[Wait, Any, Asked | None]:
    """The next request of a connection; None at its end, HttpError for what is none."""
    line = yield from receive_line(socket)
    if not line:
        return None
    words = _text(line).split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise HttpError(_text(line))
    headers = yield from _read_headers(socket)
    body = yield from _read_body(socket, headers)
    return Asked(words[0], words[1], words[2], headers, body, socket.peer[0])


def _goes_on(asked: Asked, answer: Answer) -> bool:
    """Whether the connection stays open for another request (RFC 9112, 9.3)."""
    if "close" in (asked.header("Connection").lower(), header(answer.headers, "Connection").lower()):
        return False
    return asked.version == "HTTP/1.1" or asked.header("Connection").lower() == "keep-alive"


# Parts that both sides read.


def _read_headers(socket: Socket) -> Generator[Wait, Any, dict[str, str]]:
    headers: dict[str, str] = {}
    while line := _text((yield from receive_line(socket))):
        name, colon, value = line.partition(":")
        if not colon or not name.strip() or len(line) > LONGEST_LINE:
            raise HttpError(line)
        headers[name.strip()] = value.strip()
    return headers


def _read_body(socket: Socket, headers: Mapping[str, str], *, to_the_end: bool = False) -> Generator[Wait, Any, bytes]:
    length = header(headers, "Content-Length")
    if header(headers, "Transfer-Encoding").lower() == "chunked":
        return (yield from _read_chunks(socket))
    if length:
        if not length.isdigit():
            raise HttpError(length)
        return (yield from _read_exactly(socket, int(length)))
    if not to_the_end:
        return b""
    pieces = []
    while piece := (yield from receive(socket)):
        pieces.append(piece)
    return b"".join(pieces)


def _read_chunks(socket: Socket) -> Generator[Wait, Any, bytes]:
    pieces = []
    while True:
        text = _text((yield from receive_line(socket))).partition(";")[0]
        try:
            size = int(text, 16)
        except ValueError:
            raise HttpError(text) from None
        pieces.append((yield from _read_exactly(socket, size)))
        yield from receive_line(socket)
        if not size:
            return b"".join(pieces)


def _read_exactly(socket: Socket, size: int) -> Generator[Wait, Any, bytes]:
    pieces, left = [], size
    while left > 0:
        piece = yield from receive(socket, left)
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape").rstrip("\r\n")
