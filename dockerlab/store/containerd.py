"""containerd's image store: images known by their targets, names that are digest references as well.

What it has otherwise than the classic store is said here once: how an image is made of its parts, and what its names
are (moby, daemon/containerd; asked of engine 28.5.2 with the containerd image store).
"""

from __future__ import annotations

from dataclasses import replace

from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.reference import Reference
from dockerlab.store import Stores
from dockerlab.store.images import Image
from dockerlab.store.layers import StoredLayer
from dockerlab.store.references import ReferenceStore
from dockerlab.store.targets import LayerBlobs, Target, packed


class TargetNames(ReferenceStore):
    """Names of targets. Every tag stands for `repository@digest` too, since the target's digest is the image's ID."""

    def find(self, reference: Reference) -> Digest | None:
        """What a name means; a digest reference is as good as a tag of that repository on that very image."""
        found = super().find(reference)
        if found is None and reference.digest is not None:
            return next((each for _, each in self.by_name(reference) if each == reference.digest), None)
        return found

    def stored(self, image_id: Digest) -> list[Reference]:
        """The names that were given, without those that follow from them."""
        return super().of(image_id)

    def of(self, image_id: Digest) -> list[Reference]:
        """All names of an image, those that follow from others among them."""
        given = self.stored(image_id)
        follow = {replace(name, tag=None, digest=image_id) for name in given}
        return sorted({*given, *follow}, key=str)


class TargetImages:
    """Makes images with targets: those they came with, else new ones."""

    def __init__(self) -> None:
        self.blobs = LayerBlobs()

    def __call__(
        self, config: ImageConfig, top: StoredLayer | None, parent: Digest | None, target: Target | None
    ) -> Image:
        """An image of these parts; without a target it is one of Docker's own making.

        Its own configuration still says in which container it was made, as the legacy builder's cache needs to know.
        """
        if target is None:
            stack = top.stack if top else ()
            target = packed(slim(config), [self.blobs.of(stored.layer) for stored in stack])
        self.blobs.note(config, target)
        return Image(config, top, parent, target=target)


def slim(config: ImageConfig) -> ImageConfig:
    """A configuration without what only the classic store writes: the container that it was made in, and by whom."""
    if not (config.container or config.container_config or config.docker_version or config.comment or not config.oci):
        return config
    settings = replace(config.config, on_build=config.config.on_build or ())
    return replace(
        config, config=settings, container="", container_config=None, docker_version="", comment="", oci=True
    )


def containerd_stores() -> Stores:
    """The stores of an engine whose images containerd keeps."""
    return Stores(references=TargetNames(), make_image=TargetImages())
