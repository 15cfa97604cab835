"""Redis commands about keys of any kind: DEL, EXPIRE, TTL, KEYS, SCAN, RENAME … (redis.io/commands, "generic")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dockerlab.runtime.servers.redis.commands import SYNTAX_ERROR, Answering, Call, command, subcommand
from dockerlab.runtime.servers.redis.data import TYPE_NAMES, Fields, Items, Members, Scores, Value, glob, parse_integer
from dockerlab.runtime.servers.redis.protocol import OK, RedisError, Reply, Status

SMALL = 128
"""Elements up to which Redis keeps a collection in one piece (…-max-listpack-entries)."""
SHORT = 44
"""Bytes up to which a string lives beside its header."""


@command("del", -2, writes=True)
@command("unlink", -2, writes=True)
def delete(call: Call) -> Reply:
    """Remove keys; how many there were."""
    return sum(call.db.drop(key) for key in call.args)


@command("exists", -2)
@command("touch", -2)
def exists(call: Call) -> Reply:
    """How many of the keys are there."""
    return sum(call.db.find(key) is not None for key in call.args)


@command("type", 2)
def kind(call: Call) -> Reply:
    """What kind of value a key has."""
    value = call.db.find(call.key)
    return Status("none" if value is None else TYPE_NAMES[type(value)])


@command("rename", 3, writes=True)
def rename(call: Call) -> Reply:
    """Give a value another key."""
    value = call.db.find(call.key)
    if value is None:
        raise RedisError("ERR no such key")
    deadline = call.db.deadlines.get(call.key)
    call.db.drop(call.key)
    call.db.store(call.args[1], value, deadline)
    return OK


@command("renamenx", 3, writes=True)
def rename_if_new(call: Call) -> Reply:
    """Rename unless the new key is taken."""
    if call.db.find(call.args[1]) is not None and call.db.find(call.key) is not None:
        return 0
    rename(call)
    return 1


@command("copy", -3, writes=True)
def copy(call: Call) -> Reply:
    """Copy a value to another key."""
    value = call.db.find(call.key)
    if value is None or ("REPLACE" not in call.options(2) and call.db.find(call.args[1]) is not None):
        return 0
    twin: Value = value if isinstance(value, bytes) else type(value)(value)  # type: ignore[arg-type]
    call.db.store(call.args[1], twin, call.db.deadlines.get(call.key))
    return 1


# Time to live.


def deadline_at(call: Call, text: bytes, unit: int, *, relative: bool) -> int:
    """The instant in milliseconds that a number of seconds (`unit` 1000) or milliseconds (1) means."""
    instant = parse_integer(text) * unit + (call.db.now() if relative else 0)
    if abs(instant) >= 1 << 63:
        raise RedisError(f"ERR invalid expire time in '{call.name}' command")
    return instant


def _expiring(unit: int, *, relative: bool) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        deadline = deadline_at(call, call.args[1], unit, relative=relative)
        if call.db.find(call.key) is None or not _allowed(call, deadline, call.options(2)):
            return 0
        call.db.deadlines[call.key] = deadline
        call.db.changes += 1
        call.logged = [b"PEXPIREAT", call.key, b"%d" % deadline]
        call.db.find(call.key)  # one that is over already goes at once
        return 1

    return handler


def _allowed(call: Call, deadline: int, options: Sequence[str]) -> bool:
    old = call.db.deadlines.get(call.key)
    tests = {
        "NX": old is None,
        "XX": old is not None,
        "GT": old is not None and deadline > old,
        "LT": old is None or deadline < old,
    }
    for option in options:
        if option not in tests:
            raise RedisError(f"ERR Unsupported option {option}")
    if "NX" in options and len(options) > 1:
        raise RedisError("ERR NX and XX, GT or LT options at the same time are not compatible")
    return all(tests[option] for option in options)


command("expire", -3, writes=True)(_expiring(1000, relative=True))
command("pexpire", -3, writes=True)(_expiring(1, relative=True))
command("expireat", -3, writes=True)(_expiring(1000, relative=False))
command("pexpireat", -3, writes=True)(_expiring(1, relative=False))


def _left(call: Call, unit: int) -> Reply:
    if call.db.find(call.key) is None:
        return -2
    deadline = call.db.deadlines.get(call.key)
    return -1 if deadline is None else (deadline - call.db.now() + unit // 2) // unit


@command("ttl", 2)
def ttl(call: Call) -> Reply:
    """Seconds left; -1 without end, -2 without key."""
    return _left(call, 1000)


@command("pttl", 2)
def pttl(call: Call) -> Reply:
    """Milliseconds left."""
    return _left(call, 1)


@command("expiretime", 2)
def expiretime(call: Call) -> Reply:
    """When it expires, in seconds since 1970."""
    if call.db.find(call.key) is None:
        return -2
    return (call.db.deadlines[call.key] + 500) // 1000 if call.key in call.db.deadlines else -1


@command("persist", 2, writes=True)
def persist(call: Call) -> Reply:
    """Let a key live without end."""
    if call.db.find(call.key) is None or call.db.deadlines.pop(call.key, None) is None:
        return 0
    call.db.changes += 1
    return 1


# Looking around.


@command("keys", 2)
def keys(call: Call) -> Reply:
    """All keys that fit a pattern."""
    return list(filter(glob(call.key), call.db.keys()))


@command("randomkey", 1)
def random_key(call: Call) -> Reply:
    """Some key."""
    found = call.db.keys()
    return found[call.server.draw(len(found))] if found else None


@command("dbsize", 1)
def size(call: Call) -> Reply:
    """How many keys there are."""
    return len(call.db.keys())


@command("scan", -2)
def scan(call: Call) -> Reply:
    """A part of the keys, and the cursor for the next part."""
    options = call.options(1)
    found = call.db.keys()
    if "TYPE" in options[:-1]:
        wanted = options[options.index("TYPE") + 1].lower()
        found = [key for key in found if TYPE_NAMES[type(call.db.values[key])] == wanted]
    return scanned(call.args, options, found, lambda key: [key])


def scanned(
    args: Sequence[bytes], options: Sequence[str], found: Sequence[bytes], shown: Callable[[bytes], Iterable[bytes]]
) -> Reply:
    """What SCAN and its kin reply; `args` starts with the cursor, here the number of elements seen already."""
    if not args[0].isdigit():
        raise RedisError("ERR invalid cursor")
    count, fits = 10, glob(b"*")
    for option, value in zip(options[::2], args[2::2], strict=False):
        if option == "COUNT":
            count = parse_integer(value)
        elif option == "MATCH":
            fits = glob(value)
    if count < 1 or len(options) % 2 or set(options[::2]) - {"COUNT", "MATCH", "TYPE"}:
        raise RedisError(SYNTAX_ERROR)
    start = int(args[0])
    rest = found[start : start + count]
    cursor = start + count if start + count < len(found) else 0
    return [b"%d" % cursor, [word for key in rest if fits(key) for word in shown(key)]]


@command("select", 2)
def select(call: Call) -> Reply:
    """Go to another database."""
    call.client.database = _index(call, call.key)
    return OK


def _index(call: Call, text: bytes) -> int:
    number = parse_integer(text)
    if not 0 <= number < len(call.server.databases):
        raise RedisError("ERR DB index is out of range")
    return number


@command("move", 3, writes=True)
def move(call: Call) -> Reply:
    """Move a key to another database."""
    target = call.server.databases[_index(call, call.args[1])]
    if target is call.db:
        raise RedisError("ERR source and destination objects are the same")
    value = call.db.find(call.key)
    if value is None or target.find(call.key) is not None:
        return 0
    target.store(call.key, value, call.db.deadlines.get(call.key))
    call.db.drop(call.key)
    return 1


@command("flushdb", -1, writes=True)
def flush_database(call: Call) -> Reply:
    """Remove all keys of this database."""
    call.db.clear()
    return OK


@command("flushall", -1, writes=True)
def flush_all(call: Call) -> Reply:
    """Remove all keys of all databases."""
    for database in call.server.databases:
        database.clear()
    return OK


@command("object", -2)
def about(call: Call) -> Answering:
    """What Redis knows of a value."""
    return subcommand(call, "OBJECT")


@command("object|encoding", 3)
def encoding(call: Call) -> Reply:
    """How Redis would keep a value."""
    value = call.db.find(call.key)
    return None if value is None else _encoding(value).encode()


def _encoding(value: Value) -> str:
    if isinstance(value, bytes):
        if value.lstrip(b"-").isdigit() and len(value) < 20:
            return "int"
        return "embstr" if len(value) <= SHORT else "raw"
    small = len(value) <= SMALL
    if isinstance(value, Members) and all(member.lstrip(b"-").isdigit() for member in value):
        return "intset" if len(value) <= 4 * SMALL else "hashtable"
    large = {Items: "quicklist", Fields: "hashtable", Members: "hashtable", Scores: "skiplist"}
    return "listpack" if small else large[type(value)]
