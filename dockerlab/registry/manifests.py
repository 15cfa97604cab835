"""Manifests, tags, referrers and the catalogue (OCI distribution-spec v1.1, end-3, 7 to 9, 12; _catalog)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.fs.content import Bytes
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import OCI_INDEX
from dockerlab.registry.bodies import BodyError
from dockerlab.registry.exchange import Exchange, page, read_digest
from dockerlab.registry.protocol import Refusal, Response, empty_response, json_response, not_modified

LARGEST = 4 << 20
"""Bytes that a manifest may have; the specification wants every registry to take as many."""

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


def catalog(exchange: Exchange) -> Response:
    """GET /v2/_catalog: the repositories by name."""
    shown, following = page(sorted(exchange.storage.repositories), exchange.request)
    return json_response({"repositories": list(shown)}, headers=_link("/v2/_catalog", following))


def tags(exchange: Exchange) -> Response:
    """GET …/tags/list: the tags by name, in pages of `n` after `last`."""
    shown, following = page(sorted(exchange.repository.tags), exchange.request)
    listed = {"name": exchange.name, "tags": list(shown)}
    return json_response(listed, headers=_link(exchange.at("tags", "list"), following))


def _link(path: str, following: str) -> dict[str, str]:
    return {"Link": f'<{path}?{following}>; rel="next"'} if following else {}


def get(exchange: Exchange) -> Response:
    """GET or HEAD …/manifests/<tag or digest>: the exact bytes that were pushed."""
    digest, document = _find(exchange)
    headers = {
        "Content-Length": str(len(document.raw)),
        "Content-Type": document.media_type,
        "Docker-Content-Digest": digest,
        "Etag": f'"{digest}"',
    }
    return not_modified(headers) if exchange.has(digest) else Response(200, headers, Bytes(document.raw))


def _find(exchange: Exchange) -> tuple[Digest, Manifest | Index]:
    reference = exchange.names["reference"]
    if ":" in reference:
        read_digest(reference)
    digest = exchange.known.resolve(reference) if ":" in reference or _TAG.fullmatch(reference) else None
    document = None if digest is None else exchange.known.manifests.get(digest)
    if digest is None or document is None:
        unknown = {"Name": exchange.name, "Revision": reference} if ":" in reference else {"Tag": reference}
        raise Refusal("MANIFEST_UNKNOWN", unknown)
    return digest, document


def put(exchange: Exchange) -> Response:
    """PUT …/manifests/<tag or digest>: keep a manifest whose blobs are all here; by digest with `tag`s in the query."""
    document = _read(exchange)
    digest, tags = _names(exchange, document)
    _check_references(exchange, document)
    repository = exchange.storage.repository(exchange.name)
    repository.put(document, digest=digest)
    for tag in tags:
        repository.tags[tag] = digest
    headers = {"Docker-Content-Digest": str(digest), "Location": exchange.at("manifests", digest)}
    if document.subject is not None:
        headers["OCI-Subject"] = document.subject.digest
    if exchange.request.every("tag"):
        headers["OCI-Tag"] = ", ".join(tags)
    return empty_response(201, headers.items())


def _names(exchange: Exchange, document: Manifest | Index) -> tuple[Digest, Sequence[str]]:
    """The digest to keep a manifest under, and the tags to give it."""
    reference = exchange.names["reference"]
    digest, tags = document.digest, [reference]
    if ":" in reference:
        digest, tags = read_digest(reference), list(exchange.request.every("tag"))
        if Digest.of(document.raw, digest.algorithm) != digest:
            raise Refusal("DIGEST_INVALID")
    if wrong := [{"Tag": tag} for tag in tags if not _TAG.fullmatch(tag)]:
        raise Refusal("TAG_INVALID", *wrong)
    return digest, tags


def _read(exchange: Exchange) -> Manifest | Index:
    media_type = exchange.request.header("Content-Type").partition(";")[0].strip()
    try:
        raw = exchange.request.read(LARGEST)
    except BodyError as error:
        raise Refusal("SIZE_INVALID", str(error)) from error
    if raw is None:
        raise Refusal("MANIFEST_INVALID", f"manifest is larger than {LARGEST} bytes", status=413)
    try:
        return parse_manifest(raw, media_type or None)
    except InvalidParameterError as error:
        raise Refusal("MANIFEST_INVALID", str(error)) from error


def _check_references(exchange: Exchange, document: Manifest | Index) -> None:
    """Refuse a manifest that names what the repository doesn't have; a subject may come later."""
    known = exchange.known
    if isinstance(document, Index):
        missing = [str(each.digest) for each in document.manifests if each.digest not in known.manifests]
    else:
        needed = (document.config, *(layer for layer in document.layers if _is_kept_here(layer)))
        missing = [str(each.digest) for each in needed if each.digest not in known.blobs]
    if missing:
        raise Refusal("MANIFEST_BLOB_UNKNOWN", *missing)


def _is_kept_here(layer: Descriptor) -> bool:
    """Whether a layer must be in the registry; foreign ones are fetched from elsewhere."""
    return not layer.urls and "foreign" not in layer.media_type and "nondistributable" not in layer.media_type


def delete(exchange: Exchange) -> Response:
    """DELETE …/manifests/<tag or digest>: a tag alone, or a manifest with all its tags."""
    reference = exchange.names["reference"]
    try:
        if ":" in reference:
            exchange.known.remove(read_digest(reference))
        elif _TAG.fullmatch(reference):
            del exchange.known.tags[reference]
        else:
            raise KeyError(reference)
    except KeyError:
        raise Refusal("MANIFEST_UNKNOWN") from None
    return empty_response(202)


def referrers(exchange: Exchange) -> Response:
    """GET …/referrers/<digest>: an index of the manifests whose subject it is; none is an empty one."""
    subject = exchange.digest
    rows = [_referrer(*found) for found in exchange.known.referrers(subject)]
    wanted = exchange.request.query.get("artifactType")
    headers = {"Content-Type": OCI_INDEX}
    if wanted is not None:
        rows = [row for row in rows if row.get("artifactType") == wanted]
        headers["OCI-Filters-Applied"] = "artifactType"
    return json_response({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": rows}, headers=headers)


def _referrer(digest: Digest, document: Manifest | Index) -> dict[str, Any]:
    """A referrer's descriptor; its artifact type is its own, or its configuration's media type."""
    kind = document.artifact_type or (document.config.media_type if isinstance(document, Manifest) else "")
    return Descriptor(
        document.media_type,
        digest,
        len(document.raw),
        annotations=document.annotations,
        artifact_type=kind,
    ).to_json()
