"""collections, itertools, functools, operator, copy."""

from __future__ import annotations

import collections
import operator
from collections.abc import Iterator
from typing import Any

from dockerlab.runtime.python.iteration import END
from dockerlab.runtime.python.library import natives, plain
from dockerlab.runtime.python.objects import Class, Function, Given, Instance, Native
from dockerlab.runtime.python.trampoline import Evaluator, Yielded


class DefaultDict(dict[Any, Any]):
    """collections.defaultdict, with a built-in type or a function of the script as its factory."""

    def __init__(self, factory: Any = None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.factory = factory

    def __repr__(self) -> str:
        return f"defaultdict({self.factory!r}, {dict(self)!r})"

    def __missing__(self, key: Any) -> Any:
        if isinstance(self.factory, type):
            self[key] = self.factory()
            return self[key]
        raise KeyError(key)


class Deque(Given):
    """collections.deque."""

    exposed = frozenset("append appendleft clear count extend maxlen pop popleft remove reverse rotate".split())
    type_name = "deque"

    def __init__(self, row: Any = (), maxlen: int | None = None) -> None:
        self._row: collections.deque[Any] = collections.deque(row, maxlen)

    def __getattr__(self, name: str) -> Any:
        if name in self.exposed:
            return getattr(self._row, name)
        raise AttributeError(name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)

    def __getitem__(self, at: int) -> Any:
        return self._row[at]

    def __repr__(self) -> str:
        return repr(self._row)


def _named_tuple(_: Any, name: str, fields: Any, defaults: Any = ()) -> Any:
    words = fields.replace(",", " ").split() if isinstance(fields, str) else list(fields)
    cls = Class(name, (), {})

    def start(_: Any, instance: Instance, *given: Any, **named: Any) -> None:
        values = dict(zip(reversed(words), reversed(tuple(defaults)), strict=False))
        values |= dict(zip(words, given, strict=False)) | named
        missing = [word for word in words if word not in values]
        if missing or len(given) > len(words):
            raise TypeError(f"{name}.__new__() missing required arguments: {', '.join(missing)}")
        instance.names.update({word: values[word] for word in words})

    def shown(interpreter: Any, instance: Instance) -> Evaluator:
        pieces = []
        for word in words:
            pieces.append(f"{word}={(yield interpreter.shown(instance.names[word]))}")
        return f"{name}({', '.join(pieces)})"

    def values(instance: Instance) -> tuple[Any, ...]:
        return tuple(instance.names[word] for word in words)

    cls.names |= {
        "__init__": Native("__init__", start),
        "__repr__": Native("__repr__", shown),
        "__iter__": Native("__iter__", lambda _, instance: list(values(instance))),
        "__getitem__": Native("__getitem__", lambda _, instance, at: values(instance)[at]),
        "__len__": Native("__len__", lambda _, instance: len(words)),
        "__eq__": Native("__eq__", lambda _, one, two: isinstance(two, Instance) and values(one) == values(two)),
        "_asdict": Native("_asdict", lambda _, instance: dict(instance.names)),
        "_fields": tuple(words),
    }
    return cls


def _deque(interpreter: Any, row: Any = (), maxlen: int | None = None) -> Evaluator:
    return Deque((yield interpreter.listed(row)), maxlen)


def _collections(interpreter: Any) -> dict[str, Any]:
    return {
        "Counter": collections.Counter,
        "OrderedDict": dict,
        "defaultdict": Native("defaultdict", lambda _, *given, **named: DefaultDict(*given, **named)),
        **natives({"deque": _deque, "namedtuple": _named_tuple}),
    }


# itertools.


def _count(interpreter: Any, start: int = 0, step: int = 1) -> Any:
    def counting() -> Evaluator:
        number = start
        while True:
            yield Yielded(number)
            number += step

    return interpreter.generator("count", counting())


def _chain(interpreter: Any, *rows: Any) -> Any:
    def chaining() -> Evaluator:
        for row in rows:
            iterator = yield interpreter.iterator(row)
            while (value := (yield interpreter.advance(iterator))) is not END:
                yield Yielded(value)

    return interpreter.generator("chain", chaining())


def _cycle(interpreter: Any, row: Any) -> Evaluator:
    values = yield interpreter.listed(row)

    def cycling() -> Evaluator:
        while values:
            for value in values:
                yield Yielded(value)

    return interpreter.generator("cycle", cycling())


def _repeat(interpreter: Any, value: Any, times: int | None = None) -> Any:
    def repeating() -> Evaluator:
        number = 0
        while times is None or number < times:
            yield Yielded(value)
            number += 1

    return interpreter.generator("repeat", repeating())


def _islice(interpreter: Any, row: Any, *ends: Any) -> Evaluator:
    part = slice(*ends)
    start, stop, step = part.start or 0, part.stop, part.step or 1
    iterator = yield interpreter.iterator(row)

    def slicing() -> Evaluator:
        number = 0
        while stop is None or number < stop:
            value = yield interpreter.advance(iterator)
            if value is END:
                return
            if number >= start and not (number - start) % step:
                yield Yielded(value)
            number += 1

    return interpreter.generator("islice", slicing())


def _product(interpreter: Any, *rows: Any, repeat: int = 1) -> Evaluator:
    choices: list[tuple[Any, ...]] = [()]
    for row in rows * repeat:
        values = yield interpreter.listed(row)
        if len(choices) * len(values) > 1 << 20:
            raise MemoryError
        choices = [(*choice, value) for choice in choices for value in values]
    return choices


def _itertools(interpreter: Any) -> dict[str, Any]:
    functions = {
        "chain": _chain, "count": _count, "cycle": _cycle, "islice": _islice, "product": _product, "repeat": _repeat,
    }  # fmt: skip
    return natives(functions)


# functools, operator, copy.


def _reduce(interpreter: Any, function: Any, row: Any, *start: Any) -> Evaluator:
    values = [*start, *(yield interpreter.listed(row))]
    if not values:
        raise TypeError("reduce() of empty iterable with no initial value")
    total, *rest = values
    for value in rest:
        total = yield interpreter.call(function, [total, value], {})
    return total


def _partial(_: Any, function: Any, *given: Any, **named: Any) -> Native:
    return Native(
        "partial", lambda interpreter, *more, **others: interpreter.call(function, [*given, *more], {**named, **others})
    )


def _cached(_: Any, function: Any) -> Native:
    known: dict[Any, Any] = {}

    def call(interpreter: Any, *given: Any) -> Evaluator:
        if given not in known:
            known[given] = yield interpreter.call(function, list(given), {})
        return known[given]

    return Native(function.name, call)


def _lru_cache(interpreter: Any, function: Any = None, **_: Any) -> Native:
    """With or without parentheses."""
    return _cached(interpreter, function) if isinstance(function, Function) else Native("lru_cache", _cached)


def _wraps(_: Any, wrapped: Any) -> Native:
    def named(_: Any, function: Any) -> Any:
        if isinstance(function, Function) and isinstance(wrapped, Function | Native):
            function.name = wrapped.name
        return function

    return Native("wraps", named)


def _getter(take: Any) -> Any:
    def make(_: Any, *keys: Any) -> Native:
        def get(interpreter: Any, owner: Any) -> Evaluator:
            values = []
            for key in keys:
                values.append((yield getattr(interpreter, take)(owner, key)))
            return values[0] if len(values) == 1 else tuple(values)

        return Native(take, get)

    return make


def _operator(_: Any) -> dict[str, Any]:
    functions = plain(operator, "add sub mul truediv floordiv mod neg eq ne lt le gt ge not_")
    return {**functions, **natives({"itemgetter": _getter("item"), "attrgetter": _getter("attribute")})}


def _copy(_: Any, value: Any) -> Any:
    if isinstance(value, Instance):
        return Instance(value.cls, dict(value.names))
    return value.copy() if isinstance(value, list | dict | set) else value


def _deep_copy(_: Any, value: Any, depth: int = 0) -> Any:
    if depth > 200:
        raise RecursionError("maximum recursion depth exceeded")
    if isinstance(value, Instance):
        return Instance(value.cls, {name: _deep_copy(_, each, depth + 1) for name, each in value.names.items()})
    if isinstance(value, dict):
        return {key: _deep_copy(_, each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return type(value)(_deep_copy(_, each, depth + 1) for each in value)
    return value


MODULES = {
    "collections": _collections,
    "itertools": _itertools,
    "functools": lambda _: natives(
        {"cache": _cached, "lru_cache": _lru_cache, "partial": _partial, "reduce": _reduce, "wraps": _wraps}
    ),
    "operator": _operator,
    "copy": lambda _: natives({"copy": _copy, "deepcopy": _deep_copy}),
}
