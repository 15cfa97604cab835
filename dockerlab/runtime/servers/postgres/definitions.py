"""What CREATE, ALTER, DROP and TRUNCATE do in PostgreSQL: tables and what belongs to them, databases, users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dockerlab.runtime.servers.postgres import dialect
from dockerlab.runtime.servers.postgres.series import with_series
from dockerlab.runtime.servers.sql.cluster import Cluster, User, digest
from dockerlab.runtime.servers.sql.create import read_column, read_table
from dockerlab.runtime.servers.sql.engine import Database
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.rewrite import render
from dockerlab.runtime.servers.sql.schema import Key, Table
from dockerlab.runtime.servers.sql.tokens import STRING, Cursor, Token, identifier
from dockerlab.runtime.servers.sql.wire import Message

FIRST_NUMBER = 16_384
"""The first object identifier that is not PostgreSQL's own (FirstNormalObjectId)."""
CONSTRAINTS = frozenset({"constraint", "primary", "unique", "foreign", "check"})
LEFT_OUT = frozenset({"cascade", "restrict"})


class Failure(Exception):
    """A statement failed, in the server's words."""

    def __init__(self, text: str, near: str = "", detail: str = "") -> None:
        super().__init__(text)
        self.text, self.near, self.detail = text, near, detail


class Definitions:
    """A connection to a database, as far as its definitions go."""

    def __init__(self, cluster: Cluster, user: User, database: str) -> None:
        self.cluster, self.user, self.database = cluster, user, database
        self.failed = False
        """Whether a statement of the open transaction failed."""
        self.notices: list[str] = []

    @property
    def db(self) -> Database:
        """The database that the session is connected to."""
        return self.cluster.database(self.database)

    def _rendered(self, tokens: Sequence[Token]) -> str:
        return render(with_series(_without_schema(tokens)), dialect.RULES)

    def create(self, cursor: Cursor) -> Message:
        """CREATE something."""
        cursor.take()
        if cursor.words("or", "replace"):
            pass
        what = cursor.take().low
        if what in ("temp", "temporary", "unlogged", "unique"):
            what = cursor.take().low
        maker = {
            "table": self._create_table, "index": self._create_index, "view": self._create_view,
            "database": self._create_database, "user": self._create_user, "role": self._create_user,
        }.get(what)  # fmt: skip
        if maker is None:
            raise SqlError("unsupported")
        return maker(cursor)

    def _create_table(self, cursor: Cursor) -> Message:
        lenient = cursor.words("if", "not", "exists")
        name = self._name(cursor)
        body = cursor.group()
        if not body and cursor.here.text:
            raise SqlError("unsupported" if cursor.here.low == "as" else "syntax", near=cursor.here.text)
        if name in self.db.tables or name in self.db.views():
            if not lenient:
                raise SqlError("exists", name=name)
            self.notices.append(f'NOTICE:  relation "{name}" already exists, skipping')
            return {"tag": "CREATE TABLE"}
        table = read_table(name, body, dialect.TYPES)
        _number(table)
        self.db.create(table, rowid=False)
        return {"tag": "CREATE TABLE"}

    def _create_index(self, cursor: Cursor) -> Message:
        self.db.run(self._rendered([token for token in cursor.tokens if token.low != "concurrently"]))
        unique = cursor.tokens[1].low == "unique"
        at = next((at for at, token in enumerate(cursor.tokens) if token.low == "on"), 0)
        inner = Cursor(cursor.tokens[at + 1 :])
        table = self.db.tables.get(self._name(inner))
        while inner.here.text not in ("(", ""):
            inner.take()
        columns = [token.name for token in inner.group() if token.text != ","]
        if table is not None:
            key = Key(cursor.tokens[at - 1].name, columns)
            (table.keys if unique else table.indexes).append(key)
        return {"tag": "CREATE INDEX"}

    def _create_view(self, cursor: Cursor) -> Message:
        name = self._name(cursor)
        if cursor.tokens[1].low == "or" and name in self.db.views():
            self.db.run(f"drop view {identifier(name)}")
        rest = [token for token in cursor.tokens if token.low not in ("or", "replace")]
        self.db.run(self._rendered(rest))
        return {"tag": "CREATE VIEW"}

    def _name(self, cursor: Cursor) -> str:
        """A name, perhaps with its schema before it, folded unless it is quoted."""
        token = cursor.take()
        if cursor.here.text == ".":
            cursor.take()
            token = cursor.take()
        return token.low or token.name

    def drop(self, cursor: Cursor) -> Message:
        """DROP something."""
        cursor.take()
        what = cursor.take().low
        lenient = cursor.words("if", "exists")
        if what in ("database", "user", "role"):
            return self._drop_outside(what, self._name(cursor), lenient)
        if what not in ("table", "view", "index"):
            raise SqlError("unsupported")
        while cursor.here.text and cursor.here.low not in LEFT_OUT:
            self._drop_one(what, self._name(cursor), lenient)
            if cursor.here.text == ",":
                cursor.take()
        return {"tag": f"DROP {what.upper()}"}

    def _drop_one(self, what: str, name: str, lenient: bool) -> None:
        try:
            self.db.run(f"drop {what} {identifier(name)}")
        except SqlError as error:
            if error.kind not in ("no_table", "no_index"):
                raise
            if not lenient:
                raise Failure(f'{what} "{name}" does not exist') from None
            self.notices.append(f'NOTICE:  {what} "{name}" does not exist, skipping')
        if what == "table":
            self.db.forget(name)

    def alter(self, cursor: Cursor) -> Message:
        """ALTER TABLE … ADD, DROP, RENAME; ALTER USER … PASSWORD."""
        cursor.take()
        what = cursor.take().low
        if what in ("user", "role"):
            return self._set_password(self._name(cursor), cursor)
        if what != "table":
            raise SqlError("unsupported")
        cursor.words("only")
        name = self._name(cursor)
        table = self.db.tables.get(name)
        if table is None:
            raise SqlError("no_table", near=name, name=name)
        self._alter_table(table, cursor)
        return {"tag": "ALTER TABLE"}

    def _alter_table(self, table: Table, cursor: Cursor) -> None:
        head = f"alter table {identifier(table.name)}"
        if cursor.words("add", "column") or (cursor.words("add") and cursor.here.low not in CONSTRAINTS):
            column = read_column(table, cursor, dialect.TYPES)
            default = f" default ({column.default})" if column.default else ""
            self.db.run(f"{head} add column {identifier(column.name)} {column.stored}{default}")
            table.columns.append(column)
        else:
            raise SqlError("unsupported")

    def truncate(self, cursor: Cursor) -> Message:
        """TRUNCATE: no rows any more."""
        cursor.take()
        cursor.words("table")
        while cursor.here.text and cursor.here.low not in (*LEFT_OUT, "restart", "continue"):
            self.db.run(f"delete from {identifier(self._name(cursor))}")
            if cursor.here.text == ",":
                cursor.take()
        return {"tag": "TRUNCATE TABLE"}

    # Databases and users.

    def _create_database(self, cursor: Cursor) -> Message:
        name = self._name(cursor)
        if name in self.cluster.numbers:
            raise Failure(f'database "{name}" already exists')
        self.cluster.create(name, max([FIRST_NUMBER, *(number + 1 for number in self.cluster.numbers.values())]))
        return {"tag": "CREATE DATABASE"}

    def _create_user(self, cursor: Cursor) -> Message:
        name = self._name(cursor)
        if name in self.cluster.users:
            raise Failure(f'role "{name}" already exists')
        self.cluster.users[name] = User(name)
        self._set_password(name, cursor)
        return {"tag": "CREATE ROLE"}

    def _set_password(self, name: str, cursor: Cursor) -> Message:
        user = self.cluster.users.get(name)
        if user is None:
            raise Failure(f'role "{name}" does not exist')
        while cursor.here.text:
            token = cursor.take()
            if token.low == "password" and cursor.here.kind == STRING:
                user.secret = digest(cursor.take().value)
            elif token.low in ("superuser", "nosuperuser"):
                user.superuser = token.low == "superuser"
        self.cluster.save()
        return {"tag": "ALTER ROLE"}

    def _drop_outside(self, what: str, name: str, lenient: bool) -> Message:
        places: dict[str, Any] = {"database": self.cluster.numbers, "user": self.cluster.users}
        shown = "database" if what == "database" else "role"
        if name not in places["database" if what == "database" else "user"]:
            if not lenient:
                raise Failure(f'{shown} "{name}" does not exist')
            self.notices.append(f'NOTICE:  {shown} "{name}" does not exist, skipping')
        elif what == "database":
            if name == self.database:
                raise Failure("cannot drop the currently open database")
            self.cluster.drop(name)
        else:
            del self.cluster.users[name]
            self.cluster.save()
        return {"tag": f"DROP {shown.upper()}"}


def _number(table: Table) -> None:
    """Let serial columns count, each by a sequence of its own."""
    for column in table.columns:
        if column.serial:
            column.default = f"lab_next('{table.name}_{column.name}_seq')"
            column.default_text = f"nextval('{table.name}_{column.name}_seq'::regclass)"
            column.null = False


def _without_schema(tokens: Sequence[Token]) -> list[Token]:
    """There is one schema: `public.users` is `users`."""
    kept = list(tokens)
    for at in range(len(kept) - 2, -1, -1):
        if kept[at].low in ("public", "pg_catalog") and kept[at + 1].text == ".":
            del kept[at : at + 2]
    return kept
