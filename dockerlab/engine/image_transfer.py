"""Images in archives: save, load, import (moby, image/tarexport and daemon/images/image_import.go)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from dockerlab.build.backend import Product
from dockerlab.engine.image_context import VERSION, ImageContext
from dockerlab.errors import ArchiveError, InvalidParameterError, NotFoundError, SystemError_
from dockerlab.events import Conversation
from dockerlab.fs.content import Content
from dockerlab.fs.layer import Layer
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.platform import HOST
from dockerlab.oci.reference import Reference, parse_any
from dockerlab.store import Image
from dockerlab.store.archived import ArchivedImage
from dockerlab.store.docker_archive import Selected, read_files, unpack, write_archive
from dockerlab.store.loading import Loading
from dockerlab.world import format_instant

UNPACKED = "/var/lib/docker/tmp/docker-import-{number}"
"""Where the engine unpacks an archive; a real one's number is drawn at random."""


class Selection:
    """Which images `docker save` means by its arguments, each once, with the names that go along."""

    def __init__(self, context: ImageContext) -> None:
        self.context = context
        self.chosen: dict[Digest, Selected] = {}

    def add(self, name: str) -> None:
        """Take in an argument: an ID or its beginning, a repository (all its tags), a name with tag or digest."""
        reference = parse_any(name, Reference.on_daemon)
        if isinstance(reference, Digest):
            self._choose(self._exactly(reference))
        elif reference.familiar_name == "sha256":
            self._choose(self._beginning(name))
        elif reference.is_name_only:
            self._add_repository(name, reference)
        else:
            self._choose(self.context.stores.references.get(reference), reference)

    def _exactly(self, image_id: Digest) -> Digest:
        if image_id not in self.context.stores.images:
            raise NotFoundError(self.context.no_content(image_id))
        return image_id

    def _beginning(self, prefix: str) -> Digest:
        found = self.context.stores.images.search(prefix)
        if not found:
            raise NotFoundError(f"No such image: {prefix}")
        if len(found) > 1:
            raise SystemError_("ambiguous digest string")
        return found[0].id

    def _add_repository(self, name: str, reference: Reference) -> None:
        named = self.context.stores.references.by_name(reference)
        for tag, image_id in named:
            self._choose(image_id, tag)
        if not named:
            self._choose(self._beginning(name))

    def _choose(self, image_id: Digest, tag: Reference | None = None) -> None:
        chosen = self.chosen.get(image_id) or Selected(self.context.stores.images.get(image_id))
        if tag is not None and tag.digest is None and tag not in chosen.tags:
            chosen = replace(chosen, tags=(*chosen.tags, tag))
        self.chosen[image_id] = chosen


def save_images(context: ImageContext, names: Sequence[str]) -> Content:
    """The archive of the images; nothing where one of the names is wrong."""
    selection = Selection(context)
    for name in names:
        selection.add(name)
    for selected in selection.chosen.values():
        context.note(selected.image, "save")
    return write_archive(list(selection.chosen.values()))


def load_images(context: ImageContext, content: Content, *, quiet: bool) -> Conversation[list[Image]]:
    """Take over all images of an archive, or none; returns them."""
    loading = Loading(context.stores, _read(content), quiet)
    yield from loading.events()
    for image in loading.images:
        context.note(image, "load")
    return loading.images


def _read(content: Content) -> Sequence[ArchivedImage]:
    """What an archive holds; one that can't be unpacked is told as the daemon tells it, whose helper failed."""
    try:
        files = unpack(content, UNPACKED.format(number=int(content.digest.hex[:8], 16)))
    except ArchiveError as error:
        raise _untar_failed(error) from error
    return read_files(files)


def _untar_failed(error: ArchiveError) -> ArchiveError:
    return ArchiveError(f"Error processing tar file(exit status 1): {error}")


def export_image(context: ImageContext, product: Product) -> Generator[str, None, str]:
    """Keep what BuildKit has made, under its names; tells what is done, returns the image's ID."""
    yield "exporting layers"
    image = context.stores.images.add(product.config, product.layers)
    yield f"writing image {image.id}"
    for tag in product.tags:
        context.tag(image, tag)
        yield f"naming to {tag}"
    return str(image.id)


def import_image(
    context: ImageContext, content: Content, name: Reference | None, changes: Sequence[str], message: str
) -> Image:
    """An image of one layer: the files of the archive."""
    config = context.changes(ContainerConfig(), changes)
    try:
        layer = Layer.from_tar(content)
    except ArchiveError as error:
        raise _untar_failed(error) from error
    created = format_instant(context.world.clock.tick())
    image = ImageConfig.new(
        [layer.diff_id],
        config,
        [History(created=created, comment=message)],
        architecture=HOST.architecture,
        comment=message,
        container_config=ContainerConfig(),
        created=created,
        docker_version=VERSION,
    )
    stored = context.stores.images.add(image, [layer])
    if name is not None:
        context.tag(stored, name)
    context.note(stored, "import")
    return stored


def import_name(repository: str, tag: str) -> Reference | None:
    """The name that an import is given; None for none."""
    if not repository:
        return None
    reference = Reference.on_daemon(repository)
    if reference.digest is not None:
        raise InvalidParameterError("cannot import digest reference")
    return reference.with_tag(tag) if tag else reference.with_default_tag()
