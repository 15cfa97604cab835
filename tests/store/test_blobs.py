"""Blobs, volumes and origins: the small shelves of the store."""

from __future__ import annotations

import pytest

from dockerlab.errors import DigestMismatchError, NotFoundError
from dockerlab.fs.content import Bytes
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.oci.digest import Digest
from dockerlab.store import BlobStore, Origins, Volume, VolumeStore
from dockerlab.store.origins import Origin
from dockerlab.world import Clock


def test_a_blob_is_known_by_its_digest() -> None:
    blobs = BlobStore()
    digest = blobs.put(b"hello")
    assert digest == Digest.of(b"hello")
    assert blobs.put(Bytes(b"hello"), digest) == digest
    assert blobs.get(digest).read() == b"hello"
    assert (digest in blobs, blobs.digests, len(blobs)) == (True, (digest,), 1)
    blobs.remove(digest)
    assert blobs.find(digest) is None
    with pytest.raises(NotFoundError):
        blobs.remove(digest)


def test_a_blob_must_be_what_it_is_said_to_be() -> None:
    blobs = BlobStore()
    with pytest.raises(DigestMismatchError):
        blobs.put(b"hello", Digest.of(b"other"))
    assert len(blobs) == 0


def test_volumes_by_name() -> None:
    clock = Clock()
    volumes = VolumeStore()
    volume = volumes.add(Volume("data", "local", None, None, clock.now, OverlayFs(EMPTY, clock)))
    assert volumes.get("data") is volume
    assert list(volumes) == [volume]
    volumes.remove("data")
    assert ("data" in volumes, len(volumes), volumes.find("data")) == (False, 0, None)
    with pytest.raises(NotFoundError, match=r"^get data: no such volume$"):
        volumes.get("data")


def test_origins_newest_first() -> None:
    """moby, distribution/metadata: where a layer may be mounted from."""
    origins = Origins()
    diff_id, digest = Digest.of(b"tar"), Digest.of(b"gzip")
    origins.add(diff_id, digest, "docker.io/library/a")
    origins.add(diff_id, digest, "docker.io/library/b")
    origins.add(diff_id, digest, "docker.io/library/a")
    assert origins.of(diff_id) == (Origin(digest, "docker.io/library/a"), Origin(digest, "docker.io/library/b"))
    assert origins.diff_id(digest) == diff_id
    assert origins.of(digest) == ()
