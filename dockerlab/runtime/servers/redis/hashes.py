"""Redis commands about hashes: HSET, HGET, HGETALL … (redis.io/commands, "hash")."""

from __future__ import annotations

from dockerlab.runtime.servers.redis.commands import Call, command, wrong_arity
from dockerlab.runtime.servers.redis.data import Fields, format_float, parse_float, parse_integer
from dockerlab.runtime.servers.redis.keys import scanned
from dockerlab.runtime.servers.redis.protocol import OK, RedisError, Reply


def _fields(call: Call) -> Fields:
    return call.db.get(call.key, Fields) or Fields()


@command("hset", -4, writes=True)
def set_fields(call: Call) -> Reply:
    """Set fields; how many of them are new."""
    if len(call.args) % 2 == 0:
        raise wrong_arity(call.name)
    fields = call.db.made(call.key, Fields)
    before = len(fields)
    fields.update(zip(call.args[1::2], call.args[2::2], strict=True))
    call.db.settle(call.key)
    return len(fields) - before


@command("hmset", -4, writes=True)
def set_fields_old(call: Call) -> Reply:
    """The older name of HSET, with an older reply."""
    set_fields(call)
    return OK


@command("hsetnx", 4, writes=True)
def set_if_new(call: Call) -> Reply:
    """Set a field unless it is there."""
    fields = call.db.made(call.key, Fields)
    new = call.args[1] not in fields
    if new:
        fields[call.args[1]] = call.args[2]
    call.db.settle(call.key, new)
    return int(new)


@command("hget", 3)
def get(call: Call) -> Reply:
    """The value of a field."""
    return _fields(call).get(call.args[1])


@command("hmget", -3)
def get_many(call: Call) -> Reply:
    """The values of several fields."""
    fields = _fields(call)
    return [fields.get(name) for name in call.args[1:]]


@command("hgetall", 2)
def get_all(call: Call) -> Reply:
    """All fields with their values."""
    return [word for pair in _fields(call).items() for word in pair]


@command("hkeys", 2)
def names(call: Call) -> Reply:
    """All fields."""
    return list(_fields(call))


@command("hvals", 2)
def values(call: Call) -> Reply:
    """All values."""
    return list(_fields(call).values())


@command("hlen", 2)
def length(call: Call) -> Reply:
    """How many fields there are."""
    return len(_fields(call))


@command("hstrlen", 3)
def value_length(call: Call) -> Reply:
    """The length of a value in bytes."""
    return len(_fields(call).get(call.args[1], b""))


@command("hexists", 3)
def exists(call: Call) -> Reply:
    """Whether there is a field."""
    return int(call.args[1] in _fields(call))


@command("hdel", -3, writes=True)
def delete(call: Call) -> Reply:
    """Remove fields; how many there were."""
    fields = _fields(call)
    gone = sum(fields.pop(name, None) is not None for name in call.args[1:])
    call.db.settle(call.key, gone)
    return gone


@command("hincrby", 4, writes=True)
def add(call: Call) -> Reply:
    """Add to the number in a field."""
    number = parse_integer(call.args[2])
    try:
        total = parse_integer(_fields(call).get(call.args[1], b"0")) + number
    except RedisError:
        raise RedisError("ERR hash value is not an integer") from None
    if not -(1 << 63) <= total < 1 << 63:
        raise RedisError("ERR increment or decrement would overflow")
    call.db.made(call.key, Fields)[call.args[1]] = b"%d" % total
    call.db.settle(call.key)
    return total


@command("hincrbyfloat", 4, writes=True)
def add_float(call: Call) -> Reply:
    """Add to the number in a field, with digits behind the point."""
    old = parse_float(_fields(call).get(call.args[1], b"0"), "ERR hash value is not a float")
    text = format_float(round(old + parse_float(call.args[2]), 15))
    call.db.made(call.key, Fields)[call.args[1]] = text
    call.db.settle(call.key)
    return text


@command("hscan", -3)
def scan(call: Call) -> Reply:
    """A part of the fields."""
    fields = _fields(call)
    return scanned(call.args[1:], call.options(2), list(fields), lambda name: (name, fields[name]))
