"""MySQL's types, functions and error messages (dev.mysql.com, "Server Error Message Reference")."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.daemons import date_of
from dockerlab.runtime.servers.mysql.brand import Brand, brand_of
from dockerlab.runtime.servers.sql.create import Types
from dockerlab.runtime.servers.sql.engine import Truth
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.rewrite import Rules, render
from dockerlab.runtime.servers.sql.schema import Column, Table
from dockerlab.runtime.servers.sql.tokens import NUMBER, QUOTED, STRING, WORD, Token, by_commas, join

TYPE_NAMES: dict[str, str] = {
    "int": "integer", "integer": "integer", "tinyint": "tinyint", "smallint": "smallint", "mediumint": "mediumint",
    "bigint": "bigint", "boolean": "tinyint", "bool": "tinyint", "serial": "bigint", "decimal": "numeric",
    "numeric": "numeric", "float": "real", "double": "double precision", "varchar": "varchar", "char": "char",
    "text": "text", "tinytext": "text", "mediumtext": "text", "longtext": "text", "json": "json", "date": "date",
    "datetime": "datetime", "timestamp": "timestamp", "time": "time", "year": "smallint", "enum": "text",
    "blob": "bytea", "longblob": "bytea", "varbinary": "bytea", "binary": "bytea",
}  # fmt: skip
SHOWN = {"integer": "int", "numeric": "decimal", "real": "float", "double precision": "double", "bytea": "blob"}
WIDTHS = {"integer": 11, "bigint": 20, "smallint": 6, "tinyint": 4, "mediumint": 9}
"""MariaDB still shows how wide an integer is printed."""
WORDS = {"current_timestamp": "now()", "current_date": "curdate()", "localtime": "now()", "rand": "lab_random"}
# Whole numbers divide into fractions here, which they do not in SQLite.
RULES = Rules(WORDS, quotes_strings=True, folds=False, marks={"/": "* 1.0 /", "!": "not"})


def _key_name(table: str, columns: Sequence[str], primary: bool) -> str:
    return "PRIMARY" if primary else columns[0]


def _shown(tokens: Sequence[Token]) -> str:
    text = "".join(token.value if token.kind == STRING else token.text for token in tokens)
    return "CURRENT_TIMESTAMP" if text.lower().startswith(("current_timestamp", "now(")) else text


TYPES = Types(TYPE_NAMES, frozenset({"serial"}), lambda tokens: render(tokens, RULES), _shown, _key_name)


def type_text(column: Column, brand: Brand) -> str:
    """A column's type as DESCRIBE shows it."""
    name = SHOWN.get(column.type, column.type)
    if column.sizes and (column.type not in WIDTHS or column.type == "tinyint"):
        return f"{name}({','.join(map(str, column.sizes))})"
    if column.type == "numeric":
        return "decimal(10,0)"
    return f"{name}({WIDTHS[column.type]})" if brand.maria and column.type in WIDTHS else name


def functions(proc: Process, who: Callable[[], str], database: Callable[[], str]) -> dict[str, Callable[..., Any]]:
    """What SQLite lacks, or would ask the machine for."""
    drawn = [0]

    def chance(*_: Any) -> float:
        drawn[0] += 1
        return int.from_bytes(hashlib.sha256(b"mysql %d" % drawn[0]).digest()[:6], "big") / (1 << 48)

    def uuid() -> str:
        chance()
        text = hashlib.sha256(b"mysql uuid %d" % drawn[0]).hexdigest()
        return f"{text[:8]}-{text[8:12]}-11f0-{text[16:20]}-0242ac110002"

    return {
        "version": lambda: brand_of(proc).version,
        "now": lambda *_: f"{date_of(proc):%Y-%m-%d %H:%M:%S}",
        "sysdate": lambda: f"{date_of(proc):%Y-%m-%d %H:%M:%S}",
        "curdate": lambda: f"{date_of(proc):%Y-%m-%d}",
        "curtime": lambda: f"{date_of(proc):%H:%M:%S}",
        "unix_timestamp": lambda: int(date_of(proc).timestamp()),
        "database": lambda: database() or None,
        "schema": lambda: database() or None,
        "user": lambda: f"{who()}@localhost",
        "current_user": lambda: f"{who()}@localhost",
        "connection_id": lambda: 8,
        "lab_random": chance,
        "random": chance,
        "uuid": uuid,
        "date": lambda text: str(text)[:10],
        "time": lambda text: str(text)[11:],
        "year": lambda text: int(str(text)[:4]),
        "concat": lambda *words: None if None in words else "".join(map(_text, words)),
        "concat_ws": lambda mark, *words: str(mark).join(_text(word) for word in words if word is not None),
        "if": lambda test, yes, no: yes if test else no,
        "left": lambda text, count: str(text)[: int(count)],
        "right": lambda text, count: str(text)[-int(count) :] if count else "",
        "md5": lambda text: hashlib.md5(str(text).encode(), usedforsecurity=False).hexdigest(),
        "repeat": lambda text, count: str(text) * min(int(count), 1 << 20),
        "reverse": lambda text: str(text)[::-1],
        "sleep": lambda seconds: 0,
        "greatest": max,
        "least": min,
    }


def _text(value: Any) -> str:
    return cell(value) or ""


def cell(value: Any) -> str | None:
    """A value as text."""
    if value is None:
        return None
    if isinstance(value, Truth):
        return str(int(value.value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


ENDS = frozenset({"from", "where", "limit", "union", "order", "group", "having", "for"})


NO_ALIAS_AFTER = frozenset("like not is and or in between when then else case distinct div mod xor regexp".split())


def headers(tokens: Sequence[Token], text: str, found: Sequence[str]) -> list[str]:
    """What MySQL heads columns with: names, or the expressions just as they were written."""
    inner, depth = [], 0
    for token in tokens[1:]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if not depth and token.low in ENDS:
            break
        inner.append(token)
    items = by_commas(inner)
    if len(items) != len(found):
        return list(found)
    return [_header(item, text, header) for item, header in zip(items, found, strict=True)]


def _header(item: Sequence[Token], text: str, found: str) -> str:
    last = item[-1]
    if last.text == "*":
        return found
    if len(item) == 1:
        return found if last.kind == WORD and re.fullmatch(r"\w+", found) else last.value
    before = item[-2]
    named = before.low in ("as", ".", ")") or before.kind in (WORD, NUMBER, QUOTED)
    if before.low in NO_ALIAS_AFTER or last.low in ("null", "end") or last.kind not in (WORD, QUOTED, STRING):
        named = False
    return last.value if named else join(item, text)


# Errors.

SYNTAX = (
    "You have an error in your SQL syntax; check the manual that corresponds to your {brand} server version for the "
    "right syntax to use near '{rest}' at line {line}"
)
MESSAGES: dict[str, tuple[int, str, str]] = {
    "syntax": (1064, "42000", SYNTAX),
    "no_table": (1146, "42S02", "Table '{db}.{name}' doesn't exist"),
    "unknown_table": (1051, "42S02", "Unknown table '{db}.{name}'"),
    "no_column": (1054, "42S22", "Unknown column '{name}' in 'field list'"),
    "ambiguous": (1052, "23000", "Column '{name}' in field list is ambiguous"),
    "exists": (1050, "42S01", "Table '{name}' already exists"),
    "no_function": (1305, "42000", "FUNCTION {db}.{name} does not exist"),
    "duplicate": (1062, "23000", "Duplicate entry '{value}' for key '{key}'"),
    "null": (1048, "23000", "Column '{column}' cannot be null"),
    "no_default": (1364, "HY000", "Field '{column}' doesn't have a default value"),
    "too_long": (1406, "22001", "Data too long for column '{column}' at row 1"),
    "bad_value": (1366, "HY000", "Incorrect {type} value: '{value}' for column '{column}' at row 1"),
    "out_of_range": (1264, "22003", "Out of range value for column '{column}' at row 1"),
    "foreign_key": (1452, "23000", "Cannot add or update a child row: a foreign key constraint fails"),
    "check": (3819, "HY000", "Check constraint '{name}' is violated."),
    "many_values": (1136, "21S01", "Column count doesn't match value count at row 1"),
    "no_type": (1064, "42000", SYNTAX),
    "no_database": (1046, "3D000", "No database selected"),
    "unknown_database": (1049, "42000", "Unknown database '{name}'"),
    "database_exists": (1007, "HY000", "Can't create database '{name}'; database exists"),
    "no_drop": (1008, "HY000", "Can't drop database '{name}'; database doesn't exist"),
    "user_exists": (1396, "HY000", "Operation CREATE USER failed for '{name}'@'%'"),
    "deep": (1436, "HY000", "Thread stack overrun"),
    "slow": (3024, "HY000", "Query execution was interrupted, maximum statement execution time exceeded"),
    "full": (1114, "HY000", "The table is full"),
    "unsupported": (1235, "42000", "dockerlab's {brand} does not simulate this statement"),
    "other": (1105, "HY000", "dockerlab's {brand} cannot do this: {text}"),
}


def explain(
    error: SqlError, brand: Brand, database: str, statement: str, row: tuple[Table, Any] | None
) -> dict[str, Any]:
    """A failed statement in the server's words: code, state and text."""
    facts = {"name": "", "text": "", **error.facts, "db": database, "brand": brand.name}
    kind = "no_database" if error.kind == "no_table" and not database else error.kind
    if kind in ("syntax", "no_type"):
        place = statement.lower().find(error.near.lower()) if error.near else len(statement)
        facts.update(rest=statement[max(place, 0) :][:80], line=str(statement.count("\n", 0, max(place, 0)) + 1))
    if kind == "duplicate":
        facts.update(_duplicate(error, brand, row))
    facts["type"] = SHOWN.get(facts.get("type", ""), facts.get("type", "")).replace("int", "integer", 1)
    code, state, text = MESSAGES.get(kind, MESSAGES["unsupported"])
    return {"code": code, "state": state, "text": text.format(**facts)}


def _duplicate(error: SqlError, brand: Brand, row: tuple[Table, Any] | None) -> dict[str, str]:
    names = [name.rpartition(".")[2] for name in error.facts["columns"].split(", ")]
    if row is None:
        return {"value": "", "key": names[0]}
    table, values = row
    given = {column.name: value for column, value in zip(table.columns, values, strict=False)}
    key = table.key(names)
    name = key.name if key else names[0]
    shown = name if brand.maria else f"{table.name}.{name}"
    return {"value": "-".join(str(given.get(each)) for each in names), "key": shown}
