"""Reading CREATE TABLE and ALTER TABLE … ADD COLUMN into a `Table`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.schema import Column, Key, Table
from dockerlab.runtime.servers.sql.tokens import NUMBER, Cursor, Token, by_commas, identifier

Render = Callable[[Sequence[Token]], str]


@dataclass(frozen=True)
class Types:
    """A dialect's types: every spelling → its own name, and what names a primary key and a unique constraint."""

    names: dict[str, str]
    serial: frozenset[str]
    render: Render
    """An expression as SQLite takes it."""
    show: Render
    """An expression as clients see it."""
    key_name: Callable[[str, Sequence[str], bool], str]


def read_table(name: str, body: Sequence[Token], types: Types) -> Table:
    """The table that the brackets of CREATE TABLE describe. Raises SqlError."""
    table = Table(name)
    for part in by_commas(body):
        cursor = Cursor(part)
        given = cursor.take().name if cursor.words("constraint") else ""
        if not _constraint(table, cursor, types, given):
            table.columns.append(read_column(table, cursor, types))
    for key in table.keys:
        for column in (table.column(name) for name in key.columns if key.primary):
            if column is not None:
                column.null = False
    return table


def _names(tokens: Sequence[Token]) -> list[str]:
    return [part[0].name for part in by_commas(tokens)]


def _constraint(table: Table, cursor: Cursor, types: Types, given: str) -> bool:
    """Read a constraint of the whole table; False where a column follows instead."""
    if cursor.words("primary", "key"):
        columns = _names(cursor.group())
        table.keys.append(Key(given or types.key_name(table.name, columns, True), columns, primary=True))
    elif cursor.words("unique"):
        if cursor.here.low in ("key", "index"):
            cursor.take()
        given = cursor.take().name if cursor.here.text != "(" else given
        columns = _names(cursor.group())
        table.keys.append(Key(given or types.key_name(table.name, columns, False), columns))
    elif cursor.words("check"):
        table.checks.append((given or f"{table.name}_check", types.render(cursor.group())))
    elif cursor.words("foreign", "key"):
        table.foreign.append(f"FOREIGN KEY ({types.render(cursor.group())}) {types.render(cursor.tokens[cursor.at :])}")
    elif cursor.here.low in ("key", "index") and any(token.text == "(" for token in cursor.tokens[1:3]):
        cursor.take()
        name = cursor.take().name if cursor.here.text != "(" else ""
        columns = _names(cursor.group())
        table.indexes.append(Key(name or columns[0], columns))
    else:
        return False
    return True


def read_column(table: Table, cursor: Cursor, types: Types) -> Column:
    """A column with its constraints; keys and checks go to the table. Raises SqlError."""
    column = Column(cursor.take().name, "")
    _read_type(column, cursor, types)
    while cursor.here.text:
        given = cursor.take().name if cursor.words("constraint") else ""
        if not _column_constraint(table, column, cursor, types, given):
            raise SqlError("syntax", near=cursor.here.text)
    return column


def _read_type(column: Column, cursor: Cursor, types: Types) -> None:
    first = cursor.take()
    spelled = first.name.lower()
    while f"{spelled} {cursor.here.low}" in types.names:
        spelled += f" {cursor.take().low}"
    column.sizes = [int(token.text) for token in cursor.group() if token.kind == NUMBER]
    while f"{spelled} {cursor.here.low}".strip() in types.names and cursor.here.low:
        spelled += f" {cursor.take().low}"
    if cursor.here.low in ("with", "without"):
        zoned = cursor.words("with", "time", "zone")
        if not zoned and not cursor.words("without", "time", "zone"):
            raise SqlError("syntax", near=cursor.here.text)
        spelled = "timestamptz" if zoned and spelled == "timestamp" else spelled
    if spelled not in types.names:
        raise SqlError("no_type", near=first.text, type=spelled)
    column.serial = spelled in types.serial
    column.type = types.names[spelled]
    if column.type == "tinyint" and spelled in ("boolean", "bool"):
        column.sizes = [1]
    while cursor.here.low in ("unsigned", "zerofill"):
        cursor.take()


def _column_constraint(table: Table, column: Column, cursor: Cursor, types: Types, given: str) -> bool:
    if cursor.words("not", "null"):
        column.null = False
    elif cursor.words("null"):
        column.null = True
    elif cursor.words("primary", "key"):
        table.keys.append(Key(given or types.key_name(table.name, [column.name], True), [column.name], primary=True))
        column.null = False
    elif cursor.words("unique"):
        cursor.words("key")
        table.keys.append(Key(given or types.key_name(table.name, [column.name], False), [column.name]))
    elif cursor.words("default"):
        tokens = _expression(cursor)
        column.default, column.default_text = types.render(tokens), types.show(tokens)
    elif cursor.words("check"):
        table.checks.append((given or f"{table.name}_{column.name}_check", types.render(cursor.group())))
    elif cursor.here.low == "references":
        table.foreign.append(f"FOREIGN KEY ({identifier(column.name)}) {types.render(_reference(cursor))}")
    elif cursor.here.low in ("auto_increment", "generated"):
        column.serial = True
        cursor.at = cursor.at + 1 if cursor.here.low == "auto_increment" else _behind_identity(cursor)
    elif cursor.words("comment") or cursor.words("collate") or cursor.words("character", "set"):
        cursor.take()
    elif cursor.words("on", "update"):
        _expression(cursor)
    else:
        return False
    return True


def _reference(cursor: Cursor) -> list[Token]:
    """The tokens of REFERENCES t (c) ON DELETE CASCADE."""
    start = cursor.at
    cursor.at += 2
    cursor.group()
    while cursor.here.low == "on":
        cursor.at += 3 + (cursor.tokens[cursor.at + 2 : cursor.at + 3][0].low in ("set", "no"))
    return cursor.tokens[start : cursor.at]


def _behind_identity(cursor: Cursor) -> int:
    """GENERATED ALWAYS AS IDENTITY."""
    while cursor.here.text and cursor.here.low != "identity":
        cursor.take()
    return cursor.at + 1


def _expression(cursor: Cursor) -> list[Token]:
    """The tokens of a default: one operand, with the brackets and casts that follow it."""
    start = cursor.at
    if cursor.here.text in ("-", "+"):
        cursor.take()
    if cursor.here.text == "(":
        cursor.group()
    else:
        cursor.take()
        cursor.group()
    while cursor.here.text == "::":
        cursor.take()
        cursor.take()
    return cursor.tokens[start : cursor.at]
