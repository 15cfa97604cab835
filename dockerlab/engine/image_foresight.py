"""What `docker rmi NAME` would do, without doing it: the removal itself, on a copy of what the engine keeps.

The rules are those of `image_removal` and `containerd_removal`, since it is they that run; only the stores are copies.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

from dockerlab.engine.events import EventLog
from dockerlab.engine.image_context import ImageContext
from dockerlab.store import Stores


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would happen: names that go, IDs (of images and of layers) that go, bytes of layers set free."""

    untagged: tuple[str, ...]
    deleted: tuple[str, ...]
    freed: int


def foresee(context: ImageContext, name: str, *, force: bool = False) -> Foreseen:
    """What a removal would do; it raises what the removal would raise."""
    shadow = replace(
        context, stores=copied(context.stores), events=EventLog(context.world.clock), held=dict(context.held)
    )
    before = {layer.chain_id: layer.layer.size for layer in shadow.stores.layers}
    records = shadow.ways.removal(shadow, force=force, prune=True).remove(name)
    after = {layer.chain_id for layer in shadow.stores.layers}
    return Foreseen(
        tuple(record["Untagged"] for record in records if "Untagged" in record),
        tuple(record["Deleted"] for record in records if "Deleted" in record),
        sum(size for chain, size in before.items() if chain not in after),
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
