"""What diagrams are drawn from: plain frozen values, so that a drawing is a pure function and a test is a line.

Sizes are bytes, digests and IDs are short (12 digits), paths are absolute.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# Images and containers.


@dataclass(frozen=True, slots=True)
class FileView:
    """A file (or a directory with all that is in it) that a layer has, and its size."""

    path: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class LayerView:
    """One row of an image: the instruction, the layer's short digest ('' for metadata) and its size in bytes.

    `files` are those that a picture tells of, `sharers` the names of other images that have this very layer.
    """

    keyword: str
    arguments: str
    digest: str
    size: int
    base: bool = False
    files: tuple[FileView, ...] = ()
    sharers: tuple[str, ...] = ()

    @property
    def metadata(self) -> bool:
        """Whether the instruction made no layer."""
        return not self.digest


@dataclass(frozen=True, slots=True)
class ImageView:
    """An image: its name, its short ID, its rows (bottom first), and the storage driver that keeps it."""

    name: str
    id: str
    rows: tuple[LayerView, ...]
    driver: str = "overlay2"

    @property
    def size(self) -> int:
        """Bytes of all layers."""
        return sum(row.size for row in self.rows)

    @property
    def layers(self) -> int:
        """How many rows are layers."""
        return sum(not row.metadata for row in self.rows)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One line of `docker diff`: 'A', 'C' or 'D' and the path; `size` is what the writable layer has of it."""

    kind: str
    path: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class ContainerView:
    """A container: its name, state, the bytes and the changes of its writable layer."""

    name: str
    state: str
    size: int = 0
    changes: tuple[ChangeView, ...] = ()


# Where a path comes from.


class Stop(Enum):
    """What ends a search for a path: nothing below counts any more."""

    NOTHING = ""
    WHITEOUT = "whiteout"
    OPAQUE = "opaque directory"
    REPLACED = "file"


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One layer as a search for a path meets it.

    `kind` is what the layer has there ('file', 'directory', 'link', …; '' for nothing), `stop` what it says about
    the layers below, and `at` the path that says so: the path itself or a directory above it.
    """

    name: str
    digest: str = ""
    kind: str = ""
    size: int = 0
    stop: Stop = Stop.NOTHING
    at: str = ""
    writable: bool = False


@dataclass(frozen=True, slots=True)
class SearchView:
    """The search for a path in an image or a container: its places, top first."""

    path: str
    owner: str
    places: tuple[PlaceView, ...]
    driver: str = "overlay2"


# Names.


@dataclass(frozen=True, slots=True)
class TagView:
    """A name that points to an image ID."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class IdView:
    """An image as its ID, with a few words about it; `dangling` when no name is left."""

    id: str
    about: str
    dangling: bool = False


@dataclass(frozen=True, slots=True)
class RemovalView:
    """What `docker rmi NAME` would do: names that go, IDs of images that go, bytes set free; or why it is refused."""

    name: str
    untagged: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    freed: int = 0
    refusal: str = ""


# Builds.


class Fate(Enum):
    """What became of a build step; FOLDED stands for several that are not drawn."""

    CACHED = "cached"
    BUILT = "built"
    FAILED = "failed"
    SETTING = "setting"
    SKIPPED = "skipped"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class StepView:
    """An instruction of a stage, its fate and the reason; `sources` are the stages (by number) that it copies from."""

    text: str
    fate: Fate
    reason: str = ""
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage: its name, the stage that it begins with (by number, None: an image), its steps in order.

    `needed`: the target is built from it.
    """

    name: str
    steps: tuple[StepView, ...]
    parent: int | None = None
    needed: bool = True


@dataclass(frozen=True, slots=True)
class BuildView:
    """A build: its stages in the Dockerfile's order, the number of the target, the image that came of it ('': none)."""

    stages: tuple[StageView, ...]
    target: int
    image: str = ""


# Registries.


@dataclass(frozen=True, slots=True)
class BlobView:
    """A blob as manifests name it; `kind` is 'layer' or 'config'."""

    digest: str
    size: int
    kind: str = "layer"


@dataclass(frozen=True, slots=True)
class ManifestView:
    """A manifest of one image with its blobs, or an index with the digests of its `children`."""

    digest: str
    blobs: tuple[BlobView, ...] = ()
    children: tuple[str, ...] = ()
    platform: str = ""

    @property
    def index(self) -> bool:
        """Whether it is a list of manifests."""
        return bool(self.children) or not self.blobs


@dataclass(frozen=True, slots=True)
class RepositoryView:
    """A repository: its tags as (tag, digest), and its manifests."""

    name: str
    tags: tuple[tuple[str, str], ...]
    manifests: tuple[ManifestView, ...]


@dataclass(frozen=True, slots=True)
class RegistryView:
    """A registry, by the name that images are pushed to."""

    name: str
    repositories: tuple[RepositoryView, ...]


class Travel(Enum):
    """What a push does with a blob."""

    EXISTS = "already exists"
    MOUNTED = "mounted"
    UPLOADED = "uploaded"


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A layer that a push has to bring; `size` is that of its compressed blob, `source` where it is mounted from."""

    name: str
    digest: str
    size: int
    travel: Travel
    source: str = ""


@dataclass(frozen=True, slots=True)
class PushView:
    """What `docker push NAME` would send, lowest layer first."""

    name: str
    parcels: tuple[ParcelView, ...]


# A container's life.


@dataclass(frozen=True, slots=True)
class LifeView:
    """A container with its state, one of moby's seven words; '' where there is none (any more)."""

    name: str
    state: str
    exit_code: int = 0
