"""Manifests, tags, referrers and the catalogue (OCI distribution-spec v1.1, end-3, 7 to 9, 12; _catalog)."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.fs.content import Bytes
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import OCI_INDEX
from dockerlab.registry.exchange import Exchange, page, read_digest
from dockerlab.registry.protocol import Refusal, Response, empty_response, json_response

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
    document = _find(exchange)
    headers = {
        "Content-Length": str(len(document.raw)),
        "Content-Type": document.media_type,
        "Docker-Content-Digest": document.digest,
        "Etag": f'"{document.digest}"',
    }
    return Response(200, headers, Bytes(document.raw))


def _find(exchange: Exchange) -> Manifest | Index:
    reference = exchange.names["reference"]
    if ":" in reference:
        read_digest(reference)
    known = exchange.storage.repositories.get(exchange.name)
    document = known.find(reference) if known else None
    if document is None:
        raise Refusal("MANIFEST_UNKNOWN", {"Tag": reference} if ":" not in reference else {"Name": exchange.name})
    return document


def put(exchange: Exchange) -> Response:
    """PUT …/manifests/<tag or digest>: keep a manifest whose blobs are all here."""
    reference = exchange.names["reference"]
    document = _read(exchange)
    if ":" in reference and read_digest(reference) != document.digest:
        raise Refusal("DIGEST_INVALID")
    tag = None if ":" in reference else reference
    if tag is not None and not _TAG.fullmatch(tag):
        raise Refusal("TAG_INVALID", {"Tag": tag})
    _check_references(exchange, document)
    digest = exchange.storage.repository(exchange.name).put(document, tag)
    headers = {"Docker-Content-Digest": str(digest), "Location": exchange.at("manifests", digest)}
    if document.subject is not None:
        headers["OCI-Subject"] = document.subject.digest
    return empty_response(201, headers.items())


def _read(exchange: Exchange) -> Manifest | Index:
    media_type = exchange.request.header("Content-Type").partition(";")[0].strip()
    try:
        return parse_manifest(exchange.request.content.read(), media_type or None)
    except InvalidParameterError as error:
        raise Refusal("MANIFEST_INVALID", str(error)) from error


def _check_references(exchange: Exchange, document: Manifest | Index) -> None:
    """Refuse a manifest that names what the repository doesn't have."""
    repository = exchange.storage.repository(exchange.name)
    if isinstance(document, Index):
        missing = [each.digest for each in document.manifests if each.digest not in repository.manifests]
    else:
        needed = (document.config, *(layer for layer in document.layers if _is_kept_here(layer)))
        missing = [each.digest for each in needed if each.digest not in repository.blobs]
    if missing:
        raise Refusal("MANIFEST_BLOB_UNKNOWN", {"digest": missing[0]})


def _is_kept_here(layer: Descriptor) -> bool:
    """Whether a layer must be in the registry; foreign ones are fetched from elsewhere."""
    return not layer.urls and "foreign" not in layer.media_type and "nondistributable" not in layer.media_type


def delete(exchange: Exchange) -> Response:
    """DELETE …/manifests/<tag or digest>: a tag alone, or a manifest with all its tags."""
    reference = exchange.names["reference"]
    document = _find(exchange)
    if ":" in reference:
        exchange.repository.remove(document.digest)
    else:
        del exchange.repository.tags[reference]
    return empty_response(202)


def referrers(exchange: Exchange) -> Response:
    """GET …/referrers/<digest>: an index of the manifests whose subject it is; none is an empty one."""
    subject = exchange.digest
    known = exchange.storage.repositories.get(exchange.name)
    rows = [_referrer(document) for document in (known.referrers(subject) if known else ())]
    wanted = exchange.request.query.get("artifactType")
    headers = {"Content-Type": OCI_INDEX}
    if wanted is not None:
        rows = [row for row in rows if row.get("artifactType") == wanted]
        headers["OCI-Filters-Applied"] = "artifactType"
    return json_response({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": rows}, headers=headers)


def _referrer(document: Manifest | Index) -> dict[str, Any]:
    """A referrer's descriptor; its artifact type is its own, or its configuration's media type."""
    kind = document.artifact_type or (document.config.media_type if isinstance(document, Manifest) else "")
    return Descriptor(
        document.media_type,
        Digest(document.digest),
        len(document.raw),
        annotations=document.annotations,
        artifact_type=kind,
    ).to_json()
