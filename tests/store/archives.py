"""What the tests of the store share: recorded archives, small made ones, a store to load them into."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from dockerlab.events import Event
from dockerlab.fs.archive import Entry, entries_of, read_tar, tree_of, write_tar
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import insert
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.reference import Reference
from dockerlab.store import Image, Stores
from dockerlab.store.archived import plain_file
from dockerlab.store.docker_archive import Selected, read_archive, write_archive
from dockerlab.store.loading import load

DATA = Path(__file__).parent / "data"
ENGINE = ["busybox-1.35", "engine-20.10-legacy-builder", "engine-20.10-buildkit", "engine-20.10-equal-layers"]
"""Archives that the real engine saved."""


def packed(name: str) -> Content:
    """A recorded archive as it is kept: gzipped."""
    return Bytes((DATA / f"{name}.tar.gz").read_bytes())


def recorded(name: str) -> Content:
    """A recorded archive as it was written."""
    return Bytes(gzip.decompress(packed(name).read()))


def loaded(content: Content) -> tuple[Stores, list[Event]]:
    """Fresh stores with the archive's images, and what loading told."""
    stores = Stores()
    return stores, list(load(stores, read_archive(content), quiet=True))


def layer(**files: bytes) -> Layer:
    """A layer with these files."""
    return Layer.of(Entry(name, content=Bytes(data)) for name, data in files.items())


def image(stores: Stores, *layers: Layer, name: str = "", parent: Image | None = None, **config: object) -> Image:
    """An image of these layers, kept under a name."""
    steps = [History("2026-11-23T09:00:00Z", f"step {number}") for number, _ in enumerate(layers)]
    made = ImageConfig.new(
        [each.diff_id for each in layers], ContainerConfig(), steps, created="2026-11-23T09:00:00Z", **config
    )
    kept = stores.images.add(made, layers, parent.id if parent else None)
    if name:
        stores.references.add_tag(Reference.parse(name), kept.id)
    return kept


def save(stores: Stores, *names: str) -> Content:
    """The archive of images by name."""
    references = [Reference.parse(name) for name in names]
    images = [stores.images.get(stores.references.get(reference)) for reference in references]
    return write_archive([Selected(kept, (name,)) for kept, name in zip(images, references, strict=True)])


def document(content: Content, path: str) -> object:
    """A JSON file of an archive."""
    found = next(entry for entry in read_tar(content) if entry.path == path)
    return json.loads(found.content.read())


def changed(content: Content, **files: bytes | None) -> Content:
    """The archive with files replaced (None: taken out); '__' in a name stands for a slash."""
    tree = tree_of(read_tar(content))
    for name, data in files.items():
        path = name.replace("__", "/")
        entries = {key: node for key, node in tree.entries.items() if key != path}
        tree = type(tree)(tree.meta, entries) if data is None else insert(tree, path, plain_file(data))
    return write_tar(entries_of(tree))
