"""The objects that a script makes: functions, classes, instances; and those that the library gives it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from dockerlab.runtime.python.frames import Source
from dockerlab.runtime.python.scopes import Scope


@dataclass(eq=False)
class Function:
    """A function or lambda of the script."""

    name: str
    arguments: ast.arguments
    body: Sequence[ast.stmt] | ast.expr
    scope: Scope
    source: Source
    defaults: Sequence[Any]
    keyword_defaults: Mapping[str, Any]
    local: frozenset[str] = frozenset()
    generates: bool = False
    path: str = ""
    owner: Class | None = None
    """The class in whose body it stands; super() begins behind it."""
    names: dict[str, Any] = field(default_factory=dict)

    @property
    def qualname(self) -> str:
        """Its name and those of what it stands in (PEP 3155)."""
        return f"{self.path}{self.name}"

    def __repr__(self) -> str:
        return f"<function {self.qualname} at {address(self)}>"


@dataclass(eq=False)
class Class:
    """A class of the script; `foundation` is the built-in or library class that it stands on, if any."""

    name: str
    bases: Sequence[Class]
    names: dict[str, Any]
    foundation: Any = None
    module: str = "__main__"

    def __post_init__(self) -> None:
        if self.foundation is None:
            self.foundation = next((base.foundation for base in self.bases if base.foundation is not None), None)

    @property
    def line(self) -> list[Class]:
        """Where attributes are looked up: depth first, each class once, after those that derive from it."""
        found: list[Class] = []
        for each in [self, *(below for base in self.bases for below in base.line)]:
            if each in found:
                found.remove(each)
            found.append(each)
        return found

    def find(self, name: str, after: Class | None = None) -> Any:
        """An attribute of the class or of those that it builds on (behind `after`); KeyError."""
        line = self.line
        for each in line[line.index(after) + 1 :] if after in line else line:
            if name in each.names:
                return each.names[name]
        raise KeyError(name)

    def derives_from(self, other: Any) -> bool:
        """issubclass()."""
        if isinstance(other, Class):
            return other in self.line
        foundation = self.foundation
        if isinstance(foundation, type) and isinstance(other, type):
            return issubclass(foundation, other)
        return other is object or (other is foundation and other is not None)

    @property
    def is_exception(self) -> bool:
        """Whether its instances can be raised."""
        return isinstance(self.foundation, type) and issubclass(self.foundation, BaseException)

    def __repr__(self) -> str:
        return f"<class '{self.module}.{self.name}'>"


@dataclass(eq=False)
class Instance:
    """An object of a class of the script."""

    cls: Class
    names: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{self.cls.module}.{self.cls.name} object at {address(self)}>"


class ScriptError(Exception):
    """Carries an exception of a class of the script's own."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(*instance.names.get("args", ()))
        self.instance = instance


@dataclass(frozen=True, eq=False)
class Method:
    """A function bound to an object."""

    function: Function | Native
    owner: Any

    def __repr__(self) -> str:
        return f"<bound method {self.function.name} of {self.owner!r}>"


@dataclass(frozen=True, eq=False)
class Native:
    """A function of the library: called with the interpreter first; it returns a value, or an evaluator that waits."""

    name: str
    call: Callable[..., Any]

    def __repr__(self) -> str:
        return f"<built-in function {self.name}>"


class Kind(Native):
    """A plain type with functions of the library's beside its own: datetime.datetime with `now`."""

    def __init__(self, kind: Any, functions: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(kind.__name__, lambda _, *given, **named: kind(*given, **named))
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "names", {name: Native(name, call) for name, call in functions.items()})

    kind: type
    names: Mapping[str, Native]

    def __repr__(self) -> str:
        return f"<class '{self.kind.__module__}.{self.name}'>"


@dataclass(frozen=True, eq=False)
class Property:
    """property(): called when it is looked up."""

    getter: Any
    setter: Any = None


@dataclass(frozen=True, eq=False)
class Unbound:
    """staticmethod() and classmethod()."""

    function: Any
    takes_class: bool


@dataclass(frozen=True, eq=False)
class Parent:
    """super(): attributes behind a class in the line of an object's."""

    after: Class
    instance: Any


@dataclass(frozen=True, eq=False)
class Module:
    """A module."""

    name: str
    names: dict[str, Any]
    origin: str = "built-in"

    def __repr__(self) -> str:
        return f"<module '{self.name}' ({self.origin})>"


class Given:
    """An object of the library. Scripts see the attributes named in `exposed`, and may set those in `settable`."""

    exposed: ClassVar[frozenset[str]] = frozenset()
    settable: ClassVar[frozenset[str]] = frozenset()
    type_name: ClassVar[str] = "object"

    def __repr__(self) -> str:
        return f"<{self.type_name} object at {address(self)}>"


_ADDRESS = 0x7F8A4C000000


def address(thing: object) -> str:
    """A made-up address, so that nothing differs from run to run."""
    name = getattr(thing, "name", None) or getattr(getattr(thing, "cls", None), "name", "") or type(thing).__name__
    return f"{_ADDRESS + sum(ord(char) * 4096 for char in str(name)):#x}"


def bind(function: Function, given: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments to parameters (Language Reference, 6.3.4); TypeError in Python's words."""
    spec = function.arguments
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    bound = dict(zip(names, given, strict=False))
    extra = _named(function, names, named, bound)
    defaults = dict(zip(reversed(names), reversed(function.defaults), strict=False)) | dict(function.keyword_defaults)
    if len(given) > len(names) and spec.vararg is None:
        raise TypeError(_too_many(function, names, len(given)))
    for each, kind in ((names, "positional"), ([only.arg for only in spec.kwonlyargs], "keyword-only")):
        missing = [name for name in each if name not in bound and name not in defaults]
        if missing:
            raise TypeError(
                f"{function.qualname}() missing {len(missing)} required {kind} "
                f"argument{'s' * (len(missing) != 1)}: {_listed(missing)}"
            )
    if spec.vararg is not None:
        bound[spec.vararg.arg] = tuple(given[len(names) :])
    if spec.kwarg is not None:
        bound[spec.kwarg.arg] = extra
    return {**defaults, **bound}


def _named(function: Function, names: list[str], named: Mapping[str, Any], bound: dict[str, Any]) -> dict[str, Any]:
    """Bind keyword arguments; returns those for `**`."""
    extra = {}
    spec = function.arguments
    known = {*names[len(spec.posonlyargs) :], *(each.arg for each in spec.kwonlyargs)}
    for name, value in named.items():
        if name in known and name in bound:
            raise TypeError(f"{function.qualname}() got multiple values for argument '{name}'")
        if name in known:
            bound[name] = value
        elif spec.kwarg is not None:
            extra[name] = value
        else:
            raise TypeError(f"{function.qualname}() got an unexpected keyword argument '{name}'")
    return extra


def _too_many(function: Function, names: list[str], given: int) -> str:
    least, most = len(names) - len(function.defaults), len(names)
    takes = f"from {least} to {most}" if least != most else str(most)
    plural = "s" * (most != 1)
    return f"{function.qualname}() takes {takes} positional argument{plural} but {given} {_were(given)} given"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _listed(names: Sequence[str]) -> str:
    """'a', 'b', and 'c'."""
    shown = [f"'{name}'" for name in names]
    if len(shown) < 3:
        return " and ".join(shown)
    return f"{', '.join(shown[:-1])}, and {shown[-1]}"
