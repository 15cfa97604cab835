"""PostgreSQL's types, functions and error messages (postgresql.org/docs, "SQL Language" and "Error Codes")."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.daemons import date_of
from dockerlab.runtime.servers.sql.create import Types
from dockerlab.runtime.servers.sql.engine import Truth, trimmed
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.rewrite import Rules, render
from dockerlab.runtime.servers.sql.schema import Column, Table, check_value
from dockerlab.runtime.servers.sql.tokens import Token, literal, tokenize

TYPE_NAMES: dict[str, str] = {
    "int": "integer", "integer": "integer", "int4": "integer", "smallint": "smallint", "int2": "smallint",
    "bigint": "bigint", "int8": "bigint", "serial": "integer", "bigserial": "bigint", "smallserial": "smallint",
    "numeric": "numeric", "decimal": "numeric", "real": "real", "float": "double precision", "float4": "real",
    "float8": "double precision", "double precision": "double precision", "money": "numeric", "text": "text",
    "varchar": "character varying", "character varying": "character varying", "char": "character",
    "character": "character", "boolean": "boolean", "bool": "boolean", "date": "date", "time": "time",
    "timestamp": "timestamp", "timestamptz": "timestamptz", "uuid": "uuid", "json": "json", "jsonb": "jsonb",
    "bytea": "bytea", "interval": "interval", "inet": "inet",
}  # fmt: skip
LONG_NAMES = {"timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
              "time": "time without time zone"}  # fmt: skip
SHORT_NAMES = {"integer": "int4", "bigint": "int8", "smallint": "int2", "character varying": "varchar",
               "boolean": "bool", "double precision": "float8", "real": "float4", "character": "bpchar"}  # fmt: skip
DEFAULT_VERSION = "17.7"


def version_of(env: Mapping[str, str]) -> tuple[str, str]:
    """The version, and the words behind it in parentheses: ('17.7', 'Debian 17.7-3.pgdg12+1')."""
    text = env.get("PG_VERSION") or DEFAULT_VERSION
    number, dash, _ = text.partition("-")
    return number, f"Debian {text}" if dash else ""


def full_version(env: Mapping[str, str]) -> str:
    """What version() says."""
    number, origin = version_of(env)
    built = "gcc (Debian 12.2.0-14+deb12u1) 12.2.0" if origin else "gcc (Alpine 14.2.0) 14.2.0"
    system = "x86_64-pc-linux-gnu" if origin else "x86_64-pc-linux-musl"
    return f"PostgreSQL {number}{f' ({origin})' if origin else ''} on {system}, compiled by {built}, 64-bit"


def type_text(column: Column) -> str:
    """A column's type as \\d shows it."""
    name = LONG_NAMES.get(column.type, column.type)
    return f"{name}({','.join(map(str, column.sizes))})" if column.sizes else name


def _cast(piece: str, kind: str) -> str:
    return f"lab_cast({piece}, {literal(TYPE_NAMES.get(kind, kind))})"


WORDS = {
    "ilike": "like", "current_timestamp": "now()", "localtimestamp": "now()", "current_date": "lab_today()",
    "current_time": "lab_clock()", "current_user": "lab_user()", "session_user": "lab_user()",
    "current_catalog": "current_database()", "random": "lab_random",
    "string_agg": "group_concat",
}  # fmt: skip
RULES = Rules(WORDS, _cast)


def _key_name(table: str, columns: Sequence[str], primary: bool) -> str:
    return f"{table}_pkey" if primary else f"{table}_{'_'.join(columns)}_key"


def _shown(tokens: Sequence[Token]) -> str:
    text = " ".join(token.text for token in tokens)
    text = re.sub(r" ?([(.,)]) ?", r"\1", text).replace(" :: ", "::")
    return "CURRENT_TIMESTAMP" if text.lower() == "current_timestamp" else text.lower() if "'" not in text else text


TYPES = Types(
    TYPE_NAMES,
    frozenset({"serial", "bigserial", "smallserial"}),
    lambda tokens: render(tokens, RULES),
    _shown,
    _key_name,
)


# Functions.


def functions(proc: Process, user: Callable[[], str], database: str) -> dict[str, Callable[..., Any]]:
    """What SQLite lacks, or would ask the machine for."""
    drawn = [0]

    def chance(*_: Any) -> float:
        drawn[0] += 1
        return int.from_bytes(hashlib.sha256(b"postgres %d" % drawn[0]).digest()[:6], "big") / (1 << 48)

    def uuid() -> str:
        chance()
        text = hashlib.sha256(b"uuid %d" % drawn[0]).hexdigest()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"

    return {
        "version": lambda: full_version(proc.env),
        "now": lambda: trimmed(f"{date_of(proc):%Y-%m-%d %H:%M:%S.%f}") + "+00",
        "lab_today": lambda: f"{date_of(proc):%Y-%m-%d}",
        "lab_clock": lambda: f"{date_of(proc):%H:%M:%S.%f}+00",
        "lab_user": user,
        "current_database": lambda: database,
        "current_schema": lambda: "public",
        "lab_random": chance,
        "random": chance,
        "gen_random_uuid": uuid,
        "lab_cast": _cast_value,
        "date": lambda text: str(text)[:10],
        "time": lambda text: str(text)[11:],
        "concat": lambda *words: "".join(str(word) for word in words if word is not None),
        "md5": lambda text: hashlib.md5(str(text).encode(), usedforsecurity=False).hexdigest(),
        "left": lambda text, count: str(text)[: int(count)],
        "right": lambda text, count: str(text)[-int(count) :] if count else "",
        "repeat": lambda text, count: str(text) * min(int(count), 1 << 20),
        "reverse": lambda text: str(text)[::-1],
        "pg_sleep": lambda seconds: "",
        "pg_database_size": lambda name: 7_500_000,
        "pg_size_pretty": lambda size: f"{int(size) // 1024} kB",
        "inet_server_port": lambda: 5432,
    }


def _cast_value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind in ("integer", "bigint", "smallint") and isinstance(value, str):
        if not re.fullmatch(r"\s*[+-]?\d+\s*", value):
            raise SqlError("bad_value", near=literal(value), type=kind, value=value)
        return int(value)
    if kind in ("integer", "bigint", "smallint"):
        return round(value)
    if kind in ("numeric", "real", "double precision"):
        check_value(Column("", kind), _number(value))
        return _number(value)
    if kind in ("text", "character varying", "character"):
        return str(value)
    if kind == "date":
        return str(value)[:10]
    if kind in ("timestamp", "time"):
        return str(value).removesuffix("+00")
    return value


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


# Results.


def column_name(text: str) -> str:
    """What PostgreSQL heads a column with; `text` is SQLite's own header, the expression itself."""
    if re.fullmatch(r"\w+", text) and not text.isdigit() and text != "null":
        return text
    aliases = {"lab_user()": "current_user", "lab_today()": "current_date", "lab_clock()": "current_time"}
    if text in aliases:
        return aliases[text]
    if match := re.fullmatch(r"lab_cast\(.*, '([a-z ]+)'\)", text, re.DOTALL):
        inner = text[len("lab_cast(") :].rpartition(", ")[0]
        name = column_name(inner)
        return SHORT_NAMES.get(match[1], match[1]) if name == "?column?" else name
    if match := re.fullmatch(r"(\w+)\s*\(.*\)(?: over .*)?", text, re.DOTALL):
        return {"lab_random": "random", "group_concat": "string_agg"}.get(match[1], match[1])
    return "case" if text.startswith("case ") else "?column?"


_COMPARING = frozenset("= <> != < > <= >= like is in between not exists and or true false".split())


@functools.lru_cache(maxsize=256)
def is_truth(header: str) -> bool:
    """Whether an expression is a comparison, so that its 0 and 1 are f and t."""
    depth = 0
    for token in tokenize(header):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if not depth and token.low in _COMPARING:
            return not header.startswith("case ")
    return False


def cell(value: Any, header: str) -> str | None:
    """A value as text; `header` is SQLite's own, which tells a comparison from a number."""
    if value is None:
        return None
    if isinstance(value, Truth):
        return "t" if value.value else "f"
    if value in (0, 1) and isinstance(value, int) and is_truth(header):
        return "ft"[value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


# Errors.


def _duplicate(error: SqlError, row: tuple[Table, tuple[Any, ...]] | None) -> tuple[str, str]:
    names = [name.rpartition(".")[2] for name in error.facts["columns"].split(", ")]
    if row is None:
        return "duplicate key value violates unique constraint", ""
    table, values = row
    key = table.key(names)
    given = {column.name: value for column, value in zip(table.columns, values, strict=False)}
    shown = ", ".join(str(given.get(name)) for name in names)
    constraint = key.name if key else _key_name(table.name, names, False)
    detail = f"Key ({', '.join(names)})=({shown}) already exists."
    return f'duplicate key value violates unique constraint "{constraint}"', detail


MESSAGES: dict[str, str] = {
    "no_table": 'relation "{name}" does not exist',
    "no_index": 'index "{name}" does not exist',
    "no_column": 'column "{name}" does not exist',
    "ambiguous": 'column reference "{name}" is ambiguous',
    "exists": 'relation "{name}" already exists',
    "no_type": 'type "{type}" does not exist',
    "no_function": "function {name}() does not exist",
    "null": 'null value in column "{column}" of relation "{table}" violates not-null constraint',
    "bad_value": 'invalid input syntax for type {type}: "{value}"',
    "out_of_range": "{type} out of range",
    "foreign_key": "insert or update on table violates foreign key constraint",
    "check": 'new row violates check constraint "{name}"',
    "many_values": "INSERT has more expressions than target columns",
    "deep": "stack depth limit exceeded",
    "slow": "canceling statement due to statement timeout",
    "full": "could not extend file: No space left on device",
    "unsupported": "dockerlab's PostgreSQL does not simulate this statement",
    "other": "dockerlab's PostgreSQL cannot do this: {text}",
}


def explain(error: SqlError, row: tuple[Table, tuple[Any, ...]] | None) -> dict[str, str]:
    """A failed statement in the server's words: text, and perhaps a detail."""
    facts = {"name": "", "type": "", "text": "", **error.facts}
    facts["type"] = LONG_NAMES.get(facts["type"], facts["type"])
    if error.kind == "duplicate":
        text, detail = _duplicate(error, row)
        return {"text": text, "detail": detail}
    if error.kind == "syntax":
        return {"text": f'syntax error at or near "{error.near}"' if error.near else "syntax error at end of input"}
    if error.kind == "out_of_range" and facts["type"] == "numeric":
        return {"text": "numeric field overflow"}
    if error.kind == "foreign_key" and row is not None:
        return {"text": f'insert or update on table "{row[0].name}" violates foreign key constraint'}
    if error.kind == "too_long":
        return {"text": f"value too long for type {facts['type']}({facts['size']})"}
    if error.kind == "check" and row is not None:
        text = f'new row for relation "{row[0].name}" violates check constraint "{facts["name"]}"'
        return {"text": text}
    if error.kind == "no_column" and "table" in error.facts:
        return {"text": f'column "{facts["name"]}" of relation "{facts["table"]}" does not exist'}
    found = {"text": MESSAGES.get(error.kind, MESSAGES["unsupported"]).format(**facts)}
    if error.kind == "null":
        found["detail"] = f"Failing row contains ({facts['row']})."
    return found
