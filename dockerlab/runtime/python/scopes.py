"""Where names live: the namespaces of modules, functions and classes (Language Reference, 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Scope:
    """A namespace; a function's looks names up in those around it, then in the built-ins."""

    builtins: Mapping[str, Any]
    outer: Scope | None = None
    names: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, Scope] = field(default_factory=dict)
    """Names that `global` or `nonlocal` sends elsewhere."""
    local: frozenset[str] = frozenset()
    """Names that a function binds somewhere: they are never looked up outside (UnboundLocalError)."""
    is_class: bool = False
    """A class's names are not seen by the functions in it."""
    path: str = ""
    """What stands before the names of the functions and classes in it: 'outer.<locals>.'."""

    @property
    def module(self) -> Scope:
        """The outermost namespace."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def get(self, name: str) -> Any:
        """A name's value; NameError."""
        if name in self.declared:
            return self.declared[name].get(name)
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope is self or not scope.is_class):
                return scope.names[name]
            if name in scope.local and name not in scope.declared:
                raise _unbound(name, own=scope is self)
            scope = scope.outer
        if name in self.builtins:
            return self.builtins[name]
        raise NameError(f"name '{name}' is not defined")

    def set(self, name: str, value: Any) -> None:
        """Bind a name."""
        self.declared.get(name, self).names[name] = value

    def delete(self, name: str) -> None:
        """Unbind a name; NameError."""
        names = self.declared.get(name, self).names
        if name not in names:
            raise NameError(f"name '{name}' is not defined")
        del names[name]

    def holder(self, name: str) -> Scope | None:
        """The function around this one that binds a name (`nonlocal`)."""
        scope = self.outer
        while scope is not None and scope.outer is not None:
            if not scope.is_class and (name in scope.names or name in scope.local):
                return scope
            scope = scope.outer
        return None


def _unbound(name: str, *, own: bool) -> NameError:
    if own:
        return UnboundLocalError(f"cannot access local variable '{name}' where it is not associated with a value")
    return NameError(f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope")
