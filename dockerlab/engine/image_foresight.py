"""What `docker rmi NAME` or `docker image prune` would do, without doing it: the real thing, on a copy of the stores.

The rules are those of `image_removal` and `containerd_removal`, since it is they that run; only the stores are copies.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dockerlab.engine.events import EventLog
from dockerlab.engine.image_context import Filters, ImageContext
from dockerlab.store import Stores


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would happen: names that go, IDs (of images and of layers) that go, bytes of layers set free."""

    untagged: tuple[str, ...]
    deleted: tuple[str, ...]
    freed: int


def foresee(context: ImageContext, name: str, *, force: bool = False) -> Foreseen:
    """What a removal would do; it raises what the removal would raise."""
    shadow = shadow_of(context)
    return _seen(context, shadow, shadow.ways.removal(shadow, force=force, prune=True).remove(name))


def foresee_prune(context: ImageContext, filters: Filters) -> Foreseen:
    """What `docker image prune` would do: with `dangling=false` that of `-a`."""
    shadow = shadow_of(context)
    report = shadow.ways.prune(shadow, filters)
    return replace(_seen(context, shadow, report["ImagesDeleted"] or []), freed=report["SpaceReclaimed"])


def shadow_of(context: ImageContext, **changed: Any) -> ImageContext:
    """A context for trying things out; `changed` are those of its parts that are to be others."""
    stores, held = copied(context.stores), dict(context.held)
    return replace(context, stores=stores, events=EventLog(context.world.clock), held=held, **changed)


def _seen(before: ImageContext, after: ImageContext, records: Sequence[Mapping[str, str]]) -> Foreseen:
    left = {layer.chain_id for layer in after.stores.layers}
    return Foreseen(
        tuple(record["Untagged"] for record in records if "Untagged" in record),
        tuple(record["Deleted"] for record in records if "Deleted" in record),
        sum(layer.layer.size for layer in before.stores.layers if layer.chain_id not in left),
    )


def copied(stores: Stores) -> Stores:
    """A copy whose names, images and counts of layers are its own; contents, which nobody changes, are shared."""
    shared: list[object] = [stores.blobs, stores.volumes, stores.origins]
    for owner in (stores.layers, *stores.layers):
        # What is called back belongs to the engine, which is not to be copied along.
        shared += [value for value in vars(owner).values() if callable(value)]
    for stored in stores.layers:
        shared += [stored.layer, *([stored.__dict__["tree"]] if "tree" in stored.__dict__ else [])]
    for image in stores.images:
        shared += [image.config, image.target]
    return copy.deepcopy(stores, {id(each): each for each in shared})
