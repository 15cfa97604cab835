"""psql: statements from -c, from -f, or from standard input, and its backslash commands."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.postgres.connect import ConnectError, log_in, ordered_options, target_of
from dockerlab.runtime.servers.postgres.dialect import version_of
from dockerlab.runtime.servers.postgres.tables import Style, show
from dockerlab.runtime.servers.sql.tokens import tokenize
from dockerlab.runtime.servers.sql.wire import Message, ask

WITH_VALUE = "hpUdcfvFoPRTL"
CATALOGUE = frozenset({"d", "dt", "dv", "di", "ds", "l", "list", "du", "dg"})
LOST = "server closed the connection unexpectedly"


@program("psql", raw=True)
def psql(proc: Process, args: Arguments) -> int | Waiting:
    """Talk to a PostgreSQL server."""
    if {"--version", "-V"} & set(args.operands):
        number, origin = version_of(proc.env)
        proc.out(f"psql (PostgreSQL) {number}{f' ({origin})' if origin else ''}\n")
        return 0
    return _Psql(proc, args.operands).main()


class _Psql:
    """One call of psql."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        given, others = ordered_options(words, WITH_VALUE)
        options = dict(given)
        for name, word in zip([name for name in "dU" if name not in options], others, strict=False):
            options[name] = word
        self.options, self.target = options, target_of(proc, options)
        self.style = Style(
            aligned="A" not in options, tuples_only="t" in options, expanded="x" in options,
            csv="csv" in options, separator=options.get("F", "|"),
        )  # fmt: skip
        self.quiet = "q" in options
        self.stops = options.get("v", "").lower() in ("on_error_stop=1", "on_error_stop=on")
        self.actions = [(letter, text) for letter, text in given if letter in "cf"]
        self.socket: Socket | None = None
        self.failed = self.over = False
        self.source = ""

    def main(self) -> Waiting:
        """Connect, and do what is asked."""
        try:
            self.socket, hello = yield from log_in(self.proc, self.target)
        except ConnectError as error:
            self.proc.err(f"psql: error: {error}\n")
            return 2
        try:
            if "l" in self.options:
                yield from self._backslash("\\l")
                return 0
            return (yield from self._work(str(hello.get("version", ""))))
        finally:
            self.socket.close()

    def _work(self, version: str) -> Waiting:
        for option, text in self.actions:
            if option == "c":
                yield from self._command(text)
            else:
                if not (yield from self._file(text)):
                    return 1
            if self.failed and (self.stops or option == "c"):
                return 3 if self.stops and option != "c" else 1
        if not self.actions:
            yield from self._input(version)
        return 3 if self.failed and self.stops else 0

    def _command(self, text: str) -> Generator[Wait, Any, None]:
        if text.startswith("\\"):
            yield from self._backslash(text)
        else:
            yield from self._send(text)

    def _file(self, name: str) -> Generator[Wait, Any, bool]:
        try:
            data = self.proc.fs.read(self.proc.path(name)) if name != "-" else (yield from self.proc.read_all())
        except FileSystemError as error:
            self.proc.err(f"psql: error: {name}: {error.strerror}\n")
            return False
        self.source = f"psql:{name}:"
        yield from self._script(data.decode("utf-8", "replace"))
        return True

    # Scripts: from a file, and line by line.

    def _script(self, text: str) -> Generator[Wait, Any, None]:
        buffer = _Buffer()
        for number, line in enumerate(text.splitlines(keepends=True), start=1):
            yield from self._line(buffer, line, number)
            if self.over or (self.failed and self.stops):
                return
        if buffer.text.strip():
            yield from self._send(buffer.text, buffer.number)

    def _input(self, version: str) -> Generator[Wait, Any, None]:
        typed = self.proc.is_terminal(0)
        if typed and not self.quiet:
            self.proc.out(f'psql ({version})\nType "help" for help.\n\n')
        buffer, number = _Buffer(), 0
        while not self.over and not (self.failed and self.stops):
            if typed:
                self.proc.out(f"{self.target.database}{'-' if buffer.text.strip() else '='}# ")
            line = (yield from self.proc.readline()).decode("utf-8", "replace")
            number += 1
            if not line:
                if buffer.text.strip() and not typed:
                    yield from self._send(buffer.text)
                return
            yield from self._line(buffer, line, number)

    def _line(self, buffer: _Buffer, line: str, number: int) -> Generator[Wait, Any, None]:
        """Take a line: a backslash command, or (a piece of) statements, which are sent one by one."""
        if not buffer.text.strip() and line.strip().startswith("\\"):
            yield from self._backslash(line.strip())
            return
        if not buffer.text.strip() and line.strip() in ("exit", "quit"):
            self.over = True
            return
        for statement in buffer.add(line, number):
            if statement.rstrip().endswith(("\\gx", "\\g")):
                statement = statement.rstrip().rpartition("\\")[0]
            yield from self._send(statement, number)
            if self.failed and self.stops:
                return

    def _send(self, text: str, number: int = 0) -> Generator[Wait, Any, None]:
        assert self.socket is not None
        try:
            reply = yield from ask(self.socket, {"query": text})
        except BrokenPipeError:
            reply = None
        if reply is None:
            self.proc.err(f"{LOST}\n\tThis probably means the server terminated abnormally\n")
            self.failed = self.over = self.stops = True
            return
        self.failed = False
        for answer in reply["answers"]:
            self._show(answer, text, number)

    def _show(self, answer: Message, text: str, number: int) -> None:
        where = f"{self.source}{number}: " if self.source else ""
        for notice in answer.get("notices") or ():
            self.proc.err(f"{where}{notice}\n")
        if "error" in answer:
            self.failed = True
            self.proc.err(f"{where}ERROR:  {answer['error']['text']}\n{_pointer(text, answer)}")
            if answer["error"].get("detail"):
                self.proc.err(f"DETAIL:  {answer['error']['detail']}\n")
            return
        if "columns" in answer:
            self.proc.out(show(answer, self.style))
        if not self.quiet and ("columns" not in answer or answer["tag"].split()[0] in ("INSERT", "UPDATE", "DELETE")):
            self.proc.out(f"{answer['tag']}\n")

    # Backslash commands.

    def _backslash(self, line: str) -> Generator[Wait, Any, None]:
        name, *words = line[1:].split() or [""]
        name = name.rstrip("+S")
        if name in CATALOGUE:
            yield from self._catalogue(name, words[0].rstrip(";") if words else "")
        elif name in ("c", "connect"):
            yield from self._reconnect(words[0].rstrip(";") if words else self.target.database)
        elif name == "i" and words:
            yield from self._file(words[0])
        elif name in SIMPLE:
            SIMPLE[name](self, words)
        else:
            where = f"{self.source} error: " if self.source else ""
            self.proc.err(f"{where}invalid command \\{name}\n")
            if self.proc.is_terminal(0):
                self.proc.err("Try \\? for help.\n")

    def _catalogue(self, command: str, name: str) -> Generator[Wait, Any, None]:
        assert self.socket is not None
        reply = yield from ask(self.socket, {"meta": command, "name": name})
        if reply is None:
            self.proc.err(f"{LOST}\n")
            return
        answer = reply["answers"][0]
        if "error" in answer:
            self.proc.err(f"{answer['error']['text']}\n")
        else:
            self.proc.out(show(answer, self.style))

    def _reconnect(self, database: str) -> Generator[Wait, Any, None]:
        before = self.target.database
        self.target.database = before if database == "-" else database
        try:
            socket, _ = yield from log_in(self.proc, self.target)
        except ConnectError as error:
            self.target.database = before
            self.proc.err(f"\\connect: {error}\n")
            self.failed = True
            return
        if self.socket is not None:
            self.socket.close()
        self.socket = socket
        self._say(f'You are now connected to database "{self.target.database}" as user "{self.target.user}".')

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.proc.out(f"{text}\n")

    def conninfo(self, words: list[str]) -> None:
        """Where the connection leads."""
        head = f'You are connected to database "{self.target.database}" as user "{self.target.user}"'
        if self.target.local:
            place = f'via socket in "{self.target.host or "/var/run/postgresql"}"'
        else:
            place = f'on host "{self.target.host}"'
        self.proc.out(f'{head} {place} at port "{self.target.port}".\n')

    def quit(self, words: list[str]) -> None:
        """Leave."""
        self.over = True

    def expand(self, words: list[str]) -> None:
        """Rows one below the other, or not."""
        self.style.expanded = words[:1] == ["on"] if words else not self.style.expanded
        self._say(f"Expanded display is {'on' if self.style.expanded else 'off'}.")

    def tuples_only(self, words: list[str]) -> None:
        """Rows alone, or not."""
        self.style.tuples_only = not self.style.tuples_only
        self._say(f"Tuples only is {'on' if self.style.tuples_only else 'off'}.")

    def echo(self, words: list[str]) -> None:
        """Print words."""
        self.proc.out(" ".join(word.strip("'\"") for word in words) + "\n")

    def set(self, words: list[str]) -> None:
        """Set a variable; of all variables one matters here."""
        if words[:1] == ["ON_ERROR_STOP"]:
            self.stops = words[1:2] in (["1"], ["on"], [])

    def nothing(self, words: list[str]) -> None:
        """Settings that change nothing here."""


SIMPLE: dict[str, Callable[[_Psql, list[str]], None]] = {
    "q": _Psql.quit, "x": _Psql.expand, "t": _Psql.tuples_only, "conninfo": _Psql.conninfo, "echo": _Psql.echo,
    "set": _Psql.set, "pset": _Psql.nothing, "timing": _Psql.nothing, "encoding": _Psql.nothing,
    "restrict": _Psql.nothing, "unrestrict": _Psql.nothing, "qecho": _Psql.echo,
}  # fmt: skip


class _Buffer:
    """Lines until a semicolon ends a statement."""

    def __init__(self) -> None:
        self.text, self.number = "", 0

    def add(self, line: str, number: int) -> list[str]:
        """The statements that this line completes, each with its semicolon."""
        self.text, self.number = self.text + line, number
        ends = [token.at + 1 for token in tokenize(self.text) if token.text == ";"]
        if _is_open(self.text):
            return []
        starts = [0, *ends]
        found = [self.text[start:end].lstrip() for start, end in zip(starts, ends, strict=False)]
        self.text = self.text[ends[-1] :] if ends else self.text
        return [text for text in found if text.strip(" ;\n")]


def _is_open(text: str) -> bool:
    """Whether a quote is open at the end: then the semicolons before it may be part of a string."""
    return any(
        token.text in ("'", '"') or (token.text.startswith("$$") and token.text == "$") for token in tokenize(text)
    )


def _pointer(text: str, answer: Message) -> str:
    """The line of the statement with a mark below the word that is meant."""
    near = answer["error"].get("near")
    if not near:
        return ""
    start = answer.get("at", 0)
    places = [token.at for token in tokenize(text) if token.at >= start and near in (token.text, token.name)]
    places += [token.at for token in tokenize(text) if token.at >= start and token.text.lower() == near.lower()]
    if not places:
        return ""
    before = text[: places[0]]
    number, column = before.count("\n") + 1, places[0] - (before.rfind("\n") + 1)
    head = f"LINE {number}: "
    return f"{head}{text.splitlines()[number - 1]}\n{' ' * (len(head) + column)}^\n"
