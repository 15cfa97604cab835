"""Requests, responses and errors of the registry's HTTP API, as values (OCI distribution-spec v1.1, "API").

Nothing goes over a wire here: a client hands a `Request` to a `Server` in the same process, and a blob travels as the
`Content` that it is, by reference. `wsgi` brings requests from a socket, whose bodies are streams.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from dockerlab.fs.content import EMPTY_CONTENT, Bytes, Content, content_of
from dockerlab.oci import gojson
from dockerlab.registry.bodies import Stream, pieces_of

VERSION_HEADER = "Docker-Distribution-Api-Version"
VERSION = "registry/2.0"
JSON_TYPE = "application/json; charset=utf-8"
_OF_A_BODY = ("Accept-Ranges", "Content-Length", "Content-Type")


def _lookup(headers: Mapping[str, str], name: str) -> str:
    """A header's value whatever its capitals (RFC 9110, 5.1); '' where it is missing."""
    name = name.lower()
    return next((value for key, value in headers.items() if key.lower() == name), "")


@dataclass(frozen=True)
class Request:
    """What a client asks; `path` may carry a query."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # they may hold a password
    body: bytes | Content | Stream = b""

    @property
    def route(self) -> str:
        """The path without its query, percent-decoded."""
        return unquote(self.path.partition("?")[0])

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's parameters; of one that is given twice the last counts."""
        return dict(self._parameters)

    @cached_property
    def _parameters(self) -> Sequence[tuple[str, str]]:
        return parse_qsl(self.path.partition("?")[2], keep_blank_values=True)

    def every(self, name: str) -> Sequence[str]:
        """All values of a parameter that may be given many times."""
        return [value for key, value in self._parameters if key == name]

    @property
    def content(self) -> Content | Stream:
        """The body by reference, or as it arrives."""
        return self.body if isinstance(self.body, Stream) else content_of(self.body)

    def read(self, limit: int) -> bytes | None:
        """The whole body in memory, None where it is larger than `limit`."""
        if (self.content.size or 0) > limit:
            return None
        data = bytearray()
        for piece in pieces_of(self.content):
            data += piece
            if len(data) > limit:
                return None
        return bytes(data)

    def header(self, name: str) -> str:
        """A header's value, '' where it is missing."""
        return _lookup(self.headers, name)


@dataclass(frozen=True)
class Response:
    """What a server answers; `content` is the body by reference, `body` its bytes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Content = EMPTY_CONTENT

    @property
    def body(self) -> bytes:
        """The bytes of the body."""
        return self.content.read()

    def header(self, name: str) -> str:
        """A header's value, '' where it is missing."""
        return _lookup(self.headers, name)

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class ErrorCode:
    """One of the specification's error codes, with the status and the words of Docker's registry."""

    code: str
    status: int
    message: str


CODES: Mapping[str, ErrorCode] = {
    row[0]: ErrorCode(*row)
    for row in (
        ("BLOB_UNKNOWN", 404, "blob unknown to registry"),
        ("BLOB_UPLOAD_INVALID", 416, "blob upload invalid"),
        ("BLOB_UPLOAD_UNKNOWN", 404, "blob upload unknown to registry"),
        ("DENIED", 403, "requested access to the resource is denied"),
        ("DIGEST_INVALID", 400, "provided digest did not match uploaded content"),
        ("MANIFEST_BLOB_UNKNOWN", 400, "blob unknown to registry"),
        ("MANIFEST_INVALID", 400, "manifest invalid"),
        ("MANIFEST_UNKNOWN", 404, "manifest unknown"),
        ("NAME_INVALID", 400, "invalid repository name"),
        ("NAME_UNKNOWN", 404, "repository name not known to registry"),
        ("PAGINATION_NUMBER_INVALID", 400, "invalid number of results requested"),
        ("RANGE_INVALID", 416, "invalid content range"),
        ("SIZE_INVALID", 400, "provided length did not match content length"),
        ("TAG_INVALID", 400, "manifest tag did not match URI"),
        ("UNAUTHORIZED", 401, "authentication required"),
        ("UNKNOWN", 500, "unknown error"),
        ("UNSUPPORTED", 405, "The operation is unsupported."),
    )
}


class Refusal(Exception):  # a control flow inside the server that always ends as a response
    """Why a server doesn't do what it is asked; becomes a response. Several `details` are several errors."""

    def __init__(
        self, code: str, *details: Any, headers: Mapping[str, str] | None = None, status: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = CODES[code]
        self.details = details or (None,)
        self.headers = dict(headers or {})
        self.status = status or self.code.status

    def response(self) -> Response:
        """The refusal as JSON."""
        row = {"code": self.code.code, "message": self.code.message}
        rows = [row if detail is None else {**row, "detail": detail} for detail in self.details]
        return json_response({"errors": rows}, self.status, self.headers)


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response with a JSON body, which ends in a newline as Go's encoder writes it."""
    data = gojson.encode(value) + b"\n"
    return Response(
        status, {"Content-Length": str(len(data)), "Content-Type": JSON_TYPE, **(headers or {})}, Bytes(data)
    )


def text_response(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """A response with a line that is no JSON, as Go's own handlers write it."""
    data = text.encode()
    about = {"Content-Length": str(len(data)), "Content-Type": "text/plain; charset=utf-8"}
    return Response(status, {**about, **(headers or {})}, Bytes(data))


def empty_response(status: int, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """A response without a body; for some it goes without saying (RFC 9110, 8.6)."""
    return Response(status, dict(headers) if status == 204 else {"Content-Length": "0", **dict(headers)})


def not_modified(headers: Mapping[str, str]) -> Response:
    """What a client has already, told by the headers that describe it without a body (RFC 9110, 15.4.5)."""
    return Response(304, {name: value for name, value in headers.items() if name not in _OF_A_BODY})
