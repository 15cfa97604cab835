"""The functions that every Go template has (text/template/funcs.go), but for `and`, `or` and `call`.

A Function knows the types of its parameters, because Go's complaint about a wrong argument names them.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dockerlab.cli.template.compare import compare_equal, compare_less, compare_less_or_equal
from dockerlab.cli.template.errors import FunctionError
from dockerlab.cli.template.printing import sprint, sprintln
from dockerlab.cli.template.values import NilPointer, Number, Slice, Struct, Value, is_true, type_of, zero_of
from dockerlab.cli.template.verbs import sprintf


@dataclass(frozen=True)
class Function:
    """A function with the Go types of its parameters; `rest` is the type of all further ones, '' for none."""

    call: Callable[..., Any]
    parameters: tuple[str, ...] = ()
    rest: str = ""


def index(item: Value, *keys: Value) -> Value:
    """index x 1 "a": x[1]["a"]."""
    if item is None:
        raise FunctionError("index of untyped nil")
    for key in keys:
        item = _index_one(item, key)
    return item


def _index_one(item: Value, key: Value) -> Value:
    if isinstance(item, NilPointer) or item is None:
        raise FunctionError("index of nil pointer" if item is not None else "index of untyped nil")
    if isinstance(item, Mapping):
        _check_key(item, key)
        return item.get(key, zero_of(getattr(item, "element", "interface {}")))
    if isinstance(item, Sequence):
        position = _position(key, len(item))
        if position == len(item):  # Go's own check lets this one through
            raise FunctionError(f"reflect: {'string' if isinstance(item, str) else 'slice'} index out of range")
        return item.encode()[position] if isinstance(item, str) else item[position]
    raise FunctionError(f"can't index item of type {_pointee(item)}")


def _pointee(item: Value) -> str:
    """The type that a pointer leads to."""
    return type_of(item).removeprefix("*")


def _check_key(mapping: Value, key: Value) -> None:
    wanted = getattr(mapping, "key", "string")
    if key is None:
        raise FunctionError(f"value is nil; should be of type {wanted}")
    fits = (
        isinstance(key, str) and not isinstance(key, Number)
        if wanted == "string"
        else isinstance(key, int) and not isinstance(key, bool)
    )
    if not fits:
        raise FunctionError(f"value has type {type_of(key)}; should be {wanted}")


def _position(key: Value, length: int) -> int:
    if key is None:
        raise FunctionError("cannot index slice/array with nil")
    if isinstance(key, bool) or not isinstance(key, int):
        raise FunctionError(f"cannot index slice/array with type {type_of(key)}")
    if not 0 <= key <= length:
        raise FunctionError(f"index out of range: {key}")
    return key


def slice_(item: Value, *indexes: Value) -> Value:
    """slice x 1 2: x[1:2]."""
    if item is None:
        raise FunctionError("slice of untyped nil")
    if len(indexes) > 3:
        raise FunctionError(f"too many slice indexes: {len(indexes)}")
    if not isinstance(item, Sequence):
        raise FunctionError(f"can't slice item of type {_pointee(item)}")
    if isinstance(item, str) and len(indexes) == 3:
        raise FunctionError("cannot 3-index slice a string")
    whole: Any = item if isinstance(item, str) else [*item, *getattr(item, "spare", ())]
    if any(isinstance(each, Number) for each in indexes):  # of plain JSON, and Go's slice takes no interfaces
        raise FunctionError("cannot index slice/array with type interface {}")
    bounds = [_position(each, len(whole)) for each in indexes]
    bounds = bounds or [0]
    if len(bounds) == 1:
        bounds.append(len(item))
    for before, after in pairwise(bounds):
        if before > after:
            raise FunctionError(f"invalid slice index: {before} > {after}")
    part = whole[bounds[0] : bounds[1]]
    return part if isinstance(part, str) else Slice(part, getattr(item, "element", "interface {}"))


def length(item: Value) -> int:
    """len x."""
    if item is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    if isinstance(item, NilPointer):
        raise FunctionError("len of nil pointer")
    if isinstance(item, str):
        return len(item.encode("utf-8", "surrogateescape"))
    if isinstance(item, Struct) or not hasattr(item, "__len__"):
        raise FunctionError(f"len of type {_pointee(item)}")
    return len(item)


def equal(first: Value, *others: Value) -> bool:
    """eq a b c: a is b or c."""
    if not others:
        raise FunctionError("missing argument for comparison")
    return any(compare_equal(first, other) for other in others)


_HTML = {"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_JS = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}


def _text_of(values: tuple[Value, ...]) -> str:
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return sprint(("<no value>" if value is None else value for value in values), pointer=False)


def html(*values: Value) -> str:
    """Escaped for HTML."""
    return "".join(_HTML.get(character, character) for character in _text_of(values))


def js(*values: Value) -> str:
    """Escaped for JavaScript."""
    return "".join(_js_character(character) for character in _text_of(values))


def _js_character(character: str) -> str:
    if character in _JS:
        return _JS[character]
    return f"\\u{ord(character):04X}" if ord(character) < 32 or not character.isprintable() else character


def urlquery(*values: Value) -> str:
    """Escaped for the query of a URL."""
    return urllib.parse.quote_plus(_text_of(values), safe="-_.~")


_ANY = "interface {}"

BUILTINS: Mapping[str, Function] = {
    "eq": Function(equal, (_ANY,), _ANY),
    "ne": Function(lambda a, b: not compare_equal(a, b), (_ANY, _ANY)),
    "lt": Function(compare_less, (_ANY, _ANY)),
    "le": Function(compare_less_or_equal, (_ANY, _ANY)),
    "gt": Function(lambda a, b: not compare_less_or_equal(a, b), (_ANY, _ANY)),
    "ge": Function(lambda a, b: not compare_less(a, b), (_ANY, _ANY)),
    "html": Function(html, (), _ANY),
    "index": Function(index, (_ANY,), _ANY),
    "js": Function(js, (), _ANY),
    "len": Function(length, (_ANY,)),
    "not": Function(lambda value: not is_true(value), (_ANY,)),
    "print": Function(lambda *values: sprint(values), (), _ANY),
    "printf": Function(lambda template, *values: sprintf(template, values), ("string",), _ANY),
    "println": Function(lambda *values: sprintln(values), (), _ANY),
    "slice": Function(slice_, (_ANY,), _ANY),
    "urlquery": Function(urlquery, (), _ANY),
}
"""By name."""

SPECIAL = frozenset(("and", "or", "call"))
"""What the evaluator does itself: the first two stop at the first argument that decides."""
