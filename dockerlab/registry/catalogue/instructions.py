"""The instructions of a recipe: what each does to a configuration, and how BuildKit's history shows it.

A recipe's step is a line of a Dockerfile, or an object whose first key is the instruction's word and whose others say
what its layer holds (see `steps`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dockerlab.oci.config import ContainerConfig
from dockerlab.oci.image import History

BUILDKIT = "buildkit.dockerfile.v0"
FILLING = ("RUN", "COPY", "WORKDIR", "ADD")
"""Instructions that make a layer."""


@dataclass(frozen=True)
class Step:
    """One instruction; `spec` is what its layer holds."""

    word: str
    rest: str
    spec: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(row: str | Mapping[str, Any]) -> Step:
        """Read a row of a recipe."""
        if isinstance(row, str):
            word, _, rest = row.partition(" ")
            return Step(word, rest)
        (word, rest), *spec = row.items()
        return Step(word, rest, dict(spec))

    @property
    def fills(self) -> bool:
        """Whether it makes a layer."""
        return self.word in FILLING

    def edit(self, config: ContainerConfig) -> ContainerConfig:
        """The configuration after it."""
        return _EDITS[self.word](config, self.rest) if self.word in _EDITS else config

    def history(self, created: str) -> History:
        """How `docker history` tells of it."""
        text = _SHOWN.get(self.word, str)(self.rest)
        return History(created, f"{self.word} {text}", comment=BUILDKIT, empty_layer=not self.fills)


def _words(rest: str) -> tuple[str, ...]:
    """A list in JSON, or words."""
    return tuple(json.loads(rest)) if rest.startswith("[") else tuple(rest.split())


def _env(config: ContainerConfig, rest: str) -> ContainerConfig:
    """A variable takes the place of an older one of its name."""
    name = rest.partition("=")[0] + "="
    kept = [each if not each.startswith(name) else rest for each in config.env]
    return replace(config, env=tuple(kept if rest in kept else [*kept, rest]))


def _label(config: ContainerConfig, rest: str) -> ContainerConfig:
    key, _, value = rest.partition("=")
    return replace(config, labels={**config.labels, key: value})


def _entrypoint(config: ContainerConfig, rest: str) -> ContainerConfig:
    """It makes the base's command void (Dockerfile reference, ENTRYPOINT)."""
    return replace(config, entrypoint=_words(rest), cmd=None)


_EDITS: Mapping[str, Callable[[ContainerConfig, str], ContainerConfig]] = {
    "ENV": _env,
    "LABEL": _label,
    "ENTRYPOINT": _entrypoint,
    "CMD": lambda config, rest: replace(config, cmd=_words(rest)),
    "EXPOSE": lambda config, rest: replace(config, exposed_ports=(*config.exposed_ports, *_words(rest))),
    "VOLUME": lambda config, rest: replace(config, volumes=(*config.volumes, *_words(rest))),
    "USER": lambda config, rest: replace(config, user=rest),
    "WORKDIR": lambda config, rest: replace(config, working_dir=rest),
    "STOPSIGNAL": lambda config, rest: replace(config, stop_signal=rest),
}


def _quoted(rest: str) -> str:
    return f"[{' '.join(json.dumps(word) for word in _words(rest))}]"


_SHOWN: Mapping[str, Callable[[str], str]] = {
    "RUN": lambda rest: f"/bin/sh -c {rest} # buildkit",
    "COPY": lambda rest: f"{rest} # buildkit",
    "ADD": lambda rest: f"{rest} # buildkit",
    "CMD": _quoted,
    "ENTRYPOINT": _quoted,
    "EXPOSE": lambda rest: f"map[{' '.join(f'{port}:{{}}' for port in _words(rest))}]",
    "VOLUME": lambda rest: f"[{' '.join(_words(rest))}]",
}
