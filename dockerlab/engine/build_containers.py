"""The containers that the legacy builder works in: ordinary ones, of the image that the step before it made."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dockerlab.engine import container_networks
from dockerlab.engine.container_body import host_config, merge
from dockerlab.engine.container_checks import check_resources
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_lifecycle import Lifecycle
from dockerlab.engine.container_volumes import make_mounts
from dockerlab.engine.storage import mount
from dockerlab.events import Conversation, Event, StepOutput
from dockerlab.fs.layer import Layer
from dockerlab.oci.image import ContainerConfig, ImageConfig
from dockerlab.runtime.container import Attachment, Container
from dockerlab.runtime.container_rootfs import Surroundings
from dockerlab.runtime.programs import accounts
from dockerlab.runtime.streams import Callback
from dockerlab.store.images import Image


class Printed:
    """What a step's program prints, as events; half a character waits for its other half."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._waiting: deque[StepOutput] = deque()
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}

    def stream(self, name: str) -> Callback:
        """Where the program's standard output or standard error leads."""
        return Callback(lambda data: self._take(name, data))

    def _take(self, name: str, data: bytes) -> None:
        text = self._decoders[name].decode(data)
        if text:
            self._waiting.append(StepOutput(self._key, name, text))

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def drain(self) -> Iterator[Event]:
        """All that was printed and not yet told."""
        while self._waiting:
            yield self._waiting.popleft()


class BuildContainers:
    """Implements `build.backend.Containers`."""

    def __init__(self, context: Context, lifecycle: Lifecycle) -> None:
        self._context = context
        self._lifecycle = lifecycle

    def create_container(self, config: ContainerConfig, image_id: str, host: Mapping[str, object]) -> str:
        """Create a container of an image; of nothing where the ID is ''."""
        context = self._context
        image = context.images.find(image_id) if image_id else Image(ImageConfig())
        settings = host_config(host)
        check_resources(settings, context.runtime.facts.cpus)
        container_id = context.world.chance.hex()
        entrypoint = config.entrypoint
        merged = replace(merge(config, image.config.config), entrypoint=None if entrypoint == ("",) else entrypoint)
        files = mount(context, image.tree)
        container = Container(
            id=container_id,
            name=context.registry.reserve(None, container_id),
            created=context.now,
            image=image,
            image_name=image_id,
            config=replace(merged, hostname=container_id[:12], image=image_id),
            host=settings,
            files=files,
        )
        container.mounts = make_mounts(context, settings, tuple(config.volumes), files)
        container.around = Surroundings(container.config.hostname)
        container.make_working_directory()
        container_networks.plan(context, container, {})
        context.registry.add(container)
        context.note(container, "create")
        return container_id

    def make_workdir(self, container_id: str) -> None:
        """Make the working directory."""
        self._context.registry.find(container_id).make_working_directory()

    def run_container(self, container_id: str, key: str) -> Conversation[int]:
        """Start a container and see it through."""
        container = self._context.registry.find(container_id)
        printed = Printed(key)
        container.attachments.append(Attachment(printed.stream("stdout"), printed.stream("stderr")))
        self._lifecycle.start(container)
        while container.state.running:
            yield from printed.drain()
            yield from self._context.kernel.until(lambda: bool(printed) or not container.state.running)
        yield from printed.drain()
        container.attachments.clear()
        return container.state.exit_code

    def container_layer(self, container_id: str) -> Layer:
        """What changed in the container."""
        return self._context.registry.find(container_id).files.upper_layer()

    def remove_container(self, container_id: str) -> None:
        """Remove the container with its anonymous volumes."""
        self._lifecycle.remove(self._context.registry.find(container_id), force=True, volumes=True)

    def owner_names(self, uid: int, gid: int) -> tuple[str, str]:
        """What the host calls a user and a group."""
        files = self._context.host
        user = next((each.name for each in accounts.users(files) if each.uid == uid), "")
        return user, next((each.name for each in accounts.groups(files) if each.gid == gid), "")
