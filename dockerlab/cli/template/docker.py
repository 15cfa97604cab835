"""The functions that docker adds to templates (docker/cli, templates/templates.go)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.cli.template.errors import FunctionError
from dockerlab.cli.template.functions import BUILTINS, SPECIAL, Function
from dockerlab.cli.template.values import NilPointer, Number, Slice, Struct, Value


class _Verbatim(float):
    """A number that keeps the text it had in JSON."""

    def __new__(cls, text: str) -> _Verbatim:
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str

    def __repr__(self) -> str:
        return self.text


def to_json(value: Value, *, indent: str | None = None) -> str:
    """encoding/json without its HTML escapes: maps by key, structs in the order of their fields.

    What has no JSON (a complex number, not-a-number) gives no text at all: docker lets that error be.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    try:
        text = json.dumps(jsonable(value), ensure_ascii=False, separators=separators, indent=indent, allow_nan=False)
    except (TypeError, ValueError):
        return ""
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return escape_html(text) if isinstance(value, Struct) and value.is_row else text


def escape_html(text: str) -> str:
    """The escapes that Go's json.Marshal puts in by default."""
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def jsonable(value: Value) -> Any:
    """What Python's json module makes the same of as Go's does."""
    if isinstance(value, Number):
        return int(value) if value.lstrip("-").isdigit() else _Verbatim(value)
    if value is None or isinstance(value, NilPointer) or getattr(value, "nil", False):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e21 else _Verbatim(_json_float(value))
    if isinstance(value, Struct):
        content = value.json_value()
        if value.json is not None or value.is_row:
            return jsonable(content)
        return {name: jsonable(each) for name, each in content.items()}
    if isinstance(value, Mapping):
        keys = value if getattr(value, "ordered", False) else sorted(value, key=str)
        return {str(key): jsonable(value[key]) for key in keys}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [jsonable(each) for each in value]
    return value


def _json_float(value: float) -> str:
    """Python's own text, but for a leading zero in the exponent."""
    return repr(value).replace("e-0", "e-")


def title(text: str) -> str:
    """The first letter of each word in upper case (strings.Title)."""
    kept, before = [], " "
    for character in text:
        kept.append(character.upper() if _parts_words(before) else character)
        before = character
    return "".join(kept)


def _parts_words(character: str) -> bool:
    """All of ASCII but letters, digits and the underscore; of the rest only blanks."""
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return character.isspace()


def pad(text: str, before: int, after: int) -> str:
    """Blanks before and after; an empty text stays empty."""
    return " " * before + text + " " * after if text else text


def truncate(text: str, length: int) -> str:
    """The first bytes of a text."""
    if length < 0:
        raise FunctionError(f"runtime error: slice bounds out of range [:{length}]")
    return text.encode("utf-8", "surrogateescape")[:length].decode("utf-8", "surrogateescape")


DOCKER: Mapping[str, Function] = {
    **BUILTINS,
    "join": Function(lambda items, separator: separator.join(items), ("[]string", "string")),
    "json": Function(to_json, ("interface {}",)),
    "lower": Function(str.lower, ("string",)),
    "pad": Function(pad, ("string", "int", "int")),
    "split": Function(lambda text, separator: split(text, separator), ("string", "string")),
    "title": Function(title, ("string",)),
    "truncate": Function(truncate, ("string", "int")),
    "upper": Function(str.upper, ("string",)),
}
"""All that a template of docker's may call, by name."""


def split(text: str, separator: str) -> Slice:
    """The parts of a text; with no separator its characters."""
    return Slice(text.split(separator) if separator else list(text), "string")


def _same(text: Value, *rest: Value) -> Value:
    return text


HEADER: Mapping[str, Function] = {
    **DOCKER,
    **{
        name: Function(_same, ("string",), "interface {}")
        for name in ("json", "split", "join", "title", "lower", "upper", "truncate")
    },
}
"""The same for the heads of a table's columns, which are left as they are; only pad makes room there, too."""

NAMES = frozenset(DOCKER) | SPECIAL
