"""mysql and mariadb, the clients: statements from -e or from standard input, tables or tabs (dev.mysql.com)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.mysql.brand import Brand, brand_of
from dockerlab.runtime.servers.mysql.connect import ConnectError, Options, log_in, read_options
from dockerlab.runtime.servers.sql.tokens import tokenize
from dockerlab.runtime.servers.sql.wire import Message, ask

INSECURE = "mysql: [Warning] Using a password on the command line interface can be insecure.\n"
BANNER = (
    "Welcome to the {name} monitor.  Commands end with ; or \\g.\n"
    "Your {name} connection id is 8\nServer version: {version}\n\n"
    "Type 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n"
)
Row = Sequence["str | None"]


@program("mysql", "mariadb", raw=True)
def mysql(proc: Process, args: Arguments) -> int | Waiting:
    """Talk to a MySQL or MariaDB server."""
    brand, options = brand_of(proc), read_options(args.operands, proc.env)
    if "version" in options:
        proc.out(brand.versioned(name_of(proc), proc.program_path))
        return 0
    if options.words and "database" not in options:
        options.values["database"] = options.words[0]
    if "password" in options and not brand.maria and "MYSQL_PWD" not in proc.env:
        proc.err(INSECURE)
    return _Client(proc, brand, options).main()


class _Client:
    """One call of the client."""

    def __init__(self, proc: Process, brand: Brand, options: Options) -> None:
        self.proc, self.brand, self.options = proc, brand, options
        self.typed = proc.is_terminal(0) and "execute" not in options
        shown = proc.is_terminal(1) and (self.typed or "execute" in options)
        self.tables = ("table" in options or shown) and "batch" not in options
        self.names = "skip-column-names" not in options
        self.socket: Socket | None = None
        self.over = False
        self.code = 0

    def main(self) -> Waiting:
        """Connect, and do what is asked."""
        try:
            self.socket = yield from log_in(self.proc, self.brand, self.options)
        except ConnectError as error:
            self.proc.err(f"{error}\n")
            return 1
        try:
            if "execute" in self.options:
                yield from self._send(self.options.get("execute"), 1)
            else:
                yield from self._input()
        finally:
            self.socket.close()
        if self.typed:
            self.proc.out("Bye\n")
        return self.code

    def _input(self) -> Generator[Wait, Any, None]:
        if self.typed:
            self.proc.out(BANNER.format(name=self.brand.name, version=self.brand.version))
        text, number, start = "", 0, 1
        while not self.over:
            self._prompt(text)
            line = (yield from self.proc.readline()).decode("utf-8", "replace")
            number += 1
            if not line:
                if text.strip():
                    yield from self._send(text, start)
                return
            if not text.strip():
                start = number
                if line.strip().rstrip(";").lower() in ("exit", "quit", "\\q"):
                    return
            text += line
            words = tokenize(text)
            # USE needs no semicolon: it is the client's own command.
            done = words and (words[-1].text == ";" or text.rstrip().endswith("\\G") or words[0].low == "use")
            if done:
                yield from self._send(text, start)
                text = ""
                if self.code and not self.typed and "force" not in self.options:
                    return

    def _prompt(self, text: str) -> None:
        if self.typed:
            database = self.options.get("database") or "(none)"
            ready = f"MariaDB [{database}]> " if self.brand.maria else "mysql> "
            self.proc.out("    -> ".rjust(len(ready)) if text.strip() else ready)

    def _send(self, text: str, number: int) -> Generator[Wait, Any, None]:
        assert self.socket is not None
        vertical = text.rstrip().rstrip(";").endswith("\\G") or "vertical" in self.options
        text = text.replace("\\G", ";")
        try:
            reply = yield from ask(self.socket, {"query": text})
        except BrokenPipeError:
            reply = None
        if reply is None:
            lost = f"Lost connection to {self.brand.server_name} during query"
            self.proc.err(f"ERROR 2013 (HY000) at line {number}: {lost}\n")
            self.code, self.over = 1, True
            return
        for answer in reply["answers"]:
            self._show(answer, number, vertical)

    def _show(self, answer: Message, number: int, vertical: bool) -> None:
        if "error" in answer:
            error = answer["error"]
            if self.brand.maria and not self.typed and "execute" in self.options:
                self.proc.err(f"--------------\n{answer['statement']}\n--------------\n\n")
            where = "" if self.typed else f" at line {number}"
            self.proc.err(f"ERROR {error['code']} ({error['state']}){where}: {error['text']}\n")
            self.code = 0 if self.typed else 1
        elif "columns" in answer:
            self._show_rows(answer, vertical)
        elif "used" in answer:
            self.options.values["database"] = answer["used"]
            if self.typed:
                self.proc.out("Database changed\n")
        elif self.typed:
            count = answer["affected"]
            self.proc.out(f"Query OK, {count} row{'' if count == 1 else 's'} affected (0.00 sec)\n\n")

    def _show_rows(self, answer: Message, vertical: bool) -> None:
        rows: list[Row] = answer["rows"]
        if vertical:
            self.proc.out(_vertical(answer["columns"], rows))
        elif self.tables:
            self.proc.out(_table(answer["columns"], rows, answer["right"], names=self.names) if rows else "")
        else:
            lines = [answer["columns"]] if self.names and rows else []
            self.proc.out("".join("\t".join(map(_escaped, row)) + "\n" for row in [*lines, *rows]))
        if self.typed:
            count = f"{len(rows)} row{'' if len(rows) == 1 else 's'} in set" if rows else "Empty set"
            self.proc.out(f"{count} (0.00 sec)\n\n")


def _escaped(cell: str | None) -> str:
    """A cell of batch output: tabs, ends of lines and backslashes are written out."""
    if cell is None:
        return "NULL"
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _table(columns: Sequence[str], rows: Sequence[Row], right: Sequence[bool], *, names: bool) -> str:
    cells = [["NULL" if cell is None else cell for cell in row] for row in rows]
    everything = [list(columns), *cells] if names else cells
    widths = [max(len(row[at]) for row in everything) for at in range(len(columns))]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+\n"

    def line(row: Sequence[str], aligned: Sequence[bool]) -> str:
        padded = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, aligned, strict=True)
        )
        return "| " + " | ".join(padded) + " |\n"

    head = line(columns, [False] * len(columns)) + rule if names else ""
    return rule + head + "".join(line(row, right) for row in cells) + rule


def _vertical(columns: Sequence[str], rows: Sequence[Row]) -> str:
    width = max(map(len, columns), default=0)
    out = ""
    for number, row in enumerate(rows, start=1):
        out += f"{'*' * 27} {number}. row {'*' * 27}\n"
        shown = ("NULL" if cell is None else cell for cell in row)
        out += "".join(f"{name.rjust(width)}: {cell}\n" for name, cell in zip(columns, shown, strict=True))
    return out
