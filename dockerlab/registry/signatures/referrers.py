"""What stands beside an image in its registry: manifests whose subject it is (OCI distribution-spec v1.1, "Referrers").

A registry that is asked lists them. One that doesn't know the question is helped out: the list is kept as an index
under a tag that is made of the image's digest ("Referrers Tag Schema").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.fs.content import Bytes
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.media_types import OCI_EMPTY, OCI_INDEX, OCI_MANIFEST
from dockerlab.oci.reference import Reference
from dockerlab.registry.client import Client

_EMPTY = b"{}"


@dataclass(frozen=True)
class Referrers:
    """The artifacts beside the images of one repository."""

    registry: Client
    repository: Reference
    auth: Any = None

    def subject(self, reference: Reference) -> Descriptor:
        """What a name means; NotFoundError where there is no such image."""
        return self.registry.get_manifest(reference, auth=self.auth).descriptor

    def attach(self, subject: Descriptor, kind: str, blob: bytes, annotations: Mapping[str, str]) -> Digest:
        """Put an artifact beside an image."""
        for content in (_EMPTY, blob):
            self.registry.put_blob(self.repository, Bytes(content), auth=self.auth)
        config = Descriptor.of(OCI_EMPTY, _EMPTY)
        layer = Descriptor.of(kind, blob)
        manifest = Manifest(OCI_MANIFEST, config, (layer,), annotations, subject, kind)
        exact = replace(self.repository, tag=None, digest=manifest.digest)
        self.registry.put_manifest(exact, manifest, auth=self.auth)
        self._list(subject.digest, replace(manifest.descriptor, artifact_type=kind, annotations=annotations))
        return manifest.digest

    def _list(self, subject: Digest, artifact: Descriptor) -> None:
        """Where the registry keeps no list, write the artifact into the one under the tag."""
        if self.registry.referrers(self.repository, subject, auth=self.auth) is not None:
            return
        known = [each for each in self._under_tag(subject) if each.digest != artifact.digest]
        index = Index(OCI_INDEX, (*known, artifact))
        self.registry.put_manifest(self._tag(subject), index, auth=self.auth)

    def _tag(self, subject: Digest) -> Reference:
        return replace(self.repository, tag=subject.replace(":", "-"), digest=None)

    def _under_tag(self, subject: Digest) -> tuple[Descriptor, ...]:
        try:
            found = self.registry.get_manifest(self._tag(subject), auth=self.auth)
        except NotFoundError:
            return ()
        return found.manifests if isinstance(found, Index) else ()

    def of(self, subject: Digest) -> tuple[Descriptor, ...]:
        """The artifacts beside an image, in the registry's order."""
        listed = self.registry.referrers(self.repository, subject, auth=self.auth)
        return self._under_tag(subject) if listed is None else listed.manifests

    def manifest(self, artifact: Descriptor) -> Manifest | None:
        """An artifact's manifest, None where it is none any more."""
        try:
            found = self.registry.get_manifest(
                replace(self.repository, tag=None, digest=artifact.digest), auth=self.auth
            )
        except NotFoundError:
            return None
        return found if isinstance(found, Manifest) else None

    def blob(self, layer: Descriptor) -> bytes:
        """A layer's bytes, which are what its digest says."""
        return self.registry.get_blob(self.repository, layer, auth=self.auth).read()
