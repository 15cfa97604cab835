"""`Engine`: the Docker Engine, where images, containers, volumes, networks, the builder and registries meet.

It answers in the shapes of the Engine API (1.50) and raises `dockerlab.errors` with the engine's own texts. It
holds no logic of its own: each part gets what it needs of the others here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Protocol

from dockerlab.build.changes import changed
from dockerlab.engine.builder import Builder
from dockerlab.engine.config import DaemonConfig
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_lifecycle import Lifecycle
from dockerlab.engine.container_ports import Ports
from dockerlab.engine.container_registry import ContainerRegistry
from dockerlab.engine.containers import Containers
from dockerlab.engine.events import EventLog
from dockerlab.engine.image_context import ImageUser, RegistryClient
from dockerlab.engine.image_ways import WAYS
from dockerlab.engine.images import Images
from dockerlab.engine.network_store import NetworkStore
from dockerlab.engine.networks import Networks
from dockerlab.engine.programs import OwnPrograms
from dockerlab.engine.storage import Shelf, Usage, chosen, data_root, layout, lookups, search, storage_driver, usage
from dockerlab.engine.system import SignsIn, System
from dockerlab.engine.volumes import Volumes
from dockerlab.fs.drivers import DRIVERS, Search, StorageDriver
from dockerlab.fs.drivers.union import Overlay2, UnionDriver
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.tree import Directory
from dockerlab.release import DOCKER_28, Release
from dockerlab.runtime.container import Runtime
from dockerlab.runtime.executables import Program
from dockerlab.runtime.kernel import Kernel
from dockerlab.runtime.machine import Facts
from dockerlab.runtime.net import Stack
from dockerlab.store import StoredLayer, Stores
from dockerlab.world import World


class Registries(RegistryClient, SignsIn, Protocol):
    """The client that speaks to registries: pull, push, search, login."""


class Engine:
    """One engine on one host, of one release. `config` is replaced when the daemon is restarted."""

    def __init__(
        self,
        world: World,
        kernel: Kernel,
        host: FileSystem,
        registries: Registries,
        programs: Mapping[str, Program],
        *,
        network: Stack | None = None,
        hostname: str = "host",
        operating_system: str = "Ubuntu 24.04 LTS",
        facts: Facts | None = None,
        config: DaemonConfig | None = None,
        release: Release = DOCKER_28,
    ) -> None:
        self.world = world
        self.release = release
        self.config = config or DaemonConfig()
        ways = WAYS[release.image_keeping]
        self.stores = ways.stores()
        self._new_stores = ways.stores
        self._shelves: dict[str, Shelf] = {}
        self.events = EventLog(world.clock)
        containers = ContainerRegistry(world.chance)
        runtime = Runtime(kernel, OwnPrograms(programs), facts or Facts())
        stack = network or Stack("host")
        self.volumes = Volumes(self.stores.volumes, self.events, world.clock, world.chance, lambda: self.config.root)
        self.images = Images(
            world,
            self.stores,
            registries,
            events=self.events,
            containers_using=lambda image_id: [user for user in image_users(containers) if user.image_id == image_id],
            image_users=lambda: image_users(containers),
            changes=changed,
            driver=lambda: storage_driver(context),
            ways=ways,
        )
        context = self._context = Context(
            world=world,
            runtime=runtime,
            host=host,
            hostname=hostname,
            config=lambda: self.config,
            registry=containers,
            images=self.images,
            volumes=self.volumes,
            networks=NetworkStore(world.clock, world.chance, stack, lambda: self.config),
            events=self.events,
            ports=Ports(stack),
            release=release,
        )
        self.networks = Networks(context)
        lifecycle = Lifecycle(context)
        self.volumes.users = lambda name: [
            container.id for container in containers if any(mount.name == name for mount in container.mounts)
        ]
        self.containers = Containers(context, self.images.context, lifecycle)
        self.builder = Builder(self.images.context, context, lifecycle)
        self.system = System(context, self.images, self.containers, self.builder, registries, operating_system)
        self._count_layers()

    @property
    def driver(self) -> StorageDriver:
        """The storage driver in use."""
        return storage_driver(self._context)

    def usage(self) -> Usage:
        """What the storage driver in use has on disk, and what it copied."""
        return usage(self._context, self.stores)

    def lookups(self) -> int:
        """How many entries are looked up to find every file of all containers once."""
        return lookups(self._context)

    def search(self, container: str, path: str) -> Search:
        """How a path of a container is found, layer by layer."""
        return search(self._context, self.containers.find(container), path)

    def layout(self) -> Directory:
        """What lies in the storage driver's own directory."""
        return layout(self._context, self.stores)

    def data_root(self) -> Directory:
        """What lies in /var/lib/docker, as far as it is shown: the directories of all drivers, and volumes' files."""
        drivers = {name: DRIVERS[name]().layout(*shelf.kept()) for name, shelf in self._shelves.items()}
        volumes = {each.name: self.volumes.files(each.name).tree() for each in self.stores.volumes}
        if self.driver.name in DRIVERS:
            drivers[self.driver.name] = self.layout()
        return data_root(drivers, volumes)

    def chosen(self, config: DaemonConfig) -> DaemonConfig:
        """A configuration with the driver that the daemon would start with; raises where it would not start."""
        prior = {name for name, shelf in self._shelves.items() if _leaves_state(name, shelf.stores)}
        return chosen(config, prior | ({self.driver.name} if _leaves_state(self.driver.name, self.stores) else set()))

    def restart(self, config: DaemonConfig, running: Sequence[str] = ()) -> Sequence[str]:
        """Start the daemon again; `running` are the containers that it has stopped for that.

        Returns those that ran when this driver's daemon stopped: the same ones, or others with another driver.
        """
        before = self.driver.name
        self.config = config
        if self.driver.name == before:
            return running
        images, meter = self.images.context, self._context.meter
        self._shelves[before] = Shelf(
            copy(self.stores), self._context.registry.roll, images.held, self.builder.cache, meter.copied, list(running)
        )
        shelf = self._shelves.pop(self.driver.name, None) or Shelf(self._new_stores())
        self.stores.go_on_with(shelf.stores)
        self._context.registry.exchange(shelf.roll)
        images.held, self.builder.cache, meter.copied = shelf.held, shelf.cache, shelf.copied
        self._count_layers()
        return shelf.running

    def _count_layers(self) -> None:
        """Have the layers counted as the driver counts them, and each new one told to the meter."""
        driver, meter, layers = self.driver, self._context.meter, self.stores.layers

        def noted(stored: StoredLayer) -> None:
            meter.copied += driver.layer_copies(stored)

        layers.measure, layers.noted = driver.layer_size, noted


def _leaves_state(name: str, stores: Stores) -> bool:
    """Whether a driver's directory has something in it: union mounts begin with `l/`, the others with a layer."""
    return issubclass(DRIVERS.get(name, Overlay2), UnionDriver) or len(stores.layers) > 0


def image_users(containers: ContainerRegistry) -> list[ImageUser]:
    """All containers, as users of images."""
    return [
        ImageUser(container.id, container.state.running, container.image_name, container.image.id)
        for container in containers
    ]
