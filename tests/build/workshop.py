"""An engine small enough to test the builders with: real stores, and a shell of half a dozen commands."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dockerlab.build.backend import Base, Outcome, Product, RunSpec
from dockerlab.build.context import BuildContext, context_of
from dockerlab.build.sources import Download
from dockerlab.errors import FileSystemError, NotFoundError, UnavailableError
from dockerlab.events import Conversation, Event, StepOutput
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import Layer, diff
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, insert
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.store.images import Image, ImageStore
from dockerlab.store.layers import LayerStore
from dockerlab.store.references import ReferenceStore
from dockerlab.world import START, Chance, Clock

PASSWD = "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\n"
GROUP = "root:x:0:\nwww-data:x:33:\n"


def tree_of_texts(texts: Mapping[str, str]) -> Directory:
    """A folder with these files."""
    tree = EMPTY
    for path, text in texts.items():
        tree = insert(tree, path, File(Metadata(0o644), Bytes(text.encode())))
    return tree


def context(texts: Mapping[str, str], **options: object) -> BuildContext:
    """The build context of a folder with these files."""
    return context_of(tree_of_texts(texts), **options)  # type: ignore[arg-type]


@dataclass
class Machine:
    """A container of the legacy builder."""

    config: ContainerConfig
    files: OverlayFs


@dataclass
class Workshop:
    """Implements `dockerlab.build.backend.Backend`."""

    clock: Clock = field(default_factory=Clock)
    chance: Chance = field(default_factory=Chance)
    machines: dict[str, Machine] = field(default_factory=dict)
    downloads: dict[str, Download] = field(default_factory=dict)
    registry: dict[str, Base] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    version: str = "28.2.2"

    def __post_init__(self) -> None:
        self.references = ReferenceStore()
        self.images = ImageStore(LayerStore(), self.references)
        self.base = self.add_base("busybox:1.35", {"etc/passwd": PASSWD, "etc/group": GROUP, "bin/sh": "sh"})

    def add_base(self, name: str, texts: Mapping[str, str], **settings: object) -> Image:
        layer = diff(EMPTY, tree_of_texts(texts))
        config = ImageConfig.new(
            [layer.diff_id],
            ContainerConfig(env=("PATH=/bin",), cmd=("sh",), **settings),  # type: ignore[arg-type]
            [History(START, comment="a base")],
            created=START,
        )
        image = self.images.add(config, [layer])
        self.tag_image(image.id, Reference.parse(name))
        return image

    # Images.

    def new_id(self) -> str:
        return self.chance.hex()

    def find_image(self, name: str) -> Image | None:
        try:
            return self.images.find(name)
        except NotFoundError:
            return None

    def pull_image(self, reference: Reference, platform: Platform | None) -> Conversation[Image]:
        base = yield from self.fetch_image(reference, platform)
        image = self.images.add(base.config, base.layers)
        self.tag_image(image.id, reference)
        return image

    def fetch_image(self, reference: Reference, platform: Platform | None) -> Conversation[Base]:
        yield from ()
        if reference.familiar not in self.registry:
            raise UnavailableError('Get "https://registry.test/v2/": dial tcp: lookup registry.test: no such host')
        return self.registry[reference.familiar]

    def children(self, image_id: str) -> Sequence[Image]:
        if image_id:
            return self.images.children(Digest(image_id))
        return [image for image in self.images if image.parent_id is None]

    def add_image(self, config: ImageConfig, layers: Sequence[Layer], parent_id: str | None) -> Image:
        return self.images.add(config, layers, Digest(parent_id) if parent_id else None)

    def export_image(self, product: Product) -> Generator[str, None, str]:
        yield "exporting layers"
        image = self.add_image(product.config, product.layers, None)
        yield f"writing image {image.id}"
        for tag in product.tags:
            self.tag_image(str(image.id), tag)
            yield f"naming to {tag}"
        return str(image.id)

    def tag_image(self, image_id: str, reference: Reference) -> None:
        self.references.add_tag(reference, Digest(image_id), force=True)

    def fetch_url(self, url: str) -> Conversation[Download]:
        yield from ()
        if url not in self.downloads:
            raise UnavailableError(f'Get "{url}": dial tcp 127.0.0.1:1: connect: connection refused')
        return self.downloads[url]

    # Containers and steps.

    def create_container(self, config: ContainerConfig, image_id: str, host: Mapping[str, object]) -> str:
        tree = self.images.get(Digest(image_id)).tree if image_id else EMPTY
        container_id = self.new_id()
        self.machines[container_id] = Machine(config, OverlayFs(tree, self.clock))
        return container_id

    def make_workdir(self, container_id: str) -> None:
        machine = self.machines[container_id]
        machine.files.mkdir(machine.config.working_dir, parents=True)

    def run_container(self, container_id: str, key: str) -> Conversation[int]:
        machine = self.machines[container_id]
        env = dict(pair.partition("=")[::2] for pair in machine.config.env)
        return (yield from self._run(machine.files, machine.config.cmd or (), env, key))

    def container_layer(self, container_id: str) -> Layer:
        return self.machines[container_id].files.upper_layer()

    def remove_container(self, container_id: str) -> None:
        del self.machines[container_id]

    def owner_names(self, uid: int, gid: int) -> tuple[str, str]:
        return ("root" if uid == 0 else "", "root" if gid == 0 else "")

    def run_step(self, spec: RunSpec) -> Conversation[Outcome]:
        files = OverlayFs(spec.tree, self.clock)
        env = dict(pair.partition("=")[::2] for pair in spec.env)
        code = yield from self._run(files, spec.argv, env, spec.key)
        return Outcome(code, files.upper_layer())

    def _run(self, files: OverlayFs, argv: Sequence[str], env: Mapping[str, str], key: str) -> Conversation[int]:
        self.ran.append(argv[-1])
        for line in argv[-1].replace("&&", "\n").replace(";", "\n").splitlines():
            for name, value in env.items():
                line = line.replace(f"${name}", value)
            words = line.split()
            if words[:1] == ["exit"]:
                return int(words[1])
            if words[:1] == ["false"]:
                return 1
            yield from self._command(files, words, key)
        return 0

    def _command(self, files: OverlayFs, words: Sequence[str], key: str) -> Iterator[Event]:
        name, *rest = words or ["true"]
        if name == "echo" and ">" in rest:
            at = rest.index(">")
            files.write(rest[at + 1], " ".join(rest[:at]).encode() + b"\n")
        elif name == "echo":
            yield StepOutput(key, "stdout", " ".join(rest) + "\n")
        elif name == "cat":
            yield StepOutput(key, "stdout", files.read(rest[0]).decode())
        elif name == "rm":
            files.unlink(rest[0])
        elif name == "mkdir":
            files.mkdir(rest[0])
        elif name == "ls":
            yield StepOutput(key, "stdout", "".join(f"{entry}\n" for entry in files.listdir(rest[0])))
        elif name != "true":
            raise FileSystemError(2, name)


def told(conversation: Conversation[str], events: list[Event] | None = None) -> tuple[str, list[Event]]:
    """Run a build to its end: the image's ID, and all that it told."""
    heard: list[Event] = [] if events is None else events
    while True:
        try:
            heard.append(next(conversation))
        except StopIteration as stop:
            return stop.value, heard
