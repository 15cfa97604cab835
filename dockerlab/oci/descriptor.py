"""Descriptors: what some bytes are, their digest and their size (OCI image-spec, descriptor.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.oci import fields
from dockerlab.oci.digest import Digest
from dockerlab.oci.platform import Platform

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Descriptor:
    """(media type, digest, size), and what else a manifest or an index says about a blob."""

    media_type: str
    digest: Digest
    size: int
    annotations: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)
    platform: Platform | None = None
    urls: tuple[str, ...] = ()
    artifact_type: str = ""

    @staticmethod
    def of(media_type: str, data: bytes) -> Descriptor:
        """The descriptor of these bytes."""
        return Descriptor(media_type, Digest.of(data), len(data))

    def to_json(self, *, docker: bool = False) -> dict[str, Any]:
        """In the order of the image-spec's Go struct, or (docker) in that of Docker's, where the size comes first."""
        measured = {"digest": str(self.digest), "size": self.size}
        if docker:
            measured = {"size": self.size, "digest": str(self.digest)}
        more = {
            "urls": list(self.urls),
            "annotations": {key: self.annotations[key] for key in sorted(self.annotations)},
            "platform": self.platform and self.platform.to_json(),
            "artifactType": self.artifact_type,
        }
        filled = {key: value for key, value in more.items() if value}
        return {"mediaType": self.media_type, **measured, **filled}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Descriptor:
        """Read one; a digest that is none, or a size below zero, raises."""
        size = fields.number(document, "size")
        if size < 0:
            raise InvalidParameterError(f"invalid descriptor size: {size}")
        platform = document.get("platform")
        return Descriptor(
            fields.text(document, "mediaType"),
            Digest(fields.text(document, "digest")),
            size,
            fields.text_map(document, "annotations") or NOTHING,
            None if platform is None else Platform.from_json(fields.checked(platform, dict, "platform")),
            fields.texts(document, "urls") or (),
            fields.text(document, "artifactType"),
        )
