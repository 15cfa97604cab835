"""`Redis`: the state of a running server, and how it runs a command for a client."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from types import GeneratorType
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.daemons import Ending, milliseconds
from dockerlab.runtime.servers.redis import commands
from dockerlab.runtime.servers.redis.commands import Call, Client, Command
from dockerlab.runtime.servers.redis.config import DEFAULTS, save_points
from dockerlab.runtime.servers.redis.data import Database
from dockerlab.runtime.servers.redis.info import used_memory
from dockerlab.runtime.servers.redis.protocol import NilArray, RedisError, Reply, Status
from dockerlab.runtime.servers.redis.pubsub import WHILE_SUBSCRIBED
from dockerlab.runtime.servers.redis.transactions import AT_ONCE

FREEING = frozenset("del unlink flushdb flushall expire getdel lpop rpop ltrim lrem srem spop hdel zrem".split())
"""Commands that may run when the memory is full."""
WITHOUT_PASSWORD = frozenset({"auth", "hello", "quit", "reset"})
DEFAULT_VERSION = "7.4.7"


def version_of(env: Mapping[str, str]) -> str:
    """The version that an image has; its builders leave it in the environment."""
    return env.get("REDIS_VERSION") or DEFAULT_VERSION


@dataclass(eq=False)
class Redis:
    """A server: its databases, its clients, its settings."""

    proc: Process
    config: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    config_file: str = ""
    ending: Ending = field(default_factory=Ending)
    clients: list[Client] = field(default_factory=list)
    commands: int = 0
    """How many commands were run since the start."""
    connections: int = 0
    saved_at: int = 0
    """When the data was last saved, in milliseconds since 1970."""
    saved_changes: int = 0
    """Changes that are saved."""
    append: Callable[[int, list[bytes]], None] | None = None
    """Takes each command that changed something, for the append-only file."""
    save: Callable[[], None] = lambda: None
    """Writes dump.rdb; raises FileSystemError."""
    log: Callable[[str, str], None] = lambda mark, text: None
    leave_unsaved: bool | None = None
    """What SHUTDOWN SAVE (False) or NOSAVE (True) asked for."""
    drawn: int = 0
    silence: Status = field(default_factory=lambda: Status(""))
    """The reply of a command that has replied already."""

    def __post_init__(self) -> None:
        commands.load()
        self.started = self.saved_at = milliseconds(self.proc)
        self.databases = [Database(self.now) for _ in range(int(self.config["databases"]))]

    def now(self) -> int:
        """Milliseconds since 1970."""
        return milliseconds(self.proc)

    @property
    def version(self) -> str:
        """The version that it says it is."""
        return version_of(self.proc.env)

    @property
    def changes(self) -> int:
        """Changes since the start."""
        return sum(database.changes for database in self.databases)

    @property
    def unsaved(self) -> int:
        """Changes that are in no file yet."""
        return self.changes - self.saved_changes

    @property
    def save_points(self) -> list[tuple[int, int]]:
        """After how many seconds with how many changes the data is saved by itself."""
        return save_points(self.config["save"])

    def draw(self, count: int) -> int:
        """A number below `count` that looks like chance and is the same in each run."""
        self.drawn += 1
        return int.from_bytes(hashlib.sha256(b"redis %d" % self.drawn).digest()[:8], "big") % max(count, 1)

    def until(self, ready: Callable[[], bool], seconds: float | None) -> Generator[Wait, Any, bool]:
        """Wait for something to happen."""
        return self.proc.kernel.until(ready, seconds)

    # Running commands.

    def run(self, client: Client, words: list[bytes]) -> Generator[Wait, Any, Reply]:
        """Run a command, or queue it after MULTI; errors are replies, too."""
        self.commands += 1
        try:
            found = commands.find(words)
            self._check(client, found)
        except RedisError as error:
            client.spoiled = True
            return error
        if client.queue is not None and found.name not in AT_ONCE:
            client.queue.append(words)
            return Status("QUEUED")
        return (yield from self._carry_out(client, found, words))

    def run_at_once(self, client: Client, words: list[bytes]) -> Reply:
        """Run a command that may not wait: inside of a transaction, or from a file."""
        running = self._carry_out(client, commands.find(words), words)
        try:
            next(running)
        except StopIteration as stop:
            reply: Reply = stop.value
            return reply
        running.close()
        return NilArray()

    def _check(self, client: Client, found: Command) -> None:
        if self.config["requirepass"] and not client.authenticated and found.name not in WITHOUT_PASSWORD:
            raise RedisError("NOAUTH Authentication required.")
        limit = int(self.config["maxmemory"])
        if limit and found.writes and found.name not in FREEING and used_memory(self) > limit:
            raise RedisError("OOM command not allowed when used memory > 'maxmemory'.")
        if (client.channels or client.patterns) and found.name not in WHILE_SUBSCRIBED:
            raise RedisError(
                f"ERR Can't execute '{found.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET "
                "are allowed in this context"
            )

    def _carry_out(self, client: Client, found: Command, words: list[bytes]) -> Generator[Wait, Any, Reply]:
        call = Call(self, client, found.name, words[1:])
        number, before = client.database, self.changes
        try:
            answer = found.handler(call)
            reply: Reply = (yield from answer) if isinstance(answer, GeneratorType) else answer  # type: ignore[assignment]
        except RedisError as error:
            return error
        except FileSystemError as error:
            return RedisError(f"ERR {error.strerror}")
        if found.writes and self.append is not None and self.changes != before:
            self.append(number, call.logged or words)
        return reply
