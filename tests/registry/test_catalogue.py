"""The hub's images that stand on others: facts of the real ones as data, layers that they share, nothing made early."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dockerlab.fs.layer import Layer, apply_all
from dockerlab.fs.tree import Directory, File, Symlink, lookup, walk
from dockerlab.registry import hub
from dockerlab.registry.catalogue import Recipe, recipes
from dockerlab.registry.catalogue.__main__ import measure
from dockerlab.registry.catalogue.data import load
from dockerlab.registry.catalogue.images import PLATFORMS, named
from dockerlab.registry.catalogue.layers import LayerRecipe

FACTS: Mapping[str, Any] = json.loads(Path(__file__).with_name("data").joinpath("images.json").read_text())["images"]
DERIVED = [recipe for recipe in recipes() if recipe.base is not None]
OWN = [layer for recipe in DERIVED for layer in recipe.own_layers]


@cache
def merged(name: str) -> Directory:
    return apply_all([Layer.from_tar(layer.layer) for layer in named(name).layers])


def size(recipe: Recipe) -> int:
    """As `docker images` counts: what the layers' files hold, hard-linked ones once."""
    trees = [layer.tree() for layer in recipe.layers]
    return sum(sum({id(node): node.size for _, node in walk(tree) if node.kind != "d"}.values()) for tree in trees)


@pytest.mark.parametrize("name", FACTS)
def test_an_image_says_what_the_real_one_says(name: str) -> None:
    """`docker image inspect`, as far as tests/registry/data/images.json knows it."""
    config = named(name).container_config
    env = dict(each.split("=", 1) for each in config.env)
    said = {
        "cmd": list(config.cmd or ()), "entrypoint": list(config.entrypoint or ()), "user": config.user,
        "ports": list(config.exposed_ports), "volumes": list(config.volumes), "workdir": config.working_dir,
        "stop": config.stop_signal, "env": {key: env[key] for key in FACTS[name].get("env", {})},
        "layers": len(named(name).layers),
    }  # fmt: skip
    wanted = {key: value for key, value in FACTS[name].items() if key not in ("mb", "programs")}
    assert {key: said[key] for key in wanted} == wanted
    assert config.labels["dockerlab.simulated"] == "true"


@pytest.mark.parametrize("name", FACTS)
def test_an_image_is_as_large_as_the_real_one(name: str) -> None:
    assert size(named(name)) == pytest.approx(FACTS[name]["mb"] * 1e6, rel=0.1)


@pytest.mark.parametrize("name", FACTS)
def test_programs_are_where_they_belong(name: str) -> None:
    """Each is a file that may be run, or leads to one; so is what the image starts."""
    config = named(name).container_config
    path = dict(each.split("=", 1) for each in config.env)["PATH"].split(":")
    for program in FACTS[name].get("programs", ()):
        assert _runs(merged(name), program), program
    word = (config.entrypoint or config.cmd or ("/bin/sh",))[0]
    assert any(_runs(merged(name), f"{folder}/{word}") for folder in path) or _runs(merged(name), word), word


def _runs(tree: Directory, path: str) -> bool:
    """Whether a path leads to an executable file, through symbolic links in the last place and in the folders."""
    for _ in range(8):
        node = lookup(tree, path.strip("/"))
        if not isinstance(node, Symlink):
            return (isinstance(node, File) and bool(node.meta.mode & 0o111)) or _runs_above(tree, path)
        path = node.target if node.target.startswith("/") else f"{path.rpartition('/')[0]}/{node.target}"
    return False


def _runs_above(tree: Directory, path: str) -> bool:
    """/bin of a merged /usr."""
    return path.startswith(("/bin/", "/sbin/")) and isinstance(lookup(tree, f"usr{path}"), File)


@pytest.mark.parametrize("recipe", DERIVED, ids=lambda recipe: recipe.key)
def test_history_and_layers_fit(recipe: Recipe) -> None:
    config = recipe.config(PLATFORMS[0])
    assert sum(not step.empty_layer for step in config.history) == len(config.rootfs.diff_ids) == len(recipe.layers)
    assert "%" not in "".join(f"{each}" for each in config.config.env)


@pytest.mark.parametrize("recipe", DERIVED, ids=lambda recipe: recipe.key)
def test_no_layer_takes_a_link_for_a_folder(recipe: Recipe) -> None:
    """/bin, /lib and /var/run are links in a base; a layer that had files there would take their place."""
    below = named(recipe.facts["from"])
    links = {path for layer in below.layers for path, node in walk(layer.tree()) if isinstance(node, Symlink)}
    for layer in recipe.own_layers:
        folders = {path for path, node in walk(layer.tree()) if isinstance(node, Directory)}
        assert not folders & links


def test_images_share_the_layers_of_what_they_stand_on() -> None:
    """Debian, then the three layers of build dependencies."""
    python, node, ruby, golang = (
        [layer.layer.digest for layer in named(name).layers] for name in ("python", "node", "ruby", "golang")
    )
    assert python[:4] == node[:4] == ruby[:4]
    assert python[:3] == golang[:3]
    assert len({python[4], node[4], ruby[4], golang[4]}) == 4


def test_slim_variants_stand_on_debian_slim_and_alpine_ones_on_alpine() -> None:
    bases = {"python:3.13-slim": "debian:12-slim", "nginx": "debian:12-slim", "redis:alpine": "alpine:latest"}
    for name, base in bases.items():
        assert named(name).layers[0].layer.digest == named(base).layers[0].layer.digest


@pytest.mark.parametrize("layer", [layer for layer in OWN if layer.layer.size < 4_000_000], ids=lambda layer: layer.key)
def test_the_digests_that_are_data_are_right(layer: LayerRecipe) -> None:
    """After a change to the catalogue: python -m dockerlab.registry.catalogue."""
    assert list(measure(layer)) == load("digests")[layer.key]


@pytest.mark.parametrize("layer", OWN, ids=lambda layer: layer.key)
def test_archives_have_the_sizes_that_are_data(layer: LayerRecipe) -> None:
    """Cheap for all: a changed file tends to change the size."""
    assert layer.tar().size == load("digests")[layer.key][1]


def test_packages_are_noted_where_the_distribution_notes_them() -> None:
    status = lookup(merged("python:latest"), "var/lib/dpkg/status")
    assert isinstance(status, File)
    paragraphs = status.content.read().decode().split("\n\n")
    names = [paragraph.split("\n", 1)[0] for paragraph in paragraphs]
    assert len(names) == len(set(names)) > 400
    assert {"Package: bash", "Package: git", "Package: tk-dev"} <= set(names)
    installed = lookup(merged("python:3.13-alpine"), "lib/apk/db/installed")
    assert isinstance(installed, File)
    assert b"P:musl\n" in installed.content.read()
    assert b"P:tzdata\n" in installed.content.read()


def test_a_fresh_hub_has_made_nothing() -> None:
    shelves = hub().storage.repositories
    assert "library/python" in shelves
    assert all("blobs" not in vars(shelf) for shelf in shelves.values())
    assert "3.13-slim" in shelves["library/python"].tags
    assert "blobs" not in vars(shelves["library/node"])
