"""What a Redis database holds: keys with values of five kinds, and when they expire, on the lab's clock.

A key that has expired goes when somebody next looks for it, so that keys with a time to live cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from dockerlab.runtime.servers.redis.protocol import RedisError


class Items(list[bytes]):
    """A list."""


class Fields(dict[bytes, bytes]):
    """A hash."""


class Members(dict[bytes, None]):
    """A set; its members stay in the order in which they came."""


class Scores(dict[bytes, float]):
    """A sorted set: member → score."""

    def ordered(self) -> list[tuple[bytes, float]]:
        """Members by score, those with the same score by their bytes."""
        return sorted(self.items(), key=lambda pair: (pair[1], pair[0]))


Value: TypeAlias = "bytes | Items | Fields | Members | Scores"
Kind = TypeVar("Kind", bytes, Items, Fields, Members, Scores)

TYPE_NAMES: dict[type, str] = {bytes: "string", Items: "list", Fields: "hash", Members: "set", Scores: "zset"}


class Database:
    """One of the numbered databases."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.values: dict[bytes, Value] = {}
        self.deadlines: dict[bytes, int] = {}
        """Key → when it expires, in milliseconds since 1970."""
        self.now = now
        self.changes = 0
        """How often something changed here, for who has to save it."""
        self.expired = 0

    def find(self, key: bytes) -> Value | None:
        """The value of a key, None where there is none any more."""
        deadline = self.deadlines.get(key)
        if deadline is not None and deadline <= self.now():
            del self.values[key], self.deadlines[key]
            self.expired += 1
        return self.values.get(key)

    def get(self, key: bytes, kind: type[Kind]) -> Kind | None:
        """The value of a key that should be of a kind; raises RedisError WRONGTYPE."""
        value = self.find(key)
        if value is None or isinstance(value, kind):
            return value
        raise RedisError("WRONGTYPE Operation against a key holding the wrong kind of value")

    def made(self, key: bytes, kind: type[Kind]) -> Kind:
        """The value of a key, made where there is none; who leaves it empty has to `settle`."""
        value = self.get(key, kind)
        if value is None:
            value = kind()
            self.values[key] = value
        return value

    def store(self, key: bytes, value: Value, deadline: int | None = None) -> None:
        """Give a key a new value, and a new time to live."""
        self.values[key] = value
        self.deadlines.pop(key, None)
        if deadline is not None:
            self.deadlines[key] = deadline
        self.changes += 1

    def settle(self, key: bytes, changed: int = 1) -> None:
        """A value was changed in its place: an empty one goes."""
        if not self.values.get(key, b"kept"):
            self.drop(key)
        self.changes += bool(changed)

    def drop(self, key: bytes) -> bool:
        """Remove a key; returns whether it was there."""
        there = self.find(key) is not None
        if there:
            del self.values[key]
            self.deadlines.pop(key, None)
            self.changes += 1
        return there

    def clear(self) -> None:
        """Remove all keys."""
        self.values.clear()
        self.deadlines.clear()
        self.changes += 1

    def keys(self) -> list[bytes]:
        """All keys that have not expired."""
        now = self.now()
        for key in [key for key, deadline in self.deadlines.items() if deadline <= now]:
            self.find(key)
        return list(self.values)


def glob(pattern: bytes) -> Callable[[bytes], bool]:
    """A test for Redis's patterns: * ? [a-c] [^a] and a backslash before any of them."""
    expression, at = b"", 0
    while at < len(pattern):
        mark = pattern[at : at + 1]
        if mark == b"[" and (end := pattern.find(b"]", at + 1)) > 0:
            inner = pattern[at + 1 : end]
            negated = inner.startswith(b"^")
            chars = re.sub(rb"([\\\]\[^&~|])", rb"\\\1", inner[1:] if negated else inner)
            expression += b"[" + (b"^" if negated else b"") + chars + b"]" if chars else b"(?!)"
            at = end + 1
            continue
        if mark == b"\\" and at + 1 < len(pattern):
            at += 1
            mark = re.escape(pattern[at : at + 1])
        else:
            mark = {b"*": b".*", b"?": b"."}.get(mark) or re.escape(mark)
        expression, at = expression + mark, at + 1
    try:
        compiled = re.compile(expression, re.DOTALL)
    except re.error:
        return lambda text: False  # a range like [z-a]
    return lambda text: compiled.fullmatch(text) is not None


def parse_integer(text: bytes) -> int:
    """A 64 bit integer, written without signs or spaces that need not be; raises RedisError."""
    if not re.fullmatch(rb"-?[1-9][0-9]{0,18}|0", text) or not -(1 << 63) <= int(text) < 1 << 63:
        raise RedisError("ERR value is not an integer or out of range")
    return int(text)


def parse_float(text: bytes, wrong: str = "ERR value is not a valid float") -> float:
    """A number; raises RedisError."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number != number or b"_" in text or text != text.strip():
        raise RedisError(wrong)
    return number


def format_float(number: float) -> bytes:
    """The shortest text of a number: 2, 1.5, inf."""
    if number == int(number) if abs(number) < 1e17 else False:
        return b"%d" % int(number)
    return repr(number).encode()
