"""mongod: the server, with log lines in JSON (mongodb.com/docs, "Log Messages")."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.errors import AddressInUseError
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import SIGNAL_NAMES, Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.daemons import attend, date_of, ending_of
from dockerlab.runtime.servers.mongo.collections import Document
from dockerlab.runtime.servers.mongo.commands import DATABASE, OPERATIONS, Collection, databases, secret
from dockerlab.runtime.servers.mongo.values import ScriptError
from dockerlab.runtime.servers.sql.wire import Message, hear, send

DEFAULT_VERSION = "8.0.15"
FILES = ("WiredTiger", "WiredTiger.lock", "WiredTiger.turtle", "storage.bson", "mongod.lock")
CONTENT = "dockerlab.json"


def version_of(env: Mapping[str, str]) -> str:
    """The version that an image has."""
    return env.get("MONGO_VERSION") or DEFAULT_VERSION


@program("mongod", raw=True)
def mongod(proc: Process, args: Arguments) -> int | Waiting:
    """Serve until a signal ends it."""
    options = _options(args.operands)
    if "version" in options:
        version = version_of(proc.env)
        proc.out(
            f'db version v{version}\nBuild Info: {{\n    "version": "{version}",\n    "allocator": "tcmalloc"\n}}\n'
        )
        return 0
    return Mongo(proc, options).run()


def _options(words: Sequence[str]) -> dict[str, str]:
    options, rest = dict[str, str](), list(words)
    while rest:
        name, equals, value = rest.pop(0).lstrip("-").partition("=")
        if not equals and rest and not rest[0].startswith("-"):
            value = rest.pop(0)
        options[name] = value
    return options


class Mongo:
    """A running server and its data."""

    def __init__(self, proc: Process, options: dict[str, str]) -> None:
        self.proc, self.options = proc, options
        self.version: str = version_of(proc.env)
        self.folder = proc.path(options.get("dbpath") or "/data/db")
        self.port = int(options["port"]) if options.get("port", "").isdigit() else 27_017
        self.data: dict[str, dict[str, list[Document]]] = {}
        self.users: dict[str, str] = {}
        self.ending = ending_of(proc)
        self._numbers = 0

    def log(self, text: str, number: int, *, part: str = "CONTROL", who: str = "initandlisten", **facts: Any) -> None:
        """A line of the log."""
        moment = date_of(self.proc)
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+00:00"
        head = f'{{"t":{{"$date":"{stamp}"}},"s":"I",  {_padded("c", part, 9)}"id":{f"{number},":<9}"ctx":"{who}",'
        tail = f',"attr":{json.dumps(facts, separators=(",", ":"))}' if facts else ""
        self.proc.out(f'{head}"msg":{json.dumps(text)}{tail}}}\n')

    # Life.

    def run(self) -> Waiting:
        """From the first line of the log to the last."""
        where: dict[str, Any] = {
            "pid": self.proc.pid,
            "port": self.port,
            "dbPath": self.folder,
            "host": self.proc.hostname,
        }
        self.log("MongoDB starting", 4615611, **where, architecture="64-bit")
        self.log("Build Info", 23403, buildInfo={"version": self.version, "allocator": "tcmalloc"})
        if not self.proc.fs.exists(self.folder):
            error = f"NonExistentPath: Data directory {self.folder} not found."
            self.log("DBException in initAndListen, terminating", 20557, error=error)
            return 100
        try:
            self._load()
        except (FileSystemError, ValueError, KeyError, TypeError) as error:
            self.log("DBException in initAndListen, terminating", 20557, error=f"Location28596: {error}")
            return 100
        everywhere = "bind_ip_all" in self.options or "0.0.0.0" in self.options.get("bind_ip", "")
        address = "0.0.0.0" if everywhere else "127.0.0.1"
        try:
            listener = self.proc.machine.network.listen(self.port, address, program="mongod", pid=self.proc.pid)
        except AddressInUseError as error:
            self.log("Failed to set up listener", 20568, who="listener", error=f"SocketException: {error.text}")
            return 48
        self.log("Listening on", 23015, part="NETWORK", who="listener", address=address)
        self.log("Waiting for connections", 23016, part="NETWORK", who="listener", port=self.port, ssl="off")
        yield from attend(self.proc, listener, self._talk, self.ending)
        if signum := self.ending.signum:
            name = f"SIG{SIGNAL_NAMES[signum]}"
            self.log("Received signal", 23377, who="SignalHandler", signal=signum, error=name)
        self.log("Shutdown: going to close listening sockets", 20562, part="NETWORK", who="SignalHandler")
        self.log("Shutting down", 23138, who="SignalHandler", exitCode=0)
        return 0

    def _load(self) -> None:
        path, fs = f"{self.folder}/{CONTENT}", self.proc.fs
        if fs.exists(path):
            body = json.loads(fs.read(path))
            self.data, self.users, self._numbers = body["data"], body["users"], body["numbers"]
            return
        for name in FILES:
            self.proc.open(f"{self.folder}/{name}", "a").close()
        env = self.proc.env
        if user := env.get("MONGO_INITDB_ROOT_USERNAME"):
            self.users[user] = secret(env.get("MONGO_INITDB_ROOT_PASSWORD", ""))
        self.save()

    def save(self) -> None:
        """Write everything."""
        body = {"data": self.data, "users": self.users, "numbers": self._numbers}
        stream = self.proc.open(f"{self.folder}/{CONTENT}", "w")
        stream.write(json.dumps(body).encode() + b"\n")
        stream.close()

    def object_id(self) -> str:
        """A new ObjectId: seconds, something of this server's own, and a counter."""
        self._numbers += 1
        own = hashlib.sha256(f"{self.proc.hostname} {self.folder}".encode()).hexdigest()[:10]
        return f"{self.proc.kernel.clock.now // 10**9:08x}{own}{self._numbers:06x}"

    def names(self) -> list[str]:
        """The databases that hold something, and the server's own."""
        return sorted({"admin", "config", "local", *(name for name, parts in self.data.items() if parts)})

    # One connection.

    def _talk(self, socket: Socket) -> Generator[Wait, Any, None]:
        hello = yield from hear(socket)
        if hello is None or hello.get("server") != "mongo":
            return
        self.log("Connection accepted", 22943, part="NETWORK", who="listener", remote=":".join(map(str, socket.peer)))
        user, password = str(hello.get("user", "")), str(hello.get("password", ""))
        if user and self.users.get(user) != secret(password):
            send(socket, {"error": "MongoServerError: Authentication failed."})
            return
        send(socket, {"version": self.version})
        while (question := (yield from hear(socket))) is not None:
            send(socket, self._answer(question, known=bool(user)))

    def _answer(self, question: Message, *, known: bool) -> Message:
        name, args = str(question.get("operation")), list(question.get("args") or [])
        database, collection = str(question.get("database")), str(question.get("collection") or "")
        try:
            if "auth" in self.options and not known and not _is_open(name, args):
                raise ScriptError(f"MongoServerError: Command {_command(name)} requires authentication")
            if name == "databases":
                return {"value": databases(self)}
            if collection:
                options: Document = question.get("options") or {}
                return {"value": OPERATIONS[name](Collection(self, database, collection), args, options)}
            return {"value": DATABASE[name](self, database, args)}
        except (ScriptError, FileSystemError) as error:
            return {"error": str(error)}
        except RecursionError:
            return {"error": "MongoServerError: BSONObj exceeded maximum nested object depth"}


def _padded(name: str, value: str, width: int) -> str:
    return f'"{name}":' + f'"{value}",'.ljust(width + 3)


def _is_open(name: str, args: list[Any]) -> bool:
    """Whether something may be asked by everybody: the health checks ping."""
    first = args[0] if args else ""
    asked = first if isinstance(first, str) else next(iter(first), "") if isinstance(first, dict) else ""
    return name in ("version", "hello") or asked in ("ping", "hello", "buildInfo")


def _command(name: str) -> str:
    plain = {"insertOne": "insert", "insertMany": "insert", "findOne": "find", "databases": "listDatabases"}
    return plain.get(name, name.removesuffix("One").removesuffix("Many"))
