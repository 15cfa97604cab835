"""Blobs: fetching them whole or in part, and deleting them (OCI distribution-spec v1.1, end-2 and 10; RFC 9110, 14)."""

from __future__ import annotations

import re

from dockerlab.fs.content import Content, Span
from dockerlab.registry.exchange import Exchange
from dockerlab.registry.protocol import Refusal, Response, empty_response, not_modified

_RANGE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})")


def get(exchange: Exchange) -> Response:
    """GET or HEAD …/blobs/<digest>; with a Range header a part of it."""
    blob = _find(exchange)
    digest = exchange.digest
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "max-age=31536000",
        "Content-Length": str(blob.size),
        "Content-Type": "application/octet-stream",
        "Docker-Content-Digest": digest,
        "Etag": f'"{digest}"',
    }
    if exchange.has(digest):
        return not_modified(headers)
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
    try:
        return exchange.known.blobs[exchange.digest]
    except KeyError:
        raise Refusal("BLOB_UNKNOWN", str(exchange.digest)) from None


def delete(exchange: Exchange) -> Response:
    """DELETE …/blobs/<digest>: the repository has it no more."""
    try:
        del exchange.known.blobs[exchange.digest]
    except KeyError:
        raise Refusal("BLOB_UNKNOWN") from None
    return empty_response(202)
