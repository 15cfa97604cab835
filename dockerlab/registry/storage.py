"""What a registry keeps, in memory: blobs once for all repositories, manifests and tags for each of them.

A repository sees only the blobs that were pushed or mounted into it (OCI distribution-spec, "Pull" and "Mounting a
blob from another repository"). `layout` keeps the same in files.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from threading import Lock

from dockerlab.fs.content import Bytes, Concat, Content
from dockerlab.oci.digest import CANONICAL, Digest
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.registry.bodies import Stream


@dataclass
class Repository:
    """One repository's blobs, manifests and tags; a manifest is kept under the digest that it was pushed by."""

    blobs: MutableMapping[Digest, Content] = field(default_factory=dict)
    manifests: MutableMapping[Digest, Manifest | Index] = field(default_factory=dict)
    tags: MutableMapping[str, Digest] = field(default_factory=dict)

    def resolve(self, reference: str) -> Digest | None:
        """The digest that a tag or a digest means, None where nothing is under it."""
        digest = Digest(reference) if ":" in reference else self.tags.get(reference)
        return digest if digest in self.manifests else None

    def find(self, reference: str) -> Manifest | Index | None:
        """The manifest that a tag or a digest means, None where there is none."""
        digest = self.resolve(reference)
        return None if digest is None else self.manifests.get(digest)

    def put(self, document: Manifest | Index, tag: str | None = None, digest: Digest | None = None) -> Digest:
        """Keep a manifest, and let a tag mean it."""
        digest = digest or document.digest
        self.manifests[digest] = document
        if tag is not None:
            self.tags[tag] = digest
        return digest

    def remove(self, digest: Digest) -> None:
        """Forget a manifest and, before it, the tags that mean it: no tag is ever seen without its manifest."""
        for tag in [tag for tag, meant in self.tags.items() if meant == digest]:
            del self.tags[tag]
        del self.manifests[digest]

    def referrers(self, subject: Digest) -> Iterator[tuple[Digest, Manifest | Index]]:
        """The manifests that say they belong to another one, which need not be here."""
        for digest in self.manifests:
            document = self.manifests.get(digest)  # none where its bytes are gone, or nobody can read them
            if document is not None and document.subject is not None and document.subject.digest == subject:
                yield digest, document


class Upload:
    """A blob on its way in; whoever changes it holds its lock."""

    def __init__(self, repository: str) -> None:
        self.repository = repository
        self.lock = Lock()
        self._parts: list[Content] = []

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return sum(part.size for part in self._parts)

    @property
    def content(self) -> Content:
        """All that has arrived."""
        # One part is kept as it came, so that packed layers need no unpacking when they are pulled in the same process.
        return self._parts[0] if len(self._parts) == 1 else Concat(self._parts)

    def append(self, body: Content | Stream) -> None:
        """Take what a request brings; what came before a stream broke off stays."""
        if isinstance(body, Stream):
            self._parts.extend(map(Bytes, body.pieces()))
        elif body.size:
            self._parts.append(body)

    def cut(self, size: int) -> None:
        """Forget what arrived after that many bytes."""
        while self.size > size:
            self._parts.pop()

    def digest(self, algorithm: str) -> Digest:
        """Of all that has arrived."""
        return self.content.digest if algorithm == CANONICAL else self.content.digest_by(algorithm)


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

    def find_upload(self, name: str, upload_id: str) -> Upload | None:
        """An upload into a repository that is under way."""
        upload = self.uploads.get(upload_id)
        return upload if upload is not None and upload.repository == name else None

    def keep(self, upload_id: str, digest: Digest) -> None:
        """Make a blob of an upload, whose bytes are what the digest says."""
        upload = self.uploads[upload_id]
        self.repository(upload.repository).blobs[digest] = upload.content
        del self.uploads[upload_id]

    def forget(self, upload_id: str) -> None:
        """End an upload without a blob."""
        del self.uploads[upload_id]

    def find_blob(self, digest: Digest) -> Content | None:
        """A blob of whichever repository has it."""
        return next((it.blobs[digest] for it in self.repositories.values() if digest in it.blobs), None)
