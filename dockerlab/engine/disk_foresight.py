"""What deleting containers, images and volumes would free, in the bytes of `docker system df`; nothing is done.

As in `image_foresight`, the removal itself runs, on a copy of what the engine keeps. The order is that of a careful
person: containers first (`docker rm -f`), then names of images (`docker rmi`), then volumes (`docker volume rm`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from dockerlab.engine.engine import Engine
from dockerlab.engine.image_context import ImageContext
from dockerlab.engine.image_foresight import shadow_of
from dockerlab.engine.system import container_layers
from dockerlab.errors import DockerlabError
from dockerlab.oci.digest import Digest
from dockerlab.runtime.container import Container


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is to be deleted: IDs or names of containers, names (or IDs) of images, names of volumes."""

    containers: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Freed:
    """Bytes set free by kind, what the engine would refuse with its reason, and the layers that would be left."""

    images: int = 0
    containers: int = 0
    volumes: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    layers: frozenset[Digest] = frozenset()

    @property
    def total(self) -> int:
        """All of them."""
        return self.images + self.containers + self.volumes


def foresee_deletion(engine: Engine, deletion: Deletion) -> Freed:
    """What would be freed, if the three lists were deleted one after the other."""
    refused: dict[str, str] = {}
    gone = list(_containers(engine, deletion.containers, refused))
    ids = {container.id for container in gone}
    rows = engine.containers.list(all=True, size=True)
    written = sum(row.get("SizeRw") or 0 for row in rows if row["Id"] in ids)
    shadow = _without(engine.images.context, ids)
    before = engine.images.usage()["LayersSize"]
    for name in deletion.images:
        try:
            shadow.ways.removal(shadow).remove(name)
        except DockerlabError as error:
            refused[name] = str(error)
    layers = before - shadow.ways.usage(shadow)["LayersSize"] + container_layers(engine.containers.context, gone)
    left = frozenset(stored.chain_id for image in shadow.stores.images for stored in image.stack)
    return Freed(layers, written, _volumes(engine, ids, deletion.volumes, refused), refused, left)


def _containers(engine: Engine, names: Iterable[str], refused: dict[str, str]) -> Iterator[Container]:
    """Those that there are; a running one goes, too, as with `rm -f`."""
    for name in names:
        try:
            yield engine.containers.find(name)
        except DockerlabError as error:
            refused[name] = str(error)


def _without(context: ImageContext, gone: Collection[str]) -> ImageContext:
    """A copy of what images need, in which some containers are not there any more."""
    return shadow_of(
        context,
        containers_using=lambda image: [user for user in context.containers_using(image) if user.id not in gone],
        image_users=lambda: [user for user in context.image_users() if user.id not in gone],
    )


def _volumes(engine: Engine, gone: Collection[str], names: Iterable[str], refused: dict[str, str]) -> int:
    """The bytes of those volumes that would go."""
    volumes = engine.volumes
    freed = 0
    for name in names:
        try:
            size = volumes.files(name).disk_usage("/")
            volumes.check_unused(name, [user for user in volumes.users(name) if user not in gone])
        except DockerlabError as error:
            refused[name] = str(error)
        else:
            freed += size
    return freed
