"""Build arguments: what --build-arg gave, what ARG declares, and which of them a stage may see.

Follows moby's builder/dockerfile/buildargs.go; the names of the proxy settings are always allowed and never count for
the cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PREDEFINED = frozenset(
    name
    for stem in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (stem, stem.lower())
)


@dataclass
class Arguments:
    """The arguments of one build. One that was given without a value counts as used, and has its default.

    `allowed` are those of the present stage, `globals` those before the first FROM.
    """

    given: Mapping[str, str | None] = field(default_factory=dict)
    globals: dict[str, str | None] = field(default_factory=dict)
    allowed: dict[str, str | None] = field(default_factory=dict)
    referenced: set[str] = field(default_factory=set)

    def declare(self, name: str, default: str | None) -> None:
        """ARG in a stage."""
        self.allowed[name] = default
        self.referenced.add(name)

    def declare_global(self, name: str, default: str | None) -> None:
        """ARG before the first FROM."""
        self.globals[name] = default
        self.referenced.add(name)

    def next_stage(self) -> None:
        """A stage's arguments end with it."""
        self.allowed = {}

    def global_values(self) -> dict[str, str]:
        """What FROM may refer to."""
        return self._values(self.globals)

    def values(self) -> dict[str, str]:
        """What the present stage may refer to; an argument without any value is missing."""
        return self._values(self.allowed)

    def outside(self, env: Iterable[str]) -> dict[str, str]:
        """The stage's values, without those that ENV has overruled."""
        set_by_env = {pair.partition("=")[0] for pair in env}
        return {name: value for name, value in self.values().items() if name not in set_by_env}

    def _values(self, declared: Mapping[str, str | None]) -> dict[str, str]:
        names = [*declared, *sorted(PREDEFINED.intersection(self.given) - set(declared))]
        found = {name: self._value(name, declared) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, name: str, declared: Mapping[str, str | None]) -> str | None:
        given = self.given.get(name)
        if given is not None:
            return given
        default = declared.get(name)
        if default is None:
            return self.globals.get(name) or None
        return default

    def counted(self, values: Mapping[str, str]) -> list[str]:
        """The values that the cache goes by, sorted: all but the predefined ones that no ARG names."""
        return sorted(
            f"{name}={value}" for name, value in values.items() if name in self.referenced or name not in PREDEFINED
        )

    def unused(self) -> list[str]:
        """What was given and no ARG ever named."""
        return sorted(name for name in self.given if name not in self.referenced and name not in PREDEFINED)
