"""Uploading blobs: at once, in chunks, as a stream, or by mounting (OCI distribution-spec v1.1, end-4 to 6 and 11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from dockerlab.errors import InvalidDigestError
from dockerlab.oci.digest import ALGORITHMS, CANONICAL, Digest
from dockerlab.registry.bodies import BodyError
from dockerlab.registry.exchange import Exchange, read_digest
from dockerlab.registry.protocol import Refusal, Response, empty_response
from dockerlab.registry.storage import Upload

_RANGE = re.compile(r"(?:bytes )?([0-9]{1,19})-([0-9]{1,19})(?:/.*)?")


def start(exchange: Exchange) -> Response:
    """POST …/blobs/uploads/: mount a blob, take one in at once, or begin an upload."""
    query = exchange.request.query
    if "mount" in query and (mounted := _mount(exchange, query["mount"], query.get("from"))) is not None:
        return _created(exchange, mounted)
    digest = _announced(query["digest"]) if "digest" in query else None
    if query.get("digest-algorithm", CANONICAL) not in ALGORITHMS:
        raise Refusal("DIGEST_INVALID", "unsupported digest algorithm")
    upload_id = exchange.storage.start(exchange.name)
    with _held(exchange, upload_id) as upload:
        if digest is None:
            return _state(exchange, upload_id, upload, 202)
        try:
            _take(exchange, upload_id, upload)
        except (Refusal, OSError):  # nobody was told its ID
            exchange.storage.forget(upload_id)
            raise
        return _keep(exchange, upload_id, upload, digest)


def _mount(exchange: Exchange, text: str, source: str | None) -> Digest | None:
    """Take a blob over from another repository (from any, where none is named); None where it can't be had."""
    try:
        digest = Digest(text)
    except InvalidDigestError:
        return None
    if source is None:
        blob = exchange.storage.find_blob(digest)
    else:
        known = exchange.storage.repositories.get(source)
        blob = known.blobs.get(digest) if known else None
    if blob is None:
        return None
    exchange.storage.repository(exchange.name).blobs[digest] = blob
    return digest


def progress(exchange: Exchange) -> Response:
    """GET on an upload: how much has arrived."""
    upload_id = exchange.names["upload"]
    with _held(exchange, upload_id) as upload:
        return _state(exchange, upload_id, upload, 204)


def append(exchange: Exchange) -> Response:
    """PATCH on an upload: the next chunk, which must begin where the last one ended."""
    upload_id = exchange.names["upload"]
    with _held(exchange, upload_id) as upload:
        _take(exchange, upload_id, upload)
        return _state(exchange, upload_id, upload, 202)


def finish(exchange: Exchange) -> Response:
    """PUT on an upload: the rest of the bytes, and the digest that all of them must have."""
    upload_id = exchange.names["upload"]
    with _held(exchange, upload_id) as upload:
        digest = _announced(exchange.request.query.get("digest", ""))
        _take(exchange, upload_id, upload)
        return _keep(exchange, upload_id, upload, digest)


def _announced(text: str) -> Digest:
    """The digest that an upload must have when it is whole."""
    return read_digest(text, "digest parsing failed" if text else "digest missing")


def cancel(exchange: Exchange) -> Response:
    """DELETE on an upload: forget it."""
    upload_id = exchange.names["upload"]
    with _held(exchange, upload_id):
        exchange.storage.forget(upload_id)
        return empty_response(204, {"Docker-Upload-Uuid": upload_id}.items())


@contextmanager
def _held(exchange: Exchange, upload_id: str) -> Iterator[Upload]:
    """An upload that nobody else changes meanwhile; a second request at the same time is refused, not queued."""
    upload = exchange.storage.find_upload(exchange.name, upload_id)
    if upload is None:
        raise Refusal("BLOB_UPLOAD_UNKNOWN", {})
    if not upload.lock.acquire(blocking=False):
        raise Refusal("BLOB_UPLOAD_INVALID", "another request is writing to this upload")
    try:
        if exchange.storage.find_upload(exchange.name, upload_id) is not upload:
            raise Refusal("BLOB_UPLOAD_UNKNOWN", {})
        yield upload
    finally:
        upload.lock.release()


def _take(exchange: Exchange, upload_id: str, upload: Upload) -> None:
    """Add a request's body; a range that doesn't fit leaves the upload as it was."""
    body, before = exchange.request.content, upload.size
    said = exchange.request.header("Content-Range")
    found = _RANGE.fullmatch(said)
    first, after = (int(found[1]), int(found[2]) + 1) if found else (-1, -1)
    unfit = Refusal("RANGE_INVALID", headers=_headers(exchange, upload_id, upload))
    if said and (first != before or body.size not in (None, after - first)):
        raise unfit
    try:
        upload.append(body)
    except BodyError as error:
        raise Refusal("SIZE_INVALID", str(error)) from error
    if said and upload.size != after:
        upload.cut(before)
        raise unfit


def _keep(exchange: Exchange, upload_id: str, upload: Upload, digest: Digest) -> Response:
    """Store what was uploaded, when it is what its digest says; else the upload is over."""
    if upload.digest(digest.algorithm) != digest:
        exchange.storage.forget(upload_id)
        raise Refusal("DIGEST_INVALID", {"Digest": str(digest), "Reason": {}})
    exchange.storage.keep(upload_id, digest)
    return _created(exchange, digest)


def _created(exchange: Exchange, digest: Digest) -> Response:
    headers = {"Docker-Content-Digest": str(digest), "Location": exchange.at("blobs", digest)}
    return empty_response(201, headers.items())


def _state(exchange: Exchange, upload_id: str, upload: Upload, status: int) -> Response:
    return empty_response(status, _headers(exchange, upload_id, upload).items())


def _headers(exchange: Exchange, upload_id: str, upload: Upload) -> dict[str, str]:
    return {
        "Docker-Upload-Uuid": upload_id,
        "Location": exchange.at("blobs", "uploads", upload_id),
        "Range": f"0-{max(0, upload.size - 1)}",
    }
