"""`docker push`: an image to a registry, layer by layer (moby, distribution/push_v2.go and xfer/upload.go)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias, TypeVar

from dockerlab.engine.image_context import Auth, ImageContext
from dockerlab.engine.image_pull import PlatformError
from dockerlab.engine.transfers import Progress, Tell, side_by_side
from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.events import Conversation, Event, LayerProgress, Status
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import Layer
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Manifest
from dockerlab.oci.media_types import DOCKER_CONFIG, DOCKER_LAYER_GZIP
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store import Image

T = TypeVar("T")
Pushed: TypeAlias = Mapping[str, Descriptor]
"""What a push leaves in the registry: a manifest for each tag."""

AT_ONCE = 5
"""Layers that are uploaded at the same time (dockerd: max-concurrent-uploads)."""

MOUNTS = 3
"""How many other repositories are asked whether they have a layer (push_v2.go: for layers of average size)."""


@dataclass
class Push:
    """One `docker push`; `run` is the conversation."""

    context: ImageContext
    reference: Reference
    auth: Auth = None
    all_tags: bool = False
    platform: Platform | None = None

    def run(self) -> Conversation[Pushed]:
        """Push a tag, or every tag of the repository that is here; returns what the registry has now."""
        repository = self.reference.repository
        self._check_platform()
        yield Status(f"The push refers to repository [{repository.name}]")
        named = self.context.stores.references.by_name(repository)
        if not named:
            raise NotFoundError(f"An image does not exist locally with the tag: {repository.familiar_name}")
        self.context.client.ping(repository, auth=self.auth)
        pushed = {}
        for reference in self._wanted([name for name, _ in named]):
            pushed[reference.tag or ""] = yield from self._push(reference)
        return pushed

    def _check_platform(self) -> None:
        """Of the one platform that this store keeps of an image, another one can't be pushed."""
        reference = self.reference.with_default_tag()
        image_id = None if self.platform is None else self.context.stores.references.find(reference)
        if image_id is None or self.platform is None:
            return
        actual = self.context.stores.images.get(image_id).config.platform
        if not actual.matches(self.platform):
            raise PlatformError(reference.familiar, self.platform, actual)

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

    def _push(self, reference: Reference) -> Generator[Event, None, Descriptor]:
        stores = self.context.stores
        image = stores.images.get(stores.references.get(reference))
        layers = yield from self._upload(reference, image)
        self._put_config(reference, image)
        manifest = Manifest.new(Descriptor.of(DOCKER_CONFIG, image.config.raw), layers)
        self.context.client.put_manifest(reference, manifest, auth=self.auth)
        yield Status(f"{reference.tag}: digest: {manifest.digest} size: {len(manifest.raw)}")
        exact = replace(reference.repository, digest=manifest.digest)
        if stores.references.find(exact) is None:
            stores.references.add_digest(exact, image.id)
        self.context.note(image, "push", reference.familiar)
        return manifest.descriptor

    def _upload(self, reference: Reference, image: Image) -> Generator[Event, None, list[Descriptor]]:
        """Bring the layers over; told from the top down, returned lowest first."""
        stack = list(reversed(image.stack))
        for stored in stack:
            yield LayerProgress(stored.layer.diff_id.short, "Preparing")
        for stored in stack[AT_ONCE:]:
            yield LayerProgress(stored.layer.diff_id.short, "Waiting")
        layers = {stored.layer.diff_id: stored.layer for stored in stack}
        if self.context.client.is_remote(reference):
            yield from self._bring(reference, layers)
        else:
            for batch in batched(layers, AT_ONCE):
                yield from uploads_last(self._bring(reference, {diff_id: layers[diff_id] for diff_id in batch}))
        return [Descriptor(DOCKER_LAYER_GZIP, one.layer.digest, one.layer.blob.size) for one in image.stack]

    def _bring(self, reference: Reference, layers: Mapping[Digest, Layer]) -> Generator[Event, None, None]:
        """Layers side by side: each is there, or in another repository of the registry, or is uploaded."""
        jobs = {diff_id: partial(self._tried, reference, layer) for diff_id, layer in layers.items()}
        for news in side_by_side(jobs, AT_ONCE, threads=self.context.client.is_remote(reference)):
            if isinstance(news, Event):
                yield news
                continue
            yield LayerProgress(news.key.short, news.value)
            self.context.stores.origins.add(news.key, layers[news.key].digest, reference.name)

    def _tried(self, reference: Reference, layer: Layer, tell: Tell) -> str:
        """The same, of whose errors only the first is told."""
        try:
            return self._brought(reference, layer, tell)
        except DockerlabError as error:
            raise error.first from error

    def _brought(self, reference: Reference, layer: Layer, tell: Tell) -> str:
        """Bring one layer over; returns what is said of it in the end."""
        client, repository, known = self.context.client, reference.repository, self._origins(layer)
        if known and client.has_blob(repository, layer.digest, auth=self.auth):
            return "Layer already exists"
        sources = [each for each in known if each.domain == repository.domain and each.path != repository.path]
        follower = Progress(tell, layer.diff_id.short, "Pushing", layer.tar.size, layer.blob.size)
        source = client.put_blob(
            repository, layer.blob, sources=sources[:MOUNTS], auth=self.auth, follower=follower
        )  # fmt: skip
        return f"Mounted from {source.path}" if source else "Pushed"

    def _origins(self, layer: Layer) -> list[Reference]:
        """The repositories in which these very bytes were seen, newest first."""
        seen = self.context.stores.origins.of(layer.diff_id)
        return [Reference.strict(origin.repository) for origin in seen if origin.digest == layer.digest]

    def _put_config(self, reference: Reference, image: Image) -> None:
        if not self.context.client.has_blob(reference.repository, image.id, auth=self.auth):
            self.context.client.put_blob(reference.repository, Bytes(image.config.raw), auth=self.auth)


def uploads_last(events: Iterable[Event]) -> Iterator[Event]:
    """What is told of layers that need no upload comes first: the others are still under way then."""
    later: list[Event] = []
    for event in events:
        uploaded = isinstance(event, LayerProgress) and event.status in ("Pushing", "Pushed")
        if uploaded:
            later.append(event)
        else:
            yield event
    yield from later


def batched(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """So many at a time."""
    rest = list(items)
    for at in range(0, len(rest), size):
        yield rest[at : at + size]
