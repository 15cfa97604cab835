"""Layers by chain ID, counted by who refers to them (moby, layer/layer_store.go).

A stored layer is a changeset on a certain stack below it; the same changeset on another stack is another stored
layer. Each refers to the one below, images and containers refer to the top of their stack; what nobody refers to any
more goes away, from the top down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from operator import attrgetter

from dockerlab.errors import NotFoundError, SystemError_
from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.snapshotter import layer_usage
from dockerlab.fs.tree import EMPTY, Directory
from dockerlab.oci.chain import chain_id
from dockerlab.oci.digest import Digest

MAX_DEPTH = 125
"""Layers on one another, at most (moby, layer.maxLayerDepth)."""


def cache_id(name: str) -> str:
    """The name of a storage driver's directory: moby draws it at random, here it follows from what is in it."""
    return Digest.of(f"cache {name}".encode()).hex


class StoredLayer:
    """A changeset on the stack below it."""

    def __init__(self, layer: Layer, parent: StoredLayer | None, measure: Callable[[Layer], int]) -> None:
        self.layer = layer
        self._measure = measure
        self.parent = parent
        self.chain_id: Digest = chain_id(parent.chain_id if parent else None, layer.diff_id)
        self.depth: int = parent.depth + 1 if parent else 1
        self.references = 0
        self.between = 0
        """Bytes of the snapshot between it and the one below, where it is a container's: its init layer."""

    @property
    def stack(self) -> tuple[StoredLayer, ...]:
        """This layer and all below it, lowest first."""
        below: list[StoredLayer] = []
        layer: StoredLayer | None = self
        while layer is not None:
            below.append(layer)
            layer = layer.parent
        return tuple(reversed(below))

    @cached_property
    def tree(self) -> Directory:
        """The merged tree of the stack; made from the nearest layer below that has one already."""
        missing: list[StoredLayer] = [self]
        while (below := missing[-1].parent) is not None and "tree" not in below.__dict__:
            missing.append(below)
        tree = missing[-1].parent.tree if missing[-1].parent else EMPTY
        for stored in reversed(missing):
            tree = apply(stored.layer, tree)
            stored.__dict__["tree"] = tree
        return tree

    @cached_property
    def size(self) -> int:
        """Bytes of the files in the whole stack, layer by layer, as `docker images` counts them."""
        return self.own_size + (self.parent.size if self.parent else 0)

    @cached_property
    def own_size(self) -> int:
        """Bytes of its own files, as `docker history` counts them."""
        return self._measure(self.layer)

    @cached_property
    def usage(self) -> int:
        """Bytes of the blocks that it takes by itself, unpacked by a snapshotter."""
        return layer_usage(self.layer)

    @property
    def cache_id(self) -> str:
        """The directory in which a storage driver would keep it."""
        return cache_id(self.chain_id)

    def __repr__(self) -> str:
        return f"<StoredLayer {self.chain_id.short} on {self.parent.chain_id.short if self.parent else 'nothing'}>"


class LayerStore:
    """All layers of one engine.

    `measure` says how many bytes a layer has (storage drivers count them in their ways), `noted` hears of each new one.
    """

    def __init__(self) -> None:
        self._layers: dict[Digest, StoredLayer] = {}
        self.measure: Callable[[Layer], int] = attrgetter("size")
        self.noted: Callable[[StoredLayer], None] = lambda stored: None

    def register(self, layer: Layer, parent: Digest | None = None) -> StoredLayer:
        """Keep a layer on top of a stack, and take a reference to it; the same one twice is kept once."""
        below = None if parent is None else self.get(parent)
        if below is not None and below.depth >= MAX_DEPTH:
            raise SystemError_("max depth exceeded")
        stored = StoredLayer(layer, below, self.measure)
        known = self._layers.setdefault(stored.chain_id, stored)
        known.references += 1
        if known is stored:
            self.noted(stored)
            if below is not None:
                below.references += 1
        return known

    def get(self, chain: Digest) -> StoredLayer:
        """The top layer of a stack; `NotFoundError` where it is not here."""
        try:
            return self._layers[chain]
        except KeyError:
            raise NotFoundError("layer does not exist") from None

    def find(self, chain: Digest) -> StoredLayer | None:
        """The top layer of a stack, None where it is not here."""
        return self._layers.get(chain)

    def hold(self, chain: Digest) -> StoredLayer:
        """Take one more reference."""
        stored = self.get(chain)
        stored.references += 1
        return stored

    def release(self, chain: Digest) -> list[StoredLayer]:
        """Give a reference back; returns the layers that went away by it, top first."""
        removed: list[StoredLayer] = []
        layer: StoredLayer | None = self.get(chain)
        while layer is not None:
            layer.references -= 1
            if layer.references > 0:
                break
            del self._layers[layer.chain_id]
            removed.append(layer)
            layer = layer.parent
        return removed

    def __contains__(self, chain: object) -> bool:
        return chain in self._layers

    def __iter__(self) -> Iterator[StoredLayer]:
        return iter(tuple(self._layers.values()))

    def __len__(self) -> int:
        return len(self._layers)
