"""One client's session with MySQL: which statement is what, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from decimal import Decimal
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.kernel import Until
from dockerlab.runtime.servers.mysql import dialect, showing
from dockerlab.runtime.servers.mysql.brand import Brand
from dockerlab.runtime.servers.sql.cluster import Cluster, User, digest
from dockerlab.runtime.servers.sql.create import read_column, read_table
from dockerlab.runtime.servers.sql.engine import Database, Result
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.rewrite import check_depth, render
from dockerlab.runtime.servers.sql.schema import Key
from dockerlab.runtime.servers.sql.tokens import STRING, Cursor, Token, identifier, literal, split, tokenize
from dockerlab.runtime.servers.sql.wire import Message

SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


class Session:
    """What a connection has: a user, a database or none, perhaps a transaction."""

    def __init__(self, cluster: Cluster, brand: Brand, user: User, database: str) -> None:
        self.cluster, self.brand, self.user, self.database = cluster, brand, user, database
        self.ending: Callable[[], None] = lambda: None

    @property
    def db(self) -> Database:
        """The database that is used; without one, statements that need none run in the server's own."""
        return self.cluster.database(self._place)

    @property
    def _place(self) -> str:
        return self.database or "mysql"

    def execute(self, script: str) -> Generator[Wait, Any, list[Message]]:
        """Run statements; the first that fails ends it."""
        answers: list[Message] = []
        for statement in split(script, comments="--#"):
            yield Until(self._is_free)
            place = self._place
            try:
                answer = self._run(statement.text)
            except SqlError as error:
                words = dialect.explain(error, self.brand, self.database, statement.text, self.db.last_row)
                answers.append({"error": words, "statement": statement.text})
                break
            answers.append({**answer, "statement": statement.text, "database": self.database})
            self._hold(place)
        return answers

    def _is_free(self) -> bool:
        return self.cluster.busy.get(self._place, self) is self

    def _hold(self, place: str) -> None:
        if place in self.cluster.numbers and self.cluster.database(place).in_transaction:
            self.cluster.busy[place] = self
        else:
            self.cluster.busy.pop(place, None)

    def close(self) -> None:
        """The client is gone: what it did not commit never was."""
        for place in [name for name, owner in self.cluster.busy.items() if owner is self]:
            self.cluster.database(place).run("rollback")
            self.cluster.busy.pop(place)

    def _run(self, text: str) -> Message:
        tokens = tokenize(text, comments="--#")
        check_depth(tokens)
        handler = HANDLERS.get(tokens[0].low)
        if handler is None:
            kind = "unsupported" if tokens[0].low in NOT_SIMULATED else "syntax"
            raise SqlError(kind, near=tokens[0].text)
        answer = handler(self, Cursor(tokens), text)
        if tokens[0].low in CHANGING and self._place in self.cluster.numbers and not self.db.in_transaction:
            self.cluster.keep(self._place)
        return answer

    # Rows.

    def query(self, cursor: Cursor, text: str) -> Message:
        """SELECT."""
        result = self.db.run(self._rendered(cursor.tokens))
        return self._rows(result, dialect.headers(cursor.tokens, text, result.columns))

    def _rendered(self, tokens: Sequence[Token]) -> str:
        kept, at = list[Token](), 0
        while at < len(tokens):
            if tokens[at + 1 : at + 2] and tokens[at + 1].text == "." and tokens[at].name == self.database:
                at += 2
            kept.append(tokens[at])
            at += 1
        text = render(kept, dialect.RULES)
        if "mysql.user" not in text:
            return text
        users = " union all ".join(
            f"select {literal(user.name)} as user, {literal(user.host)} as host" for user in self.cluster.users.values()
        )
        return text.replace("mysql.user", f"({users})")

    def _rows(self, result: Result, names: Sequence[str]) -> Message:
        rows = [[dialect.cell(value) for value in row] for row in result.rows]
        right = [_are_numbers([row[at] for row in result.rows]) for at in range(len(names))]
        return {"columns": list(names), "rows": rows, "right": right}

    def change(self, cursor: Cursor, text: str) -> Message:
        """INSERT, UPDATE, DELETE, REPLACE."""
        self._need_database()
        self.db.last_row = None
        tokens = [token for token in cursor.tokens if token.low != "low_priority"]
        if tokens[1:2] and tokens[1].low == "ignore":
            tokens[1] = Token(tokens[1].kind, "or ignore", tokens[1].at)
        try:
            return {"affected": self.db.run(self._rendered(tokens)).changed}
        except SqlError as error:
            if error.kind == "null" and error.facts["column"] not in [token.name for token in tokens]:
                error.kind = "no_default"
            raise

    def _need_database(self) -> None:
        if not self.database:
            raise SqlError("no_database")

    # Tables.

    def create(self, cursor: Cursor, text: str) -> Message:
        """CREATE something."""
        cursor.take()
        what = cursor.take().low
        if what == "temporary":
            what = cursor.take().low
        if what in ("database", "schema"):
            return self._create_database(cursor)
        if what == "user":
            return self._create_user(cursor)
        self._need_database()
        if what == "table":
            return self._create_table(cursor)
        if what not in ("index", "unique", "view"):
            raise SqlError("unsupported")
        self.db.run(self._rendered(cursor.tokens))
        if what != "view":
            self._note_index(cursor.tokens)
        return {"affected": 0}

    def _note_index(self, tokens: Sequence[Token]) -> None:
        at = next((at for at, token in enumerate(tokens) if token.low == "on"), 0)
        inner = Cursor(tokens[at + 2 :])
        table = self.db.tables.get(tokens[at + 1].name)
        if table is not None:
            columns = [token.name for token in inner.group() if token.text != ","]
            unique = tokens[1].low == "unique"
            (table.keys if unique else table.indexes).append(Key(tokens[at - 1].name, columns))

    def _create_table(self, cursor: Cursor) -> Message:
        lenient = cursor.words("if", "not", "exists")
        name = self._name(cursor)
        if name in self.db.tables:
            if lenient:
                return {"affected": 0, "warnings": 1}
            raise SqlError("exists", name=name)
        body = cursor.group()
        if not body:
            raise SqlError(
                "unsupported" if cursor.here.low in ("as", "like", "select") else "syntax", near=cursor.here.text
            )
        self.db.create(read_table(name, body, dialect.TYPES), rowid=True)
        return {"affected": 0}

    def _name(self, cursor: Cursor) -> str:
        token = cursor.take()
        if cursor.here.text == ".":
            cursor.take()
            token = cursor.take()
        return token.name

    def alter(self, cursor: Cursor, text: str) -> Message:
        """ALTER TABLE … ADD COLUMN; ALTER USER … IDENTIFIED BY."""
        cursor.take()
        if cursor.words("user"):
            return self._set_password(self._user_name(cursor), cursor)
        if not cursor.words("table"):
            raise SqlError("unsupported")
        self._need_database()
        name = self._name(cursor)
        table = self.db.tables.get(name)
        if table is None:
            raise SqlError("no_table", name=name)
        if not cursor.words("add") or cursor.here.low in ("constraint", "primary", "unique", "foreign", "index", "key"):
            raise SqlError("unsupported")
        cursor.words("column")
        column = read_column(table, cursor, dialect.TYPES)
        default = f" default ({column.default})" if column.default else ""
        self.db.run(f"alter table {identifier(name)} add column {identifier(column.name)} {column.stored}{default}")
        table.columns.append(column)
        return {"affected": 0}

    def drop(self, cursor: Cursor, text: str) -> Message:
        """DROP something."""
        cursor.take()
        what = cursor.take().low
        lenient = cursor.words("if", "exists")
        if what in ("database", "schema"):
            return self._drop_database(self._name(cursor), lenient)
        if what == "user":
            self.cluster.users.pop(self._user_name(cursor), None)
            self.cluster.save()
            return {"affected": 0}
        if what not in ("table", "view"):
            raise SqlError("unsupported")
        self._need_database()
        while cursor.here.text:
            name = self._name(cursor)
            self._drop_one(what, name, lenient)
            cursor.take()
        return {"affected": 0}

    def _drop_one(self, what: str, name: str, lenient: bool) -> None:
        try:
            self.db.run(f"drop {what} {identifier(name)}")
            self.db.forget(name)
        except SqlError as error:
            if error.kind != "no_table":
                raise
            if not lenient:
                raise SqlError("unknown_table", name=name) from None

    def truncate(self, cursor: Cursor, text: str) -> Message:
        """TRUNCATE: no rows any more."""
        cursor.take()
        cursor.words("table")
        self._need_database()
        self.db.run(f"delete from {identifier(self._name(cursor))}")
        return {"affected": 0}

    # Databases and users.

    def use(self, cursor: Cursor, text: str) -> Message:
        """USE a database."""
        cursor.take()
        name = cursor.take().name
        if name not in (*self.cluster.numbers, *SYSTEM):
            raise SqlError("unknown_database", name=name)
        self.database = name
        return {"used": name}

    def _create_database(self, cursor: Cursor) -> Message:
        lenient = cursor.words("if", "not", "exists")
        name = cursor.take().name
        if name in (*self.cluster.numbers, *SYSTEM):
            if lenient:
                return {"affected": 1}
            raise SqlError("database_exists", name=name)
        self.cluster.create(name, len(self.cluster.numbers) + 1)
        return {"affected": 1}

    def _drop_database(self, name: str, lenient: bool) -> Message:
        if name not in self.cluster.numbers or name in SYSTEM:
            if lenient:
                return {"affected": 0}
            raise SqlError("no_drop", name=name)
        tables = len(self.cluster.database(name).tables)
        self.cluster.drop(name)
        self.database = "" if self.database == name else self.database
        return {"affected": tables}

    def _user_name(self, cursor: Cursor) -> str:
        """'joe'@'%', joe@localhost, 'joe'."""
        name = cursor.take().value
        if cursor.here.text == "@":
            cursor.take()
            cursor.take()
        elif cursor.here.text.startswith("@"):
            cursor.take()
        return name

    def _create_user(self, cursor: Cursor) -> Message:
        lenient = cursor.words("if", "not", "exists")
        name = self._user_name(cursor)
        if name in self.cluster.users:
            if lenient:
                return {"affected": 0}
            raise SqlError("user_exists", name=name)
        self.cluster.users[name] = User(name)
        return self._set_password(name, cursor)

    def _set_password(self, name: str, cursor: Cursor) -> Message:
        words = [token for token in cursor.tokens[cursor.at :] if token.kind == STRING]
        if name in self.cluster.users and words:
            self.cluster.users[name].secret = digest(words[-1].value)
        self.cluster.save()
        return {"affected": 0}

    # Transactions, settings, questions.

    def begin(self, cursor: Cursor, text: str) -> Message:
        """BEGIN; an open transaction is committed first."""
        if self.db.in_transaction:
            self.db.run("commit")
        self.db.run("begin")
        return {"affected": 0}

    def end(self, cursor: Cursor, text: str) -> Message:
        """COMMIT or ROLLBACK."""
        if self.db.in_transaction:
            self.db.run(cursor.tokens[0].low)
        return {"affected": 0}

    def show(self, cursor: Cursor, text: str) -> Message:
        """SHOW something."""
        cursor.take()
        return showing.show(self, cursor)

    def describe(self, cursor: Cursor, text: str) -> Message:
        """DESCRIBE a table."""
        cursor.take()
        return showing.columns_of(self, self._name(cursor))

    def shut_down(self, cursor: Cursor, text: str) -> Message:
        """SHUTDOWN."""
        self.ending()
        return {"affected": 0}

    def nothing(self, cursor: Cursor, text: str) -> Message:
        """Statements without effect here."""
        return {"affected": 0}


def _are_numbers(values: Sequence[Any]) -> bool:
    kinds = {type(value) for value in values if value is not None}
    return bool(kinds) and kinds <= {int, float, Decimal}


HANDLERS: dict[str, Callable[[Session, Cursor, str], Message]] = {
    **dict.fromkeys(("select", "values", "with"), Session.query),
    **dict.fromkeys(("insert", "update", "delete", "replace"), Session.change),
    **dict.fromkeys(("begin", "start"), Session.begin),
    **dict.fromkeys(("commit", "rollback"), Session.end),
    **dict.fromkeys(("describe", "desc"), Session.describe),
    **dict.fromkeys(("grant", "revoke", "flush", "set", "lock", "unlock", "analyze", "optimize"), Session.nothing),
    "create": Session.create,
    "drop": Session.drop,
    "alter": Session.alter,
    "truncate": Session.truncate,
    "use": Session.use,
    "show": Session.show,
    "shutdown": Session.shut_down,
}
NOT_SIMULATED = frozenset("explain call load handler prepare execute kill rename xa savepoint release".split())
CHANGING = frozenset("insert update delete replace create drop alter truncate commit".split())
