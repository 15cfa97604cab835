"""What the processes of a container are held in besides its namespaces: capabilities, limits, cgroups, filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.runtime.capabilities import EVERY
from dockerlab.runtime.rlimits import Limit

UNLIMITED = "max"


@dataclass(frozen=True)
class Confinement:
    """The settings of a container that its kernel enforces or shows; a host's processes have none of them."""

    bounding: int = EVERY
    """The capabilities that its processes can have at most."""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """Resource limits where they are not the usual ones."""
    no_new_privileges: bool = False
    filtered: bool = False
    """Whether seccomp looks at its system calls."""
    oom_score: int = 0
    sysctls: Mapping[str, str] = field(default_factory=dict)
    cpus: tuple[int, ...] = ()
    """The processors that it may use; none: all."""
    cpu_quota: str = UNLIMITED
    """Microseconds of every `cpu_period`, as cpu.max has it."""
    cpu_period: int = 100_000
