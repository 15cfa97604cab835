"""`docker push`: an image to a registry, layer by layer (moby, distribution/push_v2.go and xfer/upload.go)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from dockerlab.engine.image_context import Auth, ImageContext
from dockerlab.errors import InvalidParameterError, NotFoundError
from dockerlab.events import Conversation, Event, LayerProgress, Status
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import Layer
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.manifest import Manifest
from dockerlab.oci.media_types import DOCKER_CONFIG, DOCKER_LAYER_GZIP
from dockerlab.oci.reference import Reference
from dockerlab.store import Image, StoredLayer

AT_ONCE = 5
"""Layers that are uploaded at the same time (dockerd: max-concurrent-uploads)."""

STEP = 1 << 20
"""After how many bytes progress is told."""


@dataclass
class Push:
    """One `docker push`; `run` is the conversation."""

    context: ImageContext
    reference: Reference
    auth: Auth = None
    all_tags: bool = False

    def run(self) -> Conversation[None]:
        """Push a tag, or every tag of the repository that is here."""
        repository = self.reference.repository
        yield Status(f"The push refers to repository [{repository.name}]")
        named = self.context.stores.references.by_name(repository)
        if not named:
            raise NotFoundError(f"An image does not exist locally with the tag: {repository.familiar_name}")
        self.context.client.ping(repository, auth=self.auth)
        for reference in self._wanted([name for name, _ in named]):
            yield from self._push(reference)

    def _wanted(self, here: list[Reference]) -> list[Reference]:
        if self.reference.digest is not None:
            raise InvalidParameterError("cannot push a digest reference")
        if self.all_tags:
            tags = [name for name in here if name.digest is None]
            if not tags:
                raise NotFoundError(f"no tags to push for {self.reference.familiar_name}")
            return tags
        reference = self.reference.with_default_tag()
        if reference not in here:
            raise NotFoundError(f"tag does not exist: {reference.familiar}")
        return [reference]

    def _push(self, reference: Reference) -> Generator[Event, None, None]:
        stores = self.context.stores
        image = stores.images.get(stores.references.get(reference))
        layers = yield from self._upload(reference, image)
        self._put_config(reference, image)
        manifest = Manifest.new(Descriptor.of(DOCKER_CONFIG, image.config.raw), layers)
        self.context.client.put_manifest(reference, manifest, auth=self.auth)
        yield Status(f"{reference.tag}: digest: {manifest.digest} size: {len(manifest.raw)}")
        stores.references.add_digest(replace(reference, digest=manifest.digest), image.id)
        self.context.note(image, "push", reference.familiar)

    def _upload(self, reference: Reference, image: Image) -> Generator[Event, None, list[Descriptor]]:
        """Bring the layers over; told from the top down, returned lowest first."""
        stack = list(reversed(image.stack))
        for stored in stack:
            yield LayerProgress(stored.layer.diff_id.short, "Preparing")
        for stored in stack[AT_ONCE:]:
            yield LayerProgress(stored.layer.diff_id.short, "Waiting")
        for at in range(0, len(stack), AT_ONCE):
            yield from self._bring(reference, stack[at : at + AT_ONCE])
        return [Descriptor(DOCKER_LAYER_GZIP, one.layer.digest, one.layer.blob.size) for one in image.stack]

    def _bring(self, reference: Reference, batch: Sequence[StoredLayer]) -> Generator[Event, None, None]:
        """Some layers side by side: what is there, or in another repository of the registry, comes first."""
        missing = []
        for layer in (stored.layer for stored in batch):
            if status := self._existing(reference, layer) or self._mounted(reference, layer):
                yield LayerProgress(layer.diff_id.short, status)
            else:
                missing.append(layer)
        for layer in missing:
            yield from self._send(reference, layer)
        for layer in (stored.layer for stored in batch):
            self.context.stores.origins.add(layer.diff_id, layer.digest, reference.name)

    def _origins(self, layer: Layer) -> list[Reference]:
        """The repositories in which these very bytes were seen, newest first."""
        seen = self.context.stores.origins.of(layer.diff_id)
        return [Reference.strict(origin.repository) for origin in seen if origin.digest == layer.digest]

    def _existing(self, reference: Reference, layer: Layer) -> str | None:
        known = reference.repository in self._origins(layer)
        if known and self.context.client.has_blob(reference.repository, layer.digest, auth=self.auth):
            return "Layer already exists"
        return None

    def _mounted(self, reference: Reference, layer: Layer) -> str | None:
        for source in self._origins(layer):
            if source.domain != reference.domain or source.path == reference.path:
                continue
            if self.context.client.mount_blob(reference.repository, layer.digest, source, auth=self.auth):
                return f"Mounted from {source.path}"
        return None

    def _send(self, reference: Reference, layer: Layer) -> Generator[Event, None, None]:
        size = layer.tar.size
        for current in (*range(STEP, size, STEP), size):
            yield LayerProgress(layer.diff_id.short, "Pushing", current, size)
        self.context.client.put_blob(reference.repository, layer.blob, auth=self.auth)
        yield LayerProgress(layer.diff_id.short, "Pushed")

    def _put_config(self, reference: Reference, image: Image) -> None:
        if not self.context.client.has_blob(reference.repository, image.id, auth=self.auth):
            self.context.client.put_blob(reference.repository, Bytes(image.config.raw), auth=self.auth)
