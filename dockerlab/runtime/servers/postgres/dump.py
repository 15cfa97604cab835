"""pg_dump: a database as statements. Rows are INSERTs (the real program's --inserts), so that psql here takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dockerlab.runtime.servers.postgres import dialect
from dockerlab.runtime.servers.sql.schema import Column, Table
from dockerlab.runtime.servers.sql.tokens import identifier, literal

if TYPE_CHECKING:
    from dockerlab.runtime.servers.postgres.session import Session

SERIALS = {"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}


def dump(session: Session) -> str:
    """The text."""
    number = dialect.version_of(session.cluster.proc.env)[0]
    head = (
        "--\n-- PostgreSQL database dump\n--\n\n"
        f"-- Dumped from database version {number}\n-- Dumped by pg_dump version {number}\n\n"
        "SET statement_timeout = 0;\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\n"
    )
    tables = "".join(_table(table) + _rows(session, table) for table in session.db.tables.values())
    counts = "".join(
        f"SELECT pg_catalog.setval({literal('public.' + name)}, {last}, true);\n\n"
        for name, last in session.db.sequences.items()
    )
    return f"{head}{tables}{counts}--\n-- PostgreSQL database dump complete\n--\n\n"


def _title(table: Table, kind: str) -> str:
    return f"--\n-- Name: {table.name}; Type: {kind}; Schema: public\n--\n\n"


def _table(table: Table) -> str:
    lines = [_column(column) for column in table.columns]
    for key in table.keys:
        kind = "PRIMARY KEY" if key.primary else "UNIQUE"
        lines.append(f"CONSTRAINT {key.name} {kind} ({', '.join(key.columns)})")
    lines += [f"CONSTRAINT {name} CHECK ({text})" for name, text in table.checks]
    body = ",\n".join(f"    {line}" for line in lines + table.foreign)
    indexes = "".join(
        f"CREATE INDEX {key.name} ON public.{table.name} ({', '.join(key.columns)});\n\n" for key in table.indexes
    )
    return f"{_title(table, 'TABLE')}CREATE TABLE public.{table.name} (\n{body}\n);\n\n{indexes}"


def _column(column: Column) -> str:
    if column.serial:
        return f"{column.name} {SERIALS.get(column.type, 'serial')} NOT NULL"
    default = f" DEFAULT {column.default_text}" if column.default_text else ""
    return f"{column.name} {dialect.type_text(column)}{default}{'' if column.null else ' NOT NULL'}"


def _rows(session: Session, table: Table) -> str:
    result = session.db.run(f"select * from {identifier(table.name)}")
    lines = []
    for row in result.rows:
        cells = (dialect.cell(value, "") for value in row)
        pairs = zip(cells, table.columns, strict=False)
        texts = ", ".join("NULL" if cell is None else _value(cell, column) for cell, column in pairs)
        lines.append(f"INSERT INTO public.{table.name} VALUES ({texts});\n")
    return _title(table, "TABLE DATA") + "".join(lines) + "\n" if lines else ""


def _value(cell: str, column: Column) -> str:
    if column.type == "boolean":
        return "true" if cell == "t" else "false"
    return cell if column.type in ("integer", "bigint", "smallint", "numeric", "real") else literal(cell)
