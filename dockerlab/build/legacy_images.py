"""The images that the legacy builder makes, one for each step, and how it finds them again.

Its cache is the image store: a step is cached when an image was built on the same parent by a container of the same
configuration (moby, image/cache). The first miss in a stage ends the cache for the rest of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dockerlab.build.backend import Backend
from dockerlab.build.cache import Facts, Memory
from dockerlab.errors import SystemError_
from dockerlab.events import CacheDecision, Conversation
from dockerlab.fs.layer import Layer, squash
from dockerlab.fs.tree import EMPTY
from dockerlab.oci.chain import chain_ids
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.store.images import Image
from dockerlab.world import format_instant


def child_config(
    parent: ImageConfig,
    made_in: ContainerConfig,
    config: ContainerConfig,
    layer: Layer,
    *,
    created: str,
    author: str = "",
    container: str = "",
    docker_version: str = "",
) -> ImageConfig:
    """The configuration of an image that adds a layer, if it holds anything, to its parent (moby, NewChildImage)."""
    empty = not layer.entries
    step = History(created, " ".join(made_in.cmd or ()), author, empty_layer=empty)
    rootfs = parent.rootfs if empty else parent.rootfs.append(layer.diff_id)
    return ImageConfig(
        architecture=parent.architecture,
        os=parent.os,
        variant=parent.variant,
        config=config,
        container_config=made_in,
        rootfs=rootfs,
        history=(*parent.history, step),
        created=created,
        author=author,
        container=container,
        docker_version=docker_version,
    )


@dataclass
class LegacyCache:
    """Looks for a step among the images that were built on the same parent."""

    backend: Backend
    memory: Memory
    disabled: bool = False
    busted: bool = field(default=False, init=False)

    def next_stage(self) -> None:
        """Every stage begins with a cache."""
        self.busted = False

    def probe(self, key: str, facts: Facts, config: ContainerConfig) -> Conversation[Image | None]:
        """The cached image of a step, told as an event with its reason."""
        if self.disabled or self.busted:
            reason = "--no-cache" if self.disabled else self.memory.explain(facts)
            yield CacheDecision(key, False, reason)
            return None
        image = _match(self.backend.children(facts.parent), config)
        if image is None:
            self.busted = True
            yield CacheDecision(key, False, self.memory.explain(facts))
        else:
            yield CacheDecision(key, True, "nothing that it depends on has changed", image.id)
        return image


def _match(siblings: Sequence[Image], config: ContainerConfig) -> Image | None:
    """The newest of the images that a container of this configuration made."""
    found = [image for image in siblings if _same(image.config.container_config, config)]
    return max(found, key=lambda image: image.created, default=None)


def _same(made_in: ContainerConfig | None, config: ContainerConfig) -> bool:
    """Whether two configurations count as one for the cache (moby, image/cache/compare.go)."""
    if made_in is None:
        return False
    return all(
        (getattr(made_in, name) or ()) == (getattr(config, name) or ())
        for name in ("user", "cmd", "env", "entrypoint", "exposed_ports", "volumes")
    ) and dict(made_in.labels) == dict(config.labels)


def squash_image(backend: Backend, image: Image, base: Image | None) -> Image:
    """The image with all layers that are above its base made one (`docker build --squash`)."""
    below = base.config.rootfs.diff_ids if base else ()
    config = image.config
    if len(config.rootfs.diff_ids) == len(below) or config.rootfs.diff_ids[: len(below)] != below:
        parent = chain_ids(below)[-1] if below else ""
        raise SystemError_(
            f"error squashing image: error getting tar stream to parent: layer ID '{parent}' is not a parent of the "
            "specified layer: cannot provide diff to non-parent"
        )
    layer = squash(image.layers[len(below) :], base.tree if base else EMPTY, backend.clock.now)
    now = format_instant(backend.clock.tick())
    comment = f"merge {image.id} to {base.id}" if base else f"create new from {image.id}"
    told = len(base.config.history) if base else 0
    history = [replace(step, empty_layer=True) if at >= told else step for at, step in enumerate(config.history)]
    squashed = replace(
        config,
        rootfs=(base.config.rootfs if base else replace(config.rootfs, diff_ids=())).append(layer.diff_id),
        history=(*history, History(created=now, comment=comment)),
        created=now,
    )
    layers = (*(base.layers if base else ()), layer)
    return backend.add_image(squashed, layers, None)
