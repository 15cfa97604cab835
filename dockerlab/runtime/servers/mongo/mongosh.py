"""mongosh: `--eval`, standard input, and a prompt, for calls on `db` with literal arguments (mongodb.com/docs)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any
from urllib.parse import unquote, urlsplit

from dockerlab.events import Wait
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import HostError, NetworkError
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.mongo.commands import DATABASE, OPERATIONS
from dockerlab.runtime.servers.mongo.server import version_of
from dockerlab.runtime.servers.mongo.values import Reader, ScriptError, show, tokenize
from dockerlab.runtime.servers.sql.wire import ask

VERSION = "2.5.9"
WITH_VALUE = {
    "--eval",
    "--host",
    "--port",
    "-u",
    "--username",
    "-p",
    "--password",
    "--authenticationDatabase",
    "--file",
}
CURSOR = {"limit", "sort", "skip"}
ENDS = {"toArray", "pretty"}


class LeaveError(Exception):
    """`exit` was said."""


@program("mongosh", "mongo", raw=True)
def mongosh(proc: Process, args: Arguments) -> int | Waiting:
    """Talk to a MongoDB server."""
    if "--version" in args.operands:
        proc.out(f"{VERSION}\n")
        return 0
    return _Shell(proc, args.operands).main()


class _Shell:
    """One call of mongosh."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        self.options: dict[str, str] = {}
        self.scripts: list[str] = []
        rest, target = list(words), ""
        while rest:
            word = rest.pop(0)
            name, equals, value = word.partition("=")
            if name in WITH_VALUE:
                value = value if equals else rest.pop(0) if rest else ""
                self.options[name] = value
                if name == "--eval":
                    self.scripts.append(value)
            elif not word.startswith("-"):
                target = target or word
        self._aim(target)
        self.socket: Socket | None = None

    def _aim(self, target: str) -> None:
        """Host, port, database and user, from a URI or a name and the options."""
        parts = urlsplit(target if "://" in target else f"mongodb://{target}" if "/" in target else "mongodb://")
        self.host = self.options.get("--host") or parts.hostname or "127.0.0.1"
        port = self.options.get("--port", "")
        self.port = int(port) if port.isdigit() else parts.port or 27_017
        plain = target if target and "://" not in target and "/" not in target else ""
        self.database = parts.path.strip("/") or plain or "test"
        self.user = self.options.get("-u") or self.options.get("--username") or unquote(parts.username or "")
        self.password = self.options.get("-p") or self.options.get("--password") or unquote(parts.password or "")

    def main(self) -> Waiting:
        """Connect, and run the scripts."""
        try:
            yield from self._connect()
            if not self.scripts:
                return (yield from self._input())
            value: Any = None
            for script in self.scripts:
                for line in _statements(script):
                    value = yield from self._run(line)
            self._print(value)
        except LeaveError:
            return 0
        except ScriptError as error:
            self.proc.err(f"{error}\n")
            return 1
        except BrokenPipeError:
            self.proc.err("MongoNetworkError: connection closed\n")
            return 1
        finally:
            if self.socket is not None:
                self.socket.close()
        return 0

    def _connect(self) -> Generator[Wait, Any, None]:
        try:
            self.socket = yield from dial(self.proc.machine, self.host, self.port, timeout=2.0)
        except HostError:
            raise ScriptError(f"MongoNetworkError: getaddrinfo ENOTFOUND {self.host}") from None
        except NetworkError as error:
            code = {"Connection refused": "ECONNREFUSED", "No route to host": "EHOSTUNREACH"}.get(
                error.text, "ETIMEDOUT"
            )
            raise ScriptError(f"MongoNetworkError: connect {code} {self.host}:{self.port}") from None
        hello = {"server": "mongo", "user": self.user, "password": self.password}
        answer = yield from ask(self.socket, hello)
        if answer is None:
            raise ScriptError("MongoNetworkError: connection closed")
        if "error" in answer:
            raise ScriptError(answer["error"])

    def _input(self) -> Waiting:
        """Lines from standard input; mistakes do not end it."""
        typed = self.proc.is_terminal(0)
        if typed:
            self.proc.out(
                f"Connecting to:\t\tmongodb://{self.host}:{self.port}/?directConnection=true\n"
                f"Using MongoDB:\t\t{version_of(self.proc.env)}\nUsing Mongosh:\t\t{VERSION}\n\n"
            )
        while True:
            if typed:
                self.proc.out(f"{self.database}> ")
            line = (yield from self.proc.readline()).decode("utf-8", "replace")
            if not line:
                return 0
            try:
                for statement in _statements(line):
                    self._print((yield from self._run(statement)))
            except ScriptError as error:
                self.proc.out(f"{error}\n")

    def _print(self, value: Any) -> None:
        if value is not None:
            self.proc.out(f"{show(value)}\n")

    # One statement.

    def _run(self, text: str) -> Generator[Wait, Any, Any]:
        words = text.split()
        if words[0] in ("exit", "quit", "quit()"):
            raise LeaveError
        if words[0] == "use" and len(words) == 2:
            self.database = words[1]
            return f"switched to db {words[1]}"
        if words[0] == "show" and len(words) == 2:
            return (yield from self._show(words[1]))
        reader = Reader(tokenize(text))
        value = yield from self._expression(reader)
        if reader.here:
            raise ScriptError(f"SyntaxError: dockerlab's mongosh does not simulate what follows {reader.here!r}")
        return value

    def _expression(self, reader: Reader) -> Generator[Wait, Any, Any]:
        name = reader.here
        if name in ("print", "printjson", "JSON"):
            return (yield from self._printed(reader))
        if name != "db":
            return reader.value()
        reader.take()
        database, path = self.database, ""
        while reader.here == ".":
            reader.take()
            name = reader.take()
            if reader.here != "(":
                path = f"{path}.{name}" if path else name
            elif not path and name == "getCollection":
                path = str(reader.arguments()[0])
            elif not path and name == "getSiblingDB":
                database = str(reader.arguments()[0])
            else:
                return (yield from self._call(reader, database, path, name))
        return database if not path else f"{database}.{path}"

    def _printed(self, reader: Reader) -> Generator[Wait, Any, Any]:
        if reader.take() == "JSON":
            reader.take(".")
            reader.take("stringify")
        reader.take("(")
        value = yield from self._expression(reader)
        reader.take(")")
        return value

    def _call(self, reader: Reader, database: str, path: str, name: str) -> Generator[Wait, Any, Any]:
        known: Any = OPERATIONS if path else DATABASE
        if name not in known:
            where = f"db.{path}.{name}" if path else f"db.{name}"
            raise ScriptError(f"TypeError: {where} is not a function (or dockerlab does not simulate it)")
        question = {"operation": name, "database": database, "collection": path, "args": reader.arguments()}
        options: dict[str, Any] = {}
        tail, listed = [], name != "find"
        while reader.here == ".":
            reader.take()
            part = reader.take()
            if part in CURSOR and name == "find":
                options[part] = next(iter(reader.arguments()), 0)
            elif part in ENDS:
                reader.arguments()
                listed = listed or part == "toArray"
            else:
                tail.append((part, reader.arguments() if reader.here == "(" else None))
        value = yield from self._ask({**question, "options": options})
        # A cursor that finds nothing shows nothing.
        return None if value == [] and not listed and not tail else _reached(value, tail)

    def _ask(self, question: dict[str, Any]) -> Generator[Wait, Any, Any]:
        assert self.socket is not None
        answer = yield from ask(self.socket, question)
        if answer is None:
            raise ScriptError("MongoNetworkError: connection closed")
        if "error" in answer:
            raise ScriptError(answer["error"])
        return answer["value"]

    def _show(self, what: str) -> Generator[Wait, Any, Any]:
        if what in ("dbs", "databases"):
            found = yield from self._ask({"operation": "databases", "database": self.database})
            width = max(len(each["name"]) for each in found)
            return "\n".join(f"{each['name'].ljust(width)}  {each['sizeOnDisk'] / 1024:.2f} KiB" for each in found)
        if what in ("collections", "tables"):
            found = yield from self._ask({"operation": "getCollectionNames", "database": self.database})
            return "\n".join(found) or None
        raise ScriptError(f"MongoshInvalidInputError: [COMMON-10001] '{what}' is not a valid argument for \"show\".")


def _reached(value: Any, tail: list[tuple[str, list[Any] | None]]) -> Any:
    """What `.ok`, `.length` or `.count()` behind a call give."""
    for name, arguments in tail:
        if name in ("length", "count", "itcount", "size") and isinstance(value, list):
            value = len(value)
        elif arguments is None and isinstance(value, dict):
            value = value.get(name)
        else:
            raise ScriptError(f"TypeError: {name} is not a function (or dockerlab does not simulate it)")
    return value


def _statements(script: str) -> list[str]:
    """A script split at semicolons and line ends outside of brackets and quotes."""
    found, depth, start = [], 0, 0
    at = 0
    for kind, text in tokenize(script):
        at = script.index(text, at)
        if kind == "mark":
            depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(text, 0)
            if text == ";" and not depth:
                found.append(script[start:at])
                start = at + 1
        at += len(text)
    found.append(script[start:])
    return [each.strip() for each in found if each.strip()]
