"""The simulated Docker Hub: images, their sizes and files; digests that are data are computed anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from dockerlab.errors import ForbiddenError, NotFoundError
from dockerlab.fs.gzip import Gzip
from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.tree import Directory, File, Symlink, lookup, walk
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.registry import Client, Network, hub
from dockerlab.registry.catalogue import Recipe, recipes
from dockerlab.registry.catalogue.__main__ import measure
from dockerlab.registry.catalogue.data import load

RECIPES = {recipe.key: recipe for recipe in recipes()}
BASES = [recipe for recipe in recipes() if recipe.base is None]
LAYERS = {layer.key: layer for recipe in recipes() for layer in recipe.own_layers}
RECOMPUTED = [key for key in LAYERS if key.startswith(("hello", "busybox", "alpine"))] + ["ubuntu-24.04"]


@cache
def client() -> Client:
    network = Network()
    network.add("docker.io", hub())
    return Client(network)


def pull(name: str, platform: Platform = Platform()) -> tuple[Manifest, ImageConfig]:  # noqa: B008  # a frozen value
    reference = Reference.parse(name).with_default_tag()
    index = client().get_manifest(reference)
    assert isinstance(index, Index)
    exact = replace(reference.repository, digest=index.select(platform).digest)
    manifest = client().get_manifest(exact)
    assert isinstance(manifest, Manifest)
    return manifest, ImageConfig.parse(client().get_blob(reference, manifest.config).read())


@cache
def tree(key: str) -> Directory:
    return LAYERS[key].tree()


def text(key: str, path: str) -> str:
    node = lookup(tree(key), path)
    assert isinstance(node, File)
    return node.content.read().decode()


@pytest.mark.parametrize("key", RECOMPUTED)
def test_the_digests_that_are_data_are_right(key: str) -> None:
    """After a change to the catalogue: python -m dockerlab.registry.catalogue."""
    assert list(measure(LAYERS[key])) == load("digests")[key]


def test_every_layer_has_digests() -> None:
    assert load("digests").keys() == LAYERS.keys()


@pytest.mark.parametrize(
    ("name", "cmd"),
    [
        ("ubuntu", ("/bin/bash",)),
        ("alpine", ("/bin/sh",)),
        ("busybox", ("sh",)),
        ("hello-world", ("/hello",)),
        ("debian", ("bash",)),
    ],
)
def test_an_image_is_pulled_by_way_of_its_manifest_list(name: str, cmd: tuple[str, ...]) -> None:
    manifest, config = pull(name)
    assert config.config.cmd == cmd
    assert config.config.labels["dockerlab.simulated"] == "true"
    assert [len(config.rootfs.diff_ids), len(manifest.layers)] == [1, 1]
    assert sum(not step.empty_layer for step in config.history) == 1


def test_a_layer_is_not_made_before_it_is_read() -> None:
    manifest, config = pull("debian:11")
    blob = client().get_blob(Reference.parse("debian"), manifest.layers[0])
    assert isinstance(blob, Gzip)
    assert blob.size == manifest.layers[0].size
    assert blob.source.digest == config.rootfs.diff_ids[0]
    assert "_content" not in vars(blob.source)


def test_a_small_layer_reads_as_its_descriptor_says() -> None:
    manifest, config = pull("hello-world")
    blob = client().get_blob(Reference.parse("hello-world"), manifest.layers[0])
    assert len(blob.read()) == manifest.layers[0].size
    layer = Layer.from_tar(blob)
    assert layer.diff_id == config.rootfs.diff_ids[0]
    assert layer.size == 10_072


@pytest.mark.parametrize("recipe", BASES, ids=lambda recipe: recipe.key)
def test_images_have_the_size_of_the_real_ones(recipe: Recipe) -> None:
    files = {id(node): node.size for _, node in walk(tree(recipe.key)) if not isinstance(node, Directory)}
    assert sum(files.values()) == recipe.facts["size"]


def test_other_platforms() -> None:
    assert pull("alpine", Platform("linux", "arm64"))[1].platform == Platform("linux", "arm64", "v8")
    with pytest.raises(NotFoundError, match=r"no matching manifest for linux/s390x"):
        pull("alpine", Platform("linux", "s390x"))


def test_what_the_hub_does_not_have() -> None:
    with pytest.raises(ForbiddenError) as denied:
        client().get_manifest(Reference.parse("busybx:latest"))
    assert str(denied.value.first) == "denied: requested access to the resource is denied"
    with pytest.raises(NotFoundError, match=r"^manifest unknown: manifest unknown$"):
        client().get_manifest(Reference.parse("ubuntu:nosuch"))


@pytest.mark.parametrize("key", ["ubuntu-24.04", "ubuntu-20.04", "debian-12", "debian-12-slim", "debian-11"])
def test_debian_and_ubuntu_have_a_merged_usr_and_dpkgs_database(key: str) -> None:
    assert lookup(tree(key), "bin") == Symlink(replace(tree(key).entries["bin"].meta, mode=0o777), "usr/bin")
    for name in ("bash", "dash", "sh", "apt-get", "dpkg", "sed", "grep", "mawk", "tar", "gzip", "find", "perl", "su"):
        assert lookup(tree(key), f"usr/bin/{name}"), name
    assert "Package: coreutils\n" in text(key, "var/lib/dpkg/status")
    assert f'VERSION_ID="{RECIPES[key].facts["version"]}"' in text(key, "usr/lib/os-release")


def test_slim_has_no_documentation() -> None:
    assert lookup(tree("debian-12"), "usr/share/doc/bash/copyright")
    assert lookup(tree("debian-12-slim"), "usr/share/doc") is None


def test_busybox_is_one_file_with_many_names_and_alpine_links_to_it() -> None:
    folder = lookup(tree("busybox-1.37.0"), "bin")
    assert isinstance(folder, Directory)
    assert len({id(node) for name, node in folder.entries.items() if name != "getconf"}) == 1
    link = lookup(tree("alpine-3.22.2"), "bin/sh")
    assert isinstance(link, Symlink)
    assert link.target == "/bin/busybox"
    assert "P:musl\n" in text("alpine-3.22.2", "lib/apk/db/installed")


def test_ubuntus_newer_releases_have_an_ordinary_user() -> None:
    assert "ubuntu:x:1000:1000:" in text("ubuntu-24.04", "etc/passwd")
    assert "ubuntu:" not in text("ubuntu-22.04", "etc/passwd")
    assert 'PRETTY_NAME="Ubuntu 25.10"' in text("ubuntu-25.10", "usr/lib/os-release")


def test_hard_links_survive_the_way_through_the_archive() -> None:
    merged = apply(Layer.from_tar(LAYERS["busybox-1.37.0"].layer), Directory())
    assert lookup(merged, "bin/sh") is lookup(merged, "bin/busybox")
