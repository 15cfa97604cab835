"""What the web servers have in common: conversations over HTTP/1.1 (RFC 9112), dates, ranges, kinds of files.

Each server says in its own words what it answers (`Site`); how a connection goes on, and that a big file is sent
piece by piece as fast as the client reads, is the same for all.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from types import GeneratorType
from typing import Any, Protocol, TypeAlias
from urllib.parse import unquote_to_bytes

from dockerlab.events import Wait
from dockerlab.fs.content import EMPTY_CONTENT, Content, Span
from dockerlab.runtime.kernel import Until
from dockerlab.runtime.net.http import REASONS, Asked, HttpError, read_request
from dockerlab.runtime.net.sockets import Socket
from dockerlab.world import NANOSECOND

Headers: TypeAlias = tuple[tuple[str, str], ...]
PIECE = 1 << 16
"""Bytes that are written at once."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Reply:
    """What a server answers; the headers in the order in which they are sent."""

    status: int
    headers: Headers = ()
    content: Content = EMPTY_CONTENT
    reason: str = ""
    version: str = "HTTP/1.1"
    close: bool = False
    """Whether the connection ends with it."""
    silent: bool = False
    """Whether nothing at all is sent."""

    @property
    def head(self) -> bytes:
        """The status line and the headers."""
        words = self.reason or REASONS.get(self.status, "Unknown")
        lines = [f"{self.version} {self.status} {words}", *(f"{name}: {value}" for name, value in self.headers), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape")


Answering: TypeAlias = "Reply | Generator[Wait, Any, Reply]"


class Site(Protocol):
    """A server, as far as conversations need it."""

    def answer(self, asked: Asked, socket: Socket) -> Answering:
        """What a request gets."""

    def malformed(self, line: str, socket: Socket) -> Reply:
        """What something gets that is no request."""

    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """A reply is on its way, with `size` bytes of body: the place for the access log."""


def converse(socket: Socket, site: Site) -> Generator[Wait, Any, None]:
    """Answer the requests of one connection, one after the other."""
    try:
        while True:
            asked: Asked | None = None
            try:
                asked = yield from read_request(socket)
            except HttpError as error:
                line, reply = str(error), site.malformed(str(error), socket)
            else:
                if asked is None:
                    return
                line, reply = asked.line, (yield from _answered(site, asked, socket))
            size = yield from send(socket, reply, bodiless=asked is not None and asked.method == "HEAD")
            site.sent(asked, line, reply, size, socket)
            if asked is None or reply.close or not goes_on(asked):
                return
    except BrokenPipeError:
        return  # the client went away
    finally:
        socket.close()


def _answered(site: Site, asked: Asked, socket: Socket) -> Generator[Wait, Any, Reply]:
    result = site.answer(asked, socket)
    reply = (yield from result) if isinstance(result, GeneratorType) else result
    assert isinstance(reply, Reply)
    return reply


def send(socket: Socket, reply: Reply, *, bodiless: bool = False) -> Generator[Wait, Any, int]:
    """Send a reply; returns how many bytes its body had."""
    if reply.silent:
        return 0
    socket.write(reply.head)
    if bodiless or reply.status in (204, 304):
        return 0
    for piece in reply.content.chunks(PIECE):
        if not socket.has_room():
            yield Until(socket.has_room)
        socket.write(bytes(piece))
    return reply.content.size


def goes_on(asked: Asked) -> bool:
    """Whether a client wants to go on with the connection (RFC 9112, 9.3)."""
    wish = asked.header("Connection").lower()
    return wish != "close" and (asked.version == "HTTP/1.1" or wish == "keep-alive")


# Dates.


def moment(instant: int) -> datetime.datetime:
    """An instant of the lab's clock in whole seconds."""
    return datetime.datetime.fromtimestamp(instant // NANOSECOND, datetime.UTC)


def http_date(instant: int) -> str:
    """IMF-fixdate (RFC 9110, 5.6.7): 'Mon, 23 Nov 2026 15:00:00 GMT'."""
    return moment(instant).strftime("%a, %d %b %Y %H:%M:%S GMT")


def log_date(instant: int) -> str:
    """As access logs have it: '23/Nov/2026:15:00:00 +0000'."""
    return moment(instant).strftime("%d/%b/%Y:%H:%M:%S +0000")


def parse_http_date(text: str) -> int | None:
    """Seconds since 1970 of an IMF-fixdate, None for anything else."""
    try:
        read = datetime.datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT")
    except ValueError:
        return None
    return int(read.replace(tzinfo=datetime.UTC).timestamp())


# Paths and parts.


def decoded(path: str) -> str:
    """A path of a request line without its percent-encoding."""
    return unquote_to_bytes(path.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def cleaned(path: str) -> str | None:
    """A decoded path without '.', '..' and doubled slashes; None where it leads above the root."""
    names: list[str] = []
    for name in path.split("/"):
        if name == ".." and not names:
            return None
        if name == "..":
            names.pop()
        elif name not in ("", "."):
            names.append(name)
    folder = path.endswith(("/", "/.", "/.."))
    return "/" + "/".join(names) + ("/" if folder and names else "")


@dataclass(frozen=True)
class Part:
    """A part of a file that was asked for: the first byte and how many."""

    start: int
    size: int

    def of(self, content: Content) -> Content:
        """The part itself."""
        return Span(content, self.start, self.size)

    def shown(self, whole: int) -> str:
        """The value of Content-Range."""
        return f"bytes {self.start}-{self.start + self.size - 1}/{whole}"


def part_of(header: str, size: int) -> Part | None:
    """What a Range header asks of a file: None for all of it; a part of size 0 can't be given (RFC 9110, 14.1)."""
    asked = _RANGE.fullmatch(header.replace(" ", ""))
    if asked is None or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:
        length = min(int(last), size)
        return Part(size - length, length)
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return Part(start, max(0, end - start + 1))


def parse_types(text: str) -> dict[str, str]:
    """Extension → media type of a mime.types file as Apache, Debian and Python read it."""
    rows = (line.partition("#")[0].split() for line in text.splitlines())
    return {extension: row[0] for row in rows for extension in row[1:]}


def type_of(path: str, types: Mapping[str, str], default: str) -> str:
    """The media type by the last extension of a name."""
    name = posixpath.basename(path)
    return types.get(name.rpartition(".")[2].lower(), default) if "." in name else default


def escaped(text: str) -> str:
    """Text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def without(headers: Iterable[tuple[str, str]], *names: str) -> Headers:
    """Headers but some."""
    gone = {name.lower() for name in names}
    return tuple((name, value) for name, value in headers if name.lower() not in gone)


COMMON_TYPES: Mapping[str, str] = parse_types(
    """
    text/html html htm
    text/css css
    text/plain txt c h py
    text/xml xml
    text/csv csv
    text/javascript js mjs
    text/markdown md
    application/json json
    application/pdf pdf
    application/zip zip
    application/x-tar tar
    application/gzip gz
    application/wasm wasm
    image/png png
    image/jpeg jpg jpeg
    image/gif gif
    image/svg+xml svg
    image/webp webp
    image/vnd.microsoft.icon ico
    font/woff woff
    font/woff2 woff2
    audio/mpeg mp3
    video/mp4 mp4
    """
)
"""The media types that small servers know by themselves."""
