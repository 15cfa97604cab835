"""Calls, attributes and items (Language Reference, 3.3 and 6.3), of the script's objects and of the library's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import GeneratorType
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.runtime.net.errors import HostError, NetworkError, RefusedError, TimedOutError
from dockerlab.runtime.python.frames import Frame, remember
from dockerlab.runtime.python.iteration import GeneratorObject
from dockerlab.runtime.python.objects import (
    Class,
    Function,
    Given,
    Instance,
    Kind,
    Method,
    Module,
    Native,
    Parent,
    Property,
    ScriptError,
    Unbound,
    bind,
)
from dockerlab.runtime.python.protocols import Protocols
from dockerlab.runtime.python.scopes import Scope
from dockerlab.runtime.python.trampoline import Evaluator
from dockerlab.runtime.python.values import MOST, method

DEEPEST = 1000
"""Calls within calls (sys.getrecursionlimit())."""


class Calls(Protocols):
    """Calls things and looks up what they have."""

    depth = 0

    def run_body(self, function: Function, frame: Frame) -> Evaluator:
        """What a function's statements return; the statements' part of the interpreter has it."""
        raise NotImplementedError

    # Calls.

    def call(
        self, function: Any, given: Sequence[Any], named: Mapping[str, Any], frame: Frame | None = None
    ) -> Evaluator:
        """Call anything; `frame` is the caller's, for the few that look at it."""
        if isinstance(function, Method):
            return (yield self.call(function.function, [function.owner, *given], named, frame))
        if isinstance(function, Function):
            return (yield self._call_function(function, given, named))
        if isinstance(function, Class):
            return (yield self.instantiate(function, given, named))
        if isinstance(function, Instance):
            own = self.special(function, "__call__")
            if own is not None:
                return (yield self.call(own, given, named))
        if isinstance(function, Native):
            self.caller = frame or self.caller  # super() and locals() ask for it
            result = function.call(self, *given, **named)
            return (yield result) if isinstance(result, GeneratorType) else result
        if not callable(function) or isinstance(function, Given | Module | Instance):
            raise TypeError(f"'{self.type_name(function)}' object is not callable")
        return (yield self._call_plain(function, given, named))

    def _call_plain(self, function: Any, given: Sequence[Any], named: Mapping[str, Any]) -> Evaluator:
        """A method of a plain value, or an object of the library; rows of the script's own become lists first."""
        if function is str and given and isinstance(given[0], Instance | ScriptError | list | tuple | dict | type):
            return (yield self.text(given[0]))
        if function is bool and given:
            return (yield self.truth(given[0]))
        if function is bytes and given and isinstance(given[0], int) and given[0] > MOST:
            raise MemoryError
        values = []
        for value in given:
            values.append((yield self.plain_row(value)))
        try:
            result = function(*values, **named)
            if isinstance(result, GeneratorType):
                result = yield result
        except FileSystemError as error:
            raise OSError(error.errno, error.strerror, error.path or None) from None
        except NetworkError as error:
            raise network_error(error) from None
        self.charge(result)
        return result

    def _call_function(self, function: Function, given: Sequence[Any], named: Mapping[str, Any]) -> Evaluator:
        scope = Scope(function.scope.builtins, function.scope, bind(function, given, named), {}, function.local)
        scope.path = f"{function.qualname}.<locals>."
        frame = Frame(function.name, scope, function.source, function=function)
        if function.generates:
            return self.generator(function.qualname, self._guarded(function, frame))
        if self.depth >= DEEPEST - 1:
            raise RecursionError("maximum recursion depth exceeded")
        self.depth += 1
        try:
            return (yield self._guarded(function, frame))
        finally:
            self.depth -= 1

    def _guarded(self, function: Function, frame: Frame) -> Evaluator:
        """A function's body; what leaves it is noted for the traceback."""
        self.frames.append(frame)
        try:
            return (yield self.run_body(function, frame))
        except Exception as error:
            remember(error, frame)
            raise
        finally:
            if frame in self.frames:
                self.frames.remove(frame)

    def generator(self, name: str, body: Evaluator) -> GeneratorObject:
        """An iterator over what an evaluator yields."""
        return GeneratorObject(name, body)

    def instantiate(self, cls: Class, given: Sequence[Any], named: Mapping[str, Any]) -> Evaluator:
        """A new object of a class of the script."""
        maker = getattr(cls.foundation, "instantiate", None)
        if maker is not None:
            return (yield maker(self, cls, given, named))
        instance = Instance(cls)
        if cls.is_exception:
            instance.names["args"] = tuple(given)
        try:
            start = cls.find("__init__")
        except KeyError:
            if (given or named) and not cls.is_exception:
                raise TypeError(f"{cls.name}() takes no arguments") from None
            return instance
        yield self.call(start, [instance, *given], named)
        return instance

    # Attributes.

    def attribute(self, owner: Any, name: str) -> Evaluator:
        """`owner.name`."""
        if isinstance(owner, ScriptError):
            owner = owner.instance
        if isinstance(owner, Instance):
            return (yield self._of_instance(owner, name))
        if isinstance(owner, Parent):
            return (yield self._of_parent(owner, name))
        if isinstance(owner, Class):
            return self._of_class(owner, name)
        if isinstance(owner, Module):
            if name in owner.names:
                return owner.names[name]
            if name == "__name__":
                return owner.name
            raise AttributeError(f"module '{owner.name}' has no attribute '{name}'")
        if isinstance(owner, Kind):
            return owner.names[name] if name in owner.names else method(owner.kind, name)
        if isinstance(owner, Property) and name in ("setter", "getter"):
            return Native(name, lambda _, setter: Property(owner.getter, setter))
        if isinstance(owner, Function | Native):
            return self._of_function(owner, name)
        if isinstance(owner, Given):
            if name in owner.exposed:
                return getattr(owner, name)
            raise AttributeError(f"'{owner.type_name}' object has no attribute '{name}'")
        special = self.plain_special(owner, name)
        return special if special is not None else method(owner, name)

    def _of_instance(self, owner: Instance, name: str) -> Evaluator:
        if name in owner.names:
            return owner.names[name]
        if name == "__class__":
            return owner.cls
        if name == "__dict__":
            return owner.names
        try:
            found = owner.cls.find(name)
        except KeyError:
            return (yield self._missing(owner, name))
        return (yield self._bound(found, owner, owner.cls))

    def _missing(self, owner: Instance, name: str) -> Evaluator:
        foundation = owner.cls.foundation
        given = getattr(foundation, "attributes", {}).get(name)
        if given is not None:
            return Method(given, owner)
        own = self.special(owner, "__getattr__")
        if own is not None:
            return (yield self.call(own, [name], {}))
        raise AttributeError(f"'{owner.cls.name}' object has no attribute '{name}'")

    def _bound(self, found: Any, owner: Any, cls: Class) -> Evaluator:
        """What an attribute of a class is, looked up by way of an object (3.3.2.4)."""
        if isinstance(found, Function | Native):
            return Method(found, owner)
        if isinstance(found, Unbound):
            return Method(found.function, cls) if found.takes_class else found.function
        if isinstance(found, Property):
            return (yield self.call(found.getter, [owner], {}))
        return found

    def _of_parent(self, owner: Parent, name: str) -> Evaluator:
        cls = owner.instance if isinstance(owner.instance, Class) else owner.instance.cls
        try:
            found = cls.find(name, owner.after)
        except KeyError:
            if name == "__init__":
                return Native("__init__", lambda _, *given, **named: _set_args(owner.instance, given))
            if name in getattr(cls.foundation, "attributes", {}):
                return Method(cls.foundation.attributes[name], owner.instance)
            raise AttributeError(f"'super' object has no attribute '{name}'") from None
        return (yield self._bound(found, owner.instance, cls))

    def _of_class(self, owner: Class, name: str) -> Any:
        if name in ("__name__", "__qualname__"):
            return owner.name
        try:
            found = owner.find(name)
        except KeyError:
            raise AttributeError(f"type object '{owner.name}' has no attribute '{name}'") from None
        if isinstance(found, Unbound):
            return Method(found.function, owner) if found.takes_class else found.function
        return found

    def _of_function(self, owner: Function | Native, name: str) -> Any:
        if name in ("__name__", "__qualname__"):
            return owner.name
        names = owner.names if isinstance(owner, Function) else {}
        if name in names or name == "__doc__":
            return names.get(name)
        raise AttributeError(f"'function' object has no attribute '{name}'")

    def set_attribute(self, owner: Any, name: str, value: Any) -> Evaluator:
        """`owner.name = value`."""
        if isinstance(owner, Instance):
            try:
                found = owner.cls.find(name)
            except KeyError:
                found = None
            if isinstance(found, Property):
                if found.setter is None:
                    raise AttributeError(f"property '{name}' of '{owner.cls.name}' object has no setter")
                yield self.call(found.setter, [owner, value], {})
                return
        if isinstance(owner, Instance | Class | Module | Function):
            owner.names[name] = value
        elif isinstance(owner, Given) and name in owner.settable:
            setattr(owner, name, value)
        else:
            raise AttributeError(f"'{self.type_name(owner)}' object has no attribute '{name}'")

    def delete_attribute(self, owner: Any, name: str) -> None:
        """`del owner.name`."""
        if not isinstance(owner, Instance | Class) or name not in owner.names:
            raise AttributeError(f"'{self.type_name(owner)}' object has no attribute '{name}'")
        del owner.names[name]

    # Items.

    def item(self, owner: Any, key: Any) -> Evaluator:
        """`owner[key]`."""
        own = self.special(owner, "__getitem__")
        if own is not None:
            return (yield self.call(own, [key], {}))
        if isinstance(owner, type | Class | Native):
            return owner  # an annotation: list[int]
        self._check_items(owner, "subscriptable")
        return owner[key]

    def set_item(self, owner: Any, key: Any, value: Any) -> Evaluator:
        """`owner[key] = value`."""
        own = self.special(owner, "__setitem__")
        if own is not None:
            yield self.call(own, [key, value], {})
            return
        self._check_items(owner, "support item assignment", "does not ")
        owner[key] = value

    def delete_item(self, owner: Any, key: Any) -> Evaluator:
        """`del owner[key]`."""
        own = self.special(owner, "__delitem__")
        if own is not None:
            yield self.call(own, [key], {})
            return
        self._check_items(owner, "support item deletion", "doesn't ")
        del owner[key]

    def _check_items(self, owner: Any, what: str, verb: str = "is not ") -> None:
        if isinstance(owner, Instance | Function | Class | Method | Module) or (
            isinstance(owner, Given) and not hasattr(owner, "__getitem__")
        ):
            raise TypeError(f"'{self.type_name(owner)}' object {verb}{what}")


def _set_args(instance: Any, given: Sequence[Any]) -> None:
    if isinstance(instance, Instance) and instance.cls.is_exception:
        instance.names["args"] = tuple(given)


def network_error(error: NetworkError) -> OSError:
    """What CPython's socket module raises for a connection that failed."""
    if isinstance(error, HostError):
        return GaiError(-2, "Name or service not known")
    if isinstance(error, RefusedError):
        return ConnectionRefusedError(111, "Connection refused")
    if isinstance(error, TimedOutError):
        return TimeoutError("timed out")
    return ConnectionError(str(error))


class GaiError(OSError):
    """socket.gaierror."""

    script_name = "socket.gaierror"
