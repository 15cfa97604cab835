"""What psql's \\d, \\dt, \\l and \\du show, as PostgreSQL's catalogue would give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dockerlab.runtime.servers.postgres.dialect import type_text
from dockerlab.runtime.servers.sql.schema import Key, Table
from dockerlab.runtime.servers.sql.wire import Message

if TYPE_CHECKING:
    from dockerlab.runtime.servers.postgres.session import Session

SUPERUSER = "Superuser, Create role, Create DB, Replication, Bypass RLS"
TEMPLATES = ("template0", "template1")


def describe(session: Session, command: str, name: str) -> Message:
    """A table for psql to show; `error` where there is nothing."""
    if command in ("l", "list"):
        return _databases(session)
    if command in ("du", "dg"):
        return _roles(session)
    if command == "d" and name:
        table = session.db.tables.get(name)
        return _table(table) if table else {"error": {"text": f'Did not find any relation named "{name}".'}}
    return _relations(session, command)


def _answer(title: str, columns: list[str], rows: list[list[str | None]], footer: list[str] | None = None) -> Message:
    right = [False] * len(columns)
    return {"title": title, "columns": columns, "rows": rows, "right": right, "tag": "SELECT", "footer": footer}


def _relations(session: Session, command: str) -> Message:
    owner = next(iter(session.cluster.users), "postgres")
    db, kinds = session.db, command.removeprefix("d") or "tsv"
    found = [(name, "table") for name in db.tables] if "t" in kinds else []
    if "s" in kinds:
        sequences = ((table, column) for table in db.tables.values() for column in table.columns if column.serial)
        found += [(f"{table.name}_{column.name}_seq", "sequence") for table, column in sequences]
    if "v" in kinds:
        found += [(name, "view") for name in db.views()]
    if "i" in kinds:
        found += [(key.name, "index") for table in db.tables.values() for key in [*table.keys, *table.indexes]]
    if not found:
        return {"error": {"text": "Did not find any relations."}}
    rows: list[list[str | None]] = [["public", name, kind, owner] for name, kind in sorted(found)]
    return _answer("List of relations", ["Schema", "Name", "Type", "Owner"], rows)


def _databases(session: Session) -> Message:
    owner = next(iter(session.cluster.users), "postgres")
    columns = ["Name", "Owner", "Encoding", "Locale Provider", "Collate", "Ctype", "Locale", "ICU Rules",
               "Access privileges"]  # fmt: skip
    rows: list[list[str | None]] = []
    for name in sorted({*session.cluster.numbers, *TEMPLATES}):
        rights = f"=c/{owner}\n{owner}=CTc/{owner}" if name in TEMPLATES else None
        rows.append([name, owner, "UTF8", "libc", "en_US.utf8", "en_US.utf8", None, None, rights])
    return _answer("List of databases", columns, rows)


def _roles(session: Session) -> Message:
    rows: list[list[str | None]] = [
        [user.name, SUPERUSER if user.superuser else ""] for user in sorted(session.cluster.users.values(), key=_name)
    ]
    return {**_answer("List of roles", ["Role name", "Attributes"], rows, []), "bare": True}


def _name(user: object) -> str:
    return str(getattr(user, "name", ""))


def _table(table: Table) -> Message:
    rows: list[list[str | None]] = [
        [column.name, type_text(column), None, None if column.null else "not null", column.default_text or None]
        for column in table.columns
    ]
    footer = []
    keys = sorted([*table.keys, *table.indexes], key=lambda key: (not key.primary, key.name))
    if keys:
        footer = ["Indexes:", *(f'    "{key.name}" {_kind(table, key)}' for key in keys)]
    if table.checks:
        footer += ["Check constraints:", *(f'    "{name}" CHECK ({text})' for name, text in table.checks)]
    columns = ["Column", "Type", "Collation", "Nullable", "Default"]
    return {**_answer(f'Table "public.{table.name}"', columns, rows, footer), "bare": True}


def _kind(table: Table, key: Key) -> str:
    columns = f"btree ({', '.join(key.columns)})"
    if key.primary:
        return f"PRIMARY KEY, {columns}"
    return f"UNIQUE CONSTRAINT, {columns}" if key in table.keys else columns
