"""How PostgreSQL's clients find the server: options, the environment, a URI (libpq, "Database Connection Control")."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from dockerlab.errors import DockerlabError
from dockerlab.events import Wait
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import HostError, NetworkError
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import Names
from dockerlab.runtime.servers.sql.wire import Message, ask

SOCKETS = "/var/run/postgresql"


class ConnectError(DockerlabError):
    """No connection, in libpq's words."""


@dataclass
class Target:
    """Whom to connect to, as whom."""

    host: str
    port: int
    user: str
    database: str
    password: str

    @property
    def local(self) -> bool:
        """Whether it goes by a socket in the file system."""
        return not self.host or self.host.startswith("/")

    @property
    def place(self) -> str:
        """How messages name it, before an address is known."""
        return f"{self.host or SOCKETS}:{self.port}"


def user_name(proc: Process) -> str:
    """The name of the user who runs the program."""
    return Names(proc.fs).user(proc.uid)


def target_of(proc: Process, options: dict[str, str]) -> Target:
    """From h, p, U and d, and the variables PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD."""
    env = proc.env
    user = options.get("U") or env.get("PGUSER") or user_name(proc)
    target = Target(
        options.get("h") or env.get("PGHOST", ""),
        int(text) if (text := options.get("p") or env.get("PGPORT", "")).isdigit() else 5432,
        user,
        options.get("d") or env.get("PGDATABASE") or user,
        env.get("PGPASSWORD", ""),
    )
    if target.database.startswith(("postgres://", "postgresql://")):
        _take_uri(target)
    elif "=" in target.database:
        _take_pairs(target)
    return target


def _take_uri(target: Target) -> None:
    parts = urlsplit(target.database)
    target.host, target.port = parts.hostname or target.host, parts.port or target.port
    target.user = unquote(parts.username or target.user)
    target.password = unquote(parts.password or target.password)
    target.database = parts.path.strip("/") or target.user


def _take_pairs(target: Target) -> None:
    pairs = dict(pair.split("=", 1) for pair in target.database.split() if "=" in pair)
    target.host, target.user = pairs.get("host", target.host), pairs.get("user", target.user)
    target.password = pairs.get("password", target.password)
    target.port = int(pairs["port"]) if pairs.get("port", "").isdigit() else target.port
    target.database = pairs.get("dbname", target.user)


def reach(proc: Process, target: Target) -> Generator[Wait, Any, Socket]:
    """A connection on which nothing has been said yet. Raises ConnectError."""
    if target.local:
        file = f"{target.host or SOCKETS}/.s.PGSQL.{target.port}"
        head = f'connection to server on socket "{file}" failed'
        tail = "\n\tIs the server running locally and accepting connections on that socket?"
        if not proc.fs.exists(file):
            raise ConnectError(f"{head}: No such file or directory{tail}")
        try:
            return (yield from dial(proc.machine, "127.0.0.1", target.port))
        except NetworkError as error:
            raise ConnectError(f"{head}: {error.text}{tail}") from None
    try:
        return (yield from dial(proc.machine, target.host, target.port))
    except HostError as error:
        raise ConnectError(f'could not translate host name "{target.host}" to address: {error.text}') from None
    except NetworkError as error:
        tail = "\n\tIs the server running on that host and accepting TCP/IP connections?"
        raise ConnectError(f"{_head(proc, target)}: {error.text}{tail}") from None


def _head(proc: Process, target: Target) -> str:
    if target.local:
        return f'connection to server on socket "{target.host or SOCKETS}/.s.PGSQL.{target.port}" failed'
    from dockerlab.runtime.net.names import resolve

    return f'connection to server at "{target.host}" ({resolve(proc.machine, target.host)}), port {target.port} failed'


def log_in(proc: Process, target: Target) -> Generator[Wait, Any, tuple[Socket, Message]]:
    """A connection, with what the server said of itself. Raises ConnectError."""
    socket = yield from reach(proc, target)
    hello = {
        "server": "postgres",
        "user": target.user,
        "database": target.database,
        "password": target.password,
    }
    try:
        answer = yield from ask(socket, hello)
    except BrokenPipeError:
        answer = None
    if answer is None:
        socket.close()
        raise ConnectError(f"{_head(proc, target)}: server closed the connection unexpectedly")
    if "fatal" in answer:
        socket.close()
        missing = "password authentication" in answer["fatal"] and not target.password
        text = "fe_sendauth: no password supplied" if missing else f"FATAL:  {answer['fatal']}"
        raise ConnectError(f"{_head(proc, target)}: {text}")
    return socket, answer


def short_options(words: list[str], with_value: str) -> tuple[dict[str, str], list[str]]:
    """Options as letters with their values ('' for none), and the other words; long names as in LONG."""
    given, others = ordered_options(words, with_value)
    return dict(given), others


def ordered_options(words: list[str], with_value: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The same as pairs, in the order in which they stand."""
    given: list[tuple[str, str]] = []
    others, rest = [], iter(words)
    for word in rest:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            letter = LONG.get(name, name)
            given.append((letter, value if equals or letter not in with_value else next(rest, "")))
        elif word.startswith("-") and len(word) > 1:
            letters = word[1:]
            while letters:
                letter, letters = letters[0], letters[1:]
                takes = letter in with_value
                given.append((letter, (letters or next(rest, "")) if takes else ""))
                letters = "" if takes else letters
        else:
            others.append(word)
    return given, others


LONG = {"host": "h", "port": "p", "username": "U", "dbname": "d", "command": "c", "file": "f", "tuples-only": "t",
        "no-align": "A", "quiet": "q", "expanded": "x", "list": "l", "set": "v", "no-password": "w", "version": "V",
        "variable": "v", "timeout": "T", "owner": "O", "pgdata": "D", "field-separator": "F",
        "no-psqlrc": "X"}  # fmt: skip
