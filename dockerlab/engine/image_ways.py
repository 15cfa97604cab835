"""How each kind of image store goes about what `docker image …` asks: one table for each, chosen by the release.

All that both do alike stands in the modules that these come from (`image_list`, `image_pull`, …) and takes what is not
alike from the table, by way of the images' context.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from dockerlab.build.backend import Product
from dockerlab.engine import (
    containerd_build,
    containerd_list,
    containerd_removal,
    containerd_transfer,
    image_list,
    image_removal,
    image_transfer,
    image_usage,
)
from dockerlab.engine.containerd_pull import ContainerdPull
from dockerlab.engine.containerd_push import ContainerdPush
from dockerlab.engine.image_context import Filters, ImageContext
from dockerlab.engine.image_pull import Pull
from dockerlab.engine.image_push import Push
from dockerlab.events import Conversation
from dockerlab.fs.content import Content
from dockerlab.release import ImageKeeping
from dockerlab.store import Image, StoredLayer, Stores
from dockerlab.store.containerd import containerd_stores

Row: TypeAlias = dict[str, Any]


class Loads(Protocol):
    """`docker load`."""

    def __call__(self, context: ImageContext, content: Content, *, quiet: bool) -> Conversation[list[Image]]:
        """Take over all images of an archive, or none; returns them."""


class Ways(NamedTuple):
    """What one kind of image store does in its own way; each field is what the modules above call it."""

    stores: Callable[[], Stores]
    summary: Callable[[ImageContext, Image, Sequence[str], Sequence[str]], Row]
    inspect: Callable[[ImageContext, str], Row]
    layer_size: Callable[[StoredLayer], int]
    usage: Callable[[ImageContext], Row]
    pull: type[Pull]
    push: type[Push]
    removal: type[image_removal.Removal] | type[containerd_removal.ContainerdRemoval]
    prune: Callable[[ImageContext, Filters], Row]
    save: Callable[[ImageContext, Sequence[str]], Content]
    load: Loads
    export: Callable[[ImageContext, Product], Generator[str, None, str]]


WAYS: Mapping[ImageKeeping, Ways] = {
    ImageKeeping.GRAPH_DRIVER: Ways(
        stores=Stores,
        summary=image_list.summary,
        inspect=image_list.inspect_image,
        layer_size=image_list.layer_size,
        usage=image_usage.image_usage,
        pull=Pull,
        push=Push,
        removal=image_removal.Removal,
        prune=image_removal.prune_images,
        save=image_transfer.save_images,
        load=image_transfer.load_images,
        export=image_transfer.export_image,
    ),
    ImageKeeping.CONTAINERD: Ways(
        stores=containerd_stores,
        summary=containerd_list.summary,
        inspect=containerd_list.inspect_image,
        layer_size=containerd_list.layer_usage,
        usage=containerd_list.image_usage,
        pull=ContainerdPull,
        push=ContainerdPush,
        removal=containerd_removal.ContainerdRemoval,
        prune=containerd_removal.prune_images,
        save=containerd_transfer.save_images,
        load=containerd_transfer.load_images,
        export=containerd_build.export_image,
    ),
}
"""By what keeps the images."""
