"""What mongod does with documents: insert, find, update, delete, for the operators that tutorials use."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dockerlab.runtime.servers.mongo.values import ScriptError

Document = dict[str, Any]


def matches(document: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a document fits a query. Raises ScriptError for operators that are not simulated."""
    for name, condition in wanted.items():
        if name in ("$and", "$or"):
            fits = [matches(document, each) for each in condition]
            if not (all(fits) if name == "$and" else any(fits)):
                return False
        elif name.startswith("$"):
            raise ScriptError(f"MongoServerError: unknown top level operator: {name}. (dockerlab simulates a few)")
        elif not _fits(field(document, name), condition):
            return False
    return True


def field(document: Any, path: str) -> Any:
    """The value at a path such as 'address.city'; None where there is none."""
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _fits(value: Any, condition: Any) -> bool:
    if isinstance(condition, dict) and any(name.startswith("$") for name in condition) and "$oid" not in condition:
        return all(_operator(name)(value, operand) for name, operand in condition.items())
    return bool(value == condition or (isinstance(value, list) and condition in value))


def _operator(name: str) -> Callable[[Any, Any], bool]:
    if name not in OPERATORS:
        raise ScriptError(f"MongoServerError: unknown operator: {name} (dockerlab simulates a few)")
    return OPERATORS[name]


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Values of different kinds are never less or greater."""

    def compared(value: Any, operand: Any) -> bool:
        numbers = isinstance(value, (int, float)) and isinstance(operand, (int, float))
        return (numbers or (isinstance(value, str) and isinstance(operand, str))) and test(value, operand)

    return compared


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, operand: bool(value == operand),
    "$ne": lambda value, operand: bool(value != operand),
    "$gt": _compare(lambda value, operand: bool(value > operand)),
    "$gte": _compare(lambda value, operand: bool(value >= operand)),
    "$lt": _compare(lambda value, operand: bool(value < operand)),
    "$lte": _compare(lambda value, operand: bool(value <= operand)),
    "$in": lambda value, operand: value in operand,
    "$nin": lambda value, operand: value not in operand,
    "$exists": lambda value, operand: (value is not None) == bool(operand),
    "$regex": lambda value, operand: isinstance(value, str) and re.search(re.escape(str(operand)), value) is not None,
}


def changed(document: Document, update: Mapping[str, Any]) -> Document:
    """A document after an update."""
    if not all(name.startswith("$") for name in update) or not update:
        raise ScriptError("MongoInvalidArgumentError: Update document requires atomic operators")
    result = copy.deepcopy(document)
    for operator, parts in update.items():
        if operator not in UPDATES:
            raise ScriptError(f"MongoServerError: Unknown modifier: {operator} (dockerlab simulates a few)")
        for path, operand in parts.items():
            UPDATES[operator](*_place(result, path), operand)
    return result


def _place(document: Document, path: str) -> tuple[Document, str]:
    *outer, name = path.split(".")
    for each in outer:
        inner = document.setdefault(each, {})
        if not isinstance(inner, dict):
            raise ScriptError(f"MongoServerError: Cannot create field '{name}' in element {{{each}}}")
        document = inner
    return document, name


def _set(place: Document, name: str, operand: Any) -> None:
    place[name] = operand


def _unset(place: Document, name: str, operand: Any) -> None:
    place.pop(name, None)


def _increase(place: Document, name: str, operand: Any) -> None:
    old = place.get(name, 0)
    if not isinstance(old, (int, float)) or not isinstance(operand, (int, float)):
        raise ScriptError("MongoServerError: Cannot apply $inc to a value of non-numeric type")
    place[name] = old + operand


def _push(place: Document, name: str, operand: Any) -> None:
    place[name] = [*place.get(name, []), operand]


UPDATES: dict[str, Callable[[Document, str, Any], None]] = {
    "$set": _set,
    "$unset": _unset,
    "$inc": _increase,
    "$push": _push,
}


def ordered(documents: Iterable[Document], order: Mapping[str, Any]) -> list[Document]:
    """Documents sorted by fields; 1 upwards, -1 downwards."""
    result = list(documents)
    for name, direction in reversed(list(order.items())):
        result.sort(key=lambda each: _rank(field(each, name)), reverse=direction == -1)
    return result


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, (int, float)):
        return 1, value
    return (2, value) if isinstance(value, str) else (0, "")


def projected(document: Document, wanted: Mapping[str, Any]) -> Document:
    """Only the fields asked for; _id stays unless it is refused."""
    if not wanted:
        return document
    keep = {name for name, yes in wanted.items() if yes}
    drop = {name for name, yes in wanted.items() if not yes}
    if keep:
        keep |= {"_id"} - drop
        return {name: value for name, value in document.items() if name in keep}
    return {name: value for name, value in document.items() if name not in drop}
