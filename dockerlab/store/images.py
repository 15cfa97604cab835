"""Images by ID: a configuration, and the stack of layers that it names (moby, image/store.go and daemon/images).

An image's ID is the digest of its configuration, or of its target where containerd keeps images. The legacy builder
and commit also note an image's parent, which is no part of the configuration: after save and load it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import EMPTY, Directory
from dockerlab.oci.chain import chain_ids
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ZERO_TIME, ImageConfig
from dockerlab.oci.reference import Reference, parse_any
from dockerlab.store.layers import LayerStore, StoredLayer
from dockerlab.store.references import ReferenceStore
from dockerlab.store.targets import Target
from dockerlab.world import parse_instant


@dataclass(frozen=True, eq=False)
class Image:
    """One image; `top` is its uppermost layer (None: it has none), `last_tagged` in ns since 1970 (None: never).

    `target` is what containerd's image store has of it, None in the classic store.
    """

    config: ImageConfig
    top: StoredLayer | None = None
    parent_id: Digest | None = None
    last_tagged: int | None = None
    target: Target | None = None

    @property
    def id(self) -> Digest:
        """The digest of the configuration, or of the target."""
        return self.target.digest if self.target else self.config.image_id

    @property
    def stack(self) -> tuple[StoredLayer, ...]:
        """Its layers as the store keeps them, lowest first."""
        return self.top.stack if self.top else ()

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Its changesets, lowest first."""
        return tuple(stored.layer for stored in self.stack)

    @property
    def chain_id(self) -> Digest | None:
        """The name of the whole stack."""
        return self.top.chain_id if self.top else None

    @property
    def chain_ids(self) -> tuple[Digest, ...]:
        """The names of the stack's prefixes, lowest first."""
        return tuple(stored.chain_id for stored in self.stack)

    @property
    def tree(self) -> Directory:
        """The merged tree that a container sees at first."""
        return self.top.tree if self.top else EMPTY

    @property
    def size(self) -> int:
        """Bytes of the files in all layers."""
        return self.top.size if self.top else 0

    @property
    def created(self) -> int:
        """When it was made, in nanoseconds since 1970; Go's zero time where nobody says."""
        try:
            return parse_instant(self.config.created or ZERO_TIME)
        except (ValueError, OverflowError):
            return parse_instant(ZERO_TIME)

    def __repr__(self) -> str:
        return f"<Image {self.id.short} of {len(self.stack)} layers>"


Makes: TypeAlias = Callable[[ImageConfig, StoredLayer | None, Digest | None, Target | None], Image]
"""Makes an image of configuration, top layer, parent and, where there is one, the target that it came with."""


def classic_image(config: ImageConfig, top: StoredLayer | None, parent: Digest | None, target: Target | None) -> Image:
    """An image of the classic store, which keeps no targets."""
    return Image(config, top, parent)


class ImageStore:
    """All images of one engine; it holds a reference to each image's layers.

    `make` makes an image of its parts, and so decides by what it is known.
    """

    def __init__(self, layers: LayerStore, references: ReferenceStore, make: Makes = classic_image) -> None:
        self.layers = layers
        self.references = references
        self.make = make
        self._images: dict[Digest, Image] = {}

    def add(
        self,
        config: ImageConfig,
        layers: Sequence[Layer] = (),
        parent: Digest | None = None,
        target: Target | None = None,
    ) -> Image:
        """Keep an image; `layers` may leave out, from below, those that the layer store has already.

        The same image twice is one: the first stays, with its parent. Nothing is kept where a layer is missing or is
        not what the configuration says. `target` is how the image came, where it came from elsewhere.
        """
        _check_history(config)
        image = self.make(config, self._take(config, layers), parent, target)
        known = self._images.setdefault(image.id, image)
        if known is not image and image.top is not None:
            self.layers.release(image.top.chain_id)
        return known

    def _take(self, config: ImageConfig, layers: Sequence[Layer]) -> StoredLayer | None:
        """A reference to the configuration's stack; new layers are registered on their way."""
        diff_ids = config.rootfs.diff_ids
        given = dict(zip(range(len(diff_ids) - len(layers), len(diff_ids)), layers, strict=True))
        top: StoredLayer | None = None
        try:
            for index, chain in enumerate(chain_ids(diff_ids)):
                below = top
                top = self._one(chain, given.get(index), below, index, diff_ids[index])
                if below is not None:
                    self.layers.release(below.chain_id)
        except DockerlabError:
            if top is not None:
                self.layers.release(top.chain_id)
            raise
        return top

    def _one(
        self, chain: Digest, layer: Layer | None, below: StoredLayer | None, index: int, diff_id: Digest
    ) -> StoredLayer:
        if chain in self.layers:
            return self.layers.hold(chain)
        if layer is None:
            raise InvalidParameterError(f"failed to get layer {chain}: layer does not exist")
        if layer.diff_id != diff_id:
            raise InvalidParameterError(
                f'invalid diffID for layer {index}: expected "{diff_id}", got "{layer.diff_id}"'
            )
        return self.layers.register(layer, below.chain_id if below else None)

    def of_config(self, digest: Digest) -> Image | None:
        """An image of that configuration, None where there is none."""
        return next((image for image in self._images.values() if image.config.image_id == digest), None)

    def get(self, image_id: Digest) -> Image:
        """The image of exactly this ID."""
        try:
            return self._images[image_id]
        except KeyError:
            raise NotFoundError(f"No such image: {image_id}") from None

    def find(self, name: str) -> Image:
        """The image that a name, an ID or the beginning of an ID means; names win (moby, ImageService.GetImage)."""
        reference = parse_any(name, Reference.on_daemon)
        if isinstance(reference, Digest):
            return self.get(reference)
        image_id = self.references.find(reference)
        if image_id in self._images:
            return self._images[image_id]
        found = self.search(name)
        if len(found) != 1:
            raise NotFoundError(f"No such image: {reference.with_default_tag().familiar}")
        return found[0]

    def search(self, prefix: str) -> list[Image]:
        """All images whose ID begins so, with or without 'sha256:'."""
        digits = prefix.removeprefix("sha256:")
        return [image for image_id, image in self._images.items() if digits and image_id.hex.startswith(digits)]

    def parent_of(self, image: Image) -> Image | None:
        """The image that this one was made from, where it is still here."""
        return self._images.get(image.parent_id) if image.parent_id is not None else None

    def children(self, image_id: Digest) -> list[Image]:
        """The images that were made from this one, step by step."""
        return [image for image in self._images.values() if image.parent_id == image_id]

    def heads(self) -> list[Image]:
        """The images from which none was made."""
        parents = {image.parent_id for image in self._images.values()}
        return [image for image in self._images.values() if image.id not in parents]

    def set_parent(self, image_id: Digest, parent: Digest | None) -> Image:
        """Note from which image this one was made; both must be here."""
        if parent is not None and parent not in self._images:
            raise NotFoundError(f"unknown parent image ID {parent}")
        return self._replace(replace(self.get(image_id), parent_id=parent))

    def set_last_tagged(self, image_id: Digest, instant: int) -> Image:
        """Note when the image was last given a name."""
        return self._replace(replace(self.get(image_id), last_tagged=instant))

    def _replace(self, image: Image) -> Image:
        self._images[image.id] = image
        return image

    def remove(self, image_id: Digest) -> list[StoredLayer]:
        """Forget an image; its children lose their parent. Returns the layers that went with it, top first."""
        image = self.get(image_id)
        for child in self.children(image_id):
            self._replace(replace(child, parent_id=None))
        del self._images[image_id]
        return self.layers.release(image.top.chain_id) if image.top else []

    def __contains__(self, image_id: object) -> bool:
        return image_id in self._images

    def __iter__(self) -> Iterator[Image]:
        return iter(tuple(self._images.values()))

    def __len__(self) -> int:
        return len(self._images)


def _check_history(config: ImageConfig) -> None:
    """A history may not speak of more layers than there are."""
    told = sum(not step.empty_layer for step in config.history)
    if told > len(config.rootfs.diff_ids):
        raise InvalidParameterError("too many non-empty layers in History section")
