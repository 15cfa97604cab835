"""From a row of images.json to an image: its layer (lazily), its configuration and its manifests.

The digests of the layers are data (digests.json), so that nobody packs 78 MB to learn what a manifest says; a test
computes them anew.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.fs.content import Content
from dockerlab.fs.entry import entries_of
from dockerlab.fs.tar_writer import write_tar
from dockerlab.fs.tree import Directory
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.media_types import DOCKER_CONFIG, DOCKER_LAYER_GZIP, DOCKER_MANIFEST_LIST
from dockerlab.oci.platform import Platform
from dockerlab.registry.catalogue import alpine, busybox, debian
from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import load
from dockerlab.registry.catalogue.deferred import Deferred, PackedLayer
from dockerlab.world import parse_instant

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SIMULATED = "dockerlab.simulated"
PLATFORMS = (Platform("linux", "amd64"), Platform("linux", "arm64", "v8"))

_PLANTS: Mapping[str, Callable[[Tree, Mapping[str, Any]], None]] = {
    "ubuntu": debian.plant,
    "debian": debian.plant,
    "alpine": alpine.plant,
    "busybox": busybox.plant,
    "hello": busybox.plant_hello,
}


@dataclass(frozen=True)
class Recipe:
    """One image of the hub."""

    facts: Mapping[str, Any]

    @property
    def key(self) -> str:
        """By which digests.json knows the image's layer."""
        return str(self.facts["key"])

    @property
    def repository(self) -> str:
        """Where the hub has it: 'library/ubuntu'."""
        return str(self.facts["repository"])

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is called there."""
        return tuple(self.facts["tags"])

    def tree(self) -> Directory:
        """The files, made anew."""
        tree = Tree(parse_instant(self.facts["created"]), self.key)
        _PLANTS[self.facts["family"]](tree, self.facts)
        return tree.done()

    def tar(self) -> Content:
        """The layer's archive, made anew."""
        return write_tar(entries_of(self.tree()))

    @functools.cached_property
    def layer(self) -> PackedLayer:
        """The layer as the hub serves it; made when somebody reads it."""
        known = load("digests")[self.key]
        tar = Deferred(self.tar, known["unpacked"], Digest(known["diff_id"]))
        return PackedLayer(tar, known["size"], Digest(known["digest"]))

    def config(self, platform: Platform) -> ImageConfig:
        """The configuration for a platform. (The files are the same for each: they are filler.)"""
        return ImageConfig.new(
            [self.layer.source.digest],
            ContainerConfig(env=(PATH,), cmd=tuple(self.facts["cmd"]), labels=self._labels()),
            tuple(self._history()),
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

    def _history(self) -> Iterator[History]:
        """How the image says it was made: its files, then what is set on top."""
        created, cmd = self.facts["created"], ",".join(f'"{word}"' for word in self.facts["cmd"])
        if self.facts["family"] == "ubuntu":
            for key, value in self._about():
                line = f"/bin/sh -c #(nop)  LABEL org.opencontainers.image.{key}={value}"
                yield History(created, line, empty_layer=True)
            yield History(created, f"/bin/sh -c #(nop) ADD file:{self.layer.digest.hex} in / ")
            yield History(created, f"/bin/sh -c #(nop)  CMD [{cmd}]", empty_layer=True)
        elif self.facts["family"] == "debian":
            yield History(created, f"# debian.sh --arch 'amd64' out/ '{self.facts['codename']}'")
        else:
            yield History(created, _SOURCES[self.facts["family"]].format(**self.facts), comment=_BUILDKIT)
            yield History(created, f"CMD [{cmd}]", comment=_BUILDKIT, empty_layer=True)

    def manifest(self, config: ImageConfig) -> Manifest:
        """The manifest of a configuration of this image."""
        layer = Descriptor(DOCKER_LAYER_GZIP, self.layer.digest, self.layer.size)
        return Manifest.new(Descriptor.of(DOCKER_CONFIG, config.raw), [layer])


_BUILDKIT = "buildkit.dockerfile.v0"
_SOURCES = {
    "alpine": "ADD alpine-minirootfs-{version}-x86_64.tar.gz / # buildkit",
    "busybox": "BusyBox {version} (glibc)",
    "hello": "COPY hello / # buildkit",
}


def index_of(manifests: Mapping[Platform, Manifest]) -> Index:
    """The manifest list over the manifests of each platform."""
    rows = tuple(
        Descriptor(manifest.media_type, manifest.digest, len(manifest.raw), platform=platform)
        for platform, manifest in manifests.items()
    )
    return Index(DOCKER_MANIFEST_LIST, rows)


@functools.cache
def recipes() -> tuple[Recipe, ...]:
    """All images of the hub."""
    return tuple(Recipe(row) for row in load("images")["images"])
