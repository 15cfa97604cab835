"""`docker pull`: an image from a registry, layer by layer (moby, distribution/pull_v2.go and xfer/download.go)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace

from dockerlab.engine.image_context import HOST, Auth, ImageContext
from dockerlab.errors import DigestMismatchError, ForbiddenError, NotFoundError, SystemError_
from dockerlab.events import Conversation, Event, LayerProgress, Status
from dockerlab.fs.content import Content
from dockerlab.fs.layer import Layer
from dockerlab.oci.chain import chain_id
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.media_types import LAYERS
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store import Image

AT_ONCE = 3
"""Layers that are downloaded at the same time (dockerd: max-concurrent-downloads)."""

STEP = 1 << 20
"""After how many bytes progress is told."""


@dataclass
class Pull:
    """One `docker pull`; `run` is the conversation."""

    context: ImageContext
    reference: Reference
    platform: Platform | None = None
    auth: Auth = None
    all_tags: bool = False
    updated: bool = False
    image: Image | None = None

    def run(self) -> Conversation[Image | None]:
        """Pull the tag, the digest, or every tag of the repository; returns the (last) image."""
        self._ask()
        for reference in self._wanted():
            yield from self._pull(reference)
        shown = self.reference.familiar_name if self.all_tags else self.reference.familiar
        what = "Downloaded newer image" if self.updated else "Image is up to date"
        yield Status(f"Status: {what} for {shown}")
        return self.image

    def _ask(self) -> None:
        """Fail where no registry answers."""
        self.context.client.ping(self.reference.repository, auth=self.auth)

    def _wanted(self) -> Sequence[Reference]:
        if not self.all_tags:
            self.reference = self.reference.with_default_tag()
            return [self.reference]
        tags = self.context.client.tags(self.reference.repository, auth=self.auth)
        return [self.reference.with_tag(tag) for tag in tags]

    def _pull(self, reference: Reference) -> Generator[Event, None, None]:
        document = self._manifest(reference)
        shown = str(reference) if reference.digest else reference.tag
        yield Status(f"{shown}: Pulling from {reference.path}")
        manifest = self._select(reference, document)
        image = yield from self._image(reference, document, manifest)
        yield Status(f"Digest: {document.digest}")
        self._name(reference, image, document.digest)
        self.image = image

    def _manifest(self, reference: Reference) -> Manifest | Index:
        """The manifest or index of a name, with moby's words for what goes wrong."""
        try:
            document = self.context.client.get_manifest(reference, auth=self.auth)
        except NotFoundError as error:
            raise NotFoundError(f"manifest for {reference.familiar} not found: {error}") from error
        except ForbiddenError as error:
            asked = f"pull access denied for {reference.familiar_name}"
            raise NotFoundError(f"{asked}, repository does not exist or may require 'docker login': {error}") from error
        if reference.digest is not None and reference.digest != document.digest:
            actual = document.digest
            text = f"manifest verification failed for digest {reference.digest}"
            raise DigestMismatchError(reference.digest, actual, text)
        return document

    def _select(self, reference: Reference, document: Manifest | Index) -> Manifest:
        """The manifest for the wanted platform."""
        if isinstance(document, Index):
            chosen = document.select(self.platform or HOST).digest
            exact = replace(reference.repository, digest=chosen)
            document = self.context.client.get_manifest(exact, auth=self.auth)
        if isinstance(document, Index):
            raise SystemError_("unsupported manifest format: a manifest list in a manifest list")
        return document

    def _image(
        self, reference: Reference, document: Manifest | Index, manifest: Manifest
    ) -> Generator[Event, None, Image]:
        """The image of the manifest that `document` is or leads to: as it is here, or downloaded."""
        images = self.context.stores.images
        if manifest.config.digest in images:
            return images.get(manifest.config.digest)
        return (yield from self._download(reference, manifest))

    def _download(self, reference: Reference, manifest: Manifest) -> Generator[Event, None, Image]:
        config = ImageConfig.parse(self.blob(reference, manifest.config).read())
        self._check(reference, manifest, config)
        layers = yield from _Download(self, reference, manifest, config).run()
        return self.context.stores.images.add(config, layers)

    def _check(self, reference: Reference, manifest: Manifest, config: ImageConfig) -> None:
        if len(manifest.layers) != len(config.rootfs.diff_ids):
            raise SystemError_("number of layers and diffIDs don't match")
        for layer in manifest.layers:
            if layer.media_type not in LAYERS:
                raise SystemError_(f"unsupported media type {layer.media_type}")
        if self.platform is not None and not config.platform.matches(self.platform):
            raise NotFoundError(
                f"image with reference {reference.familiar} was found but does not match the specified platform: "
                f"wanted {self.platform}, actual: {config.platform}"
            )

    def blob(self, reference: Reference, blob: Descriptor) -> Content:
        """A blob of the repository."""
        return self.context.client.get_blob(reference.repository, blob, auth=self.auth)

    def _name(self, reference: Reference, image: Image, digest: Digest) -> None:
        """Give the image its name here, and note by which digest the registry knows it."""
        references = self.context.stores.references
        if references.find(reference) != image.id:
            self.updated = True
        references.add_digest(replace(reference, digest=digest), image.id)
        if reference.digest is None:
            references.add_tag(reference, image.id)
        self.context.note(image, "pull", reference.familiar)


@dataclass
class _Download:
    """The layers of one image, on top of those that are here already."""

    pull: Pull
    reference: Reference
    manifest: Manifest
    config: ImageConfig
    done: dict[int, Content] = field(default_factory=dict)

    def run(self) -> Generator[Event, None, list[Layer]]:
        """Fetch what is missing, in moby's order of events; returns the new layers, lowest first."""
        first = yield from self._skip()
        missing = list(enumerate(self.manifest.layers))[first:]
        for _, layer in missing:
            yield LayerProgress(layer.digest.short, "Pulling fs layer")
        for _, layer in missing[AT_ONCE:]:
            yield LayerProgress(layer.digest.short, "Waiting")
        layers: list[Layer] = []
        for index, descriptor in missing:
            yield from self._fetch_until(index, missing)
            layers.append((yield from self._extract(index, descriptor)))
        return layers

    def _skip(self) -> Generator[Event, None, int]:
        """Tell which layers are here; returns how many they are."""
        stores = self.pull.context.stores
        chain: Digest | None = None
        for index, layer in enumerate(self.manifest.layers):
            diff_id = stores.origins.diff_id(layer.digest)
            chain = chain_id(chain, diff_id) if diff_id else None
            if chain is None or chain not in stores.layers:
                return index
            yield LayerProgress(layer.digest.short, "Already exists")
        return len(self.manifest.layers)

    def _fetch_until(self, wanted: int, missing: list[tuple[int, Descriptor]]) -> Generator[Event, None, None]:
        """Download up to the wanted layer; of those that are under way together the smallest is done first."""
        while wanted not in self.done:
            together = [item for item in missing if item[0] not in self.done][:AT_ONCE]
            for index, layer in sorted(together, key=lambda item: item[1].size):
                self.done[index] = yield from self._fetch(layer)

    def _fetch(self, layer: Descriptor) -> Generator[Event, None, Content]:
        content = self.pull.blob(self.reference, layer)
        for current in (*range(STEP, layer.size, STEP), layer.size):
            yield LayerProgress(layer.digest.short, "Downloading", current, layer.size)
        yield LayerProgress(layer.digest.short, "Verifying Checksum")
        if content.digest != layer.digest:
            text = f"filesystem layer verification failed for digest {layer.digest}"
            raise DigestMismatchError(layer.digest, content.digest, text)
        yield LayerProgress(layer.digest.short, "Download complete")
        return content

    def _extract(self, index: int, descriptor: Descriptor) -> Generator[Event, None, Layer]:
        layer = Layer.from_tar(self.done[index])
        expected = self.config.rootfs.diff_ids[index]
        if layer.diff_id != expected:
            text = "layers from manifest don't match image configuration"
            raise DigestMismatchError(expected, layer.diff_id, text)
        yield LayerProgress(descriptor.digest.short, "Extracting", descriptor.size, descriptor.size)
        self.pull.context.stores.origins.add(layer.diff_id, descriptor.digest, self.reference.name)
        yield LayerProgress(descriptor.digest.short, "Pull complete")
        return layer
