"""What SHOW and DESCRIBE answer (dev.mysql.com, "SHOW Statements")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dockerlab.runtime.servers.mysql import dialect
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.schema import Column, Table
from dockerlab.runtime.servers.sql.tokens import Cursor
from dockerlab.runtime.servers.sql.wire import Message

if TYPE_CHECKING:
    from dockerlab.runtime.servers.mysql.session import Session

SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


def show(session: Session, cursor: Cursor) -> Message:
    """The answer to SHOW …"""
    for word in ("full", "global", "session"):
        cursor.words(word)
    what = cursor.take().low
    handler = SHOWN.get(what)
    if handler is None:
        raise SqlError("unsupported")
    return handler(session, cursor)


def _answer(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> Message:
    return {"columns": list(columns), "rows": [list(row) for row in rows], "right": [False] * len(columns)}


def _databases(session: Session, cursor: Cursor) -> Message:
    return _answer(["Database"], [[name] for name in sorted({*session.cluster.numbers, *SYSTEM})])


def _tables(session: Session, cursor: Cursor) -> Message:
    name = session.database
    if cursor.words("from") or cursor.words("in"):
        name = cursor.take().name
    if not name:
        raise SqlError("no_database")
    if name not in session.cluster.numbers:
        raise SqlError("unknown_database", name=name)
    db = session.cluster.database(name)
    return _answer([f"Tables_in_{name}"], [[each] for each in sorted([*db.tables, *db.views()])])


def _columns(session: Session, cursor: Cursor) -> Message:
    cursor.take()
    return columns_of(session, cursor.take().name)


def columns_of(session: Session, name: str) -> Message:
    """DESCRIBE: the columns of a table."""
    table = _table(session, name)
    rows = [_described(session, table, column) for column in table.columns]
    return _answer(["Field", "Type", "Null", "Key", "Default", "Extra"], rows)


def _table(session: Session, name: str) -> Table:
    table = session.db.tables.get(name)
    if table is None:
        raise SqlError("no_table", name=name)
    return table


def _described(session: Session, table: Table, column: Column) -> list[str | None]:
    first = [key for key in [*table.keys, *table.indexes] if key.columns[0] == column.name]
    kinds = ["PRI" if key.primary else "UNI" if key in table.keys and len(key.columns) == 1 else "MUL" for key in first]
    default = column.default_text or None
    extra = "auto_increment" if column.serial else ""
    if default == "CURRENT_TIMESTAMP":
        default, extra = ("current_timestamp()", "") if session.brand.maria else (default, "DEFAULT_GENERATED")
    null = "YES" if column.null else "NO"
    return [column.name, dialect.type_text(column, session.brand), null, min(kinds, default=""), default, extra]


def _create(session: Session, cursor: Cursor) -> Message:
    if not cursor.words("table"):
        raise SqlError("unsupported")
    table = _table(session, cursor.take().name)
    return _answer(["Table", "Create Table"], [[table.name, create_text(session, table)]])


def create_text(session: Session, table: Table) -> str:
    """CREATE TABLE as SHOW CREATE TABLE and mysqldump have it."""
    lines = [_column_text(session, column) for column in table.columns]
    for key in table.keys:
        columns = ",".join(f"`{name}`" for name in key.columns)
        lines.append(f"PRIMARY KEY ({columns})" if key.primary else f"UNIQUE KEY `{key.name}` ({columns})")
    lines += [f"KEY `{key.name}` ({','.join(f'`{name}`' for name in key.columns)})" for key in table.indexes]
    body = ",\n".join(f"  {line}" for line in lines)
    tail = "utf8mb4_uca1400_ai_ci" if session.brand.maria else "utf8mb4_0900_ai_ci"
    return f"CREATE TABLE `{table.name}` (\n{body}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={tail}"


def _column_text(session: Session, column: Column) -> str:
    words = [f"`{column.name}`", dialect.type_text(column, session.brand)]
    if not column.null:
        words.append("NOT NULL")
    if column.serial:
        words.append("AUTO_INCREMENT")
    elif column.default_text:
        number = column.default_text.lstrip("-").replace(".", "", 1).isdigit()
        plain = column.default_text == "CURRENT_TIMESTAMP" or (number and session.brand.maria)
        words.append(f"DEFAULT {column.default_text}" if plain else f"DEFAULT '{column.default_text}'")
    elif column.null:
        words.append("DEFAULT NULL")
    return " ".join(words)


def _variables(session: Session, cursor: Cursor) -> Message:
    comment = "mariadb.org binary distribution" if session.brand.maria else "MySQL Community Server - GPL"
    values = {"character_set_server": "utf8mb4", "datadir": f"{session.cluster.folder}/",
              "hostname": session.cluster.proc.hostname,
              "max_connections": "151", "port": "3306", "socket": "/var/run/mysqld/mysqld.sock",
              "version": session.brand.version, "version_comment": comment}  # fmt: skip
    wanted = cursor.take().value if cursor.words("like") else "%"
    parts = wanted.lower().split("%")
    chosen = [[name, text] for name, text in values.items() if _like(name, parts)]
    return _answer(["Variable_name", "Value"], chosen)


def _like(name: str, parts: Sequence[str]) -> bool:
    if len(parts) == 1:
        return name == parts[0]
    return name.startswith(parts[0]) and name.endswith(parts[-1]) and all(part in name for part in parts)


def _grants(session: Session, cursor: Cursor) -> Message:
    who = f"{session.user.name}@{session.user.host}"
    return _answer(
        [f"Grants for {who}"], [[f"GRANT ALL PRIVILEGES ON *.* TO `{session.user.name}`@`{session.user.host}`"]]
    )


def _processes(session: Session, cursor: Cursor) -> Message:
    row = ["8", session.user.name, "localhost", session.database or None, "Query", "0", "init", "SHOW PROCESSLIST"]
    return _answer(["Id", "User", "Host", "db", "Command", "Time", "State", "Info"], [row])


def _none(session: Session, cursor: Cursor) -> Message:
    return {"columns": [], "rows": [], "right": []}


SHOWN: dict[str, Callable[[Session, Cursor], Message]] = {
    "databases": _databases, "schemas": _databases, "tables": _tables, "columns": _columns, "fields": _columns,
    "create": _create, "variables": _variables, "grants": _grants, "processlist": _processes, "warnings": _none,
    "errors": _none,
}  # fmt: skip
