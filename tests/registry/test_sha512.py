"""Every registered digest algorithm is compared on every byte (OCI image-spec v1.1, descriptor.md, "Digests")."""

from __future__ import annotations

import gzip
import io
import json
import tarfile

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.lab import Lab
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import parse_manifest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from dockerlab.registry import Server
from dockerlab.registry.protocol import Request
from dockerlab.registry.spool import Spool


def layer() -> bytes:
    """A packed layer with one file."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        entry = tarfile.TarInfo("greeting")
        entry.size = 6
        archive.addfile(entry, io.BytesIO(b"hello\n"))
    return raw.getvalue()


def served(server: Server, *, lie: bool = False) -> str:
    """An image whose every digest is SHA-512 stands at x:1; with `lie` its layer is not what its digest says."""
    tar = layer()
    diff_id = Digest.of(tar)
    config = json.dumps(
        {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [diff_id]}}
    ).encode()
    rows = []
    for kind, data in ((OCI_CONFIG, config), (OCI_LAYER_GZIP, gzip.compress(tar, mtime=0))):
        digest = Digest.of(data, "sha512")
        put = Request("POST", f"/v2/x/blobs/uploads/?digest={digest}", {}, data)
        assert server.handle(put).status == 201
        rows.append({"mediaType": kind, "digest": digest, "size": len(data)})
    if lie:
        blobs = server.storage.repositories["x"].blobs
        blobs[rows[1]["digest"]] = blobs[rows[0]["digest"]]
    manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": rows[0], "layers": rows[1:]}
    body = json.dumps(manifest).encode()
    put = Request("PUT", "/v2/x/manifests/1", {"Content-Type": OCI_MANIFEST}, body)
    assert server.handle(put).status == 201
    return str(Digest.of(body, "sha512"))


@pytest.mark.parametrize("release", [28, 29])
def test_an_image_of_sha512_digests_is_pulled(release: int) -> None:
    lab = Lab(release=release)
    served(lab.serve_registry("localhost:5000"))
    pulled = lab.run("docker pull localhost:5000/x:1")
    assert (pulled.stderr, pulled.exit_code) == ("", 0)
    lab.run("docker create --name made localhost:5000/x:1 true; docker cp made:/greeting . ")
    assert lab.run("cat greeting").stdout == "hello\n"
    lab.run("docker save localhost:5000/x:1 -o x.tar; docker rm made")
    assert lab.run("docker rmi localhost:5000/x:1").exit_code == 0
    assert lab.run("docker load -i x.tar").stdout == "Loaded image: localhost:5000/x:1\n"
    assert lab.run("docker push -q localhost:5000/x:1").exit_code == 0


def test_wrong_bytes_are_refused_and_nothing_stays() -> None:
    lab = Lab()
    served(lab.serve_registry("localhost:5000"), lie=True)
    refused = lab.run("docker pull localhost:5000/x:1")
    assert refused.stderr.startswith("filesystem layer verification failed for digest sha512:")
    assert lab.run("docker images -aq").stdout == ""


def test_what_comes_over_a_wire_is_hashed_by_the_digests_algorithm() -> None:
    spool = Spool(100, algorithm="sha512")
    spool.begin(200)
    for piece in (b"he", b"llo"):
        spool.write(piece)
    assert spool.digest == Digest.of(b"hello", "sha512")
    assert spool.content().digest == Digest.of(b"hello")


@pytest.mark.parametrize(
    ("digest", "complaint"),
    [
        (f"md5:{'a' * 32}", "unsupported digest algorithm"),
        (f"blake3:{'a' * 64}", "unsupported digest algorithm"),
        (f"sha512:{'a' * 64}", "invalid checksum digest length"),
        (f"sha256:{'A' * 64}", "invalid checksum digest format"),
    ],
)
def test_a_manifest_with_an_unknown_digest_is_refused_in_one_line(digest: str, complaint: str) -> None:
    row = {"mediaType": OCI_CONFIG, "digest": digest, "size": 2}
    with pytest.raises(InvalidParameterError, match=complaint):
        parse_manifest(json.dumps({"schemaVersion": 2, "config": row, "layers": []}).encode(), OCI_MANIFEST)
    assert complaint in Lab().run(f"docker pull localhost:5000/x@{digest}").stderr
