"""What CREATE TABLE says: columns, types and constraints, for SQLite and for the clients that ask about a table.

SQLite takes any value for any column. So each table gets one CHECK that hands a new row to Python, which refuses what
the real server would refuse, in its words, with the row at hand.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.tokens import identifier, literal

INTEGERS = {"smallint": 15, "integer": 31, "bigint": 63, "tinyint": 7, "mediumint": 23}
"""Type → bits of its largest value."""
STORED = {
    **dict.fromkeys(INTEGERS, "INT4"), "boolean": "LABBOOL", "real": "LABREAL", "double precision": "LABREAL",
    "date": "LABDATE_TEXT", "timestamp": "LABTIMESTAMP_TEXT", "timestamptz": "LABTIMESTAMPTZ_TEXT", "bytea": "BLOB",
}  # fmt: skip
"""Type → the name that SQLite knows it by; everything else but numeric is TEXT."""


@dataclass
class Column:
    """A column; `type` is the dialect's own name ('character varying', 'numeric'), `sizes` what it has in brackets."""

    name: str
    type: str
    sizes: list[int] = field(default_factory=list)
    null: bool = True
    default: str = ""
    """The default as SQLite computes it; '' for none."""
    default_text: str = ""
    """The same as clients see it."""
    serial: bool = False

    @property
    def stored(self) -> str:
        """The type that SQLite is told."""
        if self.type == "numeric":
            return f"LABNUM_{self.sizes[1] if len(self.sizes) > 1 else 0}" if self.sizes else "LABNUM"
        return STORED.get(self.type, "TEXT")


@dataclass
class Key:
    """A primary key or a unique constraint."""

    name: str
    columns: list[str]
    primary: bool = False


@dataclass
class Table:
    """A table."""

    name: str
    columns: list[Column] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    checks: list[tuple[str, str]] = field(default_factory=list)
    """Name and condition."""
    foreign: list[str] = field(default_factory=list)
    """FOREIGN KEY clauses."""
    indexes: list[Key] = field(default_factory=list)

    def column(self, name: str) -> Column | None:
        """A column by its name."""
        return next((column for column in self.columns if column.name.lower() == name.lower()), None)

    def key(self, columns: list[str]) -> Key | None:
        """The key that is made of columns."""
        found = [key for key in [*self.keys, *self.indexes] if key.columns == columns]
        return next(iter(found), None)

    def ddl(self, *, rowid: bool) -> str:
        """CREATE TABLE for SQLite; with `rowid` SQLite itself counts a serial primary key (MySQL's way)."""
        parts = [self._column(column, rowid) for column in self.columns]
        counted = rowid and any(column.serial for column in self.columns)
        for key in self.keys:
            if not (key.primary and counted):
                kind = "PRIMARY KEY" if key.primary else "UNIQUE"
                parts.append(f"{kind} ({', '.join(map(identifier, key.columns))})")
        names = ", ".join(identifier(column.name) for column in self.columns)
        parts.append(f"CHECK (lab_row({literal(self.name)}, {names}))")
        parts += [f"CONSTRAINT {identifier(name)} CHECK ({text})" for name, text in self.checks]
        parts += self.foreign
        return f"CREATE TABLE {identifier(self.name)} ({', '.join(parts)})"

    def _column(self, column: Column, rowid: bool) -> str:
        if rowid and column.serial:
            return f"{identifier(column.name)} INTEGER PRIMARY KEY AUTOINCREMENT"
        default = f" DEFAULT ({column.default})" if column.default else ""
        return f"{identifier(column.name)} {column.stored}{default}"

    def to_json(self) -> dict[str, Any]:
        """For the file that keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Table:
        """From that file."""
        return cls(
            raw["name"],
            [Column(**column) for column in raw["columns"]],
            [Key(**key) for key in raw["keys"]],
            [(name, text) for name, text in raw["checks"]],
            list(raw["foreign"]),
            [Key(**key) for key in raw["indexes"]],
        )


def check_row(table: Table, values: tuple[Any, ...]) -> None:
    """Refuse a row as the real server would; raises SqlError."""
    for column, value in zip(table.columns, values, strict=False):
        if value is None:
            if not column.null:
                raise SqlError("null", table=table.name, column=column.name, row=row_text(table, values))
        else:
            check_value(column, value, table.name)


def row_text(table: Table, values: tuple[Any, ...]) -> str:
    """A row as PostgreSQL quotes it in its errors."""
    shown = []
    for column, value in zip(table.columns, values, strict=False):
        truth = column.type == "boolean" and value is not None
        shown.append("null" if value is None else "ft"[bool(value)] if truth else str(value))
    return ", ".join(shown)


def check_value(column: Column, value: Any, table: str = "") -> None:
    """Refuse a value that a column can't hold; raises SqlError."""
    facts = {"type": column.type, "value": str(value), "column": column.name, "table": table}
    if column.type in INTEGERS:
        if not isinstance(value, (int, float)):
            raise SqlError("bad_value", near=literal(str(value)), **facts)
        if not -(1 << INTEGERS[column.type]) <= value < 1 << INTEGERS[column.type]:
            raise SqlError("out_of_range", **facts)
    elif column.type in _TESTS and not _TESTS[column.type](value):
        raise SqlError("bad_value", near=literal(str(value)), **facts)
    elif column.type in ("character varying", "character", "varchar", "char") and column.sizes:
        if len(str(value)) > column.sizes[0]:
            raise SqlError("too_long", size=str(column.sizes[0]), **facts)
    elif column.type == "numeric" and len(column.sizes) > 1 and abs(value) >= 10 ** (column.sizes[0] - column.sizes[1]):
        raise SqlError("out_of_range", **facts)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _is_instant(value: Any) -> bool:
    text = re.sub(r"(\.\d{6})\d+|Z$", r"\1", str(value))
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_TESTS: dict[str, Callable[[Any], bool]] = {
    "numeric": _is_number,
    "real": _is_number,
    "double precision": _is_number,
    "boolean": lambda value: value in (0, 1) or str(value).lower() in {"t", "f", "true", "false", "yes", "no"},
    "date": _is_instant,
    "timestamp": _is_instant,
    "timestamptz": _is_instant,
}
