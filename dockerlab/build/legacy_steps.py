"""The steps of one stage of the legacy builder: each ends in an image, from the cache or made anew.

Settings are committed from a container that never ran ('#(nop)' in its command says so), RUN from one that did; COPY
and ADD write into a layer of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dockerlab.build import legacy_transfer
from dockerlab.build.backend import Backend
from dockerlab.build.cache import Facts
from dockerlab.build.dialect import LEGACY
from dockerlab.build.dockerfile import parse_line
from dockerlab.build.expansion import expand
from dockerlab.build.instructions import (
    Add,
    Arg,
    Copy,
    From,
    Healthcheck,
    Instruction,
    Run,
    Workdir,
)  # fmt: skip
from dockerlab.build.legacy_images import child_config
from dockerlab.build.needs import NEEDS_BUILDKIT
from dockerlab.build.reading import read
from dockerlab.build.settings import DEFAULT_PATH, Settings
from dockerlab.build.words import Words
from dockerlab.errors import BuildError, DockerlabError, InvalidParameterError
from dockerlab.events import Conversation
from dockerlab.fs.layer import Layer
from dockerlab.oci.golang import show_list
from dockerlab.oci.image import ContainerConfig, ImageConfig
from dockerlab.oci.platform import Platform, mismatch
from dockerlab.oci.reference import Reference
from dockerlab.store.images import Image
from dockerlab.world import format_instant

if TYPE_CHECKING:
    from dockerlab.build.legacy import Legacy

SCRATCH = "scratch"


@dataclass
class LegacyStage:
    """A stage while it is being built."""

    build: Legacy
    escape: str
    image_id: str = ""
    base: Image | None = None
    image: Image | None = None
    settings: Settings = field(default_factory=lambda: Settings(buildkit=False))
    containers: list[str] = field(default_factory=list)
    base_name: str = ""
    probed: Facts | None = None

    @property
    def backend(self) -> Backend:
        """The engine."""
        return self.build.backend

    # Beginning.

    def start(self, head: From) -> Conversation[None]:
        """FROM: find the base, take over its settings, carry out its triggers."""
        words = Words(self.build.arguments.global_values(), self.escape, old_texts=True)
        name = words.word(head.base)
        if not name:
            raise InvalidParameterError(f"base name ({head.base}) should not be blank")
        if name != SCRATCH:
            platform = self._platform(head, words)
            self.base = yield from self._base(name, platform)
            self._adopt(self.base)
            self.base_name = name
        config = self.settings.config
        if not self.settings.env.get("PATH"):
            config = replace(config, env=(*config.env, DEFAULT_PATH))
        triggers = config.on_build or ()
        self.settings.config = replace(config, open_stdin=False, stdin_once=False, image=self.image_id)
        if triggers:
            yield from self._triggers(triggers)

    def _platform(self, head: From, words: Words) -> Platform | None:
        """The platform that FROM asks for, else that of the whole build; None for the engine's own."""
        if not head.platform:
            return Platform.parse(self.build.request.platform) if self.build.request.platform else None
        text = words.word(head.platform)
        try:
            return Platform.parse(text)
        except InvalidParameterError as error:
            raise InvalidParameterError(f"failed to parse platform {text}: {error}") from error

    def _base(self, name: str, platform: Platform | None) -> Conversation[Image]:
        done = self.build.stage_image(name)
        found = None
        if done or not self.build.request.pull:
            found = self.backend.find_image(done.image_id if done else name)
        if found is None:
            reference = Reference.on_daemon(name).with_default_tag()
            found = yield from self.backend.pull_image(reference, platform)
        return found

    def _adopt(self, image: Image) -> None:
        self.image, self.image_id = image, image.id
        self.settings.config = replace(image.config.config)

    def _triggers(self, triggers: tuple[str, ...]) -> Conversation[None]:
        yield self.build.say(f"# Executing {len(triggers)} build trigger{'s' if len(triggers) > 1 else ''}")
        self.settings.change(on_build=None)
        for trigger in triggers:
            yield from self.step(read(parse_line(trigger), LEGACY))

    # One step.

    def step(self, instruction: Instruction) -> Conversation[None]:
        """Carry out an instruction; its containers are removed when it succeeds."""
        self.settings.change(image=self.image_id)
        request = self.build.request
        try:
            yield from self._dispatch(instruction)
        except DockerlabError:
            if request.force_remove:
                yield from self._clean_up()
            raise
        if request.remove or request.force_remove:
            yield from self._clean_up()
        self.containers = []

    def _clean_up(self) -> Conversation[None]:
        for container_id in self.containers:
            self.backend.remove_container(container_id)
            yield self.build.say(f"Removing intermediate container {container_id[:12]}")

    def _dispatch(self, instruction: Instruction) -> Conversation[None]:
        expanded = expand(instruction, self._words())
        special = _STEPS.get(type(expanded))
        if special is not None:
            yield from special(self, expanded)
            return
        before = self.settings.config.healthcheck
        comment = self.settings.apply(expanded)
        if isinstance(expanded, Healthcheck) and before is not None:
            if before.test and before.test[0] != "NONE":
                yield self.build.say(f"Note: overriding previous HEALTHCHECK: {show_list(before.test)}")
            self._inherit_check(before)
        yield from self._commit(expanded, comment)

    def _inherit_check(self, before: Any) -> None:
        """The spans that HEALTHCHECK leaves open stay what the parent has."""
        check = self.settings.config.healthcheck
        spans = ("interval", "timeout", "start_period", "retries")
        kept = {name: getattr(check, name) or getattr(before, name) for name in spans}
        if check is not None:
            self.settings.change(healthcheck=replace(check, **kept))

    def _words(self) -> Words:
        env = {**self.build.arguments.outside(self.settings.config.env), **self.settings.env}
        return Words(env, self.escape, old_texts=True)

    def facts(self, text: str, **details: Any) -> Facts:
        origin = self.base_name if self.base is not None and self.image_id == self.base.id else ""
        return Facts(self.image_id, text, origin=origin, **details)

    def _comment_config(self, comment: str) -> ContainerConfig:
        return replace(self.settings.config, cmd=(*self.settings.shell, "#(nop) ", comment))

    def _commit(self, instruction: Instruction, comment: str) -> Conversation[None]:
        """An image that differs in its settings alone."""
        config = self._comment_config(comment)
        if (yield from self.probe(self.facts(instruction.text), config)):
            return
        container_id = yield from self._container(config)
        self._commit_container(container_id, replace(config, hostname=container_id[:12]))

    def probe(self, facts: Facts, config: ContainerConfig) -> Conversation[bool]:
        found = yield from self.build.cache.probe(self.build.key, facts, config)
        self.probed = facts
        if found is not None:
            self._done(found)
        return found is not None

    def _done(self, image: Image) -> None:
        self.image, self.image_id = image, image.id
        if self.probed is not None:
            self.build.memory.note(self.probed)

    def _container(self, config: ContainerConfig) -> Conversation[str]:
        container_id = self.backend.create_container(config, self.image_id, self.build.host)
        self.containers.append(container_id)
        if self.image and (warning := mismatch(self.image.config.platform)):
            yield self.build.say(f" ---> [Warning] {warning}")
        yield self.build.say(f" ---> Running in {container_id[:12]}")
        return container_id

    def _commit_container(self, container_id: str, config: ContainerConfig) -> None:
        self.add_image(config, self.backend.container_layer(container_id), container=container_id)

    def add_image(self, made_in: ContainerConfig, layer: Layer, container: str = "") -> None:
        parent = self.image.config if self.image else ImageConfig()
        created = format_instant(self.backend.clock.tick())
        config = child_config(
            parent, made_in, self.settings.config, layer, created=created, author=self.settings.author,
            container=container, docker_version=self.backend.version,
        )  # fmt: skip
        layers = () if not layer.entries else (layer,)
        self._done(self.backend.add_image(config, layers, self.image_id or None))

    # The steps that do more than change settings.

    def _arg(self, instruction: Arg) -> Conversation[None]:
        for pair in instruction.pairs:
            self.build.arguments.declare(pair.key, pair.value)
        yield from self._commit(instruction, f"ARG {' '.join(map(str, instruction.pairs))}")

    def _workdir(self, instruction: Workdir) -> Conversation[None]:
        self.settings.change(working_dir=self.settings.resolve(instruction.path))
        comment = f"#(nop) WORKDIR {self.settings.config.working_dir}"
        config = replace(self.settings.config, cmd=(*self.settings.shell, comment))
        if (yield from self.probe(self.facts(instruction.text), config)):
            return
        container_id = yield from self._container(config)
        self.backend.make_workdir(container_id)
        self._commit_container(container_id, replace(config, hostname=container_id[:12]))

    def _run(self, instruction: Run) -> Conversation[None]:
        if instruction.flags_used:
            raise BuildError(NEEDS_BUILDKIT.format(instruction.flags_used[0]))
        argv = self.settings.command_line(instruction) or ()
        arguments = self.build.arguments.outside(self.settings.config.env)
        counted = self.build.arguments.counted(arguments)
        saved = (f"|{len(counted)}", *counted, *argv) if arguments else argv
        saved_config = replace(self.settings.config, cmd=saved, entrypoint=None)
        named = tuple((f"build argument {name}", value) for name, _, value in (pair.partition("=") for pair in counted))
        if (yield from self.probe(self.facts(instruction.text, arguments=named), saved_config)):
            return
        env = (*self.settings.config.env, *(f"{name}={value}" for name, value in sorted(arguments.items())))
        config = replace(self.settings.config, cmd=argv, env=env, entrypoint=("",), healthcheck=None)
        container_id = yield from self._container(config)
        code = yield from self.backend.run_container(container_id, self.build.key)
        if code:
            command = " ".join(argv)
            raise BuildError(f"The command '{command}' returned a non-zero code: {code}", exit_code=code)
        self._commit_container(container_id, saved_config)


_STEPS: dict[type[Instruction], Callable[[LegacyStage, Any], Conversation[None]]] = {
    Add: legacy_transfer.add,
    Arg: LegacyStage._arg,
    Copy: legacy_transfer.copy,
    Run: LegacyStage._run,
    Workdir: LegacyStage._workdir,
}
