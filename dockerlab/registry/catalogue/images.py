"""From a recipe to an image: its layers (lazily), its configuration and its manifests.

A recipe (`recipes/<repository>.json`) is either a base, whose one layer a module here plants, or it says `from` which
image it is made and by which steps. The digests of the layers are data (digests.json), so that nobody packs a
gigabyte to learn what a manifest says; a test computes them anew.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.oci.config import ContainerConfig
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.image import History, ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.media_types import DOCKER_CONFIG, DOCKER_LAYER_GZIP, DOCKER_MANIFEST_LIST
from dockerlab.oci.platform import Platform
from dockerlab.registry.catalogue import alpine, busybox, debian, oracle, planting
from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import load, recipe_names
from dockerlab.registry.catalogue.instructions import BUILDKIT, Step
from dockerlab.registry.catalogue.layers import LayerRecipe, read_text

SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PATH = f"PATH={SEARCHED}"
SIMULATED = "dockerlab.simulated"
PLATFORMS = (Platform("linux", "amd64"), Platform("linux", "arm64", "v8"))

_PLANTS: Mapping[str, Callable[[Tree, Mapping[str, Any]], None]] = {
    "ubuntu": debian.plant,
    "debian": debian.plant,
    "alpine": alpine.plant,
    "oracle": oracle.plant,
    "busybox": busybox.plant,
    "hello": busybox.plant_hello,
}


@dataclass(frozen=True, eq=False)
class Recipe:
    """One image of the hub; `parts` are its repository's named rows of steps."""

    facts: Mapping[str, Any]
    parts: Mapping[str, Any]

    @property
    def key(self) -> str:
        """By which digests.json knows the image's first own layer; further ones are numbered."""
        return str(self.facts["key"])

    @property
    def repository(self) -> str:
        """Where the hub has it: 'library/ubuntu'."""
        return str(self.facts["repository"])

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is called there."""
        return tuple(self.facts["tags"])

    @functools.cached_property
    def base(self) -> Recipe | None:
        """The image that it is made from, None for a base."""
        return named(self.facts["from"]) if "from" in self.facts else None

    @functools.cached_property
    def steps(self) -> tuple[Step, ...]:
        """What was done on top of the base image."""
        rows = [row for name in self.facts.get("steps", "").split() for row in self.parts[name]]
        return tuple(Step.of(_filled(row, self._values)) for row in rows)

    @functools.cached_property
    def _values(self) -> Mapping[str, str]:
        """What %names% in the steps mean: the image's own facts, the base's search path, a made-up checksum."""
        chance = hashlib.sha256(f"{self.repository} {self.facts['version']}".encode()).hexdigest()
        own = {key: str(value) for key, value in self.facts.items()}
        return {"path": SEARCHED, "sha256": chance, **own}

    @functools.cached_property
    def own_layers(self) -> tuple[LayerRecipe, ...]:
        """The layers that are not its base's."""
        created = str(self.facts["created"])
        if self.base is None:
            return (LayerRecipe(self.key, created, self._plant),)
        layers: list[LayerRecipe] = []
        for step in self.steps:
            if step.fills:
                below = functools.partial(read_text, (*self.base.layers, *layers))
                fill = functools.partial(planting.plant, spec=step.spec, below=below)
                layers.append(LayerRecipe(f"{self.key}/{len(layers) + 1}", created, fill))
        return tuple(layers)

    def _plant(self, tree: Tree) -> None:
        _PLANTS[self.facts["family"]](tree, self.facts)

    @functools.cached_property
    def layers(self) -> tuple[LayerRecipe, ...]:
        """All its layers, lowest first."""
        return (*(self.base.layers if self.base else ()), *self.own_layers)

    @functools.cached_property
    def container_config(self) -> ContainerConfig:
        """What its containers run and how."""
        if self.base is None:
            return ContainerConfig(env=(PATH,), cmd=tuple(self.facts["cmd"]), labels=self._labels())
        config = self.base.container_config
        for step in self.steps:
            config = step.edit(config)
        return config

    @functools.cached_property
    def history(self) -> tuple[History, ...]:
        """How it says it was made."""
        if self.base is None:
            return tuple(self._base_history())
        return (*self.base.history, *(step.history(self.facts["created"]) for step in self.steps))

    def config(self, platform: Platform) -> ImageConfig:
        """The configuration for a platform. (The files are the same for each: they are filler.)"""
        return ImageConfig.new(
            [layer.layer.source.digest for layer in self.layers],
            self.container_config,
            self.history,
            architecture=platform.architecture,
            variant=platform.variant,
            os=platform.os,
            created=self.facts["created"],
            oci=True,
        )

    def _labels(self) -> dict[str, str]:
        labels = {SIMULATED: "true"}
        if self.facts["family"] == "ubuntu":
            labels |= {f"org.opencontainers.image.{key}": value for key, value in self._about()}
        return labels

    def _about(self) -> Iterator[tuple[str, str]]:
        yield "ref.name", "ubuntu"
        yield "version", str(self.facts["version"])

    def _base_history(self) -> Iterator[History]:
        """A base tells of its files, then of what is set on top."""
        created, cmd = self.facts["created"], ",".join(f'"{word}"' for word in self.facts["cmd"])
        if self.facts["family"] == "ubuntu":
            for key, value in self._about():
                line = f"/bin/sh -c #(nop)  LABEL org.opencontainers.image.{key}={value}"
                yield History(created, line, empty_layer=True)
            yield History(created, f"/bin/sh -c #(nop) ADD file:{self.own_layers[0].layer.digest.hex} in / ")
            yield History(created, f"/bin/sh -c #(nop)  CMD [{cmd}]", empty_layer=True)
        elif self.facts["family"] == "debian":
            yield History(created, f"# debian.sh --arch 'amd64' out/ '{self.facts['codename']}'")
        else:
            yield History(created, _SOURCES[self.facts["family"]].format(**self.facts), comment=BUILDKIT)
            yield History(created, f"CMD [{cmd}]", comment=BUILDKIT, empty_layer=True)

    def manifest(self, config: ImageConfig) -> Manifest:
        """The manifest of a configuration of this image."""
        blobs = [layer.layer for layer in self.layers]
        layers = [Descriptor(DOCKER_LAYER_GZIP, blob.digest, blob.size) for blob in blobs]
        return Manifest.new(Descriptor.of(DOCKER_CONFIG, config.raw), layers)


_SOURCES = {
    "alpine": "ADD alpine-minirootfs-{version}-x86_64.tar.gz / # buildkit",
    "oracle": "ADD oraclelinux-{version}-slim-amd64-rootfs.tar.xz / # buildkit",
    "busybox": "BusyBox {version} (glibc)",
    "hello": "COPY hello / # buildkit",
}


def _filled(row: Any, values: Mapping[str, str]) -> Any:
    """A row of a recipe with its %names% replaced, in keys as well."""
    if isinstance(row, str):
        return re.sub(r"%(\w+)%", lambda found: values.get(found[1], found[0]), row)
    if isinstance(row, Mapping):
        return {_filled(key, values): _filled(value, values) for key, value in row.items()}
    return [_filled(each, values) for each in row] if isinstance(row, list) else row


def index_of(manifests: Mapping[Platform, Manifest]) -> Index:
    """The manifest list over the manifests of each platform."""
    rows = tuple(
        Descriptor(manifest.media_type, manifest.digest, len(manifest.raw), platform=platform)
        for platform, manifest in manifests.items()
    )
    return Index(DOCKER_MANIFEST_LIST, rows)


@functools.cache
def recipes_of(name: str) -> tuple[Recipe, ...]:
    """The images of a repository: 'python'."""
    document = load(f"recipes/{name}")
    parts = document.get("parts", {})
    common = {"repository": f"library/{name}", **document.get("common", {})}
    return tuple(Recipe({**common, **row}, parts) for row in document["images"])


def named(reference: str) -> Recipe:
    """The image of a name and a tag: 'debian:12-slim'; without a tag, `latest`."""
    name, _, tag = reference.partition(":")
    return next(recipe for recipe in recipes_of(name) if (tag or "latest") in recipe.tags)


@functools.cache
def recipes() -> tuple[Recipe, ...]:
    """All images of the hub."""
    return tuple(recipe for name in recipe_names() for recipe in recipes_of(name))


__all__ = ["PATH", "PLATFORMS", "Recipe", "index_of", "named", "recipes", "recipes_of"]
