"""BuildKit: only the stages that the target needs, every step from the cache where nothing it depends on changed.

The events are those of buildx's plain progress: a vertex for each piece of work, told apart by its key. All that goes
wrong is a `SolveError`, with the place in the Dockerfile that the client shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from dockerlab.build import calls
from dockerlab.build.ahead import Ahead
from dockerlab.build.arguments import PREDEFINED
from dockerlab.build.backend import Backend, Base
from dockerlab.build.cache import BuildCache
from dockerlab.build.checks import Finding, check, refuse
from dockerlab.build.context import IGNORE_NAME, transfer_size
from dockerlab.build.dialect import BUILDKIT
from dockerlab.build.exporting import export
from dockerlab.build.graph import SCRATCH, Graph, origins
from dockerlab.build.instructions import Add, Copy, Instruction, Pair, Run, Transfer
from dockerlab.build.request import BuildRequest
from dockerlab.build.solver import Solved
from dockerlab.build.stages import Plan, Stage, plan
from dockerlab.build.urls import is_url, refuse_address
from dockerlab.build.words import Words
from dockerlab.errors import BuildError, DockerfileError, DockerlabError, SolveError
from dockerlab.events import (
    BuildAnswer,
    BuildProgress,
    BuildWarning,
    CacheDecision,
    Conversation,
    Event,
    ImageBuilt,
    StepFailed,
    StepFinished,
    StepStarted,
)
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Directory, Metadata
from dockerlab.oci.golang import quote
from dockerlab.oci.platform import HOST, Platform
from dockerlab.oci.reference import Reference

_NO_KEY = "failed to compute cache key: "
"""What the end of a build says before the reason that the step itself gives."""


@dataclass
class BuildKit:
    """One build by BuildKit."""

    request: BuildRequest
    backend: Backend
    cache: BuildCache = field(default_factory=BuildCache)
    globals: dict[str, str] = field(default_factory=dict)
    images: dict[str, Base] = field(default_factory=dict)
    done: dict[int, Solved] = field(default_factory=dict)
    running: StepStarted | None = None
    blamed: Instruction | None = None
    findings: list[Finding] = field(default_factory=list)
    _keys: int = 0
    _context_loaded: bool = False

    def build(self) -> Conversation[str]:
        """Build; returns the image's ID."""
        try:
            return (yield from self._build())
        except DockerlabError as error:
            if self.running is not None:
                yield StepFailed(self.running.key, str(error).removeprefix(_NO_KEY))
            raise self._solve_error(error) from error

    def _build(self) -> Conversation[str]:
        yield from self._definition()
        if self.request.call == "targets":
            yield BuildAnswer(calls.targets(self.graph.plan))
            return ""
        stages = self.graph.needed(self.graph.target(self.request.target))
        yield from self._metadata(stages)
        yield from self._warn(self.images)
        yield from self._load("[internal] load .dockerignore", "transferring context", self._ignore_size())
        if self.request.call:
            yield BuildAnswer(self._answer(stages))
            return ""
        refuse(self.graph, self.request, self.findings)
        self._refuse_addresses(stages)
        for stage in stages:
            yield from self._stage(stage)
        image_id = yield from export(self, self.done[stages[-1].index])
        yield ImageBuilt(image_id, tuple(tag.with_default_tag().familiar for tag in self.request.tags))
        return image_id

    def _refuse_addresses(self, stages: Sequence[Stage]) -> None:
        """COPY fetches nothing, which BuildKit says before the first step (dockerfile2llb, dispatchCopy)."""
        for instruction in (one for stage in stages for one in stage.instructions if isinstance(one, Copy)):
            with self.blaming(instruction):
                for source in instruction.sources:
                    refuse_address(source)

    def _definition(self) -> Conversation[None]:
        """Read the Dockerfile; what is wrong with it is told when the vertex is done."""
        name = f"[internal] load build definition from {self.request.context.base_name}"
        started = self.definition = StepStarted(0, 0, name, key=self.new_key())
        yield started
        yield BuildProgress(f"transferring dockerfile: {_size(self._dockerfile_size())} done", started.key)
        try:
            self.graph = Graph(self._plan())
            self._set_globals()
            yield from self._warn(self._local_bases())
        finally:
            yield StepFinished(started.key)

    def _local_bases(self) -> dict[str, Base]:
        """The images that stages stand on and that are here, by the names that FROM has for them."""
        found = {}
        for name in (stage.head.base for stage in self.graph.plan.stages):
            image = None
            if name != SCRATCH and "$" not in name:
                with suppress(DockerlabError):
                    image = self.backend.find_image(name)
            if image is not None:
                found[name] = Base.of(image)
        return found

    def _warn(self, images: Mapping[str, Base]) -> Iterator[Event]:
        """Tell of the findings that are new: those that need no image come first."""
        if self.request.call == "targets":
            return
        found = check(self.graph, self.request, self.globals, images)
        fresh = [one for one in found if one not in self.findings]
        self.findings = found
        if self.request.call != "check":
            yield from (BuildWarning(one.text, one.rule, one.line, self.definition.key) for one in fresh)

    def _answer(self, stages: Sequence[Stage]) -> Mapping[str, Any]:
        """What was asked for instead of an image."""
        context = self.request.context
        if self.request.call == "outline":
            return calls.outline(self.graph.plan, stages, self.request)
        if self.request.call == "check":
            fault = ""
            try:
                refuse(self.graph, self.request, self.findings)
            except BuildError as error:
                fault = str(error)
            return calls.checks(self.findings, context, fault)
        name = f"frontend.{self.request.call}"
        raise BuildError(f"unsupported request {name}: unsupported request {name}")

    # Vertices.

    def new_key(self) -> str:
        """A key for the next vertex."""
        self._keys += 1
        return f"vertex-{self._keys}"

    def _load(self, name: str, what: str, size: int) -> Iterator[Event]:
        started = StepStarted(0, 0, name, key=self.new_key())
        yield started
        yield BuildProgress(f"{what}: {_size(size)} done", started.key)
        yield StepFinished(started.key)

    @contextmanager
    def failing(self, started: StepStarted) -> Iterator[None]:
        """The step to name when something goes wrong inside."""
        self.running = started
        yield
        self.running = None

    @contextmanager
    def blaming(self, instruction: Instruction) -> Iterator[None]:
        """The instruction whose lines are shown when something goes wrong inside."""
        self.blamed = instruction
        yield
        self.blamed = None

    def _solve_error(self, error: DockerlabError) -> SolveError:
        if isinstance(error, SolveError):
            return error
        context = self.request.context
        first = last = (error.line or 0) if isinstance(error, DockerfileError) else 0
        if not first and self.blamed is not None:
            first, last = self.blamed.node.first_line, self.blamed.node.last_line
        return SolveError(
            str(error),
            dockerfile_name=context.base_name,
            dockerfile=context.dockerfile,
            first_line=first,
            last_line=last,
        )

    # The Dockerfile.

    def _dockerfile_size(self) -> int:
        context = self.request.context
        if context.missing:
            return 2
        return transfer_size(context.base_name, len(context.dockerfile.encode("utf-8", "surrogateescape")))

    def _ignore_size(self) -> int:
        patterns = self.request.context.ignore.patterns
        return transfer_size(IGNORE_NAME, sum(len(pattern) + 1 for pattern in patterns)) if patterns else 2

    def _plan(self) -> Plan:
        context = self.request.context
        if context.missing:
            raise BuildError(f"failed to read dockerfile: open {context.base_name}: no such file or directory")
        if not context.dockerfile:
            raise BuildError("the Dockerfile cannot be empty")
        return plan(self.request.context.dockerfile, BUILDKIT)

    @property
    def escape(self) -> str:
        """The Dockerfile's escape character."""
        return self.graph.plan.dockerfile.escape

    @property
    def proxies(self) -> dict[str, str]:
        """The predefined arguments that were given: RUN sees them, the cache doesn't."""
        return {name: value or "" for name, value in self.request.build_args.items() if name in PREDEFINED}

    def _set_globals(self) -> None:
        """ARGs before the first FROM, and the platforms that are always known."""
        target = Platform.parse(self.request.platform) if self.request.platform else HOST
        for prefix, platform in (("BUILD", HOST), ("TARGET", target)):
            self.globals |= {
                f"{prefix}PLATFORM": str(platform),
                f"{prefix}OS": platform.os,
                f"{prefix}ARCH": platform.architecture,
                f"{prefix}VARIANT": platform.variant,
            }
        for instruction in self.graph.plan.globals:
            with self.blaming(instruction):
                for pair in instruction.pairs:
                    self._set_global(pair)

    def _set_global(self, pair: Pair) -> None:
        given = self.request.build_args.get(pair.key)
        if given is not None:
            self.globals[pair.key] = given
        elif pair.value is not None:
            self.globals[pair.key] = Words(self.globals, self.escape).word(pair.value)

    def argument_value(self, pair: Pair) -> str | None:
        """What ARG in a stage comes to: what was given, its default, or what an ARG above all stages says."""
        given = self.request.build_args.get(pair.key)
        if given is not None:
            return given
        return self.globals.get(pair.key) if pair.value is None else pair.value

    # Images and stages.

    def _metadata(self, stages: list[Stage]) -> Conversation[None]:
        """Ask for all images that the stages need, before anything is built."""
        for stage in stages:
            with self.blaming(stage.head):
                name = self._base_name(stage)
                if name != SCRATCH and self.graph.earlier(name, stage) is None:
                    yield from self._resolve(name, self._platform(stage))
            for instruction in stage.instructions:
                with self.blaming(instruction):
                    for origin in origins(instruction):
                        if "$" not in origin and self.graph.source(origin, stage) is None and origin != SCRATCH:
                            yield from self._resolve(origin, None)

    def _base_name(self, stage: Stage) -> str:
        name = Words(self.globals, self.escape).word(stage.head.base)
        if not name:
            raise DockerfileError(f"base name ({stage.head.base}) should not be blank", line=stage.head.node.first_line)
        return name

    def _platform(self, stage: Stage) -> Platform | None:
        text = Words(self.globals, self.escape).word(stage.head.platform) or self.request.platform
        return Platform.parse(text) if text else None

    def _resolve(self, name: str, platform: Platform | None) -> Conversation[Base]:
        if name in self.images:
            return self.images[name]
        try:
            reference = Reference.parse(name).with_default_tag()
        except DockerlabError as error:
            raise BuildError(f"failed to parse stage name {quote(name)}: {error}") from error
        started = StepStarted(0, 0, f"[internal] load metadata for {reference}", key=self.new_key())
        yield started
        self.running = started
        local = None if self.request.pull else self.backend.find_image(name)
        if local is not None:
            self.images[name] = Base.of(local)
        else:
            try:
                self.images[name] = yield from self.backend.fetch_image(reference, platform)
            except DockerlabError as error:
                raise BuildError(f"{name}: failed to resolve source metadata for {reference}: {error}") from error
        self.running = None
        yield StepFinished(started.key)
        return self.images[name]

    def _stage(self, stage: Stage) -> Conversation[None]:
        solved = Solved(self, stage, self.graph.label(stage))
        self.done[stage.index] = solved
        name = self._base_name(stage)
        other = self.graph.earlier(name, stage)
        if other is not None:
            solved.start_from_stage(self.done[other.index])
        elif name == SCRATCH:
            solved.start_from_image(Base(), "")
        else:
            base = self.images[name]
            solved.start_from_image(base, name)
            yield from self._from(solved, name, base)
            return
        yield from solved.solve()
        self._label(solved)

    def _label(self, solved: Solved) -> None:
        """The labels of `docker build --label` go on the target."""
        if self.request.labels and solved.stage is self.graph.target(self.request.target):
            solved.settings.change(labels={**solved.settings.config.labels, **self.request.labels})

    def _from(self, solved: Solved, name: str, base: Base) -> Conversation[None]:
        """The vertex of a stage's image, and the stage.

        An image that was built on before counts as cached where its files are needed, which shows when the first step
        turns out to be new: so the stage is begun before the vertex is told.
        """
        reference = Reference.parse(name).with_default_tag()
        shown = f"{reference}@{base.digest}" if base.digest else str(reference)
        started = StepStarted(1, solved.total, f"FROM {shown}", solved.label, self.new_key())
        ahead = Ahead(solved.solve())
        hit = ahead.first_decision()
        yield started
        if base.digest:
            yield BuildProgress(f"resolve {shown} done", started.key)
        if hit is not True and base.id in self.cache.bases:
            yield CacheDecision(started.key, True, "the image is there already")
        self.cache.bases.add(base.id)
        yield StepFinished(started.key)
        yield from ahead.replay()
        self._label(solved)

    def tree_of(self, origin: str, stage: Stage) -> Conversation[Directory]:
        """The files of the stage or image that --from names."""
        if origin == SCRATCH:
            return Directory()
        other = self.graph.source(origin, stage)
        if other is None:
            return (yield from self._resolve(origin, None)).tree
        if other.index not in self.done:
            yield from self._stage(other)
        return self.done[other.index].tree

    def prepare_source(self, instruction: Transfer | Run, stage: Stage) -> Conversation[None]:
        """Load the context before the first step that copies from it."""
        local = isinstance(instruction, Add) and any(not is_url(source) for source in instruction.sources)
        if isinstance(instruction, Copy):
            local = not instruction.origin and bool(instruction.sources)
        if local and not self._context_loaded:
            self._context_loaded = True
            size = self.request.context.transfer_size
            yield from self._load("[internal] load build context", "transferring context", size)

    def missing_file(self, path: str) -> BuildError:
        """The error for a path that leads to nothing; refs are names that BuildKit makes up."""
        first, second = (self.backend.new_id()[:25] for _ in range(2))
        return BuildError(
            f"{_NO_KEY}failed to calculate checksum of ref {first}::{second}: {quote('/' + path)}: not found"
        )

    def cache_mount(self, name: str, tree: Directory, meta: Metadata) -> FileSystem:
        """The files of a cache mount, which outlive the build."""
        if name not in self.cache.mounts:
            self.cache.mounts[name] = OverlayFs(replace(tree, meta=meta), self.backend.clock)
        return self.cache.mounts[name]


def _size(size: int) -> str:
    """Bytes as BuildKit shows them: '107B', '1.50kB', '2.00MB'."""
    number = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            return f"{size}B" if unit == "B" else f"{number:.2f}{unit}"
        number /= 1000
    return f"{size}B"
