"""Manifests and indexes (OCI image-spec, manifest.md, image-index.md; Docker manifest v2 schema 2)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dockerlab.errors import DockerlabError, InvalidDigestError, InvalidParameterError, NotFoundError
from dockerlab.oci import media_types
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.platform import Platform

RECORDED = json.loads((Path(__file__).parent / "data" / "manifest.json").read_text(encoding="utf-8"))
CONFIG = Descriptor.of(media_types.OCI_CONFIG, b"{}")
LAYER = Descriptor(media_types.OCI_LAYER_GZIP, Digest.of(b"layer"), 5)


def test_docker_manifest_as_the_engine_pushed_it() -> None:
    """Indented by three, sizes before digests: other bytes would be another digest."""
    manifest = parse_manifest(RECORDED["raw"].encode())
    assert isinstance(manifest, Manifest)
    assert manifest.digest == RECORDED["digest"]
    assert replace(manifest).raw.decode() == RECORDED["raw"]
    assert manifest.descriptor.size == 942


def test_oci_manifest_is_written_compactly() -> None:
    manifest = Manifest.new(CONFIG, [LAYER], media_types.OCI_MANIFEST)
    assert manifest.raw.startswith(
        b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{'
    )
    again = parse_manifest(manifest.raw)
    assert again == manifest
    assert again.digest == manifest.digest


def test_an_index_chooses_by_platform() -> None:
    arm = replace(LAYER, media_type=media_types.OCI_MANIFEST, platform=Platform("linux", "arm64", "v8"))
    amd = replace(arm, digest=Digest.of(b"amd"), platform=Platform())
    index = parse_manifest(Index(media_types.OCI_INDEX, (arm, amd), {"a": "b"}).raw)
    assert isinstance(index, Index)
    assert index.select(Platform()) == amd
    assert index.select(Platform("linux", "arm64")) == arm
    with pytest.raises(NotFoundError, match=r"^no matching manifest for linux/s390x in the manifest list entries$"):
        index.select(Platform("linux", "s390x"))


def test_oci_documents_need_not_name_their_type() -> None:
    """image-spec: "mediaType … SHOULD be used"; the transport or the content tells it otherwise."""
    assert isinstance(parse_manifest(b'{"schemaVersion":2,"manifests":[]}'), Index)
    bare = {"schemaVersion": 2, "config": CONFIG.to_json(), "layers": []}
    assert isinstance(parse_manifest(json.dumps(bare).encode(), media_types.DOCKER_MANIFEST), Manifest)


@pytest.mark.parametrize(
    "document",
    [
        {"schemaVersion": 1},
        {"schemaVersion": 2, "mediaType": "text/plain"},
        {"schemaVersion": 2, "manifests": [5]},
        {"schemaVersion": 2, "config": {**CONFIG.to_json(), "size": -1}},
        {"schemaVersion": 2, "config": {**CONFIG.to_json(), "digest": "x"}},
        {"schemaVersion": 2, "layers": {}},
    ],
)
def test_what_is_no_manifest_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(DockerlabError) as caught:
        parse_manifest(json.dumps(document).encode())
    assert isinstance(caught.value, (InvalidParameterError, InvalidDigestError))


def test_a_manifest_must_be_what_the_transport_said() -> None:
    raw = Manifest.new(CONFIG, [], media_types.OCI_MANIFEST).raw
    with pytest.raises(InvalidParameterError, match="mediaType in manifest should be"):
        parse_manifest(raw, media_types.DOCKER_MANIFEST)


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/amd64", Platform()),
        ("linux", Platform()),
        ("arm64", Platform("linux", "arm64")),
        ("linux/aarch64", Platform("linux", "arm64")),
        ("linux/arm/v7", Platform("linux", "arm", "v7")),
        ("Windows/x86_64", Platform("windows", "amd64")),
    ],
)
def test_platforms(text: str, platform: Platform) -> None:
    assert Platform.parse(text) == platform
    assert Platform.from_json(platform.to_json()) == platform


def test_no_platform() -> None:
    with pytest.raises(InvalidParameterError):
        Platform.parse("a/b/c/d")
