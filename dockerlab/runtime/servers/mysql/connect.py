"""How MySQL's clients find the server: -h, -P, -u, -p, and the socket file of a local one."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import DockerlabError
from dockerlab.events import Wait
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import HostError, NetworkError
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import Names
from dockerlab.runtime.servers.mysql.brand import SOCKET, Brand
from dockerlab.runtime.servers.sql.wire import ask

LETTERS = {"h": "host", "u": "user", "P": "port", "D": "database", "e": "execute", "S": "socket"}
FLAGS = {"t": "table", "B": "batch", "N": "skip-column-names", "s": "silent", "v": "verbose", "V": "version",
         "E": "vertical", "f": "force", "i": "interactive"}  # fmt: skip
WITH_VALUE = frozenset({*LETTERS.values(), "protocol", "default-character-set", "connect-timeout"})
REASONS = {"Connection refused": 111, "No route to host": 113, "Connection timed out": 110}


class ConnectError(DockerlabError):
    """No connection, in the client's words."""


@dataclass
class Options:
    """A client's words, read."""

    values: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    asks_password: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: str = "") -> str:
        """An option's value."""
        return self.values.get(name, default)

    @property
    def host(self) -> str:
        """The host's name; '' for the local socket."""
        host = self.get("host")
        return "" if host == "localhost" and self.get("protocol").lower() != "tcp" else host

    @property
    def port(self) -> int:
        """The port."""
        return int(self.get("port")) if self.get("port").isdigit() else 3306


def read_options(words: Sequence[str], env: Mapping[str, str]) -> Options:
    """Options and operands; -p takes its value only without a space."""
    options, rest = Options(), iter(words)
    if "MYSQL_PWD" in env:
        options.values["password"] = env["MYSQL_PWD"]
    for word in rest:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name == "password" and not equals:
                options.asks_password = True
            else:
                options.values[name] = value if equals or name not in WITH_VALUE else next(rest, "")
        elif word.startswith("-") and len(word) > 1:
            _short(options, word[1:], rest)
        else:
            options.words.append(word)
    return options


def _short(options: Options, letters: str, rest: Any) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter == "p":
            options.asks_password = not letters
            if letters:
                options.values["password"] = letters
            return
        if letter in LETTERS:
            options.values[LETTERS[letter]] = letters or next(rest, "")
            return
        options.values[FLAGS.get(letter, letter)] = ""


def log_in(proc: Process, brand: Brand, options: Options) -> Generator[Wait, Any, Socket]:
    """A connection. Raises ConnectError."""
    socket = yield from _reach(proc, brand, options)
    if options.asks_password:
        proc.err("Enter password: ")
        line = yield from proc.readline()
        options.values["password"] = line.decode("utf-8", "surrogateescape").rstrip("\n")
        proc.err("\n")
    hello = {
        "server": "mysql",
        "user": options.get("user") or Names(proc.fs).user(proc.uid),
        "password": options.get("password"),
        "database": options.get("database"),
    }
    try:
        answer = yield from ask(socket, hello)
    except BrokenPipeError:
        answer = None
    if answer is None:
        socket.close()
        raise ConnectError("ERROR 2013 (HY000): Lost connection to server at 'reading initial communication packet'")
    if "fatal" in answer:
        socket.close()
        fatal = answer["fatal"]
        raise ConnectError(f"ERROR {fatal['code']} ({fatal['state']}): {fatal['text']}")
    return socket


def _reach(proc: Process, brand: Brand, options: Options) -> Generator[Wait, Any, Socket]:
    if not options.host:
        return (yield from _reach_locally(proc, brand, options.get("socket") or SOCKET, options.port))
    try:
        return (yield from dial(proc.machine, options.host, options.port))
    except HostError:
        raise ConnectError(f"ERROR 2005 (HY000): Unknown {brand.server_name} host '{options.host}' (-2)") from None
    except NetworkError as error:
        number = REASONS.get(error.text, 111)
        place = f"'{options.host}' ({115 if number == 111 else number})"
        if brand.maria:
            raise ConnectError(f"ERROR 2002 (HY000): Can't connect to server on {place}") from None
        place = f"'{options.host}:{options.port}' ({number})"
        raise ConnectError(f"ERROR 2003 (HY000): Can't connect to MySQL server on {place}") from None


def _reach_locally(proc: Process, brand: Brand, file: str, port: int) -> Generator[Wait, Any, Socket]:
    text = f"ERROR 2002 (HY000): Can't connect to local {brand.server_name} through socket '{file}'"
    if not proc.fs.exists(file):
        raise ConnectError(f"{text} (2)")
    try:
        return (yield from dial(proc.machine, "127.0.0.1", port))
    except NetworkError:
        raise ConnectError(f"{text} (111)") from None
