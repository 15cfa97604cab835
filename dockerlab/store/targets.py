"""What names lead to in containerd's image store: a manifest, or an index of them (containerd, `images.Image.Target`).

There an image is known by the digest of its target, and all that belongs to it is kept as blobs: the target, the
manifests below it, configurations, compressed layers. Docker puts an image of its own making into OCI's formats and
keeps those of others as they came (moby, daemon/containerd; asked of engine 28.5.2 with the containerd image store).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.layer import Layer
from dockerlab.oci import gojson
from dockerlab.oci.descriptor import NOTHING, Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_MANIFEST,
)

BUILDER_INDENT, COMMIT_INDENT = 2, 4
"""How BuildKit and `docker commit` indent what they write; `docker load` and `import` don't."""


@dataclass(frozen=True, slots=True)
class Formats:
    """Media types of one family."""

    manifest: str
    config: str
    layer: str
    layer_gzip: str


OCI = Formats(OCI_MANIFEST, OCI_CONFIG, OCI_LAYER, OCI_LAYER_GZIP)
DOCKER = Formats(DOCKER_MANIFEST, DOCKER_CONFIG, DOCKER_LAYER, DOCKER_LAYER_GZIP)


@dataclass(frozen=True, eq=False)
class Target:
    """One image as containerd has it: `document` is what the name leads to, `manifest` that of this machine's image.

    `blobs` has all that is here of it by digest, itself among it; manifests of other platforms may be missing.
    `annotations` are those of the entry in the archive that it was loaded from.
    """

    document: Manifest | Index
    manifest: Manifest
    blobs: Mapping[Digest, Content]
    annotations: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def digest(self) -> Digest:
        """By which the image is known."""
        return self.document.digest

    @property
    def descriptor(self) -> Descriptor:
        """Of the document."""
        return replace(self.document.descriptor, annotations=self.annotations)

    @property
    def here(self) -> frozenset[Digest]:
        """What this machine's image is made of: the document, the manifest, configuration and layers."""
        return frozenset({self.digest, *self.parts(self.manifest.descriptor)})

    @property
    def manifests(self) -> tuple[Descriptor, ...]:
        """What the document leads to: itself, or an index's entries."""
        return self.document.manifests if isinstance(self.document, Index) else (self.descriptor,)

    def parts(self, descriptor: Descriptor) -> Iterator[Digest]:
        """A manifest with its configuration and layers; nothing of one that is not here."""
        blob = self.blobs.get(descriptor.digest)
        if blob is None:
            return
        yield descriptor.digest
        manifest = parse_manifest(blob.read(), descriptor.media_type)
        if isinstance(manifest, Manifest):
            yield from {part.digest for part in (manifest.config, *manifest.layers)}

    def size_of(self, descriptor: Descriptor) -> int:
        """Bytes of a manifest with its configuration and layers, as far as they are here."""
        return sum(self.blobs[digest].size for digest in self.parts(descriptor) if digest in self.blobs)

    def layer_contents(self) -> Iterator[tuple[Descriptor, Content]]:
        """The image's layers as they are kept, lowest first."""
        return ((layer, self.blobs[layer.digest]) for layer in self.manifest.layers)


def blobs_of(contents: Iterable[Content]) -> dict[Digest, Content]:
    """By digest."""
    return {content.digest: content for content in contents}


def gathered(document: Manifest | Index, manifest: Manifest, find: Callable[[Digest], Content | None]) -> Target:
    """The target of a document with all blobs below it that can be found."""
    blobs = blobs_of([Bytes(document.raw), Bytes(manifest.raw)])
    target = Target(document, manifest, blobs)
    for entry in target.manifests:
        blob = blobs.get(entry.digest) or find(entry.digest)
        if blob is None:
            continue
        blobs[entry.digest] = blob
        blobs.update((digest, part) for digest in target.parts(entry) if (part := find(digest)) is not None)
    return target


def written(document: Manifest | Index, indent: int | None) -> Manifest | Index:
    """The document as one of Docker's tools writes it: what commit makes has the media type first."""
    fields = document.to_json()
    if indent == COMMIT_INDENT:
        fields = {"mediaType": fields["mediaType"], **fields}
    return parse_manifest(gojson.encode(fields, indent=indent), document.media_type)


def packed(
    config: ImageConfig,
    layers: Sequence[tuple[str, Content]],
    formats: Formats = OCI,
    indent: int | None = COMMIT_INDENT,
) -> Target:
    """The target of a manifest alone: the configuration, and the layers (media type, bytes) as they are kept."""
    described = [Descriptor(kind, content.digest, content.size) for kind, content in layers]
    manifest = written(Manifest.new(_config(config, formats), described, formats.manifest), indent)
    assert isinstance(manifest, Manifest)
    contents = (Bytes(manifest.raw), Bytes(config.raw), *(content for _, content in layers))
    return Target(manifest, manifest, blobs_of(contents))


def _config(config: ImageConfig, formats: Formats) -> Descriptor:
    return Descriptor.of(formats.config, config.raw)


def indexed(target: Target, entries: Sequence[Descriptor], contents: Iterable[Content]) -> Target:
    """The target of an index over a manifest; `contents` are the further blobs that its entries lead to."""
    index = written(Index(OCI_INDEX, tuple(entries)), BUILDER_INDENT)
    return replace(target, document=index, blobs={**target.blobs, **blobs_of((*contents, Bytes(index.raw)))})


class LayerBlobs:
    """In which bytes each layer is kept: as it came, else packed with gzip when it is made part of an image."""

    def __init__(self) -> None:
        self._blobs: dict[Digest, tuple[str, Content]] = {}

    def note(self, config: ImageConfig, target: Target) -> None:
        """Remember the bytes of an image's layers by their diff IDs."""
        for diff_id, (descriptor, content) in zip(config.rootfs.diff_ids, target.layer_contents(), strict=True):
            self._blobs[diff_id] = (descriptor.media_type, content)

    def of(self, layer: Layer) -> tuple[str, Content]:
        """A layer's bytes, and their media type as they came."""
        known = self._blobs.get(layer.diff_id)
        return known if known is not None else (OCI.layer_gzip, layer.blob)

    def converted(self, layer: Layer) -> tuple[str, Content]:
        """The same with OCI's names, as BuildKit has it."""
        kind, content = self.of(layer)
        return _OCI_NAMES.get(kind, kind), content


_OCI_NAMES = {DOCKER_LAYER: OCI_LAYER, DOCKER_LAYER_GZIP: OCI_LAYER_GZIP}
