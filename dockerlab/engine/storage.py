"""What the daemon keeps with its storage driver, and what becomes of it when another driver is chosen.

In life each driver has its own directories (`/var/lib/docker/<driver>`, `/var/lib/docker/image/<driver>`), so a daemon
that starts with another one shows neither the images nor the containers of before; they come back with their driver
(moby, daemon/daemon.go: restore; layer/layer_store.go). Volumes and networks belong to none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dockerlab.build.cache import BuildCache
from dockerlab.engine.config import DaemonConfig, refused_driver
from dockerlab.engine.container_registry import Roll
from dockerlab.fs.drivers import DRIVERS, KeptContainer, Search, StorageDriver
from dockerlab.fs.layer import Layer, diff
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.snapshotter import Snapshotter
from dockerlab.fs.tree import Directory, Metadata, walk
from dockerlab.oci.digest import Digest
from dockerlab.release import ImageKeeping
from dockerlab.runtime.container import Container
from dockerlab.runtime.container_rootfs import init_layer
from dockerlab.store import StoredLayer, Stores
from dockerlab.store.layers import cache_id

if TYPE_CHECKING:
    from dockerlab.engine.container_context import Context

ALONE = "vfs"
"""The driver whose leavings a daemon doesn't look for when it chooses one itself (moby, scanPriorDrivers)."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a driver has on disk, in bytes of whole blocks, and what it copied so far.

    `layers` are those of all images, each once; `containers` what only they have; `shared` counts the blocks that
    containers see and that are the images'.
    """

    layers: int
    containers: int
    shared: int
    copied: int

    @property
    def disk(self) -> int:
        """All that it takes."""
        return self.layers + self.containers


@dataclass
class Meter:
    """Bytes that were copied for layers, and for containers that are gone."""

    copied: int = 0

    def add(self, files: OverlayFs) -> None:
        """Take over what a file system copied that goes away."""
        self.copied += sum(copy.size for copy in files.copied_up)


@dataclass
class Shelf:
    """What is out of sight while another driver is in use."""

    stores: Stores
    roll: Roll = field(default_factory=Roll)
    held: dict[Digest, Digest] = field(default_factory=dict)
    cache: BuildCache = field(default_factory=BuildCache)
    copied: int = 0
    running: list[str] = field(default_factory=list)
    """The containers that ran when the daemon stopped."""

    def kept(self) -> tuple[list[StoredLayer], list[KeptContainer]]:
        """Its layers and containers."""
        return list(self.stores.layers), kept_containers(self.roll.by_id.values())


def storage_driver(context: Context) -> StorageDriver:
    """The driver that the daemon was started with, or containerd's snapshotter where that keeps the images."""
    config = context.config()
    if context.release.image_keeping is ImageKeeping.CONTAINERD:
        return Snapshotter(root=config.root)
    return DRIVERS[config.storage_driver](root=config.root)


def mount(context: Context, tree: Directory) -> OverlayFs:
    """The files of a new container on an image's tree: a layer of mount points, and a writable one on it."""
    driver, lower = storage_driver(context), init_layer(tree, context.now)
    context.meter.copied += driver.container_copies(lower)
    return driver.mount(lower, context.world.clock)


def usage(context: Context, stores: Stores) -> Usage:
    """What the driver in use takes."""
    driver = storage_driver(context)
    files = [container.files for container in context.registry]
    return Usage(
        layers=sum(driver.layer_blocks(each) for each in stores.layers),
        containers=sum(map(driver.container_blocks, files)),
        shared=sum(map(driver.shared_blocks, files)),
        copied=context.meter.copied + sum(copy.size for each in files for copy in each.copied_up),
    )


def search(context: Context, container: Container, path: str) -> Search:
    """How a path of a container is found; the layer of mount points counts as the topmost of its image's."""
    return storage_driver(context).search(_lower_layers(container), container.files, path)


def _lower_layers(container: Container) -> list[Layer]:
    return [*container.image.layers, diff(container.image.tree, container.files.lower)]


def lookups(context: Context) -> int:
    """How many entries are looked up to find every file of all containers once."""
    driver, total = storage_driver(context), 0
    for container in context.registry:
        layers = _lower_layers(container)
        paths = (path for path, node in walk(container.files.tree()) if node.kind != "d")
        total += sum(driver.search(layers, container.files, path).lookups for path in paths)
    return total


def layout(context: Context, stores: Stores) -> Directory:
    """What lies in the directory of the driver in use."""
    return storage_driver(context).layout(list(stores.layers), kept_containers(context.registry))


def kept_containers(containers: Iterable[Container]) -> list[KeptContainer]:
    """Containers as a driver keeps them."""
    return [KeptContainer(cache_id(each.id), each.image.top, each.files, each.state.running) for each in containers]


def data_root(drivers: Mapping[str, Directory], volumes: Mapping[str, Directory]) -> Directory:
    """The daemon's own directory: each driver's, and the volumes' (moby makes them with mode 0710 and 0701)."""
    kept = {name: Directory(Metadata(0o701), {"_data": tree}) for name, tree in volumes.items()}
    return Directory(Metadata(0o710), {**drivers, "volumes": Directory(Metadata(0o701), kept)})


def chosen(config: DaemonConfig, prior: set[str]) -> DaemonConfig:
    """The configuration with a driver in it: where it names none, one that was in use before (moby, graphdriver.New).

    `prior` are those that have left something behind; several are one too many.
    """
    if config.options.get("storage-driver"):
        return config
    found = [name for name in DRIVERS if name in prior and name != ALONE]
    if len(found) > 1:
        names = ", ".join(found)
        raise refused_driver(
            f"{config.root} contains several valid graphdrivers: {names}; "
            "cleanup or explicitly choose storage driver (-s <DRIVER>)"
        )
    return replace(config, storage_driver=found[0] if found else "overlay2")
