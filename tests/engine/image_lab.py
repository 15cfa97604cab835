"""What the tests of images share: an engine's images over small stores, with a registry that is a dictionary."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from dockerlab.engine.images import Images, ImageUser
from dockerlab.errors import DigestMismatchError, NotFoundError, UnavailableError
from dockerlab.events import Event, LayerProgress, Status
from dockerlab.fs.archive import Entry
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.layer import Layer
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.reference import Reference
from dockerlab.registry.wire import NOBODY, Follower
from dockerlab.store import Image, Stores
from dockerlab.world import World, format_instant

T = TypeVar("T")


@dataclass
class FakeRegistry:
    """Registries by host; what is asked of them is noted in `asked`."""

    hosts: set[str] = field(default_factory=lambda: {"localhost:5005"})
    manifests: dict[tuple[str, str], Manifest | Index] = field(default_factory=dict)
    blobs: dict[tuple[str, Digest], Content] = field(default_factory=dict)
    found: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def is_remote(self, repository: Reference) -> bool:
        return False

    def ping(self, repository: Reference, *, auth: Any = None) -> None:
        if repository.domain not in self.hosts:
            raise UnavailableError(f'Get "https://{repository.domain}/v2/": dial tcp: no such host')

    def tags(self, repository: Reference, *, auth: Any = None) -> Sequence[str]:
        return [tag for name, tag in self.manifests if name == repository.name and not tag.startswith("sha256:")]

    def resolve(self, reference: Reference, *, auth: Any = None) -> Descriptor:
        return self.get_manifest(reference, auth=auth).descriptor

    def get_manifest(self, reference: Reference, *, auth: Any = None) -> Manifest | Index:
        try:
            return self.manifests[reference.name, reference.digest or reference.tag or ""]
        except KeyError:
            raise NotFoundError("manifest unknown: manifest unknown") from None

    def get_blob(
        self, repository: Reference, blob: Descriptor, *, auth: Any = None, follower: Follower = NOBODY
    ) -> Content:
        self.asked.append(f"get {blob.digest.short}")
        content = self.blobs[repository.name, blob.digest]
        follower.moved(content.size)
        if content.digest != blob.digest:
            text = f"filesystem layer verification failed for digest {blob.digest}"
            raise DigestMismatchError(blob.digest, content.digest, text)
        return content

    def has_blob(self, repository: Reference, digest: Digest, *, auth: Any = None) -> bool:
        return (repository.name, digest) in self.blobs

    def mount_blob(self, repository: Reference, digest: Digest, source: Reference, *, auth: Any = None) -> bool:
        content = self.blobs.get((source.name, digest))
        if content is not None:
            self.blobs[repository.name, digest] = content
        return content is not None

    def put_blob(
        self,
        repository: Reference,
        content: Content,
        *,
        digest: Digest | None = None,
        sources: Sequence[Reference] = (),
        auth: Any = None,
        follower: Follower = NOBODY,
    ) -> Reference | None:
        digest = digest or content.digest
        source = next((each for each in sources if (each.name, digest) in self.blobs), None)
        self.blobs[repository.name, digest] = content
        if source is None:
            follower.moved(content.size)
        return source

    def put_manifest(self, reference: Reference, manifest: Manifest | Index, *, auth: Any = None) -> Digest:
        for name in (reference.tag or "", manifest.digest):
            self.manifests[reference.name, name] = manifest
        return manifest.digest

    def search(self, term: str, limit: int) -> list[dict[str, Any]]:
        self.asked.append(f"search {term} {limit}")
        return self.found


class Bench:
    """An engine's images with what they stand on."""

    def __init__(self, registry: FakeRegistry | None = None) -> None:
        self.world = World()
        self.registry = registry or FakeRegistry()
        self.users: dict[Digest, list[ImageUser]] = {}
        self.images = Images(
            self.world, Stores(), self.registry, containers_using=lambda image_id: self.users.get(image_id, [])
        )
        self.stores = self.images.stores

    def make(self, *steps: str | None, name: str = "", chain: bool = True) -> Image:
        """An image of steps as the legacy builder makes it: a layer with that file each, None for a setting.

        With `chain` every step is an image of its own, and the next one's parent.
        """
        image: Image | None = None
        for number in range(1, len(steps) + 1):
            if chain or number == len(steps):
                image = self._step(steps[:number], image)
        assert image is not None
        if name:
            self.stores.references.add_tag(Reference.parse(name), image.id)
        return image

    def _step(self, steps: Sequence[str | None], parent: Image | None) -> Image:
        layers = [Layer.of([Entry(step, content=Bytes(step.encode()))]) for step in steps if step]
        created = format_instant(self.world.clock.tick())
        earlier = tuple(History(created, f"step {step}", empty_layer=step is None) for step in steps[:-1])
        history = parent.config.history if parent else earlier
        last = History(created, f"step {steps[-1]}", empty_layer=steps[-1] is None)
        config = ImageConfig.new(
            [layer.diff_id for layer in layers], ContainerConfig(cmd=("sh",)), [*history, last], created=created
        )
        return self.stores.images.add(config, layers, parent.id if parent else None)

    def use(self, image: Image, container_id: str = "c" * 64, *, running: bool = False) -> None:
        """Let a container be made of the image."""
        self.users.setdefault(image.id, []).append(ImageUser(container_id, running))

    def label(self, image: Image, **labels: str) -> Image:
        """The same image with labels, kept beside it."""
        config = replace(image.config.config, labels=labels)
        return self.stores.images.add(replace(image.config, config=config))

    def names(self) -> list[str]:
        """All tags."""
        return [reference.familiar for reference, _ in self.stores.references]


def drive(conversation: Generator[Event, None, T]) -> tuple[list[Event], T]:
    """All that a conversation says, and what it comes to."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(conversation))
        except StopIteration as stop:
            return events, stop.value


def lines(events: Sequence[Event]) -> list[str]:
    """What is printed of a pull or push where there is no terminal."""
    bars = {"Downloading", "Extracting", "Pushing", "Loading layer"}
    told = [event for event in events if not (isinstance(event, LayerProgress) and event.status in bars)]
    return [event.text if isinstance(event, Status) else f"{event.id}: {event.status}" for event in told]  # type: ignore[attr-defined]
