"""`docker pull`: an image from a registry, layer by layer (moby, distribution/pull_v2.go and xfer/download.go)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from dockerlab.engine.image_context import Auth, ImageContext
from dockerlab.engine.transfers import Done, Progress, Tell, gone_through, side_by_side
from dockerlab.errors import DigestMismatchError, DockerlabError, ForbiddenError, NotFoundError, SystemError_
from dockerlab.events import Conversation, Event, LayerProgress, Status
from dockerlab.fs.content import Content
from dockerlab.fs.layer import Layer
from dockerlab.oci.chain import chain_id
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.media_types import LAYERS
from dockerlab.oci.platform import HOST, Platform
from dockerlab.oci.reference import Reference
from dockerlab.registry.wire import NOBODY, Follower
from dockerlab.store import Image

AT_ONCE = 3
"""Layers that are downloaded at the same time (dockerd: max-concurrent-downloads)."""


class PlatformError(NotFoundError):
    """An image that is there, but for another platform."""

    def __init__(self, name: str, wanted: Platform, actual: Platform) -> None:
        found = f"image with reference {name} was found but does not match the specified platform"
        super().__init__(f"{found}: wanted {wanted}, actual: {actual}")
        self.wanted, self.actual = wanted, actual


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
        yield from self._warned()
        return self.image

    def _warned(self) -> Iterator[Event]:
        """An image of one platform is pulled for any; who asked for another one is told so.

        What is looked at is the name alone, whatever tag was pulled (asked of engine 20.10).
        """
        name = self.reference.repository
        image_id = self.context.stores.references.find(name.with_default_tag()) if self.platform else None
        if self.platform is None or image_id is None:
            return
        actual = self.context.stores.images.get(image_id).config.platform
        if not actual.matches(self.platform):
            yield Status(f"WARNING: {PlatformError(name.familiar, self.platform, actual)}")

    def _ask(self) -> None:
        """Fail where no registry answers."""
        self.context.client.ping(self.reference.repository, auth=self.auth)

    def _wanted(self) -> Sequence[Reference]:
        if not self.all_tags:
            self.reference = self.reference.with_default_tag()
            if self.reference.digest is not None:
                self.reference = self.reference.without_tag()
            return [self.reference]
        try:
            tags = self.context.client.tags(self.reference.repository, auth=self.auth)
        except DockerlabError as error:
            raise self._no_tags(error.first) from error
        return [self.reference.with_tag(tag) for tag in tags]

    def _pull(self, reference: Reference) -> Generator[Event, None, None]:
        found = self._resolve(reference)
        shown = str(reference) if reference.digest else reference.tag
        image = self._known(reference, found.digest)
        document = None if image else self._manifest(reference, found)
        yield Status(f"{shown}: Pulling from {reference.path}")
        if image is None:
            assert document is not None, "what is not known here was asked for"
            manifest = self._select(reference, document)
            image = yield from self._image(reference, document, manifest)
        yield Status(f"Digest: {found.digest}")
        self._name(reference, image, found.digest)
        self.image = image

    def _no_tags(self, error: DockerlabError) -> DockerlabError:
        if isinstance(error, NotFoundError):
            return NotFoundError(f"repository {self.reference.familiar_name} not found: {error}")
        return self._refused(error, self.reference)

    def _resolve(self, reference: Reference) -> Descriptor:
        """What a name means now, with moby's words for what goes wrong."""
        try:
            return self.context.client.resolve(reference, auth=self.auth)
        except DockerlabError as error:
            raise self._refused(error, reference) from error

    def _known(self, reference: Reference, digest: Digest) -> Image | None:
        """The image that this repository has under the digest, if it was pulled before: nothing more need be asked."""
        image_id = self.context.stores.references.find(replace(reference.repository, digest=digest))
        image = None if image_id is None else self.context.stores.images.get(image_id)
        return image if image is not None and image.config.platform.matches(self.platform or HOST) else None

    def _manifest(self, reference: Reference, found: Descriptor) -> Manifest | Index:
        """The manifest or index of a digest."""
        try:
            return self.context.client.get_manifest(replace(reference.repository, digest=found.digest), auth=self.auth)
        except DockerlabError as error:
            raise self._refused(error, reference) from error

    @staticmethod
    def _refused(error: DockerlabError, reference: Reference) -> DockerlabError:
        """Of several errors the first is told."""
        error = error.first
        if isinstance(error, NotFoundError):
            return NotFoundError(f"manifest for {reference.familiar} not found: {error}")
        if isinstance(error, ForbiddenError):
            asked = f"pull access denied for {reference.familiar_name}"
            return NotFoundError(f"{asked}, repository does not exist or may require 'docker login': {error}")
        return error

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
        self._check(manifest, config)
        layers = yield from _Download(self, reference, manifest, config).run()
        return self.context.stores.images.add(config, layers)

    def _check(self, manifest: Manifest, config: ImageConfig) -> None:
        if len(manifest.layers) != len(config.rootfs.diff_ids):
            raise SystemError_("number of layers and diffIDs don't match")
        for layer in manifest.layers:
            if layer.media_type not in LAYERS:
                raise SystemError_(f"unsupported media type {layer.media_type}")

    def blob(self, reference: Reference, blob: Descriptor, follower: Follower = NOBODY) -> Content:
        """A blob of the repository."""
        return self.context.client.get_blob(reference.repository, blob, auth=self.auth, follower=follower)

    def fetch(self, reference: Reference, layer: Descriptor, tell: Tell) -> Content:
        """A layer's blob, told of while it is on its way."""
        return self.blob(reference, layer, Progress(tell, layer.digest.short, "Downloading", layer.size))

    def _name(self, reference: Reference, image: Image, digest: Digest) -> None:
        """Give the image its name here, and note by which digest the registry knows it."""
        references = self.context.stores.references
        if references.find(reference) != image.id:
            self.updated = True
        exact = replace(reference.repository, digest=digest)
        if references.find(exact) is None:  # an index means the platform that was pulled first
            references.add_digest(exact, image.id)
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
    done: dict[int, Layer | DockerlabError] = field(default_factory=dict)

    def run(self) -> Generator[Event, None, list[Layer]]:
        """Fetch what is missing, in moby's order of events; returns the new layers, lowest first."""
        first = yield from self._skip()
        missing = list(enumerate(self.manifest.layers))[first:]
        for _, layer in missing:
            yield LayerProgress(layer.digest.short, "Pulling fs layer")
        for _, layer in missing[AT_ONCE:]:
            yield LayerProgress(layer.digest.short, "Waiting")
        layers: list[Layer] = []
        for news in self._news(missing):
            if isinstance(news, Event):
                yield news
                continue
            self.done[news.key] = news.value
            while self._is_time(len(missing)) and first + len(layers) in self.done:
                layers.append((yield from self._extract(first + len(layers))))
        return layers

    def _is_time(self, count: int) -> bool:
        """Whether layers may be unpacked now: within the lab those that would travel together arrive together."""
        remote = self.pull.context.client.is_remote(self.reference)
        return remote or len(self.done) % AT_ONCE == 0 or len(self.done) == count

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

    def _news(self, missing: Sequence[tuple[int, Descriptor]]) -> Iterator[Event | Done[int, Layer | DockerlabError]]:
        """The layers on their way. Within the lab the smallest of those that would travel together comes first."""
        remote = self.pull.context.client.is_remote(self.reference)
        order = list(missing) if remote else list(_by_size(missing))
        jobs = {index: partial(self._fetched, layer) for index, layer in order}
        return side_by_side(jobs, AT_ONCE, threads=remote)

    def _fetched(self, layer: Descriptor, tell: Tell) -> Layer | DockerlabError:
        """The layer, or what is wrong with it, which is told when its turn comes to be unpacked."""
        short = layer.digest.short
        try:
            content = self.pull.fetch(self.reference, layer, tell)
        except DigestMismatchError:
            tell(LayerProgress(short, "Verifying Checksum"))
            raise
        tell(LayerProgress(short, "Verifying Checksum"))
        tell(LayerProgress(short, "Download complete"))
        try:
            unpacked = Layer.from_tar(content)
            _ = unpacked.diff_id
        except DockerlabError as error:
            return error
        return unpacked

    def _extract(self, index: int) -> Generator[Event, None, Layer]:
        layer, descriptor = self.done[index], self.manifest.layers[index]
        if isinstance(layer, DockerlabError):
            raise layer
        expected = self.config.rootfs.diff_ids[index]
        if layer.diff_id != expected:
            text = "layers from manifest don't match image configuration"
            raise DigestMismatchError(expected, layer.diff_id, text)
        yield from gone_through(descriptor.digest.short, "Extracting", descriptor.size)
        self.pull.context.stores.origins.add(layer.diff_id, descriptor.digest, self.reference.name)
        yield LayerProgress(descriptor.digest.short, "Pull complete")
        return layer


def _by_size(missing: Sequence[tuple[int, Descriptor]]) -> Iterator[tuple[int, Descriptor]]:
    """As they would come in if all bytes took the same time."""
    for at in range(0, len(missing), AT_ONCE):
        yield from sorted(missing[at : at + AT_ONCE], key=lambda item: item[1].size)
