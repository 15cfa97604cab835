"""Signatures as OCI artifacts: the lock of cosign's keys, the bundle, and the list beside an image."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from dockerlab.fs.content import Bytes
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_MANIFEST
from dockerlab.oci.reference import Reference
from dockerlab.registry import Client, Network, Request, Response, Server
from dockerlab.registry.signatures import Bundle, Referrers, Statement
from dockerlab.registry.signatures.bundle import MEDIA_TYPE
from dockerlab.registry.signatures.errors import BundleError, EnvelopeError, LockedKeyError, SubjectError
from dockerlab.registry.signatures.keyfile import lock, unlock
from dockerlab.registry.signatures.secretbox import seal, unseal
from dockerlab.registry.trust import PrivateKey
from dockerlab.registry.trust.keys import PemBlock
from dockerlab.world import Chance

IMAGE = Digest.of(b"an image")
KEY, OTHER = PrivateKey.of(Chance()), PrivateKey.of(Chance(1))
APP = Reference.parse("localhost:5000/me/app:1")

# What tweetnacl 1.0.3 makes of this text with the nonce 100…123 and the key 0…31.
TEXT = b"The quick brown fox jumps over the lazy dog, and then once more so that two blocks are used. 0123456789"
BOX = bytes.fromhex(
    "0de92197b2363470963bd0767278602756d1fce94bc3a78adbdd41e658f3cd3858c540878ed3266bd52c2de26ff9e9fcc00ad4742e4de2c4"
    "9179704e2072b301e1e4c67d7ca6563160847369b4c0fb4430e46c19a05d3caacdf870d222af82f03fe4ad66d59a5b77e1feed0958d6d4f4"
    "c9fddc4dd8e103"
)


def test_the_lock_is_nacl_s() -> None:
    nonce, key = bytes(range(100, 124)), bytes(range(32))
    assert seal(TEXT, nonce, key) == BOX
    assert unseal(BOX, nonce, key) == TEXT
    assert unseal(BOX, nonce, bytes(32)) is None
    assert unseal(BOX[:-1] + b"x", nonce, key) is None


def test_a_key_file_is_cosign_s_and_opens_with_its_password_alone() -> None:
    text = lock(KEY, "secret", Chance())
    block = PemBlock.parse(text)
    document = json.loads(block.der)
    assert block.kind == "ENCRYPTED SIGSTORE PRIVATE KEY"
    assert document["kdf"]["params"] == {"N": 65536, "r": 8, "p": 1}
    assert document["cipher"]["name"] == "nacl/secretbox"
    assert unlock(text, "secret") == KEY
    with pytest.raises(LockedKeyError, match="decryption failed"):
        unlock(text, "Secret")


@pytest.mark.parametrize(
    "document",
    [
        b"hello",
        b"{}",
        b'{"kdf":{"params":{"N":1073741824,"r":8,"p":1},"salt":""},"cipher":{"nonce":""},"ciphertext":""}',
        b'{"kdf":{"params":{"N":3,"r":8,"p":1},"salt":""},"cipher":{"nonce":"'
        + base64.b64encode(bytes(24))
        + b'"},"ciphertext":"'
        + base64.b64encode(bytes(40))
        + b'"}}',
    ],
)
def test_what_is_no_key_file_is_refused(document: bytes) -> None:
    with pytest.raises(LockedKeyError):
        unlock(bytes(PemBlock("ENCRYPTED SIGSTORE PRIVATE KEY", {}, document)), "")
    with pytest.raises(LockedKeyError, match="invalid pem block"):
        unlock(document, "")


def test_a_bundle_says_what_was_signed() -> None:
    bundle = Bundle.sign(Statement(IMAGE, {"env": "prod"}), KEY)
    read = Bundle.parse(bundle.raw)
    assert read == bundle
    assert read.verify(KEY.public, IMAGE) == Statement(IMAGE, {"env": "prod"})
    document = json.loads(bundle.raw)
    assert document["mediaType"] == MEDIA_TYPE
    assert (
        json.loads(base64.b64decode(document["dsseEnvelope"]["payload"]))["_type"] == "https://in-toto.io/Statement/v1"
    )


def test_a_bundle_of_another_key_another_image_or_another_text_does_not_hold() -> None:
    bundle = Bundle.sign(Statement(IMAGE), KEY)
    with pytest.raises(EnvelopeError, match="accepted signatures do not match threshold"):
        bundle.verify(OTHER.public, IMAGE)
    with pytest.raises(SubjectError):
        bundle.verify(KEY.public, Digest.of(b"another image"))
    changed = replace(bundle, payload=bundle.payload.replace(IMAGE.hex.encode(), b"0" * 64))
    with pytest.raises(EnvelopeError):
        changed.verify(KEY.public, Digest("sha256:" + "0" * 64))


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{}", b'{"dsseEnvelope":{}}', b'{"dsseEnvelope":[1]}', b"\xff"])
def test_what_is_no_bundle(raw: bytes) -> None:
    with pytest.raises(BundleError):
        Bundle.parse(raw)


class WithoutReferrers(Server):
    """A registry of before version 1.1 of the specification."""

    def handle(self, request: Request) -> Response:
        return Response(404) if "/referrers/" in request.route else super().handle(request)


@pytest.mark.parametrize("server", [Server(), WithoutReferrers()], ids=["referrers API", "referrers tag"])
def test_an_artifact_stands_beside_its_image(server: Server) -> None:
    network = Network()
    network.add(APP.domain, server)
    client = Client(network)
    client.put_blob(APP, Bytes(b"{}"))
    image = Manifest(OCI_MANIFEST, Descriptor.of(OCI_CONFIG, b"{}"))
    client.put_manifest(APP, image)
    store = Referrers(client, APP.repository)
    assert store.of(image.digest) == ()
    first = store.attach(image.descriptor, MEDIA_TYPE, b"one", {"n": "1"})
    second = store.attach(image.descriptor, MEDIA_TYPE, b"two", {"n": "2"})
    listed = store.of(image.digest)
    assert {each.digest for each in listed} == {first, second}
    assert {each.artifact_type for each in listed} == {MEDIA_TYPE}
    manifests = [store.manifest(each) for each in listed]
    assert sorted(store.blob(each.layers[0]) for each in manifests if each) == [b"one", b"two"]
    assert all(each.subject == image.descriptor for each in manifests if each)


def test_a_registry_that_knows_no_referrers_gets_a_tag() -> None:
    network = Network()
    network.add(APP.domain, WithoutReferrers())
    client = Client(network)
    client.put_blob(APP, Bytes(b"{}"))
    image = Manifest(OCI_MANIFEST, Descriptor.of(OCI_CONFIG, b"{}"))
    client.put_manifest(APP, image)
    Referrers(client, APP.repository).attach(image.descriptor, MEDIA_TYPE, b"one", {})
    tag = image.digest.replace(":", "-")
    assert set(client.tags(APP.repository)) == {"1", tag}
    assert isinstance(client.get_manifest(APP.with_tag(tag)), Index)
