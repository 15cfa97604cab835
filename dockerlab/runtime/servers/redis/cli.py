"""redis-cli: one command from its words, or one from each line of standard input (redis.io, "Redis CLI")."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from dockerlab.events import Wait
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import NetworkError
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.redis import formats
from dockerlab.runtime.servers.redis.protocol import (
    HungUpError,
    ProtocolError,
    RedisError,
    Reply,
    encode_command,
    read_reply,
    split_words,
)
from dockerlab.runtime.servers.redis.state import version_of

WARNING = "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n"
ENDLESS = frozenset({b"subscribe", b"psubscribe", b"monitor"})
HELP = (
    "redis-cli {version}\n"
    'To get help about Redis commands type:\n      "help @<group>" to get a list of commands in <group>\n'
    '      "help <command>" for help on <command>\n      "help <tab>" to get a list of possible help topics\n'
    '      "quit" to exit\n'
)


@dataclass
class Settings:
    """What the options say."""

    host: str = "127.0.0.1"
    port: int = 6379
    password: str = ""
    user: str = ""
    database: int = 0
    form: str = ""
    repeat: int = 1
    interval: float = 0
    last_from_stdin: bool = False
    error_code: bool = False
    warn: bool = False
    scan: bool = False
    pattern: str = "*"

    def take_url(self, text: str) -> None:
        """redis://user:password@host:port/database."""
        parts = urlsplit(text)
        self.host, self.port = parts.hostname or self.host, parts.port or self.port
        if parts.password:
            self.password, self.user, self.warn = unquote(parts.password), unquote(parts.username or ""), True
        if parts.path.strip("/").isdigit():
            self.database = int(parts.path.strip("/"))


class WrongOption(RedisError):
    """An option that redis-cli does not know."""


def read_options(words: Sequence[str], password: str) -> tuple[Settings, list[str]]:
    """The settings, and the words of the command. Raises WrongOption."""
    settings, rest, silent = Settings(password=password), list(words), False
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in VALUES:
            if not rest:
                raise WrongOption(f"Unrecognized option or bad number of args for: '{option}'")
            _take(settings, option, rest.pop(0))
        elif option in FLAGS:
            setattr(settings, *FLAGS[option])
        elif option == "--no-auth-warning":
            silent = True
        else:
            raise WrongOption(f"Unrecognized option or bad number of args for: '{option}'")
    settings.warn = settings.warn and not silent
    return settings, rest


FLAGS: dict[str, tuple[str, Any]] = {
    "--raw": ("form", "raw"),
    "--no-raw": ("form", "people"),
    "--csv": ("form", "csv"),
    "-x": ("last_from_stdin", True),
    "-e": ("error_code", True),
    "--scan": ("scan", True),
    "-c": ("user", ""),
    "-2": ("user", ""),
}
VALUES: dict[str, str] = {
    "-h": "host", "-p": "port", "-a": "password", "--pass": "password", "--user": "user", "-n": "database",
    "-u": "url", "-r": "repeat", "-i": "interval", "--pattern": "pattern", "-t": "patience",
}  # fmt: skip


def _take(settings: Settings, option: str, text: str) -> None:
    name = VALUES[option]
    try:
        if name == "url":
            settings.take_url(text)
        elif name in {"port", "database", "repeat"}:
            setattr(settings, name, int(text))
        elif name == "interval":
            settings.interval = float(text)
        elif name != "patience":
            setattr(settings, name, text)
    except ValueError:
        raise WrongOption(f"Invalid value for '{option}': {text}") from None
    settings.warn = settings.warn or name == "password"


@program("redis-cli", raw=True)
def redis_cli(proc: Process, args: Arguments) -> int | Waiting:
    """Say something to a server."""
    if {"--version", "-v"} & set(args.operands[:1]):
        proc.out(f"redis-cli {version_of(proc.env)}\n")
        return 0
    try:
        settings, words = read_options(args.operands, proc.env.get("REDISCLI_AUTH", ""))
    except WrongOption as error:
        proc.err(f"{error}\n")
        return 1
    if settings.warn:
        proc.err(WARNING)
    return _Session(proc, settings).main(words)


def _is_text(words: Sequence[bytes]) -> bool:
    """Whether the reply is a text for people, which is shown without quotes."""
    names = [word.lower() for word in words[:2]]
    return names[0] in (b"info", b"lolwut") or (names[0] == b"client" and names[1:] in ([b"list"], [b"info"]))


class _Session:
    """A connection, and what is shown of it."""

    def __init__(self, proc: Process, settings: Settings) -> None:
        self.proc, self.settings = proc, settings
        self.socket: Socket | None = None
        self.form = settings.form or ("people" if proc.is_terminal(1) else "raw")
        self.failed = False

    def main(self, words: list[str]) -> Waiting:
        """Do what the words say, or what the lines of standard input say; then hang up."""
        try:
            return (yield from self._work(words))
        except HungUpError as error:
            self.proc.err(f"Error: {error}\n")
            return 1
        finally:
            if self.socket is not None:
                self.socket.close()

    def _work(self, words: list[str]) -> Waiting:
        raw_words = [word.encode("utf-8", "surrogateescape") for word in words]
        if self.settings.scan:
            return (yield from self._scan())
        if not raw_words:
            return (yield from self._lines())
        if self.settings.last_from_stdin:
            raw_words.append((yield from self.proc.read_all()))
        if not (yield from self._connect()):
            return 1
        for number in self._rounds():
            if number:
                yield from self.proc.sleep(self.settings.interval)
            if not (yield from self._say(raw_words)):
                return 1
        return int(self.failed and self.settings.error_code)

    def _rounds(self) -> Iterator[int]:
        number = 0
        while self.settings.repeat < 0 or number < self.settings.repeat:
            yield number
            number += 1

    # The connection.

    def _connect(self) -> Generator[Wait, Any, bool]:
        settings = self.settings
        try:
            self.socket = yield from dial(self.proc.machine, settings.host, settings.port)
        except NetworkError as error:
            self.proc.err(f"Could not connect to Redis at {settings.host}:{settings.port}: {error.text}\n")
            return False
        if settings.password:
            user = [settings.user.encode()] if settings.user else []
            reply = yield from self._ask([b"AUTH", *user, settings.password.encode("utf-8", "surrogateescape")])
            self._warn(reply, "AUTH failed")
        if settings.database:
            reply = yield from self._ask([b"SELECT", b"%d" % settings.database])
            self._warn(reply, f"SELECT {settings.database} failed")
        return True

    def _warn(self, reply: Reply, what: str) -> None:
        if isinstance(reply, RedisError):
            self.proc.err(f"{what}: {reply}\n")

    def _ask(self, words: list[bytes]) -> Generator[Wait, Any, Reply]:
        assert self.socket is not None
        self.socket.write(encode_command(words))
        return (yield from read_reply(self.socket))

    # One command.

    def _say(self, words: list[bytes]) -> Generator[Wait, Any, bool]:
        """Send a command and show the reply; False when the connection is gone."""
        name = words[0].lower()
        if name == b"help":
            self.proc.out(HELP.format(version=version_of(self.proc.env)))
            return True
        try:
            reply = yield from self._ask(words)
            if name in ENDLESS and not isinstance(reply, RedisError):
                yield from self._listen(words, reply)
                return False
        except (HungUpError, ProtocolError, BrokenPipeError) as error:
            self.socket = None
            if name != b"shutdown":
                text = error.message if isinstance(error, RedisError) else "Broken pipe"
                self.proc.err(f"Error: {text}\n")
            return name == b"shutdown"
        self._show(reply, plain=_is_text(words))
        if name == b"select" and reply == "OK":
            self.settings.database = int(words[1])
        return True

    def _listen(self, words: list[bytes], reply: Reply) -> Generator[Wait, Any, None]:
        assert self.socket is not None
        if self.form == "people":
            self.proc.out("Reading messages... (press Ctrl-C to quit)\n")
        self._show(reply)
        while True:
            self._show((yield from read_reply(self.socket)))

    def _show(self, reply: Reply, *, plain: bool = False) -> None:
        self.failed = isinstance(reply, RedisError)
        if isinstance(reply, RedisError) and self.settings.error_code:
            self.proc.err(f"{reply}\n")
        elif self.form == "people" and not (plain and isinstance(reply, bytes)):
            self.proc.out(formats.for_people(reply))
        elif self.form == "csv":
            self.proc.out(f"{formats.csv(reply)}\n")
        else:
            self.proc.out(formats.raw(reply) + b"\n")

    # Several commands.

    def _lines(self) -> Waiting:
        """A command from each line; with a prompt where somebody types."""
        if not (yield from self._connect()) and not self.proc.is_terminal(0):
            return 1
        while True:
            self._prompt()
            line = yield from self.proc.readline()
            words = split_words(line.rstrip(b"\r\n"))
            if not line or (words and words[0].lower() in (b"quit", b"exit")):
                return 0
            if words is None:
                self.proc.out("Invalid argument(s)\n")
            elif words and (self.socket is not None or (yield from self._connect())):
                yield from self._repeat(words)

    def _repeat(self, words: list[bytes]) -> Generator[Wait, Any, None]:
        """`5 INCR x` says the same five times."""
        times = int(words[0]) if words[0].isdigit() and len(words) > 1 else 1
        for _ in range(times):
            if not (yield from self._say(words[1:] if times > 1 else words)):
                break

    def _prompt(self) -> None:
        if self.proc.is_terminal(0):
            place = f"{self.settings.host}:{self.settings.port}" if self.socket else "not connected"
            number = f"[{self.settings.database}]" if self.settings.database and self.socket else ""
            self.proc.out(f"{place}{number}> ")

    def _scan(self) -> Waiting:
        """All keys, one on a line (`--scan --pattern x*`)."""
        if not (yield from self._connect()):
            return 1
        cursor = b"0"
        while True:
            reply = yield from self._ask([b"SCAN", cursor, b"MATCH", self.settings.pattern.encode()])
            if not isinstance(reply, list):
                self._show(reply)
                return 1
            cursor, keys = reply
            for key in keys:
                self.proc.out(formats.quoted(key).encode() + b"\n" if self.form == "people" else key + b"\n")
            if cursor == b"0":
                return 0
