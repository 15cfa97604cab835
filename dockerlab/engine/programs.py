"""The programs of containers: those of `runtime`, and those that need what only the engine has."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.executables import Program
from dockerlab.runtime.process import Process


def registry(proc: Process) -> int | Generator[Wait, Any, int]:
    """registry:2's program, imported when it first runs."""
    from dockerlab.engine import registry_program

    return registry_program.registry(proc)


OWN: Mapping[str, Program] = {"registry": registry, "docker-registry": registry}


class OwnPrograms(Mapping[str, Program]):
    """All programs that a container can run."""

    def __init__(self, programs: Mapping[str, Program]) -> None:
        self._programs = programs

    def __getitem__(self, name: str) -> Program:
        return OWN[name] if name in OWN else self._programs[name]

    def __contains__(self, name: object) -> bool:
        return name in OWN or name in self._programs

    def __iter__(self) -> Iterator[str]:
        yield from OWN
        yield from (name for name in self._programs if name not in OWN)

    def __len__(self) -> int:
        return sum(1 for _ in self)
