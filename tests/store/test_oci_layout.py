"""OCI image layouts (OCI image-spec, image-layout.md)."""

from __future__ import annotations

import json

import pytest

from dockerlab.errors import DigestMismatchError, DockerlabError
from dockerlab.events import ImageLoaded
from dockerlab.fs.archive import read_tar
from dockerlab.fs.content import Bytes
from dockerlab.oci import media_types
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.manifest import Index
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store import Stores
from dockerlab.store.oci_layout import oci_manifest, write_layout
from tests.store.archives import changed, image, layer, loaded, recorded

TAG = Reference.parse("team/app:1")


def test_there_and_back_again() -> None:
    stores = Stores()
    kept = image(stores, layer(a=b"1"), layer(b=b"2"))
    archive = write_layout([(kept, (TAG,))])
    assert write_layout([(kept, (TAG,))]) == archive
    back, events = loaded(archive)
    assert events == [ImageLoaded(str(kept.id), "team/app:1")]
    assert back.images.get(kept.id).layers == kept.layers


def test_what_stands_where() -> None:
    kept = image(Stores(), layer(a=b"1"))
    files = {entry.path: entry.content.read() for entry in read_tar(write_layout([(kept, (TAG,))]))}
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    (listed,) = json.loads(files["index.json"])["manifests"]
    assert listed["digest"] == oci_manifest(kept).digest
    assert listed["annotations"]["org.opencontainers.image.ref.name"] == "1"
    assert files[f"blobs/sha256/{kept.id.hex}"] == kept.config.raw


def test_skopeos_archive_loads() -> None:
    _, (event,) = loaded(recorded("skopeo-oci-archive"))
    assert isinstance(event, ImageLoaded)
    assert event.name == "skopeo.example/team/app:1"


def test_an_index_in_the_index_is_followed_to_this_platform() -> None:
    kept = image(Stores(), layer(a=b"1"))
    archive = write_layout([(kept, ())])
    amd = Descriptor(
        media_types.OCI_MANIFEST, oci_manifest(kept).digest, len(oci_manifest(kept).raw), platform=Platform()
    )
    arm = Descriptor.of(media_types.OCI_MANIFEST, b"not here")
    inner = Index(media_types.OCI_INDEX, (arm, amd))
    outer = Index(media_types.OCI_INDEX, (inner.descriptor,))
    nested = changed(archive, **{f"blobs__sha256__{inner.digest.hex}": inner.raw, "index.json": outer.raw})
    assert loaded(nested)[1] == [ImageLoaded(str(kept.id))]


def test_a_blob_must_be_what_its_digest_says() -> None:
    kept = image(Stores(), layer(a=b"1"))
    archive = write_layout([(kept, ())])
    wrong = kept.config.raw.replace(b"linux", b"linus")
    with pytest.raises(DigestMismatchError):
        loaded(changed(archive, **{f"blobs__sha256__{kept.id.hex}": wrong}))


@pytest.mark.parametrize("index", [b"{}", b"[]", b'{"schemaVersion":2,"manifests":[{}]}', b"\0"])
def test_a_broken_index_is_refused(index: bytes) -> None:
    with pytest.raises(DockerlabError):
        loaded(changed(Bytes(bytes(1024)), **{"index.json": index}))


def test_an_index_that_names_itself_ends() -> None:
    """No bytes name their own digest, but eight levels are more than anybody needs."""
    index = Index(media_types.OCI_INDEX, ())
    files = {}
    for _ in range(10):
        files[f"blobs__sha256__{index.digest.hex}"] = index.raw
        below = Descriptor(media_types.OCI_INDEX, index.digest, len(index.raw), platform=Platform())
        index = Index(media_types.OCI_INDEX, (below,))
    with pytest.raises(DockerlabError, match="too many indexes"):
        loaded(changed(Bytes(bytes(1024)), **files, **{"index.json": index.raw}))
