"""Redis commands for transactions: MULTI, EXEC, DISCARD, WATCH (redis.io, "Transactions")."""

from __future__ import annotations

import copy

from dockerlab.runtime.servers.redis.commands import Call, command
from dockerlab.runtime.servers.redis.protocol import NIL_ARRAY, OK, RedisError, Reply

AT_ONCE = frozenset({"multi", "exec", "discard", "watch", "quit", "reset"})
"""Commands that are never queued."""


@command("multi", 1)
def begin(call: Call) -> Reply:
    """Queue what follows."""
    if call.client.queue is not None:
        raise RedisError("ERR MULTI calls can not be nested")
    call.client.queue, call.client.spoiled = [], False
    return OK


@command("exec", 1)
def execute(call: Call) -> Reply:
    """Run all that was queued, unless a watched key has changed."""
    client = call.client
    if client.queue is None:
        raise RedisError("ERR EXEC without MULTI")
    queue, spoiled, untouched = client.queue, client.spoiled, _untouched(call)
    try:
        if spoiled:
            raise RedisError("EXECABORT Transaction discarded because of previous errors.")
        return [call.server.run_at_once(client, words) for words in queue] if untouched else NIL_ARRAY
    finally:
        _forget(call)


@command("discard", 1)
def discard(call: Call) -> Reply:
    """Forget what was queued."""
    if call.client.queue is None:
        raise RedisError("ERR DISCARD without MULTI")
    _forget(call)
    return OK


@command("watch", -2)
def watch(call: Call) -> Reply:
    """Let EXEC do nothing if one of the keys changes until then."""
    if call.client.queue is not None:
        raise RedisError("ERR WATCH inside MULTI is not allowed")
    for key in call.args:
        call.client.watched[call.client.database, key] = copy.copy(call.db.find(key))
    return OK


@command("unwatch", 1)
def unwatch(call: Call) -> Reply:
    """Watch nothing any more."""
    call.client.watched.clear()
    return OK


def _untouched(call: Call) -> bool:
    return all(call.server.databases[number].find(key) == old for (number, key), old in call.client.watched.items())


def _forget(call: Call) -> None:
    call.client.queue = None
    call.client.spoiled = False
    call.client.watched.clear()
