"""The Go side of the data that templates see: what Python's types stand for, and types that Python lacks.

A template's data are plain Python: bool, int (Go int), float (float64), str (string), list ([]interface {}),
dict (map[string]interface {}), None (no value). For more there are:

    Map, Slice      a dict and a list that know their Go type, and whether they are nil
    Number          a number of JSON that keeps its text (json.Number)
    Struct          a Go struct: named fields, some of them behind functions
    Pointer(None)   a typed nil pointer: prints <nil>, where None prints <no value>
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.oci.golang import show_duration

Value = Any
"""Anything that a template may meet."""


class Number(str):
    """A number as it stands in JSON: a text to templates, a number to `json`."""


class Int(int):
    """An integer of a Go type other than int."""

    go_type = "int64"

    @classmethod
    def of(cls, type_name: str) -> type[Int]:
        """The class of integers of this Go type."""
        return type(type_name, (cls,), {"go_type": type_name})


class Duration(Int):
    """A time.Duration in nanoseconds: a number that prints as a text."""

    go_type = "time.Duration"

    def __str__(self) -> str:
        return show_duration(self)


class Map(dict[Any, Any]):
    """A map of a Go type: map[key]element."""

    def __init__(
        self,
        content: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (),
        key: str = "string",
        element: str = "interface {}",
        *,
        nil: bool = False,
    ) -> None:
        super().__init__(content)
        self.key = key
        self.element = element
        self.nil = nil
        self.methods: Mapping[str, Method] = {}

    @property
    def go_type(self) -> str:
        """Its type as Go writes it."""
        return f"map[{self.key}]{self.element}"


class Slice(list[Any]):
    """A slice of a Go type; `spare` are the elements between its length and its capacity."""

    def __init__(
        self,
        content: Iterable[Any] = (),
        element: str = "interface {}",
        *,
        nil: bool = False,
        spare: Iterable[Any] = (),
    ) -> None:
        super().__init__(content)
        self.element = element
        self.nil = nil
        self.spare = list(spare)

    @property
    def go_type(self) -> str:
        """Its type as Go writes it."""
        return f"[]{self.element}"


@dataclass(frozen=True)
class NilPointer:
    """A nil pointer to a named type."""

    pointee: str

    @property
    def go_type(self) -> str:
        """Its type as Go writes it."""
        return f"*{self.pointee}"


class Struct:
    """A Go struct (or a pointer to one): fields by name, each a value or a function that makes it.

    A method with arguments is a Method. `json` says what encoding/json makes of it all, by default its fields.
    `is_row` marks the rows of docker's tables: all their fields are methods, and their JSON is escaped for HTML.
    """

    def __init__(self, go_type: str, fields: Mapping[str, Any], *, json: Any = None, is_row: bool = False) -> None:
        self.go_type = go_type
        self.fields = fields
        self.json = json
        self.is_row = is_row

    def get(self, name: str) -> Any:
        """A field's value; KeyError where there is none of that name."""
        value = self.fields[name]
        return value.value() if isinstance(value, Lazy) else value

    def is_data(self, name: str) -> bool:
        """A field, not a method."""
        return not isinstance(self.fields[name], Method)

    def json_value(self) -> Any:
        """What encoding/json sees."""
        if self.json is None:
            return {name: self.get(name) for name in self.fields if self.is_data(name)}
        return self.json.value() if isinstance(self.json, Lazy) else self.json


@dataclass(frozen=True)
class Lazy:
    """A field that is worked out when a template asks for it."""

    value: Callable[[], Any]


@dataclass(frozen=True)
class Method:
    """A method that takes arguments, e.g. `.Label "x"`."""

    name: str
    call: Callable[..., Any]
    parameters: tuple[str, ...]


_NAMES: Mapping[type, str] = {
    bool: "bool",
    int: "int",
    float: "float64",
    complex: "complex128",
    str: "string",
    list: "[]interface {}",
    tuple: "[]interface {}",
    dict: "map[string]interface {}",
    Number: "json.Number",
}


def type_of(value: Value) -> str:
    """The Go type of a value, as %T prints it."""
    if value is None:
        return "<nil>"
    name = getattr(value, "go_type", None)
    if isinstance(name, str):
        return name
    for kind in type(value).__mro__:
        if kind in _NAMES:
            return _NAMES[kind]
    return type(value).__name__


_ZEROES: Mapping[str, Any] = {"bool": False, "string": "", "float64": 0.0}


def zero_of(type_name: str) -> Value:
    """The zero value of a Go type, for missing elements of a map."""
    if type_name in _ZEROES:
        return _ZEROES[type_name]
    return 0 if type_name.startswith(("int", "uint")) and type_name != "interface {}" else None


def is_nil(value: Value) -> bool:
    """No value, a nil pointer, or a nil map or slice."""
    return value is None or isinstance(value, NilPointer) or bool(getattr(value, "nil", False))


def is_true(value: Value) -> bool:
    """What `if` makes of a value: zero, empty and nil are false, a struct is true."""
    return not is_nil(value) and (isinstance(value, Struct) or bool(value))
