"""The programs of the simulated machines, by name; each module is imported when one of its programs is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockerlab.runtime.programs.registry import Programs

    PROGRAMS: Programs

__all__ = ["PROGRAMS"]


def __getattr__(name: str) -> object:
    """`PROGRAMS` comes from the registry, which imports the process model; helpers in this folder don't need it."""
    if name == "PROGRAMS":
        from dockerlab.runtime.programs.registry import PROGRAMS

        return PROGRAMS
    raise AttributeError(name)
