"""Blobs: fetching them whole or in part, and deleting them (OCI distribution-spec v1.1, end-2 and 10; RFC 9110, 14)."""

from __future__ import annotations

import re

from dockerlab.fs.content import Content, Span
from dockerlab.registry.exchange import Exchange
from dockerlab.registry.protocol import Refusal, Response, empty_response

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def get(exchange: Exchange) -> Response:
    """GET or HEAD …/blobs/<digest>; with a Range header a part of it."""
    blob = _find(exchange)
    digest = exchange.digest
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(blob.size),
        "Content-Type": "application/octet-stream",
        "Docker-Content-Digest": digest,
        "Etag": f'"{digest}"',
    }
    asked = _RANGE.fullmatch(exchange.request.header("Range"))
    if asked is None or not any(asked.groups()):
        return Response(200, headers, blob)
    return _part(blob, *_bounds(blob, *asked.groups()), headers)


def _bounds(blob: Content, first: str, last: str) -> tuple[int, int]:
    """The first byte and the one after the last; 'bytes=-5' are the last five."""
    if not first:
        start, end = max(0, blob.size - int(last)), blob.size
    else:
        start, end = int(first), min(int(last) + 1, blob.size) if last else blob.size
    if start >= end:
        raise Refusal("RANGE_INVALID", headers={"Content-Range": f"bytes */{blob.size}"})
    return start, end


def _part(blob: Content, start: int, end: int, headers: dict[str, str]) -> Response:
    about = {"Content-Length": str(end - start), "Content-Range": f"bytes {start}-{end - 1}/{blob.size}"}
    return Response(206, {**headers, **about}, Span(blob, start, end - start))


def _find(exchange: Exchange) -> Content:
    digest = exchange.digest
    known = exchange.storage.repositories.get(exchange.name)
    if known is None or digest not in known.blobs:
        raise Refusal("BLOB_UNKNOWN", {"digest": digest})
    return known.blobs[digest]


def delete(exchange: Exchange) -> Response:
    """DELETE …/blobs/<digest>: the repository has it no more."""
    _find(exchange)
    del exchange.repository.blobs[exchange.digest]
    return empty_response(202)
