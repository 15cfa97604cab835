"""Docker archives, as `docker save` of engine 20.10 writes them and `docker load` takes them (moby, image/tarexport).

One file with the configuration for each image, one directory for each layer with the changeset and a configuration
of the old kind (`v1`), and on top of it manifest.json and, for images with names, repositories. Newer engines, skopeo
and podman name their files otherwise; manifest.json leads to them all the same. Archives older than manifest.json
have only the directories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dockerlab.errors import ArchiveError, InvalidReferenceError, SystemError_
from dockerlab.fs.archive import entries_of, read_tar, tree_of, write_tar
from dockerlab.fs.content import Content
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import Directory, Metadata, Node, Symlink
from dockerlab.oci import fields, gojson
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.reference import Reference
from dockerlab.store.archived import ArchivedImage, Files, plain_file, plain_folder
from dockerlab.store.images import Image
from dockerlab.store.layers import StoredLayer
from dockerlab.store.oci_layout import INDEX, read_layout
from dockerlab.store.v1 import from_legacy, legacy_images

MANIFEST = "manifest.json"
REPOSITORIES = "repositories"
VERSION = b"1.0"
"""Of the old configurations' format."""


@dataclass(frozen=True)
class Selected:
    """An image to be saved, with the names that go along."""

    image: Image
    tags: tuple[Reference, ...] = ()


def write_archive(selected: Sequence[Selected]) -> Content:
    """The archive of these images; the same images always give the same bytes."""
    writer = _Writer({item.image.id for item in selected})
    for item in selected:
        writer.add(item)
    return write_tar(entries_of(writer.tree()))


class _Writer:
    """The tree of an archive in the making."""

    def __init__(self, ids: set[Digest]) -> None:
        self.ids = ids
        self.entries: dict[str, Node] = {}
        self.manifest: list[dict[str, Any]] = []
        self.repositories: dict[str, dict[str, str]] = {}
        self.places: dict[Digest, str] = {}

    def add(self, item: Selected) -> None:
        """Take in one image."""
        image = item.image
        if image.top is None:
            raise SystemError_("empty export - not implemented")
        created = max(image.created, 0)  # as moby, which has no files older than Unix
        legacy = legacy_images(image.config, image.chain_ids)
        for (name, raw), stored in zip(legacy, image.stack, strict=True):
            self._add_layer(name, raw, stored, created)
        self.entries[f"{image.id.hex}.json"] = plain_file(image.config.raw, created)
        for tag in item.tags:
            self.repositories.setdefault(tag.familiar_name, {})[tag.tag or ""] = legacy[-1][0]
        self.manifest.append(
            {
                "Config": f"{image.id.hex}.json",
                "RepoTags": [tag.familiar for tag in item.tags] or None,
                "Layers": [f"{name}/layer.tar" for name, _ in legacy],
                **({"Parent": str(image.parent_id)} if image.parent_id in self.ids else {}),
            }
        )

    def _add_layer(self, name: str, raw: bytes, stored: StoredLayer, created: int) -> None:
        if name in self.entries:
            return
        files = {"VERSION": plain_file(VERSION, created), "json": plain_file(raw, created)}
        # A changeset that stands there already is linked to. (The engine stamps that folder with the time of the
        # save; the image's own time keeps two saves alike.)
        place = self.places.get(stored.layer.diff_id)
        archive = Symlink(Metadata(0o777, mtime=created), place) if place else plain_file(stored.layer.tar, created)
        self.entries[name] = plain_folder({**files, "layer.tar": archive}, created)
        self.places.setdefault(stored.layer.diff_id, f"../{name}/layer.tar")

    def tree(self) -> Directory:
        """All that was taken in, with the two tables of contents, which are stamped with 1970."""
        if self.repositories:
            table = {name: gojson.sort_keys(tags) for name, tags in self.repositories.items()}
            self.entries[REPOSITORIES] = plain_file(gojson.encode(gojson.sort_keys(table)) + b"\n")
        self.entries[MANIFEST] = plain_file(gojson.encode(self.manifest) + b"\n")
        return plain_folder(self.entries)


def read_archive(content: Content) -> tuple[ArchivedImage, ...]:
    """The images in an archive of any kind, compressed or not; `ArchiveError` where it is corrupt or malicious."""
    return read_files(unpack(content))


def unpack(content: Content, place: str = "") -> Files:
    """The archive's files; errors speak of them as files in the folder `place`."""
    return Files(tree_of(read_tar(content)), place)


def read_files(files: Files) -> tuple[ArchivedImage, ...]:
    """The images in an unpacked archive."""
    if MANIFEST in files.tree.entries:
        return tuple(_read_item(files, item) for item in _items(files.document(MANIFEST)))
    if INDEX in files.tree.entries:
        return read_layout(files)
    return _LegacyReader(files).images()


def _items(raw: bytes) -> list[dict[str, Any]]:
    items = gojson.decode(raw, stream=True)
    return (
        []
        if items is None
        else [fields.checked(item, dict, MANIFEST) for item in fields.checked(items, list, MANIFEST)]
    )


def _read_item(files: Files, item: Mapping[str, Any]) -> ArchivedImage:
    config = ImageConfig.parse(files.document(fields.text(item, "Config")))
    check_system(config.os)
    layers = fields.texts(item, "Layers") or ()
    if len(layers) != len(config.rootfs.diff_ids):
        raise ArchiveError(
            f"invalid manifest, layers length mismatch: expected {len(layers)}, got {len(config.rootfs.diff_ids)}"
        )
    parent = fields.text(item, "Parent")
    return ArchivedImage(
        config,
        tuple(files.content(path) for path in layers),
        tuple(_tag(text) for text in fields.texts(item, "RepoTags") or ()),
        Digest(parent) if parent else None,
    )


def _tag(text: str) -> Reference:
    reference = Reference.on_daemon(text)
    if reference.tag is None:
        raise InvalidReferenceError(f'invalid tag "{text}"')
    return reference


def check_system(name: str) -> None:
    """Refuse an image for another operating system."""
    if name not in ("", "linux"):
        raise ArchiveError(f"cannot load {name} image on linux")


class _LegacyReader:
    """Images of an archive without manifest.json: one for each directory, the layers' parents first."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.made: dict[str, ArchivedImage] = {}

    def images(self) -> tuple[ArchivedImage, ...]:
        """All of them, the tagged ones with their names."""
        for name, node in sorted(self.files.tree.entries.items()):
            if isinstance(node, Directory):
                self._make(name)
        names = self._names()
        return tuple(replace(made, tags=tuple(names.get(old_id, ()))) for old_id, made in self.made.items())

    def _make(self, old_id: str) -> ArchivedImage:
        """The image of a directory, after those below it; parents that go round in a circle are an error."""
        waiting: list[tuple[str, bytes, str]] = []
        while old_id and old_id not in self.made:
            raw = self.files.document(f"{old_id}/json")
            source = gojson.decode_object(raw)
            check_system(fields.text(source, "os"))
            waiting.append((old_id, raw, fields.text(source, "parent")))
            old_id = waiting[-1][2]
            if any(old_id == other for other, _, _ in waiting):
                raise ArchiveError(f"invalid archive: image {old_id} is its own parent")
        for name, raw, parent in reversed(waiting):
            self.made[name] = self._image(name, raw, self.made.get(parent))
        return self.made[waiting[0][0] if waiting else old_id]

    def _image(self, old_id: str, raw: bytes, below: ArchivedImage | None) -> ArchivedImage:
        content = self.files.content(f"{old_id}/layer.tar")
        config = from_legacy(raw, below.config if below else None, Layer.from_tar(content).diff_id)
        layers = (*(below.layers if below else ()), content)
        return ArchivedImage(config, layers, parent=below.config.image_id if below else None, silent=True)

    def _names(self) -> dict[str, list[Reference]]:
        names: dict[str, list[Reference]] = {}
        table = gojson.decode_object(self.files.document(REPOSITORIES))
        for name in table:
            for tag, old_id in (fields.text_map(table, name) or {}).items():
                if old_id not in self.made:
                    raise ArchiveError(f"invalid target ID: {old_id}")
                names.setdefault(old_id, []).append(Reference.on_daemon(name).with_tag(tag))
        return names
