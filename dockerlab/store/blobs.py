"""Blobs: bytes kept under their digest, as registries and OCI layouts keep them (OCI distribution-spec, "Blob")."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlab.errors import DigestMismatchError, NotFoundError
from dockerlab.fs.content import Content, content_of
from dockerlab.oci.digest import Digest


class BlobStore:
    """Contents by digest; what is put twice is kept once."""

    def __init__(self) -> None:
        self._blobs: dict[Digest, Content] = {}

    def put(self, content: Content | bytes, expected: Digest | None = None) -> Digest:
        """Keep the bytes; `DigestMismatchError` if they are not what `expected` says."""
        blob = content_of(content)
        digest = blob.digest
        if expected is not None and expected != digest:
            raise DigestMismatchError(expected, digest)
        self._blobs.setdefault(digest, blob)
        return digest

    def get(self, digest: Digest) -> Content:
        """The bytes; `NotFoundError` where there are none."""
        try:
            return self._blobs[digest]
        except KeyError:
            raise NotFoundError(f"blob {digest} not found") from None

    def find(self, digest: Digest) -> Content | None:
        """The bytes, None where there are none."""
        return self._blobs.get(digest)

    def remove(self, digest: Digest) -> None:
        """Forget the bytes; `NotFoundError` where there are none."""
        self.get(digest)
        del self._blobs[digest]

    @property
    def digests(self) -> tuple[Digest, ...]:
        """All that is kept, in the order in which it came."""
        return tuple(self._blobs)

    def __contains__(self, digest: object) -> bool:
        return digest in self._blobs

    def __iter__(self) -> Iterator[Digest]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)
