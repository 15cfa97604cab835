"""dump.rdb: all data of a Redis server in one file, in Redis's own format (redis's rdb.h).

Collections are written in the plain encodings that every version since 5 reads; read are those, and the strings in
which Redis hides numbers. A file that ends too early or has a wrong sum is refused.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from dockerlab.errors import DockerlabError
from dockerlab.runtime.servers.redis.data import Database, Fields, Items, Members, Scores, Value

MAGIC, VERSION = b"REDIS", 9
AUX, RESIZE, EXPIRE_MS, EXPIRE, SELECT, END = 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF
STRING, LIST, SET, HASH, ZSET = 0, 1, 2, 4, 5
_ENCODED = {0: "<b", 1: "<h", 2: "<i"}


class RdbError(DockerlabError):
    """A file that is no dump, or one in an encoding that is not read here."""


@functools.cache
def _table() -> tuple[int, ...]:
    """CRC-64 as Redis computes it (Jones's polynomial, reflected)."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0x95AC9329AC4BC9B5 if value & 1 else 0)
        table.append(value)
    return tuple(table)


def checksum(data: bytes) -> int:
    """The sum at the end of a dump."""
    table, value = _table(), 0
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value


# Writing.


def dump(databases: Sequence[Database], facts: Mapping[str, str]) -> bytes:
    """The file; `facts` are what stands at its head, such as redis-ver."""
    parts = [MAGIC, b"%04d" % VERSION]
    for name, text in facts.items():
        parts += [bytes([AUX]), _text(name.encode()), _text(text.encode())]
    for number, database in enumerate(databases):
        if keys := database.keys():
            timed = len(database.deadlines)
            parts += [bytes([SELECT]), _length(number), bytes([RESIZE]), _length(len(keys)), _length(timed)]
            parts += [_entry(key, database.values[key], database.deadlines.get(key)) for key in keys]
    data = b"".join(parts) + bytes([END])
    return data + struct.pack("<Q", checksum(data))


def _entry(key: bytes, value: Value, deadline: int | None) -> bytes:
    head = b"" if deadline is None else struct.pack("<Bq", EXPIRE_MS, deadline)
    kind, body = _value(value)
    return head + bytes([kind]) + _text(key) + body


def _value(value: Value) -> tuple[int, bytes]:
    if isinstance(value, bytes):
        return STRING, _text(value)
    size = _length(len(value))
    if isinstance(value, Scores):
        return ZSET, size + b"".join(_text(word) + struct.pack("<d", number) for word, number in value.items())
    if isinstance(value, Fields):
        return HASH, size + b"".join(_text(word) for pair in value.items() for word in pair)
    return (LIST if isinstance(value, Items) else SET), size + b"".join(map(_text, value))


def _length(number: int) -> bytes:
    if number < 1 << 6:
        return bytes([number])
    if number < 1 << 14:
        return struct.pack(">H", number | 1 << 14)
    return struct.pack(">BI", 0x80, number)


def _text(text: bytes) -> bytes:
    return _length(len(text)) + text


# Reading.


class _Reader:
    """A place in a dump."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        piece = self.data[self.at : self.at + size]
        if len(piece) < size:
            raise RdbError("Short read or OOM loading DB. Unrecoverable error, aborting now.")
        self.at += size
        return piece

    def number(self, form: str) -> int:
        """A number in one of struct's forms."""
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def head(self) -> tuple[int, bool]:
        """A length, or (with True) the kind of an encoded string."""
        first = self.take(1)[0]
        kind, rest = first >> 6, first & 0x3F
        if kind == 0:
            return rest, False
        if kind == 1:
            return rest << 8 | self.take(1)[0], False
        if kind == 3:
            return rest, True
        return self.number(">Q" if first == 0x81 else ">I"), False

    def length(self) -> int:
        """A length."""
        return self.head()[0]

    def text(self) -> bytes:
        """A string."""
        size, encoded = self.head()
        if not encoded:
            return self.take(size)
        if size in _ENCODED:
            return b"%d" % self.number(_ENCODED[size])
        if size == 3:
            packed, unpacked = self.length(), self.length()
            return _decompress(self.take(packed), unpacked)
        raise RdbError("Unknown RDB string encoding type")


def _decompress(data: bytes, size: int) -> bytes:
    """LZF: literals, and references to what was there before."""
    out, at = bytearray(), 0
    while at < len(data):
        control, at = data[at], at + 1
        if control < 32:
            out += data[at : at + control + 1]
            at += control + 1
            continue
        length = control >> 5
        if length == 7:
            length, at = length + data[at], at + 1
        start, at = len(out) - ((control & 31) << 8) - data[at] - 1, at + 1
        for offset in range(length + 2):
            out.append(out[start + offset])
    if len(out) != size:
        raise RdbError("Invalid LZF compressed string")
    return bytes(out)


def _words(reader: _Reader) -> Iterator[bytes]:
    for _ in range(reader.length()):
        yield reader.text()


def _pairs(reader: _Reader) -> Iterable[tuple[bytes, bytes]]:
    for _ in range(reader.length()):
        yield reader.text(), reader.text()


def _scores(reader: _Reader) -> Iterable[tuple[bytes, float]]:
    for _ in range(reader.length()):
        yield reader.text(), struct.unpack("<d", reader.take(8))[0]


VALUES: dict[int, Callable[[_Reader], Value]] = {
    STRING: _Reader.text,
    LIST: lambda reader: Items(_words(reader)),
    SET: lambda reader: Members(dict.fromkeys(_words(reader))),
    HASH: lambda reader: Fields(_pairs(reader)),
    ZSET: lambda reader: Scores(_scores(reader)),
}


def load(data: bytes, databases: Sequence[Database]) -> dict[str, str]:
    """Fill databases from a file; returns the facts at its head. Raises RdbError."""
    if data[:5] != MAGIC or not data[5:9].isdigit():
        raise RdbError("Wrong signature trying to load DB from file")
    reader, facts, database, deadline = _Reader(data), dict[str, str](), databases[0], None
    reader.at = 9
    while (kind := reader.take(1)[0]) != END:
        if kind == AUX:
            name = reader.text().decode("latin-1")
            facts[name] = reader.text().decode("latin-1")
        elif kind == SELECT:
            database = databases[reader.length() % len(databases)]
        elif kind == RESIZE:
            reader.length(), reader.length()
        elif kind in (EXPIRE_MS, EXPIRE):
            deadline = reader.number("<q") if kind == EXPIRE_MS else reader.number("<i") * 1000
        elif kind in VALUES:
            key = reader.text()
            database.store(key, VALUES[kind](reader), deadline)
            deadline = None
        else:
            raise RdbError(f"Unknown RDB encoding type {kind}")
    _check_sum(data[: reader.at], reader.take(8))
    return facts


def _check_sum(data: bytes, written: bytes) -> None:
    wanted = struct.unpack("<Q", written)[0]
    if wanted and wanted != checksum(data):
        raise RdbError("Wrong RDB checksum expected. Aborting now.")
