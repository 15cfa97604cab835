"""An engine's builder on real parts: stores, kernel, shell and programs; no registry can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.build.context import context_of
from dockerlab.build.request import BuildRequest
from dockerlab.engine.builder import Builder
from dockerlab.engine.config import DaemonConfig
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_lifecycle import Lifecycle
from dockerlab.engine.container_ports import Ports
from dockerlab.engine.container_registry import ContainerRegistry
from dockerlab.engine.events import EventLog
from dockerlab.engine.images import Images
from dockerlab.engine.network_store import NetworkStore
from dockerlab.engine.volumes import Volumes
from dockerlab.errors import UnavailableError
from dockerlab.events import Event, StepOutput
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import diff
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, Symlink, insert
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.reference import Reference
from dockerlab.runtime.container import Runtime
from dockerlab.runtime.kernel import Kernel
from dockerlab.runtime.net import Stack
from dockerlab.runtime.programs import PROGRAMS
from dockerlab.store import Image, Stores
from dockerlab.world import START, World

APPLETS = ("sh", "cat", "echo", "ls", "rm", "mkdir", "true", "false", "env", "sleep", "touch", "id", "pwd", "find")
PASSWD = "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\n"


class NoRegistry:
    """A registry client whose every call fails: nobody answers."""

    def __getattr__(self, name: str) -> object:
        def refuse(*arguments: object, **options: object) -> object:
            raise UnavailableError(
                'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host'
            )

        return refuse


@dataclass
class Outcome:
    """What a build told, printed and made."""

    image: Image
    events: list[Event] = field(default_factory=list)

    @property
    def printed(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, StepOutput))


class Workbench:
    """Builds; `files` are the folder that `docker build` is started in."""

    def __init__(self) -> None:
        self.world = World()
        clock, chance, stores = self.world.clock, self.world.chance, Stores()
        self.kernel = Kernel(clock)
        self.log = EventLog(clock)
        host = Stack("host")
        self.images = Images(self.world, stores, NoRegistry(), events=self.log)  # type: ignore[arg-type]
        self.containers = Context(
            world=self.world,
            runtime=Runtime(self.kernel, PROGRAMS),
            host=OverlayFs(EMPTY, clock),
            hostname="host",
            config=DaemonConfig,
            registry=ContainerRegistry(chance),
            images=self.images,
            volumes=Volumes(stores.volumes, self.log, clock, chance, lambda: "/var/lib/docker"),
            networks=NetworkStore(clock, chance, host),
            events=self.log,
            ports=Ports(host),
        )
        self.builder = Builder(self.images.context, self.containers, Lifecycle(self.containers))
        self.base = self.add_busybox()

    def add_busybox(self) -> Image:
        tree = folder({"etc/passwd": PASSWD, "etc/group": "root:x:0:\nwww-data:x:33:\n"})
        program = File(Metadata(0o755), Bytes(b"\0" * 1000))
        tree = insert(tree, "bin/busybox", program)
        for name in APPLETS:
            tree = insert(tree, f"bin/{name}", Symlink(Metadata(0o777), "busybox"))
        tree = insert(tree, "tmp", Directory(Metadata(0o1777)))
        layer = diff(EMPTY, tree)
        config = ImageConfig.new(
            [layer.diff_id], ContainerConfig(cmd=("sh",)), [History(START, comment="busybox base")], created=START
        )
        image = self.images.stores.images.add(config, [layer])
        self.images.context.tag(image, Reference.parse("busybox:1.35"))
        return image

    def request(self, dockerfile: str, files: Mapping[str, str] | None = None, **options: object) -> BuildRequest:
        context = context_of(folder({"Dockerfile": dockerfile, **(files or {})}))
        return BuildRequest(context, **options)  # type: ignore[arg-type]

    def build(self, dockerfile: str, files: Mapping[str, str] | None = None, **options: object) -> Outcome:
        events: list[Event] = []
        driven = self.kernel.drive(self.builder.build(self.request(dockerfile, files, **options)))
        while True:
            try:
                events.append(next(driven))
            except StopIteration as stop:
                return Outcome(self.images.find(stop.value), events)


def folder(texts: Mapping[str, str]) -> Directory:
    tree = EMPTY
    for path, text in texts.items():
        tree = insert(tree, path, File(Metadata(0o644), Bytes(text.encode())))
    return tree
