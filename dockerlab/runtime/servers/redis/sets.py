"""Redis commands about sets: SADD, SMEMBERS, SINTER … (redis.io/commands, "set")."""

from __future__ import annotations

from collections.abc import Callable

from dockerlab.runtime.servers.redis.commands import Call, command
from dockerlab.runtime.servers.redis.data import Members, parse_integer
from dockerlab.runtime.servers.redis.keys import scanned
from dockerlab.runtime.servers.redis.protocol import RedisError, Reply


def _members(call: Call, key: bytes | None = None) -> Members:
    return call.db.get(call.key if key is None else key, Members) or Members()


def _ordered(members: Members) -> list[bytes]:
    """Members as Redis lists them: numbers alone are kept sorted, everything else as it came."""
    numbers = all(member.lstrip(b"-").isdigit() for member in members)
    return sorted(members, key=int) if numbers else list(members)


@command("sadd", -3, writes=True)
def add(call: Call) -> Reply:
    """Add members; how many are new."""
    members = call.db.made(call.key, Members)
    before = len(members)
    members.update(dict.fromkeys(call.args[1:]))
    call.db.settle(call.key, len(members) - before)
    return len(members) - before


@command("srem", -3, writes=True)
def remove(call: Call) -> Reply:
    """Remove members; how many there were."""
    members = _members(call)
    gone = [word for word in dict.fromkeys(call.args[1:]) if word in members]
    for word in gone:
        del members[word]
    call.db.settle(call.key, len(gone))
    return len(gone)


@command("smembers", 2)
def everything(call: Call) -> Reply:
    """All members."""
    return list(_ordered(_members(call)))


@command("scard", 2)
def size(call: Call) -> Reply:
    """How many members there are."""
    return len(_members(call))


@command("sismember", 3)
def contains(call: Call) -> Reply:
    """Whether something is a member."""
    return int(call.args[1] in _members(call))


@command("smismember", -3)
def contains_many(call: Call) -> Reply:
    """Which of several are members."""
    members = _members(call)
    return [int(word in members) for word in call.args[1:]]


@command("srandmember", -2)
def some(call: Call) -> Reply:
    """Some member, or several different ones."""
    members = _ordered(_members(call))
    if len(call.args) == 1:
        return members[call.server.draw(len(members))] if members else None
    count = parse_integer(call.args[1])
    if count < 0:
        return [members[call.server.draw(len(members))] for _ in range(-count)] if members else []
    return list(_draw(call, members, count))


def _draw(call: Call, members: list[bytes], count: int) -> list[bytes]:
    left = list(members)
    return [left.pop(call.server.draw(len(left))) for _ in range(min(count, len(left)))]


@command("spop", -2, writes=True)
def take(call: Call) -> Reply:
    """Some member, which is one no more."""
    count = parse_integer(call.args[1]) if len(call.args) > 1 else 1
    if count < 0:
        raise RedisError("ERR value is out of range, must be positive")
    members = _members(call)
    taken = _draw(call, _ordered(members), count)
    for word in taken:
        del members[word]
    if taken:
        call.db.settle(call.key)
        call.logged = [b"SREM", call.key, *taken]
    return list(taken) if len(call.args) > 1 else taken[0] if taken else None


@command("smove", 4, writes=True)
def move(call: Call) -> Reply:
    """Move a member to another set."""
    source, _ = _members(call), _members(call, call.args[1])
    if call.args[2] not in source:
        return 0
    del source[call.args[2]]
    call.db.settle(call.key)
    call.db.made(call.args[1], Members)[call.args[2]] = None
    call.db.settle(call.args[1])
    return 1


@command("sscan", -3)
def scan(call: Call) -> Reply:
    """A part of the members."""
    return scanned(call.args[1:], call.options(2), _ordered(_members(call)), lambda member: [member])


# Two sets and more.

Combining = Callable[[list[Members]], Members]


def _intersection(sets: list[Members]) -> Members:
    return Members(dict.fromkeys(member for member in sets[0] if all(member in other for other in sets[1:])))


def _union(sets: list[Members]) -> Members:
    return Members(dict.fromkeys(member for each in sets for member in each))


def _difference(sets: list[Members]) -> Members:
    return Members(dict.fromkeys(member for member in sets[0] if not any(member in other for other in sets[1:])))


def _combined(combine: Combining) -> Callable[[Call], Reply]:
    return lambda call: list(_ordered(combine([_members(call, key) for key in call.args])))


def _stored(combine: Combining) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        result = combine([_members(call, key) for key in call.args[1:]])
        call.db.drop(call.key)
        if result:
            call.db.store(call.key, result)
        return len(result)

    return handler


for _name, _combine in {"sinter": _intersection, "sunion": _union, "sdiff": _difference}.items():
    command(_name, -2)(_combined(_combine))
    command(f"{_name}store", -3, writes=True)(_stored(_combine))
