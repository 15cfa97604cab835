"""Manifests and indexes, whose digests are the digests of their bytes.

An image manifest names a configuration and its layers, an index (Docker: manifest list) names one manifest for each
platform (OCI image-spec, manifest.md and image-index.md; Docker image manifest version 2, schema 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dockerlab.errors import InvalidParameterError, NotFoundError
from dockerlab.oci import fields, gojson
from dockerlab.oci.descriptor import NOTHING, Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.media_types import DOCKER_MANIFEST, INDEXES, MANIFESTS, OCI_INDEX, OCI_MANIFEST
from dockerlab.oci.platform import Platform


class _Document:
    """What manifests and indexes share: bytes that are kept as they came."""

    media_type: str

    def to_json(self) -> dict[str, Any]:
        """The document's fields in the order of their specification."""
        raise AssertionError("every kind of document has its own fields")

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes: as they came, or as Docker (indented by three) and OCI tools (compact) write them."""
        return gojson.encode(self.to_json(), indent=3 if self.is_docker else None)

    @property
    def is_docker(self) -> bool:
        """Whether it is one of Docker's own formats rather than OCI's."""
        return self.media_type not in (OCI_MANIFEST, OCI_INDEX)

    @cached_property
    def digest(self) -> Digest:
        """By which a registry knows it."""
        return Digest.of(self.raw)

    @property
    def descriptor(self) -> Descriptor:
        """As an index names it."""
        return Descriptor(self.media_type, self.digest, len(self.raw))


@dataclass(frozen=True)
class Manifest(_Document):
    """One image: its configuration and its layers, lowest first."""

    media_type: str
    config: Descriptor
    layers: tuple[Descriptor, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)
    subject: Descriptor | None = None
    artifact_type: str = ""

    @staticmethod
    def new(config: Descriptor, layers: Iterable[Descriptor], media_type: str = DOCKER_MANIFEST) -> Manifest:
        """The manifest of an image."""
        return Manifest(media_type, config, tuple(layers))

    def to_json(self) -> dict[str, Any]:
        """In the specification's order."""
        more = {
            "subject": self.subject and self.subject.to_json(),
            "annotations": {key: self.annotations[key] for key in sorted(self.annotations)},
        }
        return {
            "schemaVersion": 2,
            "mediaType": self.media_type,
            **({"artifactType": self.artifact_type} if self.artifact_type else {}),
            "config": self.config.to_json(docker=self.is_docker),
            "layers": [layer.to_json(docker=self.is_docker) for layer in self.layers],
            **{key: value for key, value in more.items() if value},
        }


@dataclass(frozen=True)
class Index(_Document):
    """Several manifests, as a rule one for each platform."""

    media_type: str
    manifests: tuple[Descriptor, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)
    subject: Descriptor | None = None
    artifact_type: str = ""

    def to_json(self) -> dict[str, Any]:
        """In the specification's order."""
        more = {
            "subject": self.subject and self.subject.to_json(),
            "annotations": {key: self.annotations[key] for key in sorted(self.annotations)},
        }
        return {
            "schemaVersion": 2,
            "mediaType": self.media_type,
            **({"artifactType": self.artifact_type} if self.artifact_type else {}),
            "manifests": [manifest.to_json(docker=self.is_docker) for manifest in self.manifests],
            **{key: value for key, value in more.items() if value},
        }

    def select(self, platform: Platform) -> Descriptor:
        """The manifest for a platform; `NotFoundError` in moby's words where there is none."""
        for descriptor in self.manifests:
            if descriptor.platform is not None and descriptor.platform.matches(platform):
                return descriptor
        raise NotFoundError(f"no matching manifest for {platform} in the manifest list entries")


def parse_manifest(raw: bytes, media_type: str | None = None) -> Manifest | Index:
    """The manifest or index that the bytes hold; `media_type` is what the transport said, which they may contradict."""
    document = gojson.decode_object(raw)
    kind = fields.text(document, "mediaType") or media_type or _guess(document)
    if media_type is not None and media_type != kind and media_type in MANIFESTS | INDEXES:
        raise InvalidParameterError(f'mediaType in manifest should be "{media_type}" not "{kind}"')
    if fields.number(document, "schemaVersion") != 2:
        raise InvalidParameterError(f"unsupported schema version {fields.number(document, 'schemaVersion')}")
    parsed = _read(document, kind)
    parsed.__dict__["raw"] = bytes(raw)
    return parsed


def _guess(document: Mapping[str, Any]) -> str:
    """OCI documents need not name their type; what they hold tells it."""
    return OCI_INDEX if "manifests" in document else OCI_MANIFEST


def _read(document: Mapping[str, Any], kind: str) -> Manifest | Index:
    if kind not in MANIFESTS | INDEXES:
        raise InvalidParameterError(f"unsupported manifest media type: {kind}")
    subject = document.get("subject")
    common: dict[str, Any] = {
        "annotations": fields.text_map(document, "annotations") or NOTHING,
        "subject": None if subject is None else Descriptor.from_json(fields.checked(subject, dict, "subject")),
        "artifact_type": fields.text(document, "artifactType"),
    }
    if kind in INDEXES:
        entries = tuple(map(Descriptor.from_json, fields.objects(document, "manifests")))
        return Index(kind, entries, **common)
    config = Descriptor.from_json(fields.read(document, "config", dict, {}))
    return Manifest(kind, config, tuple(map(Descriptor.from_json, fields.objects(document, "layers"))), **common)
