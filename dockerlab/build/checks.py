"""Build checks: what BuildKit warns about (Docker's manual, "Build checks"; BuildKit, frontend/dockerfile/linter).

`# check=skip=RuleA,RuleB;error=true` at the head of a Dockerfile leaves rules out, or makes an error of any finding.
What the rules are about stands in `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dockerlab.build.backend import Base
from dockerlab.build.expansion import expand
from dockerlab.build.graph import SCRATCH, Graph
from dockerlab.build.instructions import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Instruction,
    Label,
    Maintainer,
    Shell,
    Workdir,
)  # fmt: skip
from dockerlab.build.request import BuildRequest
from dockerlab.build.rules import RULES, Rule
from dockerlab.build.sources import clean, has_wildcards
from dockerlab.build.stages import Stage
from dockerlab.build.suggestions import suggest
from dockerlab.build.words import Words
from dockerlab.errors import BuildError, InvalidParameterError
from dockerlab.oci.golang import quote


@dataclass(frozen=True, slots=True)
class Finding:
    """A warning: the rule, what it says here, and the line."""

    rule: str
    text: str
    line: int


@dataclass(frozen=True)
class Scene:
    """What the checks look at."""

    graph: Graph
    request: BuildRequest
    globals: Mapping[str, str]
    images: Mapping[str, Base]


_ARGUMENT = "BUILDKIT_DOCKERFILE_CHECK"
_PHASES = {
    "StageNameCasing": 0,
    "FromAsCasing": 0,
    "MaintainerDeprecated": 0,
    "DuplicateStageName": 0,
    "ReservedStageName": 0,
    "ConsistentInstructionCasing": 1,
}
"""What BuildKit finds first."""

Check: TypeAlias = Callable[[Scene], Iterator[Finding]]

_SECRET = re.compile(
    r"(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)", re.IGNORECASE
)
_PUBLIC = re.compile(r"(?:_|^)public(?:_|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Settings:
    """What `# check=skip=A,B;error=true;experimental=all` says, or the build argument that takes its place."""

    skip: frozenset[str] = frozenset()
    experimental: frozenset[str] = frozenset()
    error: bool = False

    @staticmethod
    def of(graph: Graph, request: BuildRequest) -> Settings:
        """The settings of a build."""
        text = request.build_args.get(_ARGUMENT) or graph.plan.dockerfile.directives.get("check", "")
        given = dict(part.strip().partition("=")[::2] for part in text.split(";"))
        names = {key: frozenset(name.strip().lower() for name in value.split(",")) for key, value in given.items()}
        nothing: frozenset[str] = frozenset()
        error = given.get("error", "").lower() == "true"
        return Settings(names.get("skip", nothing), names.get("experimental", nothing), error)

    def wants(self, rule: Rule) -> bool:
        """Whether findings of a rule are told."""
        if not self.skip.isdisjoint((rule.name.lower(), "all")):
            return False
        return not rule.experimental or not self.experimental.isdisjoint((rule.name.lower(), "all"))


def check(graph: Graph, request: BuildRequest, globals: Mapping[str, str], images: Mapping[str, Base]) -> list[Finding]:
    """All findings: first what the words of FROM and of deprecated lines show, then casing, then the rest by line.

    Images that are not in `images` are unknown: what they might set is not missed.
    """
    settings = Settings.of(graph, request)
    scene = Scene(graph, request, globals, images)
    found = (finding for rule in CHECKS for finding in rule(scene) if settings.wants(RULES[finding.rule]))
    return sorted(found, key=lambda one: (_PHASES.get(one.rule, 2), one.line))


def refuse(graph: Graph, request: BuildRequest, found: Sequence[Finding]) -> None:
    """Raise BuildError where the Dockerfile makes errors of findings."""
    if found and Settings.of(graph, request).error:
        raise BuildError(f"lint violation found for rules: {', '.join(dict.fromkeys(one.rule for one in found))}")


def _lines(scene: Scene) -> Iterator[tuple[Stage, Instruction]]:
    for stage in scene.graph.plan.stages:
        for instruction in stage.instructions:
            yield stage, instruction


def _heads(scene: Scene) -> Iterator[Finding]:
    seen: set[str] = set()
    for stage in scene.graph.plan.stages:
        node = stage.head.node
        line = node.first_line
        if len(node.args) == 3:
            name, keyword = node.args[2], node.args[1]
            if name != name.lower():
                yield Finding("StageNameCasing", f"Stage name '{name}' should be lowercase", line)
            if keyword.isupper() != node.keyword.isupper():
                text = f"'{keyword}' and '{node.keyword}' keywords' casing do not match"
                yield Finding("FromAsCasing", text, line)
        if stage.name in seen:
            text = f"Duplicate stage name {quote(stage.name)}, stage names should be unique"
            yield Finding("DuplicateStageName", text, line)
        if stage.name in {"scratch", "context"}:
            text = f"Stage name should not use the same name as reserved stage {quote(stage.name)}"
            yield Finding("ReservedStageName", text, line)
        seen |= {stage.name} if stage.name else set()
        yield from _base(stage, scene)


def _base(stage: Stage, scene: Scene) -> Iterator[Finding]:
    line = stage.head.node.first_line
    words = Words(scene.globals, scene.graph.plan.dockerfile.escape)
    if not words.word(stage.head.base):
        text = f"Default value for ARG {stage.head.base} results in empty or invalid base image name"
        yield Finding("InvalidDefaultArgInFrom", text, line)
    for name in dict.fromkeys(words.missing):
        hint = suggest(name, scene.globals)
        yield Finding("UndefinedArgInFrom", f"FROM argument '{name}' is not declared{hint}", line)
    platform = stage.head.platform
    if platform in {"$TARGETPLATFORM", "${TARGETPLATFORM}"}:
        text = f"Setting platform to predefined {platform} in FROM is redundant as this is the default behavior"
        yield Finding("RedundantTargetPlatform", text, line)
    elif platform and "$" not in platform:
        text = f"FROM --platform flag should not use constant value {quote(platform)}"
        yield Finding("FromPlatformFlagConstDisallowed", text, line)


def _casing(scene: Scene) -> Iterator[Finding]:
    """All instructions in capitals, or all in small letters, as most of them are."""
    nodes = scene.graph.plan.dockerfile.nodes
    upper = sum(node.keyword.isupper() for node in nodes)
    lower = sum(node.keyword.islower() for node in nodes)
    majority = "uppercase" if upper > lower else "lowercase"
    wanted = str.isupper if upper > lower else str.islower
    for node in nodes:
        mixed = not (node.keyword.isupper() or node.keyword.islower())
        if mixed or (upper and lower and not wanted(node.keyword)):
            text = f"Command '{node.keyword}' should match the case of the command majority ({majority})"
            yield Finding("ConsistentInstructionCasing", text, node.first_line)


def _continuations(scene: Scene) -> Iterator[Finding]:
    for warning in scene.graph.plan.dockerfile.warnings:
        yield Finding("NoEmptyContinuation", "Empty continuation line", warning.line)


def _commands(scene: Scene) -> Iterator[Finding]:
    shells = {stage.index for stage, instruction in _lines(scene) if isinstance(instruction, Shell)}
    for stage, instruction in _lines(scene):
        if isinstance(instruction, Cmd | Entrypoint) and instruction.in_shell and stage.index not in shells:
            text = (
                f"JSON arguments recommended for {instruction.name} to prevent unintended behavior related to OS "
                "signals"
            )
            yield Finding("JSONArgsRecommended", text, instruction.node.first_line)


def _repeated(scene: Scene) -> Iterator[Finding]:
    last: dict[tuple[int, str], Instruction] = {}
    for stage, instruction in _lines(scene):
        if isinstance(instruction, Cmd | Entrypoint | Healthcheck):
            before = last.get((stage.index, instruction.name))
            if before is not None:
                text = (
                    f"Multiple {instruction.name} instructions should not be used in the same stage because only the "
                    "last one will be used"
                )
                yield Finding("MultipleInstructionsDisallowed", text, before.node.first_line)
            last[stage.index, instruction.name] = instruction


def _deprecated(scene: Scene) -> Iterator[Finding]:
    for _, instruction in _lines(scene):
        line = instruction.node.first_line
        if isinstance(instruction, Maintainer):
            text = "Maintainer instruction is deprecated in favor of using label"
            yield Finding("MaintainerDeprecated", text, line)
        if isinstance(instruction, Env | Label) and not all(pair.equals for pair in instruction.pairs):
            name = instruction.name
            text = f'"{name} key=value" should be used instead of legacy "{name} key value" format'
            yield Finding("LegacyKeyValueFormat", text, line)


def _workdirs(scene: Scene) -> Iterator[Finding]:
    absolute: set[int] = set()
    for stage, instruction in _lines(scene):
        if not isinstance(instruction, Workdir):
            continue
        if instruction.path.startswith(("/", "$")):
            absolute.add(stage.index)
        elif stage.index not in absolute:
            text = f"Relative workdir {quote(instruction.path)} can have unexpected results if the base image changes"
            yield Finding("WorkdirRelativePath", text, instruction.node.first_line)


def _secrets(scene: Scene) -> Iterator[Finding]:
    instructions = [*scene.graph.plan.globals, *(instruction for _, instruction in _lines(scene))]
    for instruction in instructions:
        for pair in instruction.pairs if isinstance(instruction, Arg | Env) else ():
            if _SECRET.search(pair.key) and not _PUBLIC.search(pair.key):
                text = f"Do not use ARG or ENV instructions for sensitive data ({instruction.name} {quote(pair.key)})"
                yield Finding("SecretsUsedInArgOrEnv", text, instruction.node.first_line)


def _ports(scene: Scene) -> Iterator[Finding]:
    for _, instruction in _lines(scene):
        for port in instruction.ports if isinstance(instruction, Expose) else ():
            protocol = port.partition("/")[2]
            if protocol != protocol.lower():
                text = f"Defined protocol '{port}' in EXPOSE instruction should be lowercase"
                yield Finding("ExposeProtoCasing", text, instruction.node.first_line)
            if ":" in port and "$" not in port:
                text = f"EXPOSE instruction should not define an IP address or host-port mapping, found '{port}'"
                yield Finding("ExposeInvalidFormat", text, instruction.node.first_line)


def _ignored_files(scene: Scene) -> Iterator[Finding]:
    for _, instruction in _lines(scene):
        if not isinstance(instruction, Add | Copy) or (isinstance(instruction, Copy) and instruction.origin):
            continue
        for source in instruction.sources:
            path = clean(source)
            if path and not has_wildcards(path) and scene.request.context.ignored(path):
                text = f"Attempting to {instruction.name.title()} file {quote(path)} that is excluded by .dockerignore"
                yield Finding("CopyIgnoredFile", text, instruction.node.first_line)


def _variables(scene: Scene) -> Iterator[Finding]:
    """Variables that are used and nowhere set; what the base image sets counts."""
    known: dict[int, dict[str, str]] = {}
    for stage in scene.graph.plan.stages:
        earlier = scene.graph.earlier(stage.head.base, stage)
        base = scene.images.get(stage.head.base)
        if (earlier and earlier.index not in known) or not (earlier or base or stage.head.base == SCRATCH):
            continue
        env = dict(known[earlier.index]) if earlier else {}
        env |= {pair.partition("=")[0]: "" for pair in (base.config.config.env if base else ())}
        env["PATH"] = ""
        known[stage.index] = env
        for instruction in stage.instructions:
            words = Words(env, scene.graph.plan.dockerfile.escape)
            try:
                expand(instruction, words)
            except InvalidParameterError:
                continue
            for name in dict.fromkeys(words.missing):
                hint = suggest(name, [*scene.globals, *env]).replace("mean ", "mean $")
                text = f"Usage of undefined variable '${name}'{hint}"
                yield Finding("UndefinedVar", text, instruction.node.first_line)
            env |= {pair.key: "" for pair in (instruction.pairs if isinstance(instruction, Arg | Env) else ())}


CHECKS: tuple[Check, ...] = (
    _heads,
    _casing,
    _continuations,
    _commands,
    _repeated,
    _deprecated,
    _workdirs,
    _secrets,
    _ports,
    _ignored_files,
    _variables,
)
