"""`Database`: one database of a simulated server, kept by SQLite in memory, with nothing of the machine in reach.

SQLite is told to refuse whatever leads out of memory (ATTACH, PRAGMA, extensions), what is not the lab's time or
chance, and what takes too long or grows too large.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.schema import Table, check_row

CATALOGUE = "lab_catalogue"
MOST_ROWS = 100_000
LONGEST_VALUE = 8 << 20
MOST_PAGES = 8_192
"""Of 4 KiB each."""
STEP, MOST_STEPS = 50_000, 1_000
"""Instructions of SQLite's machine between two looks at the clock, and how many such looks a statement may take."""
REFUSED = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_PRAGMA, 29, 30}
"""29 and 30 make and drop virtual tables."""
REFUSED_FUNCTIONS = frozenset(
    "load_extension randomblob datetime julianday strftime unixepoch timediff fts3_tokenizer sqlite_version "
    "sqlite_source_id sqlite_compileoption_get sqlite_compileoption_used changes total_changes".split()
)


def _scaled(scale: int) -> Callable[[bytes], Decimal]:
    return lambda raw: Decimal(raw.decode()).quantize(Decimal(1).scaleb(-scale))


def trimmed(instant: str) -> str:
    """An instant without zeros at the end of its fraction."""
    return instant.rstrip("0").rstrip(".") if "." in instant else instant


def _with_time(raw: bytes) -> str:
    text = trimmed(raw.decode("utf-8", "replace").replace("T", " ").removesuffix("+00"))
    return f"{text} 00:00:00" if len(text) == 10 else text


@dataclass(frozen=True)
class Truth:
    """A boolean, which the clients of different servers see differently."""

    value: bool


def _truth(raw: bytes) -> Truth:
    return Truth(raw.decode("utf-8", "replace").lower() in {"1", "t", "true", "yes", "on", "y"})


CONVERTERS: dict[str, Callable[[bytes], Any]] = {
    **{f"LABNUM_{scale}": _scaled(scale) for scale in range(31)},
    "LABBOOL": _truth,
    "LABTIMESTAMP_TEXT": _with_time,
    "LABTIMESTAMPTZ_TEXT": lambda raw: _with_time(raw) + "+00",
}
"""What SQLite's module does with values of columns of these types; the names are nobody else's."""


@dataclass
class Result:
    """What a statement gave: columns and rows of a query, or how many rows it changed."""

    columns: list[str] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    changed: int = 0


def _is_inner(table: str) -> bool:
    """Whether a table is SQLite's own, or ours: no server here has tables of such names."""
    return table.lower().startswith(("sqlite_", "lab_", "pragma_"))


class Database:
    """Tables with their data."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], data: bytes = b"") -> None:
        for name, convert in CONVERTERS.items():
            sqlite3.register_converter(name, convert)
        self.tables: dict[str, Table] = {}
        self.sequences: dict[str, int] = {}
        self.pending: SqlError | None = None
        self.last_row: tuple[Table, tuple[Any, ...]] | None = None
        self._trusted = False
        self._defining = False
        self._steps = 0
        self._connection = self._open(functions)
        if data:
            self._trusted = True
            self._connection.deserialize(data)
            self._read_catalogue()
            self._trusted = False

    def _open(self, functions: Mapping[str, Callable[..., Any]]) -> sqlite3.Connection:
        connection = sqlite3.connect(
            ":memory:", isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA max_page_count = {MOST_PAGES}")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        own: dict[str, Callable[..., Any]] = {"lab_row": self._check_row, "lab_next": self._next, "setval": self._set}
        for name, function in {**own, **functions}.items():
            connection.create_function(name, -1, self._guarded(function))
        connection.set_authorizer(self._authorize)
        connection.set_progress_handler(self._progress, STEP)
        return connection

    # What SQLite asks on the way.

    def _authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if self._trusted:
            return sqlite3.SQLITE_OK
        if action in REFUSED or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in REFUSED_FUNCTIONS):
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and not self._defining and _is_inner(first or ""):
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    def _progress(self) -> int:
        self._steps += 1
        return int(self._steps > MOST_STEPS)

    def _guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any) -> Any:
            try:
                return function(*args)
            except SqlError as error:
                self.pending = error
                raise

        return guarded

    def _check_row(self, name: str, *values: Any) -> int:
        table = self.tables[name]
        self.last_row = table, values
        check_row(table, values)
        return 1

    def _next(self, sequence: str) -> int:
        self.sequences[sequence] = self.sequences.get(sequence, 0) + 1
        return self.sequences[sequence]

    def _set(self, sequence: str, number: int, *_: Any) -> int:
        self.sequences[sequence.removeprefix("public.")] = int(number)
        return int(number)

    # Running.

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def run(self, sql: str) -> Result:
        """Run one statement of SQLite's SQL. Raises SqlError."""
        self.pending, self._steps = None, 0
        self._defining = sql.partition(" ")[0].lower() in {"create", "alter", "drop"}
        try:
            cursor = self._connection.execute(sql)
            columns = [entry[0] for entry in cursor.description or ()]
            rows = cursor.fetchmany(MOST_ROWS + 1) if columns else []
        except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
            raise self.pending or self._explained(str(error)) from None
        if len(rows) > MOST_ROWS:
            cursor.close()
            raise SqlError("slow")
        return Result(columns, rows, max(cursor.rowcount, 0))

    def _explained(self, text: str) -> SqlError:
        for pattern, kind, names in _MESSAGES:
            if match := pattern.search(text):
                facts = dict(zip(names, match.groups(), strict=False))
                near = facts.pop("near", facts.get("name", ""))
                return SqlError(kind, near=near, **facts)
        return SqlError("other", text=text)

    def create(self, table: Table, *, rowid: bool) -> None:
        """Make a table."""
        self.tables[table.name] = table
        try:
            self.run(table.ddl(rowid=rowid))
        except SqlError:
            del self.tables[table.name]
            raise

    # Keeping.

    def dump(self) -> bytes:
        """All of it, as an SQLite file."""
        body = {"tables": [table.to_json() for table in self.tables.values()], "sequences": self.sequences}
        self._trusted = True
        try:
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS {CATALOGUE} (body TEXT)")
            self._connection.execute(f"DELETE FROM {CATALOGUE}")
            self._connection.execute(f"INSERT INTO {CATALOGUE} VALUES (?)", (json.dumps(body),))
            data = self._connection.serialize()
            # SQLite notes its own version at 96 (fileformat2.html, 1.3.14); the same lesson gives the same bytes.
            return data[:96] + bytes(4) + data[100:]
        finally:
            self._trusted = False

    def _read_catalogue(self) -> None:
        try:
            (text,) = self._connection.execute(f"SELECT body FROM {CATALOGUE}").fetchone()
            body = json.loads(text)
            self.tables = {raw["name"]: Table.from_json(raw) for raw in body["tables"]}
            self.sequences = dict(body["sequences"])
        except (sqlite3.Error, TypeError, KeyError, ValueError):
            raise SqlError("other", text="the file of the database is damaged") from None

    def forget(self, name: str) -> None:
        """A table is gone."""
        self.tables.pop(name, None)

    def views(self) -> list[str]:
        """The names of all views."""
        return self._names("view")

    def _names(self, kind: str) -> list[str]:
        self._trusted = True
        found = self._connection.execute("SELECT name FROM sqlite_master WHERE type = ? ORDER BY name", (kind,))
        self._trusted = False
        return [name for (name,) in found.fetchall()]


_MESSAGES = [
    (re.compile(pattern), kind, names.split())
    for pattern, kind, names in (
        (r"no such table: (?:main\.)?(.*)", "no_table", "name"),
        (r"no such view: (.*)", "no_table", "name"),
        (r"no such index: (.*)", "no_index", "name"),
        (r"no such column: (.*)", "no_column", "name"),
        (r"table (\S+) has no column named (\S+)", "no_column", "table name"),
        (r"ambiguous column name: (.*)", "ambiguous", "name"),
        (r"near \"(.*)\": syntax error", "syntax", "near"),
        (r"incomplete input", "syntax", ""),
        (r"unrecognized token: \"(.*)\"", "syntax", "near"),
        (r"(?:table|view|index) \"?([^\"]*?)\"? already exists", "exists", "name"),
        (r"there is already an? (?:table|index) named (\S+)", "exists", "name"),
        (r"UNIQUE constraint failed: (.*)", "duplicate", "columns"),
        (r"FOREIGN KEY constraint failed", "foreign_key", ""),
        (r"CHECK constraint failed: (.*)", "check", "name"),
        (r"no such function: (.*)", "no_function", "name"),
        (r"wrong number of arguments to function (.*)\(\)", "no_function", "name"),
        (r"table (\S+) has (\d+) columns but (\d+) values", "many_values", "table wanted given"),
        (r"(\d+) values for (\d+) columns", "many_values", "given wanted"),
        (r"cannot start a transaction within", "in_transaction", ""),
        (r"no transaction is active", "no_transaction", ""),
        (r"interrupted|too big|out of memory", "slow", ""),
        (r"database or disk is full", "full", ""),
        (r"not authorized|prohibited|authorization denied", "unsupported", ""),
    )
]
