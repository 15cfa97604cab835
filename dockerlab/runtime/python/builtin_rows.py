"""The built-in functions that go through rows: iter() and next(), zip(), map(), sorted(), sum() and their kin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from dockerlab.runtime.python.errors import StopIterationError
from dockerlab.runtime.python.iteration import END, Advancing, type_name
from dockerlab.runtime.python.trampoline import Evaluator, Yielded

if TYPE_CHECKING:
    from dockerlab.runtime.python.interpreter import Interpreter


def _iter(interpreter: Interpreter, row: Any, *sentinel: Any) -> Evaluator:
    if sentinel:
        return interpreter.generator("callable_iterator", _until(interpreter, row, sentinel[0]))
    return interpreter.generator("iterator", _each(interpreter, (yield interpreter.iterator(row))))


def _until(interpreter: Interpreter, function: Any, sentinel: Any) -> Evaluator:
    while True:
        yield interpreter.step()
        value = yield interpreter.call(function, [], {})
        if (yield interpreter.compare("Eq", value, sentinel)):
            return
        yield Yielded(value)


def _each(interpreter: Interpreter, iterator: Any) -> Evaluator:
    while (value := (yield interpreter.advance(iterator))) is not END:
        yield Yielded(value)


def _next(interpreter: Interpreter, iterator: Any, *default: Any) -> Evaluator:
    if not isinstance(iterator, Advancing | Iterator) and interpreter.special(iterator, "__next__") is None:
        raise TypeError(f"'{type_name(iterator)}' object is not an iterator")
    value = yield interpreter.advance((yield interpreter.iterator(iterator)))
    if value is not END:
        return value
    if not default:
        raise StopIterationError
    return default[0]


def _enumerate(interpreter: Interpreter, row: Any, start: int = 0) -> Evaluator:
    def numbered(iterator: Any, number: int) -> Evaluator:
        while (value := (yield interpreter.advance(iterator))) is not END:
            yield Yielded((number, value))
            number += 1

    return interpreter.generator("enumerate", numbered((yield interpreter.iterator(row)), start))


def _zip(interpreter: Interpreter, *rows: Any, strict: bool = False) -> Evaluator:
    iterators = []
    for row in rows:
        iterators.append((yield interpreter.iterator(row)))

    def side_by_side() -> Evaluator:
        while iterators:
            values: list[Any] = []
            for iterator in iterators:
                value = yield interpreter.advance(iterator)
                if value is END:
                    if strict and values:
                        raise ValueError(f"zip() argument {len(values) + 1} is shorter than argument 1")
                    return
                values.append(value)
            yield Yielded(tuple(values))

    return interpreter.generator("zip", side_by_side())


def _map(interpreter: Interpreter, function: Any, *rows: Any) -> Evaluator:
    pairs = yield _zip(interpreter, *rows)

    def called() -> Evaluator:
        while (values := (yield pairs.advance())) is not END:
            yield Yielded((yield interpreter.call(function, list(values), {})))

    return interpreter.generator("map", called())


def _filter(interpreter: Interpreter, function: Any, row: Any) -> Evaluator:
    iterator = yield interpreter.iterator(row)

    def passing() -> Evaluator:
        while (value := (yield interpreter.advance(iterator))) is not END:
            verdict = value if function is None else (yield interpreter.call(function, [value], {}))
            if (yield interpreter.truth(verdict)):
                yield Yielded(value)

    return interpreter.generator("filter", passing())


def _reversed(interpreter: Interpreter, row: Any) -> Evaluator:
    values = yield interpreter.listed(row)
    return interpreter.generator("reversed", _each(interpreter, iter(values[::-1])))


def _sorted(interpreter: Interpreter, row: Any, *, key: Any = None, reverse: Any = False) -> Evaluator:
    return interpreter.sorted_row(row, key, reverse)


def _sum(interpreter: Interpreter, row: Any, start: Any = 0) -> Evaluator:
    if isinstance(start, str):
        raise TypeError("sum() can't sum strings [use ''.join(seq) instead]")
    total = start
    for value in (yield interpreter.listed(row)):
        total = yield interpreter.binary("Add", total, value)
    return total


def _any(interpreter: Interpreter, row: Any) -> Evaluator:
    return _holds(interpreter, row, True)


def _all(interpreter: Interpreter, row: Any) -> Evaluator:
    return _holds(interpreter, row, False)


def _holds(interpreter: Interpreter, row: Any, wanted: bool) -> Evaluator:
    iterator = yield interpreter.iterator(row)
    while (value := (yield interpreter.advance(iterator))) is not END:
        if (yield interpreter.truth(value)) is wanted:
            return wanted
    return not wanted


def _extreme(name: str, place: int) -> Callable[..., Evaluator]:
    def extreme(interpreter: Interpreter, *given: Any, key: Any = None, **how: Any) -> Evaluator:
        values = (yield interpreter.listed(given[0])) if len(given) == 1 else list(given)
        if not values and "default" in how:
            return how["default"]
        if not values:
            old = interpreter.minor < 12
            raise ValueError(f"{name}() {'arg is an empty sequence' if old else 'iterable argument is empty'}")
        return (yield interpreter.sorted_row(values, key, place < 0))[0]

    return extreme


ROWS: dict[str, Callable[..., Any]] = {
    "all": _all, "any": _any, "enumerate": _enumerate, "filter": _filter, "iter": _iter, "map": _map,
    "max": _extreme("max", -1), "min": _extreme("min", 1), "next": _next, "reversed": _reversed, "sorted": _sorted,
    "sum": _sum, "zip": _zip,
}  # fmt: skip
