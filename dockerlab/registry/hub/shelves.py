"""What stands in a fresh Docker Hub: a repository for every recipe of the catalogue, and rows for its search."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from dockerlab.fs.content import Bytes
from dockerlab.registry.catalogue.data import load, recipe_names
from dockerlab.registry.catalogue.images import PLATFORMS, Recipe, index_of, recipes_of
from dockerlab.registry.storage import Repository


class Shelf(Repository):
    """A repository of the catalogue, filled when somebody first looks into it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute not in ("blobs", "manifests", "tags"):
            raise AttributeError(attribute)
        super().__init__()
        for recipe in recipes_of(self._name):
            publish(recipe, self)
        return vars(self)[attribute]


def shelves() -> dict[str, Repository]:
    """The repositories by name. Images come into being when they are asked for, layers when their bytes are read."""
    return {f"library/{name}": Shelf(name) for name in recipe_names()}


def publish(recipe: Recipe, repository: Repository) -> None:
    """Put an image into a repository, for every platform, under all its tags."""
    manifests = {}
    for platform in PLATFORMS:
        config = recipe.config(platform)
        manifests[platform] = recipe.manifest(config)
        repository.put(manifests[platform])
        repository.blobs[config.image_id] = Bytes(config.raw)
    for layer in recipe.layers:
        repository.blobs[layer.layer.digest] = layer.layer
    index = index_of(manifests)
    for tag in recipe.tags:
        repository.put(index, tag)


def catalogued() -> list[Mapping[str, Any]]:
    """What the hub's search looks through, as its index answers."""
    return [row_of(name, stars, official, about) for name, stars, official, about in load("search")["repositories"]]


def row_of(name: str, stars: int = 0, official: bool = False, about: str = "") -> Mapping[str, Any]:
    """One repository as the index tells of it."""
    return {
        "star_count": stars, "is_official": official, "name": name, "is_automated": False, "description": about,
    }  # fmt: skip


@functools.cache
def namespaces() -> frozenset[str]:
    """The names that repositories of the catalogue belong to, so that nobody else can have them."""
    return frozenset(row["name"].partition("/")[0] for row in catalogued() if "/" in row["name"]) | {"library"}
