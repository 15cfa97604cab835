"""`docker commit`: an image of a container's writable layer on its image (moby, daemon/commit.go)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dockerlab.engine.image_context import VERSION, ImageContext
from dockerlab.errors import FileSystemError, NotFoundError, SystemError_
from dockerlab.fs.layer import Layer
from dockerlab.oci.image import History, RootFS
from dockerlab.oci.reference import Reference
from dockerlab.runtime.container import Container
from dockerlab.store.images import Image
from dockerlab.world import format_instant

MERGED = "/var/lib/docker/overlay2/{id}/merged"


@dataclass(frozen=True)
class Commit:
    """What `docker commit` was told besides the container."""

    name: Reference | None = None
    author: str = ""
    message: str = ""
    changes: Sequence[str] = ()


def commit(images: ImageContext, container: Container, wanted: Commit) -> Image:
    """Make the image. A container that changed nothing adds no layer, only a line to the history."""
    base = container.image
    if base.config.rootfs.diff_ids and base.id not in images.stores.images:
        raise NotFoundError(_gone(images, base))
    settings = images.changes(container.config, wanted.changes)
    layer = _writable_layer(container)
    created = format_instant(images.world.clock.tick())
    step = History(
        created=created,
        created_by=" ".join(container.config.cmd or ()),
        author=wanted.author,
        comment=wanted.message,
        empty_layer=layer is None,
    )
    below = base.config.rootfs.diff_ids
    config = replace(
        base.config,
        created=created,
        author=wanted.author,
        comment=wanted.message,
        container=container.id,
        container_config=container.config,
        config=settings,
        docker_version=VERSION,
        rootfs=RootFS((*below, layer.diff_id) if layer else below),
        history=(*base.config.history, step),
        oci=False,
    )
    image = images.stores.images.add(config, [layer] if layer else [], base.id if below else None)
    if layer is not None:
        images.note_container(image, base)
    if wanted.name is not None:
        images.tag(image, wanted.name)
    return image


def _gone(images: ImageContext, base: Image) -> str:
    """What is said of a container whose image is not here any more."""
    if base.target is not None:
        return f"NotFound: content digest {base.target.manifest.digest}: not found"
    return images.no_content(base.id)


def _writable_layer(container: Container) -> Layer | None:
    """The changes; None where there are none."""
    try:
        layer = container.files.upper_layer()
    except FileSystemError as error:
        # A file whose name looks like a whiteout can't be told apart from one.
        where = MERGED.format(id=container.id)
        raise SystemError_(f"open {where}{error.path}: {error.strerror.lower()}") from error
    return layer if any(True for _ in layer.entries) else None
