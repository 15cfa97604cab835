"""A whole Dockerfile as stages: each FROM begins one; ARGs before the first FROM belong to all FROM lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dockerlab.build.dialect import Dialect
from dockerlab.build.dockerfile import Dockerfile, Node, parse
from dockerlab.build.instructions import Arg, From, Instruction
from dockerlab.build.reading import read
from dockerlab.errors import DockerfileError


@dataclass(frozen=True)
class Stage:
    """A FROM with the instructions that follow it; `index` counts from 0."""

    index: int
    head: From
    instructions: tuple[Instruction, ...] = ()

    @property
    def name(self) -> str:
        """The name given with AS, in small letters; '' where it has none."""
        return self.head.stage


@dataclass(frozen=True)
class Plan:
    """What a Dockerfile asks for."""

    dockerfile: Dockerfile
    globals: tuple[Arg, ...]
    stages: tuple[Stage, ...]

    def find(self, name: str) -> Stage | None:
        """The stage of a name (in any case), the last one where several share it."""
        for stage in reversed(self.stages):
            if stage.name and stage.name == name.lower():
                return stage
        return None


def plan(text: str, dialect: Dialect, *, labels: Sequence[tuple[str, str]] = ()) -> Plan:
    """Read a Dockerfile; raises `DockerfileError` in the dialect's words. `labels` are added at its end."""
    try:
        dockerfile = parse(text, heredocs=dialect.heredocs)
    except DockerfileError as error:
        raise dialect.unreadable(error) from None
    nodes = [*dockerfile.nodes, *(_label(key, value, dockerfile) for key, value in labels)]
    return _stages(dockerfile, (_read(node, dialect) for node in nodes))


def _read(node: Node, dialect: Dialect) -> Instruction:
    try:
        return read(node, dialect)
    except DockerfileError as error:
        raise dialect.at_line(error) from None


def _label(key: str, value: str, dockerfile: Dockerfile) -> Node:
    line = dockerfile.nodes[-1].last_line
    return Node("LABEL", f"LABEL {key}={value}", (), (key, value, "="), first_line=line, last_line=line)


def _stages(dockerfile: Dockerfile, instructions: Iterable[Instruction]) -> Plan:
    before: list[Arg] = []
    heads: list[tuple[From, list[Instruction]]] = []
    for instruction in instructions:
        if isinstance(instruction, From):
            heads.append((instruction, []))
        elif heads:
            heads[-1][1].append(instruction)
        elif isinstance(instruction, Arg):
            before.append(instruction)
        else:
            raise DockerfileError("no build stage in current context", line=instruction.node.first_line)
    if not heads:
        raise DockerfileError("no build stage in current context")
    stages = tuple(Stage(index, head, tuple(body)) for index, (head, body) in enumerate(heads))
    return Plan(dockerfile, tuple(before), stages)
