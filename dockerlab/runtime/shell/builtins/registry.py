"""The table of builtins: name → function, and whether POSIX calls it special."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from dockerlab.runtime.shell.state import Shell, Steps

Body: TypeAlias = "Callable[[Shell, list[str]], int | Steps]"


@dataclass(frozen=True)
class Builtin:
    """A builtin; the errors of a `special` one end a shell, and assignments before it last (XCU 2.15)."""

    name: str
    run: Body
    special: bool = False
    feature: str = ""
    """What a dialect needs to have it."""


_BUILTINS: dict[str, Builtin] = {}


def builtin(*names: str, special: bool = False, feature: str = "") -> Callable[[Body], Body]:
    """Register a function under its names."""

    def register(body: Body) -> Body:
        for name in names:
            _BUILTINS[name] = Builtin(name, body, special, feature)
        return body

    return register


def find_builtin(shell: Shell, name: str) -> Builtin | None:
    """The builtin of a name in the shell's dialect."""
    found = _BUILTINS.get(name)
    if found is None or (found.feature and not shell.dialect.has(found.feature)):
        return None
    return found


def names(shell: Shell) -> list[str]:
    """All names in the shell's dialect, sorted."""
    return sorted(name for name in _BUILTINS if find_builtin(shell, name))
