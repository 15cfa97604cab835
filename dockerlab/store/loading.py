"""Taking archived images into the stores: all of them or, where one is unfit, none (moby, image/tarexport/load.go).

A layer that the store has already is not read again, so that a wrong one in an archive goes unnoticed then; moby does
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dockerlab.errors import ArchiveError, DockerlabError, SystemError_
from dockerlab.events import Event, ImageLoaded, LayerProgress, Status
from dockerlab.fs.archive import decompress
from dockerlab.fs.content import Content
from dockerlab.fs.layer import Layer
from dockerlab.oci.chain import chain_ids
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference
from dockerlab.store import Stores
from dockerlab.store.archived import ArchivedImage
from dockerlab.store.images import Image
from dockerlab.store.references import check_tag

GZIP_MAGIC = b"\x1f\x8b"

STEP = 1 << 19
"""After how many bytes of a layer progress is told."""


@dataclass
class Loading:
    """One run of `docker load`; iterate over `events` to the end, then `images` has what was loaded."""

    stores: Stores
    archived: Sequence[ArchivedImage]
    quiet: bool = False
    images: list[Image] = field(default_factory=list)
    _layers: dict[Digest, Layer] = field(default_factory=dict)

    def events(self) -> Iterator[Event]:
        """Check everything, then take it over at once: progress by layer, clashes of names, what was loaded."""
        self._check_parents()
        for archived in self.archived:
            yield from self._read(archived)
        yield from self._take_over()

    def _check_parents(self) -> None:
        """Refuse parents that lead round in a circle."""
        parents = {image.id: image.parent_id for image in self.stores.images}
        parents |= {archived.config.image_id: archived.parent for archived in self.archived if archived.parent}
        for archived in self.archived:
            seen = {archived.config.image_id}
            above = archived.parent
            while above is not None:
                if above in seen:
                    raise ArchiveError(f"invalid archive: image {above} is its own parent")
                seen.add(above)
                above = parents.get(above)

    def _take_over(self) -> list[Event]:
        self._keep_all()
        told: list[Event] = []
        for image, archived in zip(self.images, self.archived, strict=True):
            for tag in archived.tags:
                told += self._name(image, tag)
                told += [] if archived.silent else [ImageLoaded(str(image.id), tag.familiar)]
        self._link()
        last = self.archived[-1] if self.archived else None
        if last is not None and not last.tags and not last.silent:
            told += [ImageLoaded(str(image.id)) for image in self.images]
        return told

    def _keep_all(self) -> None:
        """Keep the images; where one can't be kept, those before it go again."""
        fresh: list[Image] = []
        try:
            for archived in self.archived:
                count = len(self.stores.images)
                self.images.append(self._keep(archived))
                fresh += self.images[-1:] if len(self.stores.images) > count else []
        except DockerlabError:
            for image in fresh:
                self.stores.images.remove(image.id)
            raise

    def _read(self, archived: ArchivedImage) -> Iterator[Event]:
        """Unpack the layers that are missing, and compare them with what the configuration says."""
        for tag in archived.tags:
            check_tag(tag)
        diff_ids = archived.config.rootfs.diff_ids
        for index, chain in enumerate(chain_ids(diff_ids)):
            if chain in self.stores.layers or chain in self._layers:
                continue
            layer = _layer_of(archived.layers[index])
            if layer.diff_id != diff_ids[index]:
                raise ArchiveError(
                    f'invalid diffID for layer {index}: expected "{diff_ids[index]}", got "{layer.diff_id}"'
                )
            self._layers[chain] = layer
            if not self.quiet:
                yield from _progress(layer)

    def _keep(self, archived: ArchivedImage) -> Image:
        chain = chain_ids(archived.config.rootfs.diff_ids)
        known = sum(1 for name in chain if name in self.stores.layers)
        layers = [self._layers[name] for name in chain[known:]]
        return self.stores.images.add(archived.config, layers, target=archived.target)

    def _name(self, image: Image, tag: Reference) -> Iterator[Event]:
        before = self.stores.references.find(tag)
        if before not in (None, image.id):
            yield Status(
                f"The image {tag.familiar} already exists, renaming the old one with ID {before} to empty string"
            )
        self.stores.references.add_tag(tag, image.id)

    def _link(self) -> None:
        """Note parents, where both images came with the same archive."""
        here = {image.id for image in self.images}
        for image, archived in zip(self.images, self.archived, strict=True):
            if archived.parent in here and archived.parent != image.id:
                self.stores.images.set_parent(image.id, archived.parent)


def _layer_of(content: Content) -> Layer:
    """The layer of an archive; how it was packed is kept only where registries take it so."""
    return Layer.from_tar(content if content.read(0, 2) == GZIP_MAGIC else decompress(content))


def _progress(layer: Layer) -> Iterator[Event]:
    size = layer.tar.size
    for done in range(STEP, size, STEP):
        yield LayerProgress(layer.diff_id.short, "Loading layer", done, size)
    yield LayerProgress(layer.diff_id.short, "Loading layer", size, size)


def load(stores: Stores, archived: Sequence[ArchivedImage], *, quiet: bool = False) -> Iterator[Event]:
    """Take the images over, telling what happens."""
    if any(len(image.config.rootfs.diff_ids) != len(image.layers) for image in archived):
        raise SystemError_("invalid manifest, layers length mismatch")
    return Loading(stores, archived, quiet).events()
