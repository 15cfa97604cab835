"""How redis-cli shows replies: for people on a terminal, plain for other programs (redis-cli.c)."""

from __future__ import annotations

from dockerlab.runtime.servers.redis.protocol import NilArray, RedisError, Reply, Status

_SHORT = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x07: "\\a", 0x08: "\\b", 0x22: '\\"', 0x5C: "\\\\"}


def quoted(text: bytes) -> str:
    """A string in quotes, with everything escaped that is no visible ASCII."""
    shown = (_SHORT.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}") for byte in text)
    return f'"{"".join(shown)}"'


def for_people(reply: Reply, indent: str = "") -> str:
    """With types, quotes and numbered lines."""
    if isinstance(reply, RedisError):
        return f"(error) {reply.message}\n"
    if isinstance(reply, Status):
        return f"{reply}\n"
    if isinstance(reply, int):
        return f"(integer) {reply}\n"
    if reply is None or isinstance(reply, NilArray):
        return "(nil)\n"
    if isinstance(reply, bytes):
        return f"{quoted(reply)}\n"
    return _numbered(reply, indent)


def _numbered(items: list[Reply], indent: str) -> str:
    if not items:
        return "(empty array)\n"
    width = len(str(len(items)))
    inner = indent + " " * (width + 2)
    lines = [f"{number:>{width}}) {for_people(item, inner)}" for number, item in enumerate(items, start=1)]
    return indent.join(lines)


def raw(reply: Reply) -> bytes:
    """The bytes alone; the line's end comes from the caller."""
    if isinstance(reply, RedisError):
        return reply.message.encode("utf-8", "surrogateescape") + b"\n"
    if isinstance(reply, Status):
        return reply.encode("utf-8", "surrogateescape")
    if isinstance(reply, int):
        return b"%d" % reply
    if reply is None or isinstance(reply, NilArray):
        return b""
    if isinstance(reply, bytes):
        return reply
    return b"\n".join(map(raw, reply))


def csv(reply: Reply) -> str:
    """One line with commas (`--csv`)."""
    if isinstance(reply, RedisError):
        return f"ERROR,{quoted(reply.message.encode())}"
    if reply is None or isinstance(reply, NilArray):
        return "NULL"
    if isinstance(reply, int):
        return str(reply)
    if isinstance(reply, Status):
        return quoted(reply.encode())
    if isinstance(reply, bytes):
        return quoted(reply)
    return ",".join(map(csv, reply))
