"""A simulated Docker Hub: a registry that has the images of the catalogue, and a search over known repositories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.fs.content import Bytes
from dockerlab.registry.access import HubAccess
from dockerlab.registry.catalogue.data import load
from dockerlab.registry.catalogue.images import PLATFORMS, Recipe, index_of, recipes
from dockerlab.registry.server import Server
from dockerlab.registry.storage import Repository, Storage


def hub() -> Server:
    """A fresh Docker Hub. Its layers come into being when their bytes are read."""
    storage = Storage()
    for recipe in recipes():
        publish(recipe, storage.repository(recipe.repository))
    return Server(storage, access=HubAccess(), repositories=repositories)


def publish(recipe: Recipe, repository: Repository) -> None:
    """Put an image into a repository, for every platform, under all its tags."""
    manifests = {}
    for platform in PLATFORMS:
        config = recipe.config(platform)
        manifests[platform] = recipe.manifest(config)
        repository.put(manifests[platform])
        repository.blobs[config.image_id] = Bytes(config.raw)
    repository.blobs[recipe.layer.digest] = recipe.layer
    index = index_of(manifests)
    for tag in recipe.tags:
        repository.put(index, tag)


def repositories() -> list[Mapping[str, Any]]:
    """What the hub's search looks through."""
    return [
        {"star_count": stars, "is_official": official, "name": name, "is_automated": False, "description": about}
        for name, stars, official, about in load("search")["repositories"]
    ]
