"""JSON as Go's encoding/json writes it, because Docker's digests are digests of such texts.

No blanks; object keys in the order given (a Go struct) or sorted (a Go map); `<`, `>`, `&` and the two line
separators of Unicode as \\u escapes; invalid UTF-8 as U+FFFD; everything else as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.gojson_errors import syntax_error

_ESCAPED = re.compile("[<>&\u2028\u2029]|[\ud800-\udfff]+|\\\\[bf]")
_BY_HAND = {"\\b": "\\u0008", "\\f": "\\u000c"}


def encode(value: object, indent: int | None = None) -> bytes:
    """The value as json.Marshal writes it (with `indent`: json.MarshalIndent), keys in the order of the mapping."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    return _go_escapes(text).encode()


def _go_escapes(text: str) -> str:
    """The text of a JSON value with Go's escapes; a backslash that is itself escaped protects what follows it."""
    return "\\\\".join(_ESCAPED.sub(_escape, part) for part in text.split("\\\\"))


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    if found in _BY_HAND:
        return _BY_HAND[found]
    return "\ufffd" * len(found) if found >= "\ud800" and found[0] <= "\udfff" else f"\\u{ord(found):04x}"


def sort_keys(value: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping with its own keys sorted, as a Go map is written; what is inside keeps its order."""
    return {key: value[key] for key in sorted(value, key=str.encode)}


def decode(raw: bytes, *, stream: bool = False) -> Any:
    """The value of a JSON text; where it is none, `InvalidParameterError` in Go's words (`stream`: its Decoder's)."""
    try:
        return json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidParameterError(syntax_error(raw, stream=stream) or f"invalid JSON: {error}") from error


def decode_object(raw: bytes) -> dict[str, Any]:
    """The object that a JSON text holds; `InvalidParameterError` where it is something else."""
    value = decode(raw)
    if not isinstance(value, dict):
        raise InvalidParameterError(f"json: cannot unmarshal {_GO_NAMES[type(value)]} into an object")
    return value


_GO_NAMES = {list: "array", str: "string", int: "number", float: "number", bool: "bool", type(None): "null"}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
