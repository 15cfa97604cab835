"""A simulated Docker Hub: a registry that has the images of the catalogue, and a search over known repositories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.fs.content import Bytes
from dockerlab.registry.access import HubAccess
from dockerlab.registry.catalogue.data import load, recipe_names
from dockerlab.registry.catalogue.images import PLATFORMS, Recipe, index_of, recipes_of
from dockerlab.registry.server import Server
from dockerlab.registry.storage import Repository, Storage


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


def hub() -> Server:
    """A fresh Docker Hub. Its images come into being when they are asked for, its layers when their bytes are read."""
    shelves: dict[str, Repository] = {f"library/{name}": Shelf(name) for name in recipe_names()}
    return Server(Storage(shelves), access=HubAccess(), repositories=repositories)


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


def repositories() -> list[Mapping[str, Any]]:
    """What the hub's search looks through."""
    return [
        {"star_count": stars, "is_official": official, "name": name, "is_automated": False, "description": about}
        for name, stars, official, about in load("search")["repositories"]
    ]
