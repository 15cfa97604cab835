"""Redis commands about strings: GET, SET, INCR, APPEND, MSET … (redis.io/commands, "string")."""

from __future__ import annotations

from collections.abc import Callable

from dockerlab.runtime.servers.redis.commands import SYNTAX_ERROR, Call, command, wrong_arity
from dockerlab.runtime.servers.redis.data import format_float, parse_float, parse_integer
from dockerlab.runtime.servers.redis.keys import deadline_at
from dockerlab.runtime.servers.redis.protocol import OK, RedisError, Reply

LONGEST = 32 << 20
"""Bytes of the longest string that is built here; the real limit of 512 MB would cost the student's own memory."""
SPANS = {"EX": (1000, True), "PX": (1, True), "EXAT": (1000, False), "PXAT": (1, False)}
"""Option → milliseconds in its unit, and whether it counts from now."""


@command("get", 2)
def get(call: Call) -> Reply:
    """The string of a key."""
    return call.db.get(call.key, bytes)


@command("set", -3, writes=True)
def set_(call: Call) -> Reply:
    """Give a key a string; options say when, and for how long."""
    options, deadline = _set_options(call)
    old = call.db.find(call.key)
    reply = call.db.get(call.key, bytes) if "GET" in options else OK
    if (old is not None and "NX" in options) or (old is None and "XX" in options):
        return reply if "GET" in options else None
    if "KEEPTTL" in options:
        deadline = call.db.deadlines.get(call.key)
    _put(call, call.args[1], deadline)
    return reply


def _set_options(call: Call) -> tuple[set[str], int | None]:
    words, options, deadline = iter(call.args[2:]), set(), None
    for word in words:
        option = word.decode("latin-1").upper()
        if option in SPANS:
            deadline = _deadline(call, option, next(words, None))
            option = "TTL"
        options.add(option)
    clashes = {"NX", "XX"} <= options or {"TTL", "KEEPTTL"} <= options
    if clashes or options - {"NX", "XX", "GET", "KEEPTTL", "TTL"}:
        raise RedisError(SYNTAX_ERROR)
    return options, deadline


def _deadline(call: Call, option: str, text: bytes | None) -> int:
    if text is None:
        raise RedisError(SYNTAX_ERROR)
    unit, relative = SPANS[option]
    if parse_integer(text) <= 0:
        raise RedisError(f"ERR invalid expire time in '{call.name}' command")
    return deadline_at(call, text, unit, relative=relative)


def _put(call: Call, value: bytes, deadline: int | None = None) -> None:
    call.db.store(call.key, value, deadline)
    if deadline is not None:
        call.logged = [b"SET", call.key, value, b"PXAT", b"%d" % deadline]


@command("setnx", 3, writes=True)
def set_if_new(call: Call) -> Reply:
    """Set unless the key is taken."""
    if call.db.find(call.key) is not None:
        return 0
    _put(call, call.args[1])
    return 1


def _set_for(option: str) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        _put(call, call.args[2], _deadline(call, option, call.args[1]))
        return OK

    return handler


command("setex", 4, writes=True)(_set_for("EX"))
command("psetex", 4, writes=True)(_set_for("PX"))


@command("getset", 3, writes=True)
def get_and_set(call: Call) -> Reply:
    """Set, and reply with what was there."""
    old = call.db.get(call.key, bytes)
    _put(call, call.args[1])
    return old


@command("getdel", 2, writes=True)
def get_and_delete(call: Call) -> Reply:
    """Reply with a string and remove it."""
    old = call.db.get(call.key, bytes)
    call.db.drop(call.key)
    return old


@command("getex", -2, writes=True)
def get_and_expire(call: Call) -> Reply:
    """Reply with a string and change its time to live."""
    value, options = call.db.get(call.key, bytes), call.options(1)
    if value is None or not options:
        return value
    if options == ["PERSIST"]:
        _put(call, value)
    elif len(options) == 2 and options[0] in SPANS:
        _put(call, value, _deadline(call, options[0], call.args[2]))
    else:
        raise RedisError(SYNTAX_ERROR)
    return value


@command("mget", -2)
def get_many(call: Call) -> Reply:
    """The strings of several keys; nil for those that have none."""
    values = (call.db.find(key) for key in call.args)
    return [value if isinstance(value, bytes) else None for value in values]


@command("mset", -3, writes=True)
def set_many(call: Call) -> Reply:
    """Give several keys strings."""
    if len(call.args) % 2:
        raise wrong_arity(call.name)
    for key, value in zip(call.args[::2], call.args[1::2], strict=True):
        call.db.store(key, value)
    return OK


@command("msetnx", -3, writes=True)
def set_many_if_new(call: Call) -> Reply:
    """Give several keys strings, unless one of them is taken."""
    if any(call.db.find(key) is not None for key in call.args[::2]):
        return 0
    set_many(call)
    return 1


@command("append", 3, writes=True)
def append(call: Call) -> Reply:
    """Add to the end of a string; its new length."""
    return _change(call, (call.db.get(call.key, bytes) or b"") + call.args[1])


@command("strlen", 2)
def length(call: Call) -> Reply:
    """The length of a string in bytes."""
    return len(call.db.get(call.key, bytes) or b"")


def _change(call: Call, value: bytes) -> int:
    """Another string for a key that keeps its time to live."""
    if len(value) > LONGEST:
        raise RedisError("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
    call.db.store(call.key, value, call.db.deadlines.get(call.key))
    return len(value)


def _add(call: Call, number: int) -> Reply:
    total = parse_integer(call.db.get(call.key, bytes) or b"0") + number
    if not -(1 << 63) <= total < 1 << 63:
        raise RedisError("ERR increment or decrement would overflow")
    _change(call, b"%d" % total)
    return total


command("incr", 2, writes=True)(lambda call: _add(call, 1))
command("decr", 2, writes=True)(lambda call: _add(call, -1))
command("incrby", 3, writes=True)(lambda call: _add(call, parse_integer(call.args[1])))
command("decrby", 3, writes=True)(lambda call: _add(call, -parse_integer(call.args[1])))


@command("incrbyfloat", 3, writes=True)
def add_float(call: Call) -> Reply:
    """Add to a number with digits behind the point."""
    total = parse_float(call.db.get(call.key, bytes) or b"0") + parse_float(call.args[1])
    text = format_float(round(total, 15))
    _change(call, text)
    return text


@command("getrange", 4)
@command("substr", 4)
def part(call: Call) -> Reply:
    """A part of a string, both ends included; negative places count from the end."""
    start, stop = parse_integer(call.args[1]), parse_integer(call.args[2])
    value = call.db.get(call.key, bytes) or b""
    start, stop = span(start, stop, len(value))
    return value[start:stop]


def span(start: int, stop: int, size: int) -> tuple[int, int]:
    """Redis's places, both included and counted from the end where negative, as Python's slice."""
    start = max(start + size if start < 0 else start, 0)
    stop = stop + size if stop < 0 else stop
    return start, max(stop + 1, start, 0)


@command("setrange", 4, writes=True)
def overwrite(call: Call) -> Reply:
    """Write into a string from a place on; its new length."""
    at, text = parse_integer(call.args[1]), call.args[2]
    if at < 0:
        raise RedisError("ERR offset is out of range")
    if at + len(text) > LONGEST:
        raise RedisError("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
    old = call.db.get(call.key, bytes) or b""
    return _change(call, old[:at].ljust(at, b"\0") + text + old[at + len(text) :]) if text else len(old)
