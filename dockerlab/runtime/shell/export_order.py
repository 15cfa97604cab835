"""In which order a shell hands its variables to a program, as `env` shows it: that of the shell's own hash table.

dash and busybox ash keep all variables in 39 chains, new ones last (dash, var.c). bash keeps them in 1,024 chains
chosen by FNV-1, new ones first, and those that stand before a command in 4 more (bash, variables.c).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

_CHAINS = 39
_BASH_CHAINS, _BASH_OWN_CHAINS = 1_024, 4
_FNV_OFFSET, _FNV_PRIME = 2_166_136_261, 16_777_619
_BUILT_IN = frozenset({"IFS", "LINENO", "MAIL", "MAILPATH", "OPTIND", "PATH", "PS1", "PS2", "PS4"})
"""Variables that dash has before it reads its environment."""


class ExportOrder(Protocol):
    """The environment of a program: the shell's exported variables, and those that stand before the command."""

    def __call__(self, exported: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]: ...


def dash_order(exported: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """As dash and ash pass them on; a command's own variables are in the same chains."""
    values = {**exported, **own}
    names = sorted(values, key=lambda name: (_chain(name), name not in _BUILT_IN))
    return {name: values[name] for name in names}


def bash_order(exported: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """As bash passes them on: a command's own variables come first."""
    values = {**exported, **own}
    rest = [name for name in exported if name not in own]
    names = (*_bash_sorted(own, _BASH_OWN_CHAINS), *_bash_sorted(rest, _BASH_CHAINS))
    return {name: values[name] for name in names}


def _bash_sorted(names: Iterable[str], chains: int) -> list[str]:
    newest_first = list(names)[::-1]
    return sorted(newest_first, key=lambda name: _fnv(name) % chains)


@lru_cache(1_024)
def _chain(name: str) -> int:
    """The chain of dash and ash: sixteen times the first character plus all of them."""
    codes = name.encode("utf-8", "surrogateescape")
    return ((codes[0] << 4) + sum(codes)) % _CHAINS if codes else 0


@lru_cache(1_024)
def _fnv(name: str) -> int:
    """32-bit FNV-1."""
    value = _FNV_OFFSET
    for code in name.encode("utf-8", "surrogateescape"):
        value = (value * _FNV_PRIME & 0xFFFFFFFF) ^ code
    return value
