"""The table of Redis commands, and what a command is given to work with.

A command is a function from a `Call` to a reply; one that has to wait (BLPOP) is a generator. Its arity is Redis's
own: the number of words with the command's name, negative where more may follow.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from dockerlab.events import Wait
from dockerlab.runtime.servers.redis.data import Database
from dockerlab.runtime.servers.redis.protocol import RedisError, Reply

if TYPE_CHECKING:
    from dockerlab.runtime.net.sockets import Socket
    from dockerlab.runtime.servers.redis.state import Redis

Answering: TypeAlias = "Reply | Generator[Wait, Any, Reply]"
Handler: TypeAlias = "Callable[[Call], Answering]"
SYNTAX_ERROR = "ERR syntax error"


@dataclass(eq=False)
class Client:
    """One connection."""

    socket: Socket
    number: int
    since: int = 0
    name: bytes = b""
    database: int = 0
    authenticated: bool = False
    leaving: bool = False
    queue: list[list[bytes]] | None = None
    """Commands since MULTI."""
    spoiled: bool = False
    """Whether one of them can't be run."""
    channels: dict[bytes, None] = field(default_factory=dict)
    patterns: dict[bytes, None] = field(default_factory=dict)
    watched: dict[tuple[int, bytes], object] = field(default_factory=dict)


@dataclass
class Call:
    """A command with its words (its own name left out)."""

    server: Redis
    client: Client
    name: str
    args: list[bytes]
    logged: list[bytes] | None = None
    """What the append-only file should hold instead of the command as it came."""

    @property
    def db(self) -> Database:
        """The database that the client has selected."""
        return self.server.databases[self.client.database]

    @property
    def key(self) -> bytes:
        """The first word: the key of most commands."""
        return self.args[0]

    def options(self, start: int) -> list[str]:
        """The words from a place on, in upper case."""
        return [word.decode("latin-1").upper() for word in self.args[start:]]


@dataclass(frozen=True)
class Command:
    """An entry of the table."""

    name: str
    arity: int
    writes: bool
    handler: Handler

    def fits(self, words: int) -> bool:
        """Whether the number of words is right."""
        return words == self.arity if self.arity > 0 else words >= -self.arity


MODULES = ("keys", "strings", "lists", "hashes", "sets", "sorted", "admin", "pubsub", "transactions")
COMMANDS: dict[str, Command] = {}
"""Name in lower case → command."""

ELSEWHERE = frozenset(
    "xadd xread xrange xlen xgroup xreadgroup xack eval evalsha script function fcall geoadd geosearch geodist pfadd "
    "pfcount pfmerge setbit getbit bitcount bitop bitfield dump restore migrate replicaof slaveof psync cluster acl "
    "module monitor latency ssubscribe json.set json.get ft.search ft.create sort bgrewriteaof wait failover".split()
)
"""Commands of the real server that are not simulated."""


def command(name: str, arity: int, *, writes: bool = False) -> Callable[[Handler], Handler]:
    """Register a function as a command (`client|id` is a subcommand)."""

    def register(handler: Handler) -> Handler:
        COMMANDS[name] = Command(name, arity, writes, handler)
        return handler

    return register


def load() -> None:
    """Import the modules that fill the table."""
    for module in MODULES:
        importlib.import_module(f"dockerlab.runtime.servers.redis.{module}")


def find(words: list[bytes]) -> Command:
    """The command that words start; raises RedisError for an unknown one or a wrong number of words."""
    name = words[0].decode("latin-1").lower()
    found = COMMANDS.get(name)
    if found is None:
        raise RedisError(_unknown(words, name))
    if not found.fits(len(words)):
        raise wrong_arity(found.name)
    return found


def _unknown(words: list[bytes], name: str) -> str:
    if name in ELSEWHERE:
        return f"ERR the command '{name}' is not simulated by dockerlab"
    shown = words[0].decode("utf-8", "replace")[:128]
    rest = "".join(f"'{word[:128].decode('utf-8', 'replace')}' " for word in words[1:])[:128]
    return f"ERR unknown command '{shown}', with args beginning with: {rest}"


def wrong_arity(name: str) -> RedisError:
    """The complaint about too many or too few words."""
    return RedisError(f"ERR wrong number of arguments for '{name}' command")


def subcommand(call: Call, help_for: str) -> Answering:
    """Run the subcommand that the first word names."""
    name = call.args[0].decode("latin-1").lower()
    found = COMMANDS.get(f"{call.name}|{name}")
    if found is None:
        raise RedisError(f"ERR unknown subcommand '{call.args[0].decode('utf-8', 'replace')}'. Try {help_for} HELP.")
    if not found.fits(len(call.args) + 1):
        raise wrong_arity(found.name)
    return found.handler(Call(call.server, call.client, found.name, call.args[1:]))
