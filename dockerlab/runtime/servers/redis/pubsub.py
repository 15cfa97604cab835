"""Redis commands for messages to whoever listens: SUBSCRIBE, PUBLISH … (redis.io, "Redis Pub/Sub")."""

from __future__ import annotations

from dockerlab.runtime.servers.redis.commands import Answering, Call, Client, command, subcommand
from dockerlab.runtime.servers.redis.data import glob
from dockerlab.runtime.servers.redis.protocol import Reply, encode

WHILE_SUBSCRIBED = frozenset({"subscribe", "unsubscribe", "psubscribe", "punsubscribe", "ping", "quit", "reset"})
"""What a RESP2 client may say while it listens to channels."""


@command("publish", 3)
def publish(call: Call) -> Reply:
    """Send a message; how many got it."""
    channel, message = call.args
    reached = 0
    for client in call.server.clients:
        if channel in client.channels:
            reached += _send(client, [b"message", channel, message])
        for pattern in client.patterns:
            if glob(pattern)(channel):
                reached += _send(client, [b"pmessage", pattern, channel, message])
    return reached


def _send(client: Client, message: list[bytes]) -> int:
    try:
        client.socket.write(encode(message))
    except BrokenPipeError:
        return 0  # it hung up, and its conversation will notice
    return 1


def _told(call: Call, what: bytes, names: list[bytes], places: dict[bytes, None], *, add: bool) -> None:
    """Change what a client listens to, with one message for each name; the last stands for the reply."""
    for name in names or [b""]:
        if add:
            places[name] = None
        else:
            places.pop(name, None)
        count = len(call.client.channels) + len(call.client.patterns)
        call.client.socket.write(encode([what, name or None, count]))


@command("subscribe", -2)
def subscribe(call: Call) -> Reply:
    """Listen to channels."""
    _told(call, b"subscribe", call.args, call.client.channels, add=True)
    return call.server.silence


@command("psubscribe", -2)
def subscribe_to_patterns(call: Call) -> Reply:
    """Listen to all channels that fit a pattern."""
    _told(call, b"psubscribe", call.args, call.client.patterns, add=True)
    return call.server.silence


@command("unsubscribe", -1)
def unsubscribe(call: Call) -> Reply:
    """Listen to channels no more."""
    _told(call, b"unsubscribe", call.args or list(call.client.channels), call.client.channels, add=False)
    return call.server.silence


@command("punsubscribe", -1)
def unsubscribe_from_patterns(call: Call) -> Reply:
    """Listen to patterns no more."""
    _told(call, b"punsubscribe", call.args or list(call.client.patterns), call.client.patterns, add=False)
    return call.server.silence


@command("pubsub", -2)
def about(call: Call) -> Answering:
    """Who listens to what."""
    return subcommand(call, "PUBSUB")


@command("pubsub|channels", -2)
def channels(call: Call) -> Reply:
    """The channels that somebody listens to."""
    fits = glob(call.args[0] if call.args else b"*")
    return list(dict.fromkeys(name for client in call.server.clients for name in client.channels if fits(name)))


@command("pubsub|numsub", -2)
def listeners(call: Call) -> Reply:
    """How many listen to each channel."""
    counts = ((name, sum(name in client.channels for client in call.server.clients)) for name in call.args)
    return [word for pair in counts for word in pair]


@command("pubsub|numpat", 2)
def patterns(call: Call) -> Reply:
    """How many patterns are listened to."""
    return len({pattern for client in call.server.clients for pattern in client.patterns})
