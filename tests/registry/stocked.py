"""A registry's folder with every kind of garbage in it, filled through whichever registry serves it."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.oci.digest import Digest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST
from dockerlab.registry.wsgi import Handles
from tests.registry.asking import Registry

DATA = {name: name.encode() for name in ("kept", "past", "present", "amd64", "arm64", "signature", "loose", "gone")}


@dataclass(frozen=True)
class Stock:
    """The digests of the manifests, by what they are."""

    kept: str
    past: str
    present: str
    amd64: str
    arm64: str
    multi: str
    signature: str
    gone: str


class Stocker(Registry):
    """Pushes small images, blob by blob in two steps, which every registry understands."""

    def blob(self, data: bytes = b"", algorithm: str = "sha256") -> str:
        digest = Digest.of(data, algorithm)
        place = self.ask("POST", "blobs/uploads/").header("Location").partition("/v2/")[2]
        mark = "&" if "?" in place else "?"
        assert self.ask("PUT", f"/v2/{place}{mark}digest={digest}", data).status == 201
        return digest

    def image(self, name: str, tag: str | None = None, subject: str | None = None) -> str:
        """Push an image with one layer, whose bytes are a name."""
        row = {"mediaType": OCI_LAYER_GZIP, "digest": self.blob(DATA[name]), "size": len(DATA[name])}
        config = {"mediaType": OCI_CONFIG, "digest": self.blob(b"{}"), "size": 2}
        more = {"subject": {"mediaType": OCI_MANIFEST, "digest": subject, "size": 1}} if subject else {}
        digest, put = self.put({"config": config, "layers": [row], **more}, OCI_MANIFEST, tag)
        assert put.status == 201
        return digest


def stock(server: Handles) -> Stock:
    """Push tagged images and one that its tag has left, an index, a signature, a blob of nobody, a deleted image."""
    it, alpha = Stocker(server), Stocker(server, "alpha")
    kept, past, present = it.image("kept", "1"), it.image("past", "2"), it.image("present", "2")
    parts = [it.image("amd64"), it.image("arm64")]
    rows = [{"mediaType": OCI_MANIFEST, "digest": part, "size": 1} for part in parts]
    multi, _ = it.put({"manifests": rows}, OCI_INDEX, "multi")
    signature = it.image("signature", subject=kept)
    it.blob(DATA["loose"])
    gone = alpha.image("gone", "x")
    assert alpha.ask("DELETE", f"manifests/{gone}").status == 202
    return Stock(kept, past, present, *parts, multi, signature, gone)
