"""What the parts of the engine that deal with images share, and what they ask of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from dockerlab.engine.events import EventLog
from dockerlab.errors import InvalidParameterError
from dockerlab.fs.content import Content
from dockerlab.fs.drivers import Overlay2, StorageDriver
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ContainerConfig
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.reference import Reference
from dockerlab.registry.wire import NOBODY, Follower
from dockerlab.release import DOCKER_28
from dockerlab.store import Image, Stores
from dockerlab.world import World

if TYPE_CHECKING:
    from dockerlab.engine.image_ways import Ways

Filters: TypeAlias = Mapping[str, Sequence[str]]
"""Filters of the Engine API: values by name."""

Auth: TypeAlias = Any
"""Credentials as the client of a registry understands them; None: whatever is stored."""

VERSION = DOCKER_28.server.version
"""Of the engine that writes `docker_version` into what it imports: only the classic store does."""


class RegistryClient(Protocol):
    """What pull, push and search ask of a registry; every error has the text that Docker prints for it.

    A repository is a `Reference` of which only `domain` and `path` count.
    """

    def is_remote(self, repository: Reference) -> bool:
        """Whether blobs travel over a real wire, so that it is worth it to bring several at once."""

    def ping(self, repository: Reference, *, auth: Auth = None) -> None:
        """GET /v2/: fails where nobody answers at that name."""

    def tags(self, repository: Reference, *, auth: Auth = None) -> Sequence[str]:
        """All tags of a repository."""

    def resolve(self, reference: Reference, *, auth: Auth = None) -> Descriptor:
        """What a tag means now, with the errors of `get_manifest`; a digest means itself."""

    def get_manifest(self, reference: Reference, *, auth: Auth = None) -> Manifest | Index:
        """By digest, or else by tag. `NotFoundError`: manifest unknown; `ForbiddenError`: denied."""

    def get_blob(
        self, repository: Reference, blob: Descriptor, *, auth: Auth = None, follower: Follower = NOBODY
    ) -> Content:
        """The bytes of a blob, which are what the descriptor's digest says; else `DigestMismatchError`."""

    def has_blob(self, repository: Reference, digest: Digest, *, auth: Auth = None) -> bool:
        """Whether the repository has the blob."""

    def mount_blob(self, repository: Reference, digest: Digest, source: Reference, *, auth: Auth = None) -> bool:
        """Take a blob over from another repository of the same registry; False where that isn't possible."""

    def put_blob(
        self,
        repository: Reference,
        content: Content,
        *,
        digest: Digest | None = None,
        sources: Sequence[Reference] = (),
        auth: Auth = None,
        follower: Follower = NOBODY,
    ) -> Reference | None:
        """Mount a blob from one of the `sources`, which is then returned, or else upload it."""

    def put_manifest(self, reference: Reference, manifest: Manifest | Index, *, auth: Auth = None) -> Digest:
        """Upload a manifest under a tag or its digest."""

    def search(self, term: str, limit: int) -> list[dict[str, Any]]:
        """Repositories: star_count, is_official, name, is_automated, description."""


@dataclass(frozen=True, slots=True)
class ImageUser:
    """A container, as far as the removal of its image is concerned; `name` is how the image was called for it."""

    id: str
    running: bool
    name: str = ""
    image_id: str = ""


ContainersUsing: TypeAlias = Callable[[Digest], Sequence[ImageUser]]
"""The containers, running or not, that were made of an image."""

Changes: TypeAlias = Callable[[ContainerConfig, Sequence[str]], ContainerConfig]
"""Carries out Dockerfile instructions (`import -c`, `commit -c`) on a configuration."""


def no_changes(config: ContainerConfig, instructions: Sequence[str]) -> ContainerConfig:
    """The `Changes` of an engine without a builder: it knows no instruction."""
    for instruction in instructions:
        word = (instruction.split() or [""])[0].lower()
        raise InvalidParameterError(f"{word} is not a valid change command")
    return config


@dataclass
class ImageContext:
    """One engine's parts, as images need them."""

    world: World
    stores: Stores
    client: RegistryClient
    events: EventLog
    ways: Ways
    containers_using: ContainersUsing = lambda image_id: ()
    image_users: Callable[[], Sequence[ImageUser]] = lambda: ()
    changes: Changes = no_changes
    driver: Callable[[], StorageDriver] = Overlay2
    held: dict[Digest, Digest] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """The instant that the clock shows."""
        return self.world.clock.now

    def find(self, name: str) -> Image:
        """The image that a name or an ID means."""
        return self.stores.images.find(name)

    def no_content(self, image_id: Digest) -> str:
        """What is said of a whole ID that no image has (any more): the engine looks for a file of that name."""
        path = f"/var/lib/docker/image/{self.driver().name}/imagedb/content/sha256/{image_id.hex}"
        return f"failed to get digest {image_id}: open {path}: no such file or directory"

    def note(self, image: Image, action: str, name: str | None = None) -> None:
        """Write an event of an image into the log."""
        attributes = {**image.config.config.labels, "name": name or str(image.id)}
        self.events.add("image", action, str(image.id), attributes)

    def tag(self, image: Image, reference: Reference) -> None:
        """Give an image a name, now."""
        reference = reference.with_default_tag()
        self.stores.references.add_tag(reference, image.id)
        self.stores.images.set_last_tagged(image.id, self.now)
        self.note(image, "tag", reference.familiar)

    def tags_of(self, image: Image) -> list[str]:
        """The familiar forms of an image's tags."""
        return [name.familiar for name in self.stores.references.of(image.id) if name.digest is None]

    def digests_of(self, image: Image) -> list[str]:
        """The familiar forms of an image's digest references."""
        return [name.familiar for name in self.stores.references.of(image.id) if name.digest is not None]

    def note_container(self, image: Image, base: Image) -> None:
        """Note that an image's top layer was a container's on `base`, so that a layer of mount points lies between."""
        if image.top is not None:
            again = any(stored.between for stored in base.stack)
            image.top.between = self.driver().init_usage(base.tree, again=again)

    def keep_layers(self, image: Image) -> None:
        """Hold an image's layers for the containers on it, so that they outlive the image."""
        if image.chain_id is not None and image.id not in self.held:
            self.stores.layers.hold(image.chain_id)
            self.held[image.id] = image.chain_id

    def let_layers_go(self) -> None:
        """Give back the layers of removed images on which no container stands any more."""
        for image_id in [image_id for image_id in self.held if not self.containers_using(image_id)]:
            self.stores.layers.release(self.held.pop(image_id))


def targets(reference: Reference, tags: Sequence[str]) -> Iterator[Reference]:
    """One reference for each tag of a repository."""
    return (replace(reference, tag=tag, digest=None) for tag in tags)
