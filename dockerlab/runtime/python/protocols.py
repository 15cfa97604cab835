"""What every value answers: its truth, its text, its items one by one, and the operators (Data model, 3.3)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.runtime.process import Process, Turn
from dockerlab.runtime.python.errors import StopIterationError
from dockerlab.runtime.python.frames import Frame
from dockerlab.runtime.python.iteration import END, Advancing, OwnIterator, bounded, plain_iterator, type_name
from dockerlab.runtime.python.memory import Memory
from dockerlab.runtime.python.objects import Given, Instance, Method, Native, ScriptError
from dockerlab.runtime.python.trampoline import Evaluator
from dockerlab.runtime.python.values import binary

STATEMENTS_PER_TURN = 10
"""Statements that cost two turns of the process's budget."""
_OPERATORS = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "truediv", "FloorDiv": "floordiv", "Mod": "mod", "Pow": "pow",
    "BitOr": "or", "BitAnd": "and", "BitXor": "xor", "LShift": "lshift", "RShift": "rshift",
}  # fmt: skip


class Protocols:
    """The base of the interpreter: one process, its steps, and the protocols of values."""

    def __init__(self, proc: Process) -> None:
        self.proc = proc
        self.frames: list[Frame] = []
        self.caller: Frame | None = None
        self.memory = Memory(self)
        self._steps = 0
        self._showing: set[int] = set()

    def call(
        self, function: Any, given: Sequence[Any], named: Mapping[str, Any], frame: Frame | None = None
    ) -> Evaluator:
        """Call anything; see `Calls`."""
        raise NotImplementedError

    def step(self) -> Evaluator:
        """A statement begins: signals are handled, and now and then others have their turn."""
        self._steps += 1
        if not self._steps % STATEMENTS_PER_TURN:
            self.proc.turns += 1
            yield Turn()
        yield self.handle_signals()

    def handle_signals(self) -> Evaluator:
        """Run the handlers of the signals that came."""
        yield from ()

    def charge(self, value: Any) -> None:
        """Count a new value's memory."""
        if isinstance(value, str | bytes | list | dict | set | tuple):
            self.memory.charge(sys.getsizeof(value))

    # Special methods.

    type_name = staticmethod(type_name)

    def special(self, value: Any, name: str) -> Any:
        """A special method of an object of the script; None where its class has none."""
        if isinstance(value, ScriptError):
            value = value.instance
        if not isinstance(value, Instance):
            return None
        try:
            found = value.cls.find(name)
        except KeyError:
            return None
        return None if found is None else Method(found, value)

    def plain_special(self, owner: Any, name: str) -> Any:
        """Methods of plain values that call back into the script: list.sort(key=…)."""
        if isinstance(owner, list) and name == "sort":
            return Native("sort", lambda interpreter, **how: interpreter.sort_list(owner, **how))
        return None

    def sort_list(self, row: list[Any], key: Any = None, reverse: Any = False) -> Evaluator:
        """list.sort()."""
        row[:] = yield self.sorted_row(row, key, reverse)

    def sorted_row(self, row: Any, key: Any = None, reverse: Any = False) -> Evaluator:
        """A sorted copy; objects of the script are compared by their own `__lt__`."""
        values = yield self.listed(row)
        keys = list(values)
        if key is not None:
            keys = []
            for value in values:
                keys.append((yield self.call(key, [value], {})))
        if any(isinstance(each, Instance) for each in keys):
            order = yield self._merge_sorted(list(range(len(keys))), keys)
            return [values[at] for at in (order[::-1] if reverse else order)]
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=bool(reverse))
        return [values[at] for at in order]

    def _merge_sorted(self, order: list[int], keys: list[Any]) -> Evaluator:
        if len(order) < 2:
            return order
        middle = len(order) // 2
        left = yield self._merge_sorted(order[:middle], keys)
        right = yield self._merge_sorted(order[middle:], keys)
        merged = []
        while left and right:
            less = yield self.call(self._less(keys[right[0]]), [keys[left[0]]], {})
            merged.append((right if less else left).pop(0))
        return merged + left + right

    def _less(self, value: Any) -> Any:
        found = self.special(value, "__lt__")
        if found is None:
            name = type_name(value)
            raise TypeError(f"'<' not supported between instances of '{name}' and '{name}'")
        return found

    def binary(self, name: str, left: Any, right: Any) -> Evaluator:
        """A binary operator; an object's own method is asked first, then the right one's mirrored method."""
        word = _OPERATORS.get(name, name)
        for owner, other, prefix in ((left, right, "__"), (right, left, "__r")):
            own = self.special(owner, f"{prefix}{word}__")
            if own is not None:
                return (yield self.call(own, [other], {}))
        result = binary(name, left, right)
        self.charge(result)
        return result

    def truth(self, value: Any) -> Evaluator:
        """bool(value)."""
        if isinstance(value, Instance):
            for name in ("__bool__", "__len__"):
                own = self.special(value, name)
                if own is not None:
                    return bool((yield self.call(own, [], {})))
            return True
        return bool(value)
        yield

    # Texts.

    def text(self, value: Any) -> Evaluator:
        """str(value)."""
        if isinstance(value, ScriptError):
            value = value.instance
        if isinstance(value, Instance):
            own = self.special(value, "__str__")
            if own is not None:
                return (yield self.call(own, [], {}))
            if value.cls.is_exception and self.special(value, "__repr__") is None:
                return str(Exception(*value.names.get("args", ())))
        return value if isinstance(value, str) else (yield self.shown(value, inner=False))

    def shown(self, value: Any, *, inner: bool = True) -> Evaluator:
        """repr(value); rows are gone through where the script's objects may be in them."""
        if isinstance(value, ScriptError):
            value = value.instance
        if isinstance(value, Instance):
            own = self.special(value, "__repr__")
            if own is not None:
                return (yield self.call(own, [], {}))
            if value.cls.is_exception:
                return f"{value.cls.name}{Exception(*value.names.get('args', ()))!r}".replace("Exception(", "(", 1)
        if isinstance(value, list | tuple | dict) and _holds_objects(value):
            return (yield self._shown_row(value))
        if isinstance(value, type):
            return f"<class '{getattr(value, 'script_name', value.__name__)}'>"
        return repr(value) if inner else str(value)

    def _shown_row(self, row: Any) -> Evaluator:
        opening, closing = "()" if isinstance(row, tuple) else "[]" if isinstance(row, list) else "{}"
        if id(row) in self._showing:
            return f"{opening}...{closing}"
        self._showing.add(id(row))
        pieces = []
        for each in list(row):
            text = yield self.shown(each)
            pieces.append(f"{text}: {(yield self.shown(row[each]))}" if isinstance(row, dict) else text)
        self._showing.discard(id(row))
        comma = "," if isinstance(row, tuple) and len(row) == 1 else ""
        return f"{opening}{', '.join(pieces)}{comma}{closing}"

    # Iteration.

    @staticmethod
    def is_iterable(value: Any) -> bool:
        """Whether it is an object of the library or of the script that can be gone through."""
        return isinstance(value, Advancing) or (isinstance(value, Given) and hasattr(value, "__iter__"))

    def iterator(self, value: Any) -> Evaluator:
        """iter(value)."""
        own = self.special(value, "__iter__")
        if own is not None:
            return (yield self.iterator((yield self.call(own, [], {}))))
        following = self.special(value, "__next__")
        if following is not None:
            return OwnIterator(lambda: self.call(following, [], {}))
        return value if isinstance(value, Advancing) else plain_iterator(value)

    def advance(self, iterator: Any) -> Evaluator:
        """The next value of an iterator; END after the last."""
        if isinstance(iterator, Advancing):
            return (yield iterator.advance())
        return next(iterator, END)

    def following(self, iterator: Any) -> Evaluator:
        """The next value; StopIteration after the last."""
        value = yield self.advance((yield self.iterator(iterator)))
        if value is END:
            raise StopIterationError
        return value

    def listed(self, value: Any, what: str = "") -> Evaluator:
        """list(value)."""
        if isinstance(value, list | tuple | str | bytes | dict | set | frozenset | range):
            return list(bounded(value))
        try:
            iterator = yield self.iterator(value)
        except TypeError as error:
            raise TypeError(what or str(error)) from None
        values: list[Any] = []
        while (each := (yield self.advance(iterator))) is not END:
            values.append(each)
            if not len(values) % 100:
                yield Turn()
                self.memory.charge(6400)
        return values

    def plain_row(self, value: Any) -> Evaluator:
        """A value as the methods of plain values can read it: what waits for its items becomes a list."""
        if isinstance(value, Advancing) or self.special(value, "__iter__") is not None:
            return (yield self.listed(value))
        return bounded(value) if isinstance(value, range) else value


def _holds_objects(row: Any) -> bool:
    values = [*row, *row.values()] if isinstance(row, dict) else row
    if type(row) not in (list, tuple, dict):
        return False
    return any(isinstance(each, Instance | ScriptError | type | list | tuple | dict) for each in values)
