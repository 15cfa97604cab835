"""The flags of an instruction: --chown=…, --mount=…, read as BuildKit's instructions.BFlags reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dockerlab.build.dialect import FLAG, LIST, Dialect
from dockerlab.build.dockerfile import Node
from dockerlab.errors import DockerfileError

_TRUE = {"true": True, "false": False}


@dataclass(frozen=True)
class Flags:
    """The flags that were given, by name, in their order."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A flag's value, '' where it wasn't given."""
        found = self.values.get(name)
        return found[0] if found else ""

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a flag that may stand several times."""
        return self.values.get(name, ())

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.text(name) == "true"

    def maybe(self, name: str) -> bool | None:
        """A switch with a third answer: not given."""
        return _TRUE.get(self.text(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)


def read_flags(node: Node, dialect: Dialect) -> Flags:
    """The flags of a line; raises `DockerfileError` for one that the instruction hasn't got."""
    known = dialect.flags.get(node.name, {})
    values: dict[str, tuple[str, ...]] = {}
    for flag in node.flags:
        name, equals, value = flag.removeprefix("--").partition("=")
        if name not in known:
            raise DockerfileError(dialect.unknown_flag(name, known))
        if name in values and known[name] != LIST:
            raise DockerfileError(dialect.complaint(f"duplicate flag specified: {name}"))
        values[name] = (*values.get(name, ()), _value(known[name], name, equals, value, dialect))
    return Flags(values)


def _value(kind: str, name: str, equals: str, value: str, dialect: Dialect) -> str:
    if kind == FLAG:
        lowered = value.lower() if equals else "true"
        if lowered not in _TRUE:
            raise DockerfileError(dialect.complaint(f"expecting boolean value for flag {name}, not: {value}"))
        return lowered
    if not equals:
        raise DockerfileError(dialect.complaint(f"missing a value on flag: {name}"))
    return value
