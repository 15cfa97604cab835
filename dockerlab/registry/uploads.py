"""Uploading blobs: at once, in chunks, as a stream, or by mounting (OCI distribution-spec v1.1, end-4 to 6 and 11)."""

from __future__ import annotations

import re

from dockerlab.fs.content import Concat
from dockerlab.oci.digest import Digest
from dockerlab.registry.exchange import Exchange, read_digest
from dockerlab.registry.protocol import Refusal, Response, empty_response
from dockerlab.registry.storage import Upload

_RANGE = re.compile(r"(?:bytes )?(\d+)-(\d+)(?:/.*)?")


def start(exchange: Exchange) -> Response:
    """POST …/blobs/uploads/: mount a blob, take one in at once, or begin an upload."""
    query = exchange.request.query
    if "mount" in query and _mount(exchange, read_digest(query["mount"]), query.get("from")):
        return _created(exchange, read_digest(query["mount"]))
    if "digest" in query:
        digest = read_digest(query["digest"])
        return _keep(exchange, Upload(exchange.name, [exchange.request.content]), digest)
    upload_id = exchange.storage.start(exchange.name)
    return _state(exchange, upload_id, exchange.storage.uploads[upload_id], 202)


def _mount(exchange: Exchange, digest: Digest, source: str | None) -> bool:
    """Take a blob over from another repository (from any, where none is named); False where none has it."""
    if source is None:
        blob = exchange.storage.find_blob(digest)
    else:
        known = exchange.storage.repositories.get(source)
        blob = known.blobs.get(digest) if known else None
    if blob is None:
        return False
    exchange.storage.repository(exchange.name).blobs[digest] = blob
    return True


def progress(exchange: Exchange) -> Response:
    """GET on an upload: how much has arrived."""
    return _state(exchange, *_find(exchange), 204)


def append(exchange: Exchange) -> Response:
    """PATCH on an upload: the next chunk, which must begin where the last one ended."""
    upload_id, upload = _find(exchange)
    _take(exchange, upload_id, upload)
    return _state(exchange, upload_id, upload, 202)


def finish(exchange: Exchange) -> Response:
    """PUT on an upload: the rest of the bytes, and the digest that all of them must have."""
    upload_id, upload = _find(exchange)
    digest = read_digest(exchange.request.query.get("digest", ""))
    _take(exchange, upload_id, upload)
    response = _keep(exchange, upload, digest)
    del exchange.storage.uploads[upload_id]
    return response


def cancel(exchange: Exchange) -> Response:
    """DELETE on an upload: forget it."""
    upload_id, _ = _find(exchange)
    del exchange.storage.uploads[upload_id]
    return empty_response(204)


def _find(exchange: Exchange) -> tuple[str, Upload]:
    upload_id = exchange.names["upload"]
    upload = exchange.storage.uploads.get(upload_id)
    if upload is None or upload.repository != exchange.name:
        raise Refusal("BLOB_UPLOAD_UNKNOWN")
    return upload_id, upload


def _take(exchange: Exchange, upload_id: str, upload: Upload) -> None:
    """Add a request's body; a range that doesn't fit leaves the upload as it was."""
    content = exchange.request.content
    said = exchange.request.header("Content-Range")
    if said:
        found = _RANGE.fullmatch(said)
        expected = (upload.size, upload.size + content.size - 1)
        if found is None or (int(found[1]), int(found[2])) != expected:
            raise Refusal("RANGE_INVALID", headers=_headers(exchange, upload_id, upload))
    if content.size:
        upload.parts.append(content)


def _keep(exchange: Exchange, upload: Upload, digest: Digest) -> Response:
    """Store what was uploaded, when it is what its digest says."""
    # One part is kept as it came, so that packed layers need no unpacking when they are pulled in the same process.
    blob = upload.parts[0] if len(upload.parts) == 1 else Concat(upload.parts)
    if blob.digest != digest:
        raise Refusal("DIGEST_INVALID")
    exchange.storage.repository(exchange.name).blobs[digest] = blob
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
