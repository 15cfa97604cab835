"""How BuildKit makes the layers of one stage: RUN, COPY, ADD and WORKDIR, each from the cache where it can be.

Settings are no steps; they only end up in the configuration and its history. A step's result is kept under a key of
all that went into it (see `cache`), so a cached build gives the very same image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dockerlab.build.backend import Base, RunSpec
from dockerlab.build.cache import Facts, Record
from dockerlab.build.copying import OwnerError, parse_mode, parse_owner
from dockerlab.build.dialect import BUILDKIT
from dockerlab.build.dockerfile import parse_line
from dockerlab.build.expansion import expand
from dockerlab.build.export import Entry
from dockerlab.build.gathering import gather
from dockerlab.build.heredocs import command_of
from dockerlab.build.instructions import Add, Arg, Copy, Instruction, Run, Transfer, Workdir
from dockerlab.build.mounting import file_mounts
from dockerlab.build.placing import Owner, Placer
from dockerlab.build.reading import read
from dockerlab.build.settings import DEFAULT_PATH, Settings
from dockerlab.build.sources import Source
from dockerlab.build.stages import Stage
from dockerlab.build.words import Words
from dockerlab.errors import BuildError, FileSystemError
from dockerlab.events import CacheDecision, Conversation, StepFinished, StepStarted
from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Directory
from dockerlab.oci.golang import quote
from dockerlab.oci.image import ImageConfig
from dockerlab.world import NANOSECOND, format_instant

if TYPE_CHECKING:
    from dockerlab.build.buildkit import BuildKit

STEPS = (Add, Copy, Run, Workdir)


@dataclass
class Solved:
    """A stage while it is being solved, and what it has come to."""

    build: BuildKit
    stage: Stage
    label: str = ""
    base: ImageConfig = field(default_factory=ImageConfig)
    settings: Settings = field(default_factory=Settings)
    layers: tuple[Layer, ...] = ()
    tree: Directory = field(default_factory=Directory)
    key: str = ""
    entries: list[Entry] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    instructions: tuple[Instruction, ...] = ()
    origin: str = ""
    number: int = 0
    total: int = 0

    # Beginning.

    def start_from_image(self, base: Base, origin: str) -> None:
        """Begin with an image (or with nothing), and with the triggers that it holds."""
        config = base.config.config
        if not any(pair.startswith("PATH=") for pair in config.env):
            config = replace(config, env=(*config.env, DEFAULT_PATH))
        if not base.id and not base.layers:
            config = replace(config, working_dir="/")
        self.base, self.layers, self.tree = base.config, base.layers, base.tree
        self.key = base.id or base.digest
        self.settings = Settings(replace(config, on_build=None))
        self.env = self.settings.env
        self.origin = origin
        self._prepare(base.config.config.on_build or (), counts=1 if base.layers or base.id else 0)

    def start_from_stage(self, other: Solved) -> None:
        """Begin where another stage ended."""
        triggers = other.settings.config.on_build or ()
        self.base, self.layers, self.tree, self.key = other.base, other.layers, other.tree, other.key
        self.settings = Settings(replace(other.settings.config, on_build=None), other.settings.author)
        self.entries, self.env, self.arguments = list(other.entries), dict(other.env), dict(other.arguments)
        self._prepare(triggers, counts=0)

    def _prepare(self, triggers: Iterable[str], counts: int) -> None:
        added = tuple(read(parse_line(trigger), BUILDKIT) for trigger in triggers)
        self.instructions = (*added, *self.stage.instructions)
        self.total = counts + sum(isinstance(instruction, STEPS) for instruction in self.instructions)
        self.number = counts

    # One instruction.

    def solve(self) -> Conversation[None]:
        """Carry out all instructions."""
        for instruction in self.instructions:
            with self.build.blaming(instruction):
                words = Words(self.env, self.build.escape)
                expanded = expand(instruction, words)
                step = _STEPS.get(type(instruction))
                if step is not None:
                    yield from step(self, expanded)
                else:
                    self._set(expanded)

    def _set(self, instruction: Instruction) -> None:
        self.entries.append(Entry(self.settings.apply(instruction)))
        self.env.update(self.settings.env if instruction.name == "ENV" else {})

    def title(self, instruction: Instruction) -> str:
        """A step's name: the instruction with its variables put in."""
        keyword, _, rest = Words(self.env, self.build.escape).show(instruction.text).partition(" ")
        return f"{keyword.upper()} {rest}".rstrip()

    def begin(self, instruction: Instruction, note: str = "") -> StepStarted:
        """The event that a step begins."""
        self.number += 1
        text = self.title(instruction) + note
        return StepStarted(self.number, self.total, text, self.label, self.build.new_key())

    def _facts(self, instruction: Instruction, arguments: Mapping[str, str], sources: Iterable[Source] = ()) -> Facts:
        files = tuple(pair for source in sources for pair in source.sum.files)
        return Facts(self.key, instruction.text, tuple(arguments.items()), files, self.origin)

    def _step(
        self,
        started: StepStarted,
        facts: Facts,
        make: Callable[[], Conversation[Layer]],
        history: str,
    ) -> Conversation[None]:
        """A step's layer, from the cache or made; it is put on top."""
        clock, cache = self.build.backend.clock, self.build.cache
        began = clock.now
        record = None if self.build.request.no_cache else cache.find(facts, clock.now)
        if record is not None:
            yield CacheDecision(started.key, True, "nothing that it depends on has changed")
        else:
            reason = "--no-cache" if self.build.request.no_cache else cache.memory.explain(facts)
            yield CacheDecision(started.key, False, reason)
            layer = yield from make()
            now = clock.tick()
            record = Record(self.build.backend.new_id()[:25], started.title, layer, now, now)
            cache.keep(facts, record)
        self._stack(record, facts.key, history)
        yield StepFinished(started.key, seconds=0.0 if record.created < began else (clock.now - began) / NANOSECOND)

    def _stack(self, record: Record, key: str, history: str) -> None:
        self.layers = (*self.layers, record.layer)
        self.tree = apply(record.layer, self.tree)
        self.key = key
        self.origin = ""
        self.entries.append(Entry(history, format_instant(record.created)))

    # The steps.

    def _arg(self, instruction: Arg) -> Conversation[None]:
        texts = []
        for pair in instruction.pairs:
            value = self.build.argument_value(pair)
            if value is not None:
                self.env[pair.key] = value
            self.arguments[pair.key] = value or ""
            texts.append(pair.key if value is None else f"{pair.key}={value}")
        self.entries.append(Entry(f"ARG {' '.join(texts)}"))
        yield from ()

    def _workdir(self, instruction: Workdir) -> Conversation[None]:
        path = self.settings.resolve(instruction.path)
        self.settings.change(working_dir=path)
        history = f"WORKDIR {path}"
        if path == "/":
            self.entries.append(Entry(history))
            return
        user = self.settings.config.user

        def make() -> Conversation[Layer]:
            files = OverlayFs(self.tree, self.build.backend.clock)
            owner = self._owner(user)
            files.mkdir(path, parents=True, uid=owner.uid, gid=owner.gid)
            yield from ()
            return files.upper_layer()

        started = self.begin(instruction)
        yield started
        facts = self._facts(instruction, {"path": path, "user": user})
        yield from self._step(started, facts, make, history)

    def _owner(self, text: str, mode: int | None = None) -> Owner:
        """Whom files are given to; a name that the image doesn't know counts as root."""
        try:
            owner = parse_owner(text, self.tree)
        except OwnerError:
            owner = Owner()
        return replace(owner, mode=mode)

    def _run(self, instruction: Run) -> Conversation[None]:
        script, note = command_of(instruction)
        argv = self.settings.command_line(script) or ()
        mounts = yield from file_mounts(self, instruction)
        started = self.begin(instruction, note)
        yield started
        spec = RunSpec(
            started.key, self.tree, argv, tuple(f"{name}={value}" for name, value in self._run_env().items()),
            self.settings.config.working_dir or "/", self.settings.config.user, mounts, instruction.network,
            self.build.request.extra_hosts, platform=self.base.platform,
        )  # fmt: skip

        def make() -> Conversation[Layer]:
            outcome = yield from self.build.backend.run_step(spec)
            if outcome.exit_code:
                raise BuildError(
                    f"process {quote(' '.join(argv))} did not complete successfully: exit code: {outcome.exit_code}"
                )
            return outcome.layer

        told = [f"{name}={self.env.get(name, value)}" for name, value in self.arguments.items()]
        counted = [f"|{len(told)}", *told] if told else []
        seen = {"mounts": repr(instruction.mounts), "network": spec.network}
        facts = self._facts(instruction, {**self._run_arguments(argv), **seen})
        with self.build.failing(started):
            yield from self._step(started, facts, make, f"RUN {' '.join([*counted, *argv])} # buildkit")

    def _run_env(self) -> dict[str, str]:
        return {**self.build.proxies, **self.env}

    def _run_arguments(self, argv: Iterable[str]) -> dict[str, str]:
        """What a RUN step depends on besides the files."""
        env = {
            f"{'build argument' if name in self.arguments else 'variable'} {name}": value
            for name, value in self.env.items()
        }
        config = self.settings.config
        return {**env, "command": "\0".join(argv), "directory": config.working_dir, "user": config.user}

    def _transfer(self, instruction: Transfer) -> Conversation[None]:
        if len(instruction.sources) + len(instruction.documents) > 1 and not instruction.target.endswith("/"):
            raise BuildError(
                f"When using {instruction.name} with more than one source file, the destination must be a directory "
                "and end with a /"
            )
        yield from self.build.prepare_source(instruction, self.stage)
        started = self.begin(instruction)
        yield started
        with self.build.failing(started):
            sources = yield from gather(self.build, instruction, self.stage)
            mode = parse_mode(instruction.chmod)
            target = self._target(instruction)

            def make() -> Conversation[Layer]:
                files = OverlayFs(self.tree, self.build.backend.clock)
                unpack = isinstance(instruction, Add) and instruction.unpack is not False
                try:
                    Placer(files, self._owner(instruction.chown, mode), unpack).place(sources, target)
                except FileSystemError as error:
                    raise BuildError(f"cannot copy to {error.path}: {error.strerror.lower()}") from error
                yield from ()
                return files.upper_layer()

            facts = self._facts(
                instruction, {"target": target, "owner": instruction.chown, "mode": instruction.chmod}, sources
            )
            shown = [*instruction.sources, *(f"<<{document.path}" for document in instruction.documents)]
            history = f"{instruction.name} {' '.join([*shown, instruction.target])} # buildkit"
            yield from self._step(started, facts, make, history)

    def _target(self, instruction: Transfer) -> str:
        target = self.settings.resolve(instruction.target)
        into = instruction.target.endswith(("/", "/.")) or instruction.target == "."
        return target.rstrip("/") + "/" if into else target


_STEPS: dict[type[Instruction], Callable[[Solved, Any], Conversation[None]]] = {
    Add: Solved._transfer,
    Arg: Solved._arg,
    Copy: Solved._transfer,
    Run: Solved._run,
    Workdir: Solved._workdir,
}
