"""Images in archives where containerd keeps them: save writes an OCI layout, load takes one or an older archive.

The layout's index names each target as often as it has names; `manifest.json` beside it is for older engines (moby,
daemon/containerd: image_exporter; asked of engine 28.5.2 with the containerd image store).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dockerlab.engine.containerd_list import target_of
from dockerlab.engine.image_context import ImageContext
from dockerlab.errors import ArchiveError
from dockerlab.events import Conversation, Event, ImageLoaded
from dockerlab.fs.archive import entries_of, write_tar
from dockerlab.fs.content import Content, content_of
from dockerlab.fs.tree import File, Metadata, Node
from dockerlab.oci import gojson
from dockerlab.oci.descriptor import NOTHING, Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index
from dockerlab.oci.media_types import OCI_INDEX
from dockerlab.oci.reference import Reference, parse_any
from dockerlab.store import Image
from dockerlab.store.archived import ArchivedImage, plain_file, plain_folder
from dockerlab.store.docker_archive import MANIFEST, read_files, unpack
from dockerlab.store.loading import GZIP_MAGIC, Loading
from dockerlab.store.oci_layout import INDEX, LAYOUT, annotations_of, read_layout
from dockerlab.store.targets import DOCKER, Target, packed

READ_ONLY = Metadata(0o444)
"""Of blobs."""


@dataclass(frozen=True)
class _Named:
    """An image to be saved, under one name or none."""

    image: Image
    name: Reference | None

    @property
    def descriptor(self) -> Descriptor:
        """As the index has it."""
        named = annotations_of(self.name) if self.name else NOTHING
        return replace(target_of(self.image).descriptor, annotations=named)


def save_images(context: ImageContext, names: Sequence[str]) -> Content:
    """The archive of the images; nothing where one of the names is wrong."""
    chosen = list(dict.fromkeys(named for name in names for named in _meant(context, name)))
    images = {named.image.id: named.image for named in chosen}
    for image in images.values():
        context.note(image, "save")
    index = Index(OCI_INDEX, tuple(named.descriptor for named in chosen))
    layout: dict[str, Node] = {
        "blobs": plain_folder({kind: plain_folder(blobs) for kind, blobs in _blobs(images.values()).items()}),
        INDEX: plain_file(index.raw),
        MANIFEST: plain_file(gojson.encode([_item(image, chosen) for image in images.values()])),
        LAYOUT: File(READ_ONLY, content_of(gojson.encode({"imageLayoutVersion": "1.0.0"}))),
    }
    nobodys = (replace(entry, uname="", gname="") for entry in entries_of(plain_folder(layout)))
    return write_tar(nobodys, typed=False)


def _meant(context: ImageContext, name: str) -> Iterator[_Named]:
    """What an argument of `docker save` means: an ID, a name, or all tags of a repository."""
    reference = parse_any(name, Reference.on_daemon)
    if not isinstance(reference, Digest) and reference.is_name_only:
        tags = [(tag, image_id) for tag, image_id in context.stores.references.by_name(reference) if tag.tag]
        if tags:
            yield from (_Named(context.stores.images.get(image_id), tag) for tag, image_id in tags)
            return
    image = context.find(name)
    by_name = not isinstance(reference, Digest) and context.stores.references.find(reference) is not None
    yield _Named(image, reference.with_default_tag() if by_name and not isinstance(reference, Digest) else None)


def _blobs(images: Iterable[Image]) -> dict[str, dict[str, Node]]:
    """By algorithm and digits."""
    contents = {digest: blob for image in images for digest, blob in target_of(image).blobs.items()}
    found: dict[str, dict[str, Node]] = {}
    for digest in sorted(contents):
        found.setdefault(digest.algorithm, {})[digest.hex] = File(READ_ONLY, contents[digest])
    return found


def _item(image: Image, chosen: Sequence[_Named]) -> Mapping[str, Any]:
    """An image in `manifest.json`."""
    manifest = target_of(image).manifest
    names = [each.name.familiar for each in chosen if each.image.id == image.id and each.name and each.name.tag]
    return {
        "Config": _place(manifest.config.digest),
        "RepoTags": names or None,
        "Layers": [_place(layer.digest) for layer in manifest.layers],
    }


def _place(digest: Digest) -> str:
    return f"blobs/{digest.algorithm}/{digest.hex}"


class ContainerdLoading(Loading):
    """One run of `docker load`: each name is told, and the ID of what has none; nothing of names that move."""

    def _take_over(self) -> list[Event]:
        self._keep_all()
        told: list[Event] = []
        for image, archived in zip(self.images, self.archived, strict=True):
            for tag in archived.tags:
                self.stores.references.add_tag(tag, image.id)
                told.append(ImageLoaded(str(image.id), tag.familiar))
            told += [] if archived.tags else [ImageLoaded(str(image.id))]
        return told


def load_images(context: ImageContext, content: Content, *, quiet: bool) -> Conversation[list[Image]]:
    """Take over all images of an archive, or none; returns them."""
    loading = ContainerdLoading(context.stores, _read(content), quiet)
    yield from loading.events()
    for image in loading.images:
        context.note(image, "load")
    return loading.images


def _read(content: Content) -> Sequence[ArchivedImage]:
    """What an archive holds: a layout, or what an older engine has saved, which is put into manifests as it is."""
    try:
        files = unpack(content)
    except ArchiveError as error:
        raise ArchiveError("unexpected EOF") from error
    if INDEX in files.tree.entries:
        return read_layout(files)
    if MANIFEST in files.tree.entries:
        return [replace(image, target=_manifest_of(image)) for image in read_files(files)]
    raise ArchiveError("unrecognized image format")


def _manifest_of(image: ArchivedImage) -> Target:
    """The manifest that containerd makes of an image in an old archive: Docker's kind, the layers as they came."""
    kinds = [DOCKER.layer_gzip if layer.read(0, 2) == GZIP_MAGIC else DOCKER.layer for layer in image.layers]
    target = packed(image.config, list(zip(kinds, image.layers, strict=True)), DOCKER, indent=None)
    return replace(target, annotations=annotations_of(image.tags[0])) if image.tags else target
