"""json, re, string, textwrap, base64, hashlib, uuid, html, urllib.parse."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import string
import textwrap
import urllib.parse
from collections.abc import Callable
from typing import Any

from dockerlab.runtime.python.errors import NotSimulatedError
from dockerlab.runtime.python.library import natives, plain
from dockerlab.runtime.python.objects import Given
from dockerlab.runtime.python.trampoline import Evaluator

LONGEST = 1 << 17
"""Characters that a regular expression is tried on: Python's `re` can't be interrupted."""
_NESTED = re.compile(r"\([^()]*[+*][^()]*\)[+*{]")
"""A repetition of a repetition, which may take for ever."""


# json.


class JSONDecodeError(ValueError):
    """json.JSONDecodeError."""

    script_name = "json.decoder.JSONDecodeError"


def _loads(_: Any, text: Any) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise JSONDecodeError(str(error)) from None


def _dumps(interpreter: Any, value: Any, *, default: Any = None, **how: Any) -> Evaluator:
    plain = yield _asplain(interpreter, value, default)
    kept = {name: how[name] for name in ("indent", "sort_keys", "ensure_ascii", "separators") if name in how}
    return json.dumps(plain, **kept)


def _asplain(interpreter: Any, value: Any, default: Any, depth: int = 0) -> Evaluator:
    """A value of tables, rows, texts and numbers; TypeError for others, unless `default` knows them."""
    if depth > 200:
        raise ValueError("Circular reference detected")
    if isinstance(value, dict):
        table = {}
        for key, each in value.items():
            table[key] = yield _asplain(interpreter, each, default, depth + 1)
        return table
    if isinstance(value, list | tuple):
        row = []
        for each in value:
            row.append((yield _asplain(interpreter, each, default, depth + 1)))
        return row
    if value is None or isinstance(value, str | int | float):
        return value
    if default is not None:
        return (yield _asplain(interpreter, (yield interpreter.call(default, [value], {})), default, depth + 1))
    raise TypeError(f"Object of type {interpreter.type_name(value)} is not JSON serializable")


def _load(interpreter: Any, file: Any) -> Evaluator:
    text = yield interpreter.call((yield interpreter.attribute(file, "read")), [], {})
    return _loads(None, text)


def _dump(interpreter: Any, value: Any, file: Any, **how: Any) -> Evaluator:
    text = yield _dumps(interpreter, value, **how)
    yield interpreter.call((yield interpreter.attribute(file, "write")), [text], {})


def _json(interpreter: Any) -> dict[str, Any]:
    functions = natives({"dump": _dump, "dumps": _dumps, "load": _load, "loads": _loads})
    return {**functions, "JSONDecodeError": JSONDecodeError}


# re.


class PatternError(Exception):
    """re.error."""

    script_name = "re.error"


def _compiled(pattern: Any, flags: int = 0) -> re.Pattern[str]:
    if isinstance(pattern, re.Pattern):
        return pattern
    if _NESTED.search(pattern):
        raise NotSimulatedError("a repetition of a repetition in a regular expression")
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise PatternError(str(error)) from None


def _tried(name: str) -> Callable[..., Any]:
    def function(_: Any, pattern: Any, text: str, flags: int = 0) -> Any:
        if len(text) > LONGEST:
            raise NotSimulatedError(f"a regular expression on more than {LONGEST} characters")
        result = getattr(_compiled(pattern, flags), name)(text)
        return list(result) if name == "finditer" else result

    return function


def _sub(interpreter: Any, pattern: Any, new: Any, text: str, count: int = 0, flags: int = 0) -> Evaluator:
    compiled = _compiled(pattern, flags)
    if isinstance(new, str):
        return compiled.sub(new, text[:LONGEST], count)
    pieces, at = [], 0
    for number, match in enumerate(compiled.finditer(text[:LONGEST])):
        if count and number >= count:
            break
        pieces += [text[at : match.start()], (yield interpreter.call(new, [match], {}))]
        at = match.end()
    return "".join([*pieces, text[at:]])


def _re(interpreter: Any) -> dict[str, Any]:
    functions: dict[str, Any] = {name: _tried(name) for name in "findall finditer fullmatch match search split".split()}
    functions |= {"compile": lambda _, pattern, flags=0: _compiled(pattern, flags), "sub": _sub}
    functions["escape"] = lambda _, text: re.escape(text)
    flags = {name: int(getattr(re, name)) for name in "I IGNORECASE M MULTILINE S DOTALL X VERBOSE".split()}
    return {**flags, **natives(functions), "error": PatternError}


# Digests and names.


class Hash(Given):
    """A hash that takes data bit by bit."""

    exposed = frozenset("update digest hexdigest name".split())
    type_name = "_hashlib.HASH"

    def __init__(self, name: str, data: bytes = b"") -> None:
        self.name = name
        self._hash = hashlib.new(name, data, usedforsecurity=False)

    def update(self, data: bytes) -> None:
        """Take more data."""
        self._hash.update(data)

    def digest(self) -> bytes:
        """The hash of all so far."""
        return self._hash.digest()

    def hexdigest(self) -> str:
        """The same in hexadecimal digits."""
        return self._hash.hexdigest()


def _hashlib(interpreter: Any) -> dict[str, Any]:
    def maker(name: str) -> Callable[..., Hash]:
        return lambda _, data=b"": Hash(name, data)

    return natives({name: maker(name) for name in "md5 sha1 sha224 sha256 sha384 sha512".split()})


class Uuid(Given):
    """uuid.UUID."""

    exposed = frozenset({"hex"})
    type_name = "UUID"

    def __init__(self, digits: str) -> None:
        self.hex = digits

    def __str__(self) -> str:
        text = self.hex
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def __repr__(self) -> str:
        return f"UUID('{self}')"


def _uuid(interpreter: Any) -> dict[str, Any]:
    def random(_: Any) -> Uuid:
        digits = f"{interpreter.chance.getrandbits(128):032x}"
        return Uuid(f"{digits[:12]}4{digits[13:16]}{'89ab'[int(digits[16], 16) % 4]}{digits[17:]}")

    return natives({"uuid1": random, "uuid4": random})


def _string(_: Any) -> dict[str, Any]:
    names = "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation whitespace printable"
    return {name: getattr(string, name) for name in names.split()}


MODULES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "base64": lambda _: plain(base64, "b64encode b64decode urlsafe_b64encode urlsafe_b64decode b32encode b16encode"),
    "hashlib": _hashlib,
    "html": lambda _: plain(html, "escape unescape"),
    "json": _json,
    "re": _re,
    "string": _string,
    "textwrap": lambda _: plain(textwrap, "dedent fill indent shorten wrap"),
    "urllib.parse": lambda _: plain(urllib.parse, "quote quote_plus unquote urlencode parse_qs urljoin"),
    "uuid": _uuid,
}
