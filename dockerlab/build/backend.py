"""What building needs from the rest of the engine: images, containers, programs and the network.

`build` imports none of them (see the import law): the engine hands in an object that has these methods.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dockerlab.build.sources import Download
from dockerlab.events import Conversation
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import Directory
from dockerlab.oci.image import ContainerConfig, ImageConfig
from dockerlab.oci.platform import HOST, Platform
from dockerlab.oci.reference import Reference
from dockerlab.world import Clock

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem
    from dockerlab.store.images import Image


@dataclass(frozen=True)
class Base:
    """What a stage begins with: an image's configuration and layers. `id` is '' for scratch.

    `digest` is the manifest's: known when the image came from a registry just now, or is kept by it.
    """

    id: str = ""
    config: ImageConfig = field(default_factory=ImageConfig)
    layers: tuple[Layer, ...] = ()
    tree: Directory = field(default_factory=Directory)
    digest: str = ""

    @staticmethod
    def of(image: Image, digest: str = "") -> Base:
        """The base that a stored image makes."""
        kept = str(image.id) if image.target else ""
        return Base(image.id, image.config, tuple(image.layers), image.tree, digest or kept)


@dataclass(frozen=True)
class Product:
    """What a build of BuildKit has made, and of what: `materials` are the digests of images by their names."""

    config: ImageConfig
    layers: tuple[Layer, ...]
    tags: tuple[Reference, ...] = ()
    materials: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    provenance: bool = True
    """Whether to say so, where the image store can keep it."""


@dataclass(frozen=True)
class FileMount:
    """Files that a RUN step sees at a place; with a file system, what it writes there lasts."""

    target: str
    files: FileSystem
    subpath: str = "/"
    read_only: bool = True


@dataclass(frozen=True)
class RunSpec:
    """A RUN step of BuildKit: what runs on which files. `key` is the step's, for its StepOutput events."""

    key: str
    tree: Directory
    argv: tuple[str, ...]
    env: tuple[str, ...] = ()
    cwd: str = "/"
    user: str = ""
    mounts: tuple[FileMount, ...] = ()
    network: str = "default"
    extra_hosts: tuple[str, ...] = ()
    hostname: str = "buildkitsandbox"
    platform: Platform = HOST
    """What the stage's image is for."""


@dataclass(frozen=True)
class Outcome:
    """How a RUN step ended, and what it changed."""

    exit_code: int
    layer: Layer


class Images(Protocol):
    """The image store, as building sees it."""

    @property
    def clock(self) -> Clock:
        """The lab's clock."""

    @property
    def version(self) -> str:
        """The engine's version, which the legacy builder writes into its images."""

    def new_id(self) -> str:
        """64 hex digits that nobody had before."""

    def find_image(self, name: str) -> Image | None:
        """A local image by name or ID."""

    def pull_image(self, reference: Reference, platform: Platform | None) -> Conversation[Image]:
        """Pull an image as `docker pull` does, name and all."""

    def fetch_image(self, reference: Reference, platform: Platform | None) -> Conversation[Base]:
        """Get an image from its registry for BuildKit, which gives it no name here."""

    def children(self, image_id: str) -> Sequence[Image]:
        """The images that were built on one; on nothing where the ID is ''."""

    def add_image(self, config: ImageConfig, layers: Sequence[Layer], parent_id: str | None) -> Image:
        """Keep an image."""

    def adopt_image(self, image_id: str, parent_id: str | None) -> Image:
        """Note on which image one was built."""

    def tag_image(self, image_id: str, reference: Reference) -> None:
        """Give an image a name."""

    def export_image(self, product: Product) -> Generator[str, None, str]:
        """Keep what BuildKit has made, under its names; tells what is done, returns the image's ID."""

    def fetch_url(self, url: str) -> Conversation[Download]:
        """Get a file from the network; the error is the network's."""


class Containers(Protocol):
    """The containers that the legacy builder works in."""

    def create_container(self, config: ContainerConfig, image_id: str, host: Mapping[str, object]) -> str:
        """Create a container of an image (none where the ID is ''); returns its ID."""

    def make_workdir(self, container_id: str) -> None:
        """Make the configured working directory where it is missing."""

    def run_container(self, container_id: str, key: str) -> Conversation[int]:
        """Start it and see it through; its output comes as StepOutput events."""

    def container_layer(self, container_id: str) -> Layer:
        """What changed in it, as a layer."""

    def remove_container(self, container_id: str) -> None:
        """Remove it, and its anonymous volumes."""

    def owner_names(self, uid: int, gid: int) -> tuple[str, str]:
        """What the host calls a user and a group, '' for those that it doesn't know."""


class Runner(Protocol):
    """Runs the steps of BuildKit."""

    def run_step(self, spec: RunSpec) -> Conversation[Outcome]:
        """Run a step to its end."""


class Backend(Images, Containers, Runner, Protocol):
    """All of it."""
