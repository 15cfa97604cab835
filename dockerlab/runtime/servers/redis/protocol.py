"""RESP2, the protocol that Redis servers and clients speak (redis.io, "Redis serialization protocol specification").

A reply is a Python value: `Status` for `+OK`, RedisError for `-ERR …`, int, bytes, None for nil, a list for an array.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

from dockerlab.errors import DockerlabError
from dockerlab.events import Wait
from dockerlab.runtime.net.sockets import Socket, receive, receive_line

LONGEST_BULK = 512 << 20
"""Bytes of the longest string that the protocol allows (proto-max-bulk-len)."""
LONGEST_ARRAY = 1 << 20


class RedisError(DockerlabError):
    """An error reply; the message starts with its kind: 'ERR syntax error', 'WRONGTYPE …'."""


class ProtocolError(RedisError):
    """What came is no RESP: the server says so and hangs up."""


class HungUpError(RedisError):
    """The connection ended where a message should have come."""


class Status(str):
    """A simple string."""

    __slots__ = ()


@dataclass(frozen=True)
class NilArray:
    """The null array, by which EXEC and BLPOP say that there is nothing."""


Reply: TypeAlias = Union[Status, RedisError, int, bytes, NilArray, "list[Any]", None]
OK = Status("OK")
NIL_ARRAY = NilArray()


def encode(reply: Reply) -> bytes:
    """The bytes of a reply."""
    if isinstance(reply, Status):
        return f"+{reply}\r\n".encode("utf-8", "surrogateescape")
    if isinstance(reply, RedisError):
        return b"-" + reply.message.replace("\r", " ").replace("\n", " ").encode("utf-8", "surrogateescape") + b"\r\n"
    if isinstance(reply, int):
        return b":%d\r\n" % reply
    if isinstance(reply, NilArray):
        return b"*-1\r\n"
    if reply is None:
        return b"$-1\r\n"
    if isinstance(reply, bytes):
        return b"$%d\r\n%s\r\n" % (len(reply), reply)
    return b"*%d\r\n" % len(reply) + b"".join(map(encode, reply))


def encode_command(words: Sequence[bytes]) -> bytes:
    """A command as clients send it: an array of bulk strings."""
    return encode(list(words))


def read_command(socket: Socket) -> Generator[Wait, Any, list[bytes] | None]:
    """The next command of a connection, in RESP or typed as a line; None at the end. Raises ProtocolError."""
    line = yield from receive_line(socket)
    if not line:
        return None
    line = line.rstrip(b"\r\n")
    if not line.startswith(b"*"):
        return _inline(line)
    count = _number(line[1:], "invalid multibulk length", LONGEST_ARRAY)
    words = []
    for _ in range(count):
        head = (yield from receive_line(socket)).rstrip(b"\r\n")
        if not head.startswith(b"$"):
            raise ProtocolError(f"ERR Protocol error: expected '$', got '{chr(head[0]) if head else ' '}'")
        words.append((yield from _bulk(socket, _number(head[1:], "invalid bulk length", LONGEST_BULK))))
    return words


def read_reply(socket: Socket) -> Generator[Wait, Any, Reply]:
    """The next reply of a server. Raises HungUpError where there is none."""
    line = yield from receive_line(socket)
    if not line.endswith(b"\n"):
        raise HungUpError("Server closed the connection")
    kind, text = line[:1], line[1:].rstrip(b"\r\n")
    if kind == b"+":
        return Status(text.decode("utf-8", "surrogateescape"))
    if kind == b"-":
        return RedisError(text.decode("utf-8", "surrogateescape"))
    if kind == b":":
        return int(text)
    if kind not in (b"$", b"*"):
        shown = kind.decode("ascii", "backslashreplace")
        raise ProtocolError(f'Protocol error, got "{shown}" as reply type byte')
    length = int(text)
    if length < 0:
        return None if kind == b"$" else NIL_ARRAY
    if kind == b"$":
        return (yield from _bulk(socket, length))
    items = []
    for _ in range(length):
        items.append((yield from read_reply(socket)))
    return items


def _number(text: bytes, wrong: str, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = most + 1
    if number > most:
        raise ProtocolError(f"ERR Protocol error: {wrong}")
    return number


def _bulk(socket: Socket, size: int) -> Generator[Wait, Any, bytes]:
    """A string of `size` bytes and the line's end after it."""
    data, left = b"", size + 2
    while left > 0:
        piece = yield from receive(socket, left)
        if not piece:
            raise HungUpError("Server closed the connection")
        data += piece
        left -= len(piece)
    return data[:size]


def _inline(line: bytes) -> list[bytes]:
    words = split_words(line)
    if words is None:
        raise ProtocolError("ERR Protocol error: unbalanced quotes in request")
    return words


ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"a": b"\a"}


def split_words(line: bytes) -> list[bytes] | None:
    """A line as redis-cli reads it: words with quotes ("\\x00" in double ones); None where a quote stays open."""
    words: list[bytes] = []
    at = 0
    while (at := _skip_spaces(line, at)) < len(line):
        word = b""
        while at < len(line) and not line[at : at + 1].isspace():
            mark = line[at : at + 1]
            if mark not in (b'"', b"'"):
                word, at = word + mark, at + 1
                continue
            quoted = _quoted(line, at + 1, mark)
            if quoted is None:
                return None
            text, at = quoted
            if at < len(line) and not line[at : at + 1].isspace():
                return None  # something sticks to the closing quote
            word += text
        words.append(word)
    return words


def _skip_spaces(line: bytes, at: int) -> int:
    while at < len(line) and (line[at : at + 1].isspace() or line[at] == 0):
        at += 1
    return at


def _quoted(line: bytes, at: int, mark: bytes) -> tuple[bytes, int] | None:
    """The text up to the closing mark, and the place behind it."""
    text = b""
    while at < len(line):
        byte = line[at : at + 1]
        if byte == mark:
            return text, at + 1
        if byte == b"\\" and mark == b'"':
            piece, at = _escaped(line, at + 1)
            text += piece
        elif line[at : at + 2] == b"\\'" and mark == b"'":
            text, at = text + b"'", at + 2
        else:
            text, at = text + byte, at + 1
    return None


def _escaped(line: bytes, at: int) -> tuple[bytes, int]:
    digits = line[at + 1 : at + 3]
    if line[at : at + 1] == b"x" and len(digits) == 2 and all(digit in b"0123456789abcdefABCDEF" for digit in digits):
        return bytes([int(digits, 16)]), at + 3
    byte = line[at : at + 1]
    return ESCAPES.get(byte, byte), at + 1
