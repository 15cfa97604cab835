"""One client's session with PostgreSQL: which statement is what, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from decimal import Decimal
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.kernel import Until
from dockerlab.runtime.servers.postgres import dialect
from dockerlab.runtime.servers.postgres.definitions import Definitions, Failure
from dockerlab.runtime.servers.postgres.describe import describe
from dockerlab.runtime.servers.postgres.dump import dump
from dockerlab.runtime.servers.sql.engine import Result
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.rewrite import check_depth
from dockerlab.runtime.servers.sql.tokens import Cursor, split, tokenize
from dockerlab.runtime.servers.sql.wire import Message

ABORTED = "current transaction is aborted, commands ignored until end of transaction block"


class Session(Definitions):
    """What a connection has: a user, a database, perhaps a transaction."""

    def execute(self, script: str) -> Generator[Wait, Any, list[Message]]:
        """Run statements; the first that fails ends it."""
        answers: list[Message] = []
        for statement in split(script):
            yield Until(self._is_free)
            self.notices = []
            try:
                answer = self._run(statement.text)
            except (SqlError, Failure) as error:
                if isinstance(error, SqlError) and error.kind == "syntax" and not error.near and statement.ended:
                    error.near = ";"
                self.failed = self.db.in_transaction
                answers.append({"error": self._explained(error), "notices": self.notices, "at": statement.at})
                self._hold()
                break
            answers.append({**answer, "notices": self.notices})
            self._hold()
        return answers

    def _is_free(self) -> bool:
        return self.cluster.busy.get(self.database, self) is self

    def _hold(self) -> None:
        """Whoever has a transaction open keeps others out of the database; without one, all is written."""
        if self.db.in_transaction:
            self.cluster.busy[self.database] = self
        else:
            self.cluster.busy.pop(self.database, None)

    def close(self) -> None:
        """The client is gone: what it did not commit never was."""
        if self.cluster.busy.get(self.database) is self:
            self.db.run("rollback")
            self._hold()

    def _explained(self, error: SqlError | Failure) -> Message:
        if isinstance(error, Failure):
            return {"text": error.text, "detail": error.detail, "near": error.near}
        return {"near": error.near, **dialect.explain(error, self.db.last_row)}

    # Which statement it is.

    def _run(self, text: str) -> Message:
        tokens = tokenize(text)
        check_depth(tokens)
        verb = tokens[0].low
        if self.failed and verb not in ("rollback", "commit", "end", "abort"):
            raise Failure(ABORTED)
        handler = HANDLERS.get(verb)
        if verb in NOT_SIMULATED:
            raise SqlError("unsupported")
        if handler is None:
            raise SqlError("syntax", near=tokens[0].text)
        answer = handler(self, Cursor(tokens))
        if not self.db.in_transaction and verb in CHANGING:
            self.cluster.keep(self.database)
        return answer

    def query(self, cursor: Cursor) -> Message:
        """SELECT, VALUES, WITH, TABLE: rows."""
        head = self._rendered(cursor.tokens)
        result = self.db.run(f"select * from {head[6:]}" if cursor.tokens[0].low == "table" else head)
        return self._rows(result, f"SELECT {len(result.rows)}")

    def change(self, cursor: Cursor) -> Message:
        """INSERT, UPDATE, DELETE; rows too where RETURNING asks for them."""
        self.db.last_row = None
        result = self.db.run(self._rendered(cursor.tokens))
        verb = cursor.tokens[0].low
        count = len(result.rows) if result.columns else result.changed
        return self._rows(result, f"INSERT 0 {count}" if verb == "insert" else f"{verb.upper()} {count}")

    def _rows(self, result: Result, tag: str) -> Message:
        if not result.columns:
            return {"tag": tag}
        rows = [[dialect.cell(*pair) for pair in zip(row, result.columns, strict=True)] for row in result.rows]
        right = [
            not dialect.is_truth(header) and _are_numbers([row[at] for row in result.rows])
            for at, header in enumerate(result.columns)
        ]
        return {"columns": list(map(dialect.column_name, result.columns)), "rows": rows, "right": right, "tag": tag}

    # Transactions and settings.

    def begin(self, cursor: Cursor) -> Message:
        """BEGIN."""
        if self.db.in_transaction:
            self.notices.append("WARNING:  there is already a transaction in progress")
        else:
            self.db.run("begin")
        return {"tag": "BEGIN"}

    def end(self, cursor: Cursor) -> Message:
        """COMMIT or ROLLBACK; a failed transaction can only be rolled back."""
        back = cursor.tokens[0].low in ("rollback", "abort") or self.failed
        self.failed = False
        if not self.db.in_transaction:
            self.notices.append("WARNING:  there is no transaction in progress")
        else:
            self.db.run("rollback" if back else "commit")
        return {"tag": "ROLLBACK" if back else "COMMIT"}

    def savepoint(self, cursor: Cursor) -> Message:
        """SAVEPOINT and RELEASE."""
        self.db.run(self._rendered(cursor.tokens))
        return {"tag": cursor.tokens[0].text.upper()}

    def show(self, cursor: Cursor) -> Message:
        """SHOW a setting."""
        cursor.take()
        name = cursor.take().low
        values = {"server_version": " ".join(filter(None, dialect.version_of(self.cluster.proc.env))), **SETTINGS}
        if name not in values:
            raise Failure(f'unrecognized configuration parameter "{name}"')
        return {"columns": [name], "rows": [[values[name]]], "right": [False], "tag": "SHOW"}

    def meta(self, command: str, name: str) -> Message:
        """What psql's backslash commands ask the catalogue for."""
        return describe(self, command, name)

    def dump(self) -> str:
        """The database as statements, for pg_dump."""
        return dump(self)


SETTINGS = {
    "port": "5432", "max_connections": "100", "shared_buffers": "128MB", "timezone": "Etc/UTC",
    "search_path": '"$user", public',
    "server_encoding": "UTF8", "client_encoding": "UTF8", "listen_addresses": "*", "wal_level": "replica",
}  # fmt: skip


def _are_numbers(values: Sequence[Any]) -> bool:
    """Whether a column is one of numbers, which stand at the right."""
    kinds = {type(value) for value in values if value is not None}
    return bool(kinds) and kinds <= {int, float, Decimal}


def _nothing(tag: str) -> Callable[[Session, Cursor], Message]:
    return lambda session, cursor: {"tag": tag}


HANDLERS: dict[str, Callable[[Session, Cursor], Message]] = {
    **dict.fromkeys(("select", "values", "with", "table"), Session.query),
    **dict.fromkeys(("insert", "update", "delete"), Session.change),
    **dict.fromkeys(("begin", "start"), Session.begin),
    **dict.fromkeys(("commit", "end", "rollback", "abort"), Session.end),
    "create": Session.create,
    "drop": Session.drop,
    "alter": Session.alter,
    "truncate": Session.truncate,
    "show": Session.show,
    "savepoint": Session.savepoint,
    "release": Session.savepoint,
    **{verb: _nothing(verb.upper()) for verb in ("set", "reset", "grant", "revoke", "comment", "vacuum", "analyze")},
}
NOT_SIMULATED = frozenset("explain copy lock listen notify do call declare fetch prepare execute merge".split())
CHANGING = frozenset({"insert", "update", "delete", "with", "create", "drop", "alter", "truncate", "commit", "end"})
