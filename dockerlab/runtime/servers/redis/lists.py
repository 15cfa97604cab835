"""Redis commands about lists: LPUSH, RPOP, LRANGE, BLPOP … (redis.io/commands, "list")."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.servers.redis.commands import SYNTAX_ERROR, Answering, Call, command
from dockerlab.runtime.servers.redis.data import Items, parse_float, parse_integer
from dockerlab.runtime.servers.redis.protocol import NIL_ARRAY, OK, RedisError, Reply
from dockerlab.runtime.servers.redis.strings import span

LEFT, RIGHT = 0, -1


def _push(side: int, *, only_there: bool = False) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        if only_there and call.db.get(call.key, Items) is None:
            return 0
        items = call.db.made(call.key, Items)
        for word in call.args[1:]:
            items.insert(0 if side == LEFT else len(items), word)
        call.db.settle(call.key)
        return len(items)

    return handler


command("lpush", -3, writes=True)(_push(LEFT))
command("rpush", -3, writes=True)(_push(RIGHT))
command("lpushx", -3, writes=True)(_push(LEFT, only_there=True))
command("rpushx", -3, writes=True)(_push(RIGHT, only_there=True))


def _pop(side: int) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        count = parse_integer(call.args[1]) if len(call.args) > 1 else 1
        if count < 0:
            raise RedisError("ERR value is out of range, must be positive")
        items = call.db.get(call.key, Items)
        if items is None:
            return None if len(call.args) == 1 else NIL_ARRAY
        taken = [items.pop(side) for _ in range(min(count, len(items)))]
        call.db.settle(call.key)
        return taken[0] if len(call.args) == 1 else list(taken)

    return handler


command("lpop", -2, writes=True)(_pop(LEFT))
command("rpop", -2, writes=True)(_pop(RIGHT))


def _wait_and_pop(side: int) -> Callable[[Call], Answering]:
    def handler(call: Call) -> Generator[Wait, Any, Reply]:
        seconds = parse_float(call.args[-1], "ERR timeout is not a float or out of range")
        if seconds < 0:
            raise RedisError("ERR timeout is negative")
        keys, db = call.args[:-1], call.db

        def full() -> bytes | None:
            return next((key for key in keys if db.get(key, Items)), None)

        if call.client.queue is None:
            yield from call.server.until(lambda: full() is not None, seconds or None)
        key = full()
        if key is None:
            return NIL_ARRAY
        item = db.made(key, Items).pop(side)
        db.settle(key)
        call.logged = [b"LPOP" if side == LEFT else b"RPOP", key]
        return [key, item]

    return handler


command("blpop", -3, writes=True)(_wait_and_pop(LEFT))
command("brpop", -3, writes=True)(_wait_and_pop(RIGHT))


@command("llen", 2)
def length(call: Call) -> Reply:
    """How many elements a list has."""
    return len(call.db.get(call.key, Items) or ())


@command("lrange", 4)
def part(call: Call) -> Reply:
    """A part of a list, both ends included."""
    items = call.db.get(call.key, Items) or Items()
    start, stop = span(parse_integer(call.args[1]), parse_integer(call.args[2]), len(items))
    return list(items[start:stop])


@command("lindex", 3)
def element(call: Call) -> Reply:
    """One element."""
    items, at = call.db.get(call.key, Items) or Items(), parse_integer(call.args[1])
    return items[at] if -len(items) <= at < len(items) else None


@command("lset", 4, writes=True)
def replace(call: Call) -> Reply:
    """Another value for one element."""
    items, at = call.db.get(call.key, Items), parse_integer(call.args[1])
    if items is None:
        raise RedisError("ERR no such key")
    if not -len(items) <= at < len(items):
        raise RedisError("ERR index out of range")
    items[at] = call.args[2]
    call.db.settle(call.key)
    return OK


@command("linsert", 5, writes=True)
def insert(call: Call) -> Reply:
    """Put an element before or after another one; the new length, -1 where the other one is not there."""
    place = call.args[1].upper()
    if place not in (b"BEFORE", b"AFTER"):
        raise RedisError(SYNTAX_ERROR)
    items = call.db.get(call.key, Items)
    if items is None:
        return 0
    if call.args[2] not in items:
        return -1
    items.insert(items.index(call.args[2]) + (place == b"AFTER"), call.args[3])
    call.db.settle(call.key)
    return len(items)


@command("lrem", 4, writes=True)
def remove(call: Call) -> Reply:
    """Remove elements of a value: the first `count`, the last for a negative one, all for 0."""
    count, value = parse_integer(call.args[1]), call.args[2]
    items = call.db.get(call.key, Items)
    if items is None:
        return 0
    places = [at for at, item in enumerate(items) if item == value]
    chosen = places if not count else places[:count] if count > 0 else places[count:]
    for at in reversed(chosen):
        del items[at]
    call.db.settle(call.key, len(chosen))
    return len(chosen)


@command("ltrim", 4, writes=True)
def trim(call: Call) -> Reply:
    """Keep only a part of a list."""
    items = call.db.get(call.key, Items)
    if items is not None:
        start, stop = span(parse_integer(call.args[1]), parse_integer(call.args[2]), len(items))
        items[:] = items[start:stop]
        call.db.settle(call.key)
    return OK


@command("lpos", 3)
def position(call: Call) -> Reply:
    """The place of the first element of a value."""
    items = call.db.get(call.key, Items) or Items()
    return items.index(call.args[1]) if call.args[1] in items else None


def _transfer(call: Call, source: int, target: int) -> Reply:
    items = call.db.get(call.key, Items)
    call.db.get(call.args[1], Items)
    if items is None:
        return None
    item = items.pop(source)
    call.db.settle(call.key)
    others = call.db.made(call.args[1], Items)
    others.insert(0 if target == LEFT else len(others), item)
    call.db.settle(call.args[1])
    return item


@command("rpoplpush", 3, writes=True)
def rotate(call: Call) -> Reply:
    """Move the last element of one list to the front of another."""
    return _transfer(call, RIGHT, LEFT)


@command("lmove", 5, writes=True)
def move(call: Call) -> Reply:
    """Move an element from an end of one list to an end of another."""
    sides = {"LEFT": LEFT, "RIGHT": RIGHT}
    source, target = call.options(2)
    if not {source, target} <= set(sides):
        raise RedisError(SYNTAX_ERROR)
    return _transfer(call, sides[source], sides[target])
