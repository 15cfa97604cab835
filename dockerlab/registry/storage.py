"""What a registry keeps, in memory: blobs once for all repositories, manifests and tags for each of them.

A repository sees only the blobs that were pushed or mounted into it (OCI distribution-spec, "Pull" and "Mounting a
blob from another repository").
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field

from dockerlab.fs.content import Content
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest


@dataclass
class Repository:
    """One repository's blobs, manifests and tags."""

    blobs: MutableMapping[Digest, Content] = field(default_factory=dict)
    manifests: MutableMapping[Digest, Manifest | Index] = field(default_factory=dict)
    tags: MutableMapping[str, Digest] = field(default_factory=dict)

    def find(self, reference: str) -> Manifest | Index | None:
        """The manifest that a tag or a digest means, None where there is none."""
        digest = self.tags.get(reference, reference)
        return self.manifests.get(Digest(digest)) if ":" in digest else None

    def put(self, document: Manifest | Index, tag: str | None = None) -> Digest:
        """Keep a manifest, and let a tag mean it."""
        self.manifests[document.digest] = document
        if tag is not None:
            self.tags[tag] = document.digest
        return document.digest

    def remove(self, digest: Digest) -> None:
        """Forget a manifest and the tags that mean it."""
        del self.manifests[digest]
        for tag in [tag for tag, meant in self.tags.items() if meant == digest]:
            del self.tags[tag]

    def referrers(self, subject: Digest) -> Iterator[Manifest | Index]:
        """The manifests that say they belong to another one, which need not be here."""
        for document in self.manifests.values():
            if document.subject is not None and document.subject.digest == subject:
                yield document


@dataclass
class Upload:
    """A blob on its way in."""

    repository: str
    parts: list[Content] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return sum(part.size for part in self.parts)


@dataclass
class Storage:
    """All repositories of a registry, and the uploads that are under way."""

    repositories: MutableMapping[str, Repository] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    started: int = 0

    def repository(self, name: str) -> Repository:
        """A repository, made when it isn't there."""
        return self.repositories.setdefault(name, Repository())

    def start(self, name: str) -> str:
        """Begin an upload; returns its ID."""
        self.started += 1
        upload_id = Digest.of(f"{name} {self.started}".encode()).hex[:32]
        self.uploads[upload_id] = Upload(name)
        return upload_id

    def find_blob(self, digest: Digest) -> Content | None:
        """A blob of whichever repository has it."""
        return next((it.blobs[digest] for it in self.repositories.values() if digest in it.blobs), None)
