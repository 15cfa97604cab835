"""OCI image layouts both ways: blobs by digest, and an index of what is meant (OCI image-spec, image-layout.md).

Layers are written gzipped, as registries have them. A name stands in the index's annotations: the tag as
org.opencontainers.image.ref.name, the whole name as io.containerd.image.name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dockerlab.errors import ArchiveError, DigestMismatchError, InvalidReferenceError
from dockerlab.fs.archive import entries_of, write_tar
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.tree import Directory, Node
from dockerlab.oci import gojson
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import INDEXES, MANIFESTS, OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store.archived import ArchivedImage, Files, plain_file, plain_folder
from dockerlab.store.images import Image
from dockerlab.store.targets import gathered

INDEX = "index.json"
LAYOUT = "oci-layout"
REF_NAME = "org.opencontainers.image.ref.name"
IMAGE_NAME = "io.containerd.image.name"
MAX_NESTING = 8
"""Indexes in indexes, at most."""


def oci_manifest(image: Image) -> Manifest:
    """The OCI manifest of an image whose layers are gzipped."""
    config = Descriptor.of(OCI_CONFIG, image.config.raw)
    layers = (Descriptor(OCI_LAYER_GZIP, layer.digest, layer.blob.size) for layer in image.layers)
    return Manifest.new(config, layers, OCI_MANIFEST)


def layout_of(images: Iterable[tuple[Image, tuple[Reference, ...]]]) -> Directory:
    """The layout's folder for images with their names; an image without a name is listed without annotations."""
    blobs: dict[str, Node] = {}
    listed: list[Descriptor] = []
    for image, tags in images:
        manifest = oci_manifest(image)
        contents = [Bytes(manifest.raw), Bytes(image.config.raw), *(layer.blob for layer in image.layers)]
        blobs.update((content.digest.hex, plain_file(content)) for content in contents)
        named = replace(manifest.descriptor, platform=image.config.platform)
        listed += [replace(named, annotations=annotations_of(tag)) for tag in tags] or [named]
    return plain_folder(
        {
            "blobs": plain_folder({"sha256": plain_folder(blobs)}),
            INDEX: plain_file(Index(OCI_INDEX, tuple(listed)).raw),
            LAYOUT: plain_file(gojson.encode({"imageLayoutVersion": "1.0.0"})),
        }
    )


def write_layout(images: Iterable[tuple[Image, tuple[Reference, ...]]]) -> Content:
    """The layout as a tar archive."""
    return write_tar(entries_of(layout_of(images)))


def annotations_of(tag: Reference) -> Mapping[str, str]:
    """What an index's entry says about the name of what it leads to."""
    return {IMAGE_NAME: str(tag), REF_NAME: tag.tag or ""}


def read_layout(files: Files) -> tuple[ArchivedImage, ...]:
    """The images for this platform that the layout lists; every blob must be what its digest says."""
    index = parse_manifest(files.document(INDEX), OCI_INDEX)
    if not isinstance(index, Index):
        raise ArchiveError(f"{INDEX} is not an image index")
    found: dict[Digest, ArchivedImage] = {}
    for descriptor in index.manifests:
        image = _image(files, descriptor)
        if image is not None:
            known = found.get(descriptor.digest, image)
            tags = (*known.tags, *(tag for tag in _tags(descriptor) if tag not in known.tags))
            found[descriptor.digest] = replace(known, tags=tags)
    return tuple(found.values())


def _image(files: Files, listed: Descriptor) -> ArchivedImage | None:
    descriptor = listed
    for _ in range(MAX_NESTING):
        if descriptor.media_type in MANIFESTS:
            return _from_manifest(files, descriptor, listed)
        if descriptor.media_type not in INDEXES:
            return None
        inner = parse_manifest(_blob(files, descriptor).read(), descriptor.media_type)
        if not isinstance(inner, Index):
            raise ArchiveError(f"{descriptor.digest} is not an image index")
        descriptor = inner.select(Platform())
    raise ArchiveError(f"{INDEX}: too many indexes in one another")


def _from_manifest(files: Files, descriptor: Descriptor, listed: Descriptor) -> ArchivedImage | None:
    manifest = parse_manifest(_blob(files, descriptor).read(), descriptor.media_type)
    if not isinstance(manifest, Manifest) or manifest.artifact_type:
        return None
    config = ImageConfig.parse(_blob(files, manifest.config).read())
    if len(manifest.layers) != len(config.rootfs.diff_ids):
        raise ArchiveError(
            f"invalid manifest, layers length mismatch: expected {len(manifest.layers)}, "
            f"got {len(config.rootfs.diff_ids)}"
        )
    document = parse_manifest(_blob(files, listed).read(), listed.media_type)
    target = gathered(document, manifest, lambda digest: files.find(f"blobs/{digest.algorithm}/{digest.hex}"))
    target = replace(target, annotations=listed.annotations)
    return ArchivedImage(config, tuple(_blob(files, layer) for layer in manifest.layers), target=target)


def _blob(files: Files, descriptor: Descriptor) -> Content:
    content = files.content(f"blobs/{descriptor.digest.algorithm}/{descriptor.digest.hex}")
    digest = content.digest_in(descriptor.digest.algorithm)
    if content.size != descriptor.size or digest != descriptor.digest:
        raise DigestMismatchError(descriptor.digest, digest)
    return content


def _tags(descriptor: Descriptor) -> Iterator[Reference]:
    """The name that an entry's annotations give; a bare tag alone names no repository."""
    name = descriptor.annotations.get(IMAGE_NAME) or descriptor.annotations.get(REF_NAME, "")
    try:
        reference = Reference.parse(name)
    except InvalidReferenceError:
        return
    if reference.tag and reference.digest is None:
        yield reference
