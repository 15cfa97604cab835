"""The Go types behind `docker inspect -f`: templates see structs first, and the plain JSON only where those fail.

That is why `{{.ID}}` works beside `{{.Id}}`, why a missing label is `<no value>` but a missing field an error, and why
`{{.Config}}` prints values without names (docker/cli, inspect.go; the types are those of moby's api/types).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dockerlab.cli.gotypes import TYPES
from dockerlab.cli.template.values import Duration, Int, Lazy, Map, NilPointer, Number, Slice, Struct, Value

_ROOTS = {
    "image": "image.InspectResponse",
    "container": "container.InspectResponse",
    "network": "network.Inspect",
    "volume": "volume.Volume",
    "context": "context.contextWithTLSListing",
    "event": "events.Message",
    "version": "system.versionInfo",
    "info": "system.dockerInfo",
}
_POINTED = frozenset({"event"})
"""What templates get a pointer to."""
WITHOUT_JSON = frozenset({"context"})
"""What never was JSON: a template that fails on the struct has failed, and `json` escapes the struct for HTML."""


class Ordered(dict[str, Any]):
    """A JSON object that `json` prints in its own order, as Go does with a struct."""

    ordered = True


class Shape(Struct):
    """A struct with embedded ones, whose fields can be reached without naming them."""

    def __init__(self, go_type: str, fields: Mapping[str, Any], promoted: Mapping[str, Any], json: Any) -> None:
        super().__init__(go_type, {**promoted, **fields}, json=json)
        self._own = fields

    def is_data(self, name: str) -> bool:
        """Fields of embedded structs are printed with those."""
        return name in self._own


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a struct: its name in Go and in JSON ('+': embedded), its type, and whether JSON drops it if empty."""

    name: str
    json_name: str
    type: str
    omits: bool

    @property
    def embedded(self) -> bool:
        """Its fields are those of the struct around it."""
        return self.json_name == "+"


@cache
def _fields(type_name: str) -> tuple[_Field, ...]:
    """The fields of a struct."""
    found = []
    for text in TYPES[type_name].split(","):
        names, type_ = text.split()
        name, _, json_name = names.partition(":")
        found.append(_Field(name, json_name or name, type_.removesuffix("?"), type_.endswith("?")))
    return tuple(found)


def shaped(kind: str, details: Any) -> Value:
    """An object of the Engine API as the struct that Go reads it into."""
    if kind not in _ROOTS or not isinstance(details, Mapping):
        return ordered(details)
    struct = _struct(_ROOTS[kind], details)
    return _pointer(struct) if kind in _POINTED else struct


def decoded(value: Any) -> Any:
    """JSON as Go reads it where it knows no type: []interface {}, map[string]interface {}, json.Number."""
    if isinstance(value, Mapping):
        return Ordered({key: decoded(each) for key, each in value.items()})
    if isinstance(value, list | tuple):
        return Slice([decoded(each) for each in value])
    return Number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def ordered(value: Any) -> Any:
    """JSON whose objects keep their order."""
    if isinstance(value, Mapping):
        return Ordered({key: ordered(each) for key, each in value.items()})
    return [ordered(each) for each in value] if isinstance(value, list | tuple) else value


def _convert(type_: str, value: Any) -> Value:
    if type_.startswith("*"):
        return NilPointer(type_[1:]) if value is None else _pointer(_convert(type_[1:], value))
    if type_ in TYPES:
        return _struct(type_, value or {})
    if type_.startswith("[]"):
        return Slice([_convert(type_[2:], each) for each in value or ()], type_[2:], nil=value is None)
    if type_.startswith("map["):
        key, _, element = type_[4:].partition("]")
        items = {name: _convert(element, each) for name, each in (value or {}).items()}
        return Map(items, key, _GO_NAMES.get(element, element), nil=value is None)
    return _scalar(type_, value)


def _pointer(value: Value) -> Value:
    """A pointer shows in the name of a struct's type only: templates follow it."""
    if isinstance(value, Struct):
        value.go_type = f"*{value.go_type}"
    return value


_GO_NAMES = {"any": "interface {}", "struct{}": "struct {}"}


def _scalar(type_: str, value: Any) -> Value:
    if type_ == "struct{}":
        return Struct("struct {}", {}, json={})
    if type_ == "time.Time":
        return _time(value)
    if type_ == "time.Duration":
        return Duration(value or 0)
    if type_ == "string":
        return value or ""
    if type_ in {"int64", "uint64", "uint16", "uint"}:
        return Int.of(type_)(value or 0)
    if type_ in {"int", "bool"}:
        return value if value is not None else {"int": 0, "bool": False}[type_]
    return ordered(value)


def _time(text: str | None) -> str:
    """time.Time as Go prints it: '2026-11-23 13:49:46.686583381 +0000 UTC'."""
    whole = (text or "0001-01-01T00:00:00Z").removesuffix("Z").replace("T", " ")
    return f"{whole} +0000 UTC"


def _struct(type_: str, value: Mapping[str, Any]) -> Struct:
    fields: dict[str, Any] = {}
    promoted: dict[str, Any] = {}
    for field in _fields(type_):
        if field.embedded:
            embedded = _struct(field.type.removeprefix("*"), value)
            fields[field.name] = _pointer(embedded) if field.type.startswith("*") else embedded
            promoted |= embedded.fields
        else:
            fields[field.name] = _convert(field.type, value.get(field.json_name))
    return Shape(type_, fields, promoted, Lazy(lambda: _json_of(type_, value)))


# JSON again.


def _json_of(type_: str, value: Mapping[str, Any]) -> Any:
    """What `json` prints: what the client knows of, in the order of its structs."""
    return _marshalled(type_, value) if type_.startswith(_RECODED) else ordered(value)


_RECODED = ("container.", "image.", "network.", "volume.", "oci.", "v1.", "storage.", "nat.", "mount.")
"""The packages of the API's structs that JSON is made of again; all else stays as it came."""


def _marshalled(type_: str, value: Any) -> Any:
    """A value of a Go type as encoding/json writes it."""
    bare = type_.removeprefix("*")
    if bare in TYPES:
        return None if value is None and bare != type_ else _object(bare, value or {})
    if value is None:
        return None if type_.startswith(("*", "[]", "map[", "any")) else _ZERO.get(type_, 0)
    if bare.startswith("[]") and isinstance(value, list):
        return [_marshalled(bare[2:], each) for each in value]
    if bare.startswith("map[") and isinstance(value, Mapping):
        element = bare.partition("]")[2]
        return Ordered({key: _marshalled(element, value[key]) for key in sorted(value)})
    return ordered(value)


_ZERO: Mapping[str, Any] = {"string": "", "bool": False, "time.Time": "0001-01-01T00:00:00Z"}


def _object(type_: str, value: Mapping[str, Any]) -> Ordered:
    parts: dict[str, Any] = {}
    for field in _fields(type_):
        if field.embedded:
            parts |= _object(field.type.removeprefix("*"), value)
        elif _is_shown(field, value.get(field.json_name)):
            parts[field.json_name] = _marshalled(field.type, value.get(field.json_name))
    return Ordered(parts)


def _is_shown(field: _Field, value: Any) -> bool:
    """omitempty; but an image's Cmd that was set to nothing is shown."""
    return not field.omits or value not in (None, "", False, 0, {}, []) or (field.name == "Cmd" and value == [])
