"""Iteration (Language Reference, 3.3.7 and 6.2.9): over plain values, the script's objects, and its generators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, Protocol, runtime_checkable

from dockerlab.runtime.python.errors import StopIterationError
from dockerlab.runtime.python.objects import (
    Class,
    Function,
    Given,
    Instance,
    Method,
    Module,
    Native,
    ScriptError,
    address,
)
from dockerlab.runtime.python.trampoline import Evaluator, Yielded, bounce
from dockerlab.runtime.python.values import MOST

END = object()
"""What an iterator gives when it has no more."""
_OPAQUE = (Function, Class, Method, Native, Module)


@runtime_checkable
class Advancing(Protocol):
    """An iterator that may have to wait for its next value."""

    def advance(self) -> Evaluator:
        """The next value, or END."""


class GeneratorObject(Given):
    """What a generator function returns."""

    exposed = frozenset({"send", "close"})
    type_name = "generator"

    def __init__(self, name: str, body: Evaluator) -> None:
        self.name = name
        self.result: Any = None
        self._run = bounce(body)
        self._state = "suspended"

    def __repr__(self) -> str:
        return f"<generator object {self.name} at {address(self)}>"

    def advance(self, sent: Any = None) -> Evaluator:
        """Run until the next `yield`; END after the last."""
        if self._state == "running":
            raise ValueError("generator already executing")
        if self._state == "over":
            return END
        self._state = "running"
        try:
            step = self._run.send(sent)
            while not isinstance(step, Yielded):
                step = self._run.send((yield step))
        except StopIteration as done:
            self._state = "over"
            self.result = done.value
            return END
        except BaseException:
            self._state = "over"
            raise
        self._state = "suspended"
        return step.value

    def send(self, value: Any) -> Evaluator:
        """Go on with a value for the `yield`."""
        result = yield self.advance(value)
        if result is END:
            raise StopIterationError
        return result

    def close(self) -> None:
        """Take no more."""
        self._state = "over"
        self._run.close()


class OwnIterator:
    """An object of the script with a `__next__` of its own."""

    def __init__(self, call: Callable[[], Evaluator]) -> None:
        self._call = call

    def advance(self) -> Evaluator:
        """What `__next__` returns; END when it raises StopIteration."""
        try:
            return (yield self._call())
        except StopIterationError:
            return END


def plain_iterator(value: Any) -> Iterator[Any]:
    """Over a plain value; TypeError for what can't be iterated."""
    if isinstance(value, _OPAQUE) or not isinstance(value, Iterable):
        raise TypeError(f"'{type_name(value)}' object is not iterable")
    return iter(value)


def bounded(value: Any) -> Any:
    """A plain row that a built-in function may run through at once; MemoryError for a longer one."""
    if isinstance(value, Sized) and len(value) > MOST:
        raise MemoryError
    return value


def type_name(value: Any) -> str:
    """The name of a value's type."""
    if isinstance(value, Instance):
        return value.cls.name
    if isinstance(value, ScriptError):
        return value.instance.cls.name
    if isinstance(value, Given):
        return value.type_name
    names = {Function: "function", Class: "type", Method: "method", Module: "module"}
    names[Native] = "builtin_function_or_method"
    return names.get(type(value), str(getattr(type(value), "script_name", type(value).__name__)))
