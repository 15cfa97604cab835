"""The images that the legacy builder makes, one for each step, and the one that --squash makes of them."""

from __future__ import annotations

from dataclasses import replace

from dockerlab.build.backend import Backend
from dockerlab.errors import SystemError_
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
