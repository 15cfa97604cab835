"""Layers of the hub's images: known by their digests (digests.json), made when somebody reads them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dockerlab.fs.content import Content
from dockerlab.fs.entry import entries_of
from dockerlab.fs.tar_writer import write_tar
from dockerlab.fs.tree import Directory, File, lookup
from dockerlab.oci.digest import Digest
from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import load
from dockerlab.registry.catalogue.deferred import Deferred, PackedLayer
from dockerlab.world import parse_instant


@dataclass(frozen=True, eq=False)
class LayerRecipe:
    """One layer: its name in digests.json, the moment of its files, and who plants them."""

    key: str
    created: str
    plant: Callable[[Tree], None]

    def tree(self) -> Directory:
        """The files."""
        return _grown(self)

    def tar(self) -> Content:
        """The archive, made anew."""
        return write_tar(entries_of(self.tree()))

    @functools.cached_property
    def layer(self) -> PackedLayer:
        """The layer as the hub serves it."""
        diff_id, unpacked, digest, size = load("digests")[self.key]
        return PackedLayer(Deferred(self.tar, unpacked, Digest(diff_id)), size, Digest(digest))


@functools.lru_cache(maxsize=16)
def _grown(layer: LayerRecipe) -> Directory:
    """Kept for a while: the layers above one read its lists of packages and of users."""
    tree = Tree(parse_instant(layer.created), layer.key)
    layer.plant(tree)
    return tree.done()


def read_text(layers: Sequence[LayerRecipe], path: str) -> str:
    """A text file as a stack of layers has it, '' where it has none."""
    for layer in reversed(layers):
        node = lookup(layer.tree(), path)
        if isinstance(node, File):
            return node.content.read().decode()
    return ""
