"""The legacy builder (DOCKER_BUILDKIT=0): step by step, a container and an image for each (moby, builder/dockerfile).

A failing step raises `BuildError`: `docker build` exits with the program's own code. What is wrong with the Dockerfile
as a text is a `DockerfileError` and comes before the first step.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dockerlab.build.arguments import Arguments
from dockerlab.build.backend import Backend
from dockerlab.build.cache import Memory
from dockerlab.build.context import BuildContext
from dockerlab.build.dialect import LEGACY
from dockerlab.build.instructions import Arg
from dockerlab.build.legacy_cache import LegacyCache
from dockerlab.build.legacy_images import squash_image
from dockerlab.build.legacy_steps import LegacyStage
from dockerlab.build.request import BuildRequest
from dockerlab.build.stages import Plan, Stage, plan
from dockerlab.build.words import Words
from dockerlab.errors import BuildError, DockerlabError, InvalidParameterError
from dockerlab.events import (
    BuildProgress,
    BuildWarning,
    Conversation,
    ImageBuilt,
    StepFailed,
    StepFinished,
    StepStarted,
)
from dockerlab.fs.tree import Directory, lookup
from dockerlab.oci.golang import show_list
from dockerlab.oci.platform import Platform
from dockerlab.store.images import Image

UNPACKED = "/var/lib/docker/tmp/docker-builder{number}"
"""Where the engine unpacks a context; a real one's number is drawn at random."""


@dataclass(frozen=True)
class StageResult:
    """A stage that is done: its name, and the image that it came to ('' where it has none)."""

    name: str
    image_id: str


@dataclass
class Legacy:
    """One build by the legacy builder."""

    request: BuildRequest
    backend: Backend
    memory: Memory = field(default_factory=Memory)
    results: list[StageResult] = field(default_factory=list)
    number: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        self.arguments = Arguments(self.request.build_args)
        self.cache = LegacyCache(self.backend, self.memory, self.request.no_cache, self.request.cache_from)

    @property
    def key(self) -> str:
        """The key of the present step."""
        return str(self.number)

    def _check(self) -> None:
        """What the engine refuses before it reads a line."""
        if self.request.platform:
            Platform.parse(self.request.platform)
        if self.request.context.missing:
            raise InvalidParameterError(_unreadable(self.request.context))

    def build(self) -> Conversation[str]:
        """Build; returns the image's ID."""
        self._check()
        todo = self._plan()
        for warning in todo.dockerfile.warnings:
            yield BuildWarning(
                f"[WARNING]: Empty continuation line found in:\n    {warning.text}\n"
                "[WARNING]: Empty continuation lines will become errors in a future release.",
                rule="NoEmptyContinuation",
                line=warning.line,
            )
        try:
            image = yield from self._stages(todo)
        except DockerlabError as error:
            yield StepFailed(self.key, str(error))
            if isinstance(error, BuildError):
                raise
            raise BuildError(str(error)) from error
        names = []
        for named in dict.fromkeys(reference.with_default_tag() for reference in self.request.tags):
            self.backend.tag_image(image.id, named)
            names.append(named.familiar)
        yield ImageBuilt(image.id, tuple(names))
        return image.id

    def _plan(self) -> Plan:
        context = self.request.context
        if not context.dockerfile:
            raise InvalidParameterError(f"the Dockerfile ({context.dockerfile_name}) cannot be empty")
        todo = plan(context.dockerfile, LEGACY, labels=sorted(self.request.labels.items()))
        if self.request.target:
            target = todo.find(self.request.target)
            if target is None:
                raise InvalidParameterError(f"failed to reach build target {self.request.target} in Dockerfile")
            todo = replace(todo, stages=todo.stages[: target.index + 1])
        self.total = len(todo.globals) + sum(1 + len(stage.instructions) for stage in todo.stages)
        return todo

    def _stages(self, todo: Plan) -> Conversation[Image]:
        yield from self._globals(todo)
        last: LegacyStage | None = None
        for stage in todo.stages:
            if stage.name and any(done.name == stage.name for done in self.results):
                raise BuildError(f"{stage.name} stage name already used")
            last = yield from self._stage(stage, todo)
        unused = self.arguments.unused()
        if unused:
            yield BuildWarning(f"[Warning] One or more build-args {show_list(unused)} were not consumed")
        if last is None or not last.image_id:
            raise BuildError("No image was generated. Is your Dockerfile empty?")
        image = self._image(last.image_id)
        if self.request.squash:
            image = squash_image(self.backend, image, last.base)
        return image

    def _globals(self, todo: Plan) -> Conversation[None]:
        for instruction in todo.globals:
            yield self.begin(instruction.text)
            self._declare(instruction, todo)
            yield StepFinished(self.key)

    def _declare(self, instruction: Arg, todo: Plan) -> None:
        words = Words(self.arguments.global_values(), todo.dockerfile.escape, old_texts=True)
        for pair in instruction.pairs:
            self.arguments.declare_global(pair.key, None if pair.value is None else words.word(pair.value))

    def begin(self, text: str) -> StepStarted:
        """The event that the next step begins."""
        self.number += 1
        return StepStarted(self.number, self.total, text, key=self.key)

    def _stage(self, stage: Stage, todo: Plan) -> Conversation[LegacyStage]:
        self.cache.next_stage()
        yield self.begin(stage.head.text)
        work = LegacyStage(self, todo.dockerfile.escape)
        yield from work.start(stage.head)
        yield StepFinished(self.key, work.image_id)
        for instruction in stage.instructions:
            yield self.begin(instruction.text)
            yield from work.step(instruction)
            yield StepFinished(self.key, work.image_id)
        self.arguments.next_stage()
        self.results.append(StageResult(stage.name, work.image_id))
        return work

    # What a stage asks of the build.

    def _image(self, image_id: str) -> Image:
        image = self.backend.find_image(image_id)
        if image is None:
            raise BuildError(f"No such image: {image_id}")
        return image

    def stage_image(self, name: str) -> StageResult | None:
        """The stage that COPY --from or FROM names, by name."""
        for done in self.results:
            if done.name and done.name == name.lower():
                return done
        return None

    def numbered_stage(self, text: str) -> StageResult | None:
        """The stage of an index, None where the text is no number."""
        if not text.isdigit():
            return None
        index = int(text)
        if index == len(self.results):
            raise InvalidParameterError("refers to current build stage")
        if index > len(self.results):
            raise InvalidParameterError("index out of bounds")
        return self.results[index]

    def say(self, text: str) -> BuildProgress:
        """A line of the present step."""
        return BuildProgress(text, self.key)

    @property
    def host(self) -> Mapping[str, object]:
        """The settings of the steps' containers."""
        extra = {"ExtraHosts": list(self.request.extra_hosts)} if self.request.extra_hosts else {}
        return {"NetworkMode": self.request.network, **extra, **self.request.host}


def _unreadable(context: BuildContext) -> str:
    """What is wrong with a Dockerfile that can't be read."""
    name = context.dockerfile_name
    if not isinstance(lookup(context.tree, name), Directory):
        return f"Cannot locate specified Dockerfile: {name}"
    place = UNPACKED.format(number=zlib.crc32(name.encode()))
    return f"unexpected error reading Dockerfile: read {place}/{name}: is a directory"
