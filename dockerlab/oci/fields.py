"""Reading the fields of a JSON object with the types that Go's structs give them.

A missing field and `null` give Go's zero value; a value of another type raises `InvalidParameterError`, so that a
broken or hostile document is refused where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from dockerlab.errors import InvalidParameterError

T = TypeVar("T")
Json = Mapping[str, Any]

_NAMES = {list: "array", str: "string", int: "number", float: "number", bool: "bool", dict: "object"}


def read(document: Json, key: str, kind: type[T], default: T) -> T:
    """The field as that type; the default where it is missing or null."""
    value = document.get(key)
    if value is None:
        return default
    return checked(value, kind, key)


def checked(value: object, kind: type[T], key: str) -> T:
    """The value itself, if it is of that type (a bool is no number)."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        found = _NAMES.get(type(value), "null")
        raise InvalidParameterError(f"json: cannot unmarshal {found} into field {key} of type {_NAMES[kind]}")
    return value


def text(document: Json, key: str) -> str:
    """A string field; '' where it is missing."""
    return read(document, key, str, "")


def flag(document: Json, key: str) -> bool:
    """A boolean field; False where it is missing."""
    return read(document, key, bool, False)


def number(document: Json, key: str) -> int:
    """An integer field; 0 where it is missing."""
    return read(document, key, int, 0)


def objects(document: Json, key: str) -> list[dict[str, Any]]:
    """A field with a list of objects; [] where it is missing."""
    return [checked(item, dict, key) for item in read(document, key, list, [])]


def texts(document: Json, key: str) -> tuple[str, ...] | None:
    """A field with a list of strings; None where it is missing or null. One string stands for a list of it."""
    value = document.get(key)
    if value is None:
        return None
    items = [value] if isinstance(value, str) else checked(value, list, key)
    return tuple(checked(item, str, key) for item in items)


def text_map(document: Json, key: str) -> dict[str, str] | None:
    """A field with an object of strings; None where it is missing or null."""
    value = document.get(key)
    if value is None:
        return None
    return {name: checked(item, str, f"{key}.{name}") for name, item in checked(value, dict, key).items()}


def keys(document: Json, key: str) -> tuple[str, ...] | None:
    """A field that is a set, which Go writes as an object of empty objects; None where it is missing or null."""
    value = document.get(key)
    return None if value is None else tuple(sorted(checked(value, dict, key)))
