"""What the parts of the engine that deal with containers share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dockerlab.engine.config import DaemonConfig
from dockerlab.engine.container_ports import Ports
from dockerlab.engine.container_registry import ContainerRegistry
from dockerlab.engine.events import EventLog
from dockerlab.engine.network_record import Endpoint
from dockerlab.engine.network_store import NetworkStore
from dockerlab.engine.storage import Meter
from dockerlab.engine.volumes import Volumes
from dockerlab.fs.filesystem import FileSystem
from dockerlab.release import DOCKER_28, Release
from dockerlab.runtime.container import Container, Runtime
from dockerlab.runtime.kernel import Kernel
from dockerlab.world import World

if TYPE_CHECKING:
    from dockerlab.store.images import Image


class FindsImages(Protocol):
    """What containers need of the images."""

    def find(self, name: str) -> Image:
        """The image that a name or ID means; raises NotFoundError."""


@dataclass
class Context:
    """One engine's parts, as containers need them."""

    world: World
    runtime: Runtime
    host: FileSystem
    hostname: str
    config: Callable[[], DaemonConfig]
    registry: ContainerRegistry
    images: FindsImages
    volumes: Volumes
    networks: NetworkStore
    events: EventLog
    ports: Ports
    release: Release = DOCKER_28
    meter: Meter = field(default_factory=Meter)
    endpoints: dict[str, dict[str, Endpoint]] = field(default_factory=dict)
    """The places of each container on networks, by its ID and the networks' names."""
    links: dict[str, dict[str, Container]] = field(default_factory=dict)
    """What each container links to (`--link`), by its ID and the aliases."""

    @property
    def kernel(self) -> Kernel:
        """The scheduler of the simulated machine."""
        return self.runtime.kernel

    @property
    def now(self) -> int:
        """The instant that the clock shows."""
        return self.world.clock.now

    def note(self, container: Container, action: str, **more: str) -> None:
        """Write an event of a container into the log, with the attributes that all of them carry."""
        attributes = {"image": container.image_name, "name": container.name, **container.config.labels, **more}
        self.events.add("container", action, container.id, attributes)

    def root(self, *names: str) -> str:
        """A path below the daemon's own directory, e.g. /var/lib/docker/containers/<id>."""
        return "/".join((self.config().root, *names))
