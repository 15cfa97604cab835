"""The client: pull, push, search and login with Docker's texts (transcripts login, registry, g17_registry)."""

from __future__ import annotations

import pytest

from dockerlab.errors import (
    DigestMismatchError,
    ForbiddenError,
    InvalidParameterError,
    NotFoundError,
    SystemError_,
    UnauthorizedError,
)
from dockerlab.fs.content import Bytes
from dockerlab.fs.gzip import gzip
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Manifest
from dockerlab.oci.media_types import DOCKER_CONFIG, DOCKER_LAYER_GZIP
from dockerlab.oci.reference import Reference
from dockerlab.registry import Client, Network, Server, hub

ALICE = {"username": "alice", "password": "secret", "serveraddress": "localhost:5006"}
APP = Reference.parse("localhost:5005/app:v1")
PRIVATE = Reference.parse("localhost:5006/private:1")
UNKNOWN = Digest("sha256:" + "0" * 64)
LAYER = gzip(Bytes(b"layer" * 1000))
CONFIG = b'{"rootfs":{}}'


@pytest.fixture
def network() -> Network:
    network = Network()
    network.add("localhost:5005", Server())
    network.add("localhost:5006", Server(users={"alice": "secret"}))
    network.add("docker.io", hub())
    return network


@pytest.fixture
def client(network: Network) -> Client:
    return Client(network)


def push(client: Client, reference: Reference, auth: object = None) -> Manifest:
    client.put_blob(reference, LAYER, auth=auth)
    client.put_blob(reference, Bytes(CONFIG), auth=auth)
    layer = Descriptor(DOCKER_LAYER_GZIP, LAYER.digest, LAYER.size)
    manifest = Manifest.new(Descriptor.of(DOCKER_CONFIG, CONFIG), [layer])
    assert client.put_manifest(reference, manifest, auth=auth) == manifest.digest
    return manifest


def test_what_was_pushed_can_be_pulled(client: Client) -> None:
    manifest = push(client, APP)
    assert client.get_manifest(APP) == manifest
    assert client.get_manifest(APP.repository.with_digest(manifest.digest)) == manifest
    assert client.tags(APP) == ("v1",)
    assert client.has_blob(APP, LAYER.digest)
    assert not client.has_blob(APP, UNKNOWN)


def test_a_layer_comes_back_as_the_very_content_that_was_pushed(client: Client) -> None:
    """So that unpacking what this process packed itself costs nothing (fs.compression)."""
    manifest = push(client, APP)
    assert client.get_blob(APP, manifest.layers[0]) is LAYER


def test_mount_takes_a_blob_over_from_another_repository(client: Client) -> None:
    push(client, APP)
    other = Reference.parse("localhost:5005/other/app")
    assert client.mount_blob(other, LAYER.digest, APP)
    assert client.has_blob(other, LAYER.digest)
    assert not client.mount_blob(other, UNKNOWN, APP)


def test_missing_things(client: Client) -> None:
    with pytest.raises(NotFoundError, match=r"^manifest unknown: manifest unknown$"):
        client.get_manifest(APP)
    with pytest.raises(NotFoundError, match=r"^name unknown: repository name not known to registry$"):
        client.tags(APP)
    with pytest.raises(NotFoundError, match=r"^unknown blob$"):
        client.get_blob(APP, Descriptor(DOCKER_LAYER_GZIP, UNKNOWN, 1))


def test_a_manifest_without_its_blobs_is_refused(client: Client) -> None:
    manifest = Manifest.new(Descriptor.of(DOCKER_CONFIG, CONFIG), [])
    with pytest.raises(InvalidParameterError, match=r"^manifest blob unknown: blob unknown to registry$"):
        client.put_manifest(APP, manifest)


def test_a_damaged_blob_is_noticed(network: Network, client: Client) -> None:
    manifest = push(client, APP)
    server = network.find(APP.domain)
    assert server is not None
    server.storage.repository("app").blobs[LAYER.digest] = Bytes(b"damaged")
    with pytest.raises(DigestMismatchError):
        client.get_blob(APP, manifest.layers[0])


def test_without_credentials(client: Client) -> None:
    """Transcript login: the ping passes, what comes after it doesn't."""
    client.ping(PRIVATE)
    with pytest.raises(UnauthorizedError, match=r"^Head "):
        client.resolve(PRIVATE)
    with pytest.raises(UnauthorizedError) as pulled:
        client.get_manifest(PRIVATE)
    assert str(pulled.value) == 'Get "http://localhost:5006/v2/private/manifests/1": no basic auth credentials'
    for ask in (
        lambda: client.has_blob(PRIVATE, UNKNOWN),
        lambda: client.mount_blob(PRIVATE, UNKNOWN, APP),
        lambda: client.put_blob(PRIVATE, LAYER),
    ):
        with pytest.raises(UnauthorizedError, match=r"^no basic auth credentials$"):
            ask()


def test_with_credentials(client: Client) -> None:
    manifest = push(client, PRIVATE, ALICE)
    assert client.get_manifest(PRIVATE, auth=ALICE) == manifest
    with pytest.raises(UnauthorizedError, match=r"^unauthorized: authentication required$"):
        client.has_blob(PRIVATE, UNKNOWN, auth={**ALICE, "password": "wrong"})


def test_login(client: Client) -> None:
    """Transcripts login and g17_registry."""
    client.login("localhost:5006", ALICE)
    with pytest.raises(SystemError_) as refused:
        client.login("localhost:5006", {**ALICE, "password": "wrong"})
    assert str(refused.value) == "login attempt to http://localhost:5006/v2/ failed with status: 401 Unauthorized"


def test_login_at_the_hub(client: Client) -> None:
    client.login("https://index.docker.io/v1/", ALICE)
    with pytest.raises(UnauthorizedError, match=r"incorrect username or password$"):
        client.login("", {**ALICE, "password": ""})


def test_the_hub_lets_people_push_only_to_what_is_theirs(client: Client) -> None:
    mine = Reference.parse("alice/app:1")
    push(client, mine, ALICE)
    assert client.get_manifest(mine)
    for reference in (mine, Reference.parse("library/app:1"), Reference.parse("bob/app:1")):
        auth = None if reference is mine else ALICE
        with pytest.raises(ForbiddenError) as denied:
            client.put_blob(reference, LAYER, auth=auth)
        assert str(denied.value.first) == "denied: requested access to the resource is denied"
    with pytest.raises(ForbiddenError):
        client.has_blob(Reference.parse("bob/app"), UNKNOWN)


def test_search(client: Client) -> None:
    found = client.search("ubuntu", 3)
    assert found[0]["name"] == "ubuntu"
    assert len(found) == 3
    assert found[0].keys() == {"star_count", "is_official", "name", "is_automated", "description"}
    assert client.search("no such thing", 25) == []


def test_only_the_hub_can_be_searched(client: Client) -> None:
    """Transcript g17_registry."""
    with pytest.raises(SystemError_, match=r"^Unexpected status code 404$"):
        client.search("localhost:5005/x", 25)


def test_a_bad_manifest_is_an_invalid_parameter(client: Client) -> None:
    push(client, APP)
    broken = Manifest(DOCKER_CONFIG, Descriptor.of(DOCKER_CONFIG, CONFIG))
    with pytest.raises(InvalidParameterError, match=r"^manifest invalid: manifest invalid$"):
        client.put_manifest(APP, broken)
