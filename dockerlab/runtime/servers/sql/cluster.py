"""`Cluster`: the databases and users of one server, and the files in which they outlive it."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.sql.engine import Database
from dockerlab.runtime.servers.sql.errors import SqlError

CATALOGUE = "dockerlab.json"
CONTENT = "dockerlab.sqlite"


@dataclass
class User:
    """Somebody who may connect; `secret` is the digest of the password, '' for none."""

    name: str
    secret: str = ""
    superuser: bool = False
    host: str = "%"

    def knows(self, password: str) -> bool:
        """Whether a password is the right one."""
        return self.secret == digest(password)


def digest(password: str) -> str:
    """What is kept of a password."""
    return hashlib.sha256(password.encode("utf-8", "surrogateescape")).hexdigest() if password else ""


@dataclass(eq=False)
class Cluster:
    """What a server keeps; `place` says in which folder a database lies, by its name and number."""

    proc: Process
    folder: str
    functions: Callable[[str], Mapping[str, Callable[..., Any]]]
    place: Callable[[str, int], str]
    catalogue: str = CATALOGUE
    numbers: dict[str, int] = field(default_factory=dict)
    """Database → its number."""
    users: dict[str, User] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    busy: dict[str, object] = field(default_factory=dict)
    """Database → the session that has a transaction open in it."""
    _open: dict[str, Database] = field(default_factory=dict)

    @property
    def _index(self) -> str:
        return posixpath.join(self.folder, self.catalogue)

    @property
    def is_new(self) -> bool:
        """Whether there is nothing yet in the folder."""
        return not self.proc.fs.exists(self._index)

    def load(self) -> None:
        """Read what an earlier server left. Raises SqlError for what is damaged."""
        try:
            body = json.loads(self.proc.fs.read(self._index))
            self.numbers = {str(name): int(number) for name, number in body["databases"].items()}
            self.users = {raw["name"]: User(**raw) for raw in body["users"]}
            self.settings = dict(body["settings"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SqlError("other", text=f"the file {CATALOGUE} is damaged") from None

    def save(self) -> None:
        """Write who there is and which databases there are."""
        users = [vars(user) for user in self.users.values()]
        body = {"databases": self.numbers, "users": users, "settings": self.settings}
        self._write(self._index, json.dumps(body, indent=1).encode() + b"\n")

    def _write(self, path: str, data: bytes) -> None:
        stream = self.proc.open(path, "w")
        stream.write(data)
        stream.close()

    # Databases.

    def _path(self, name: str) -> str:
        return posixpath.join(self.folder, self.place(name, self.numbers[name]), CONTENT)

    def database(self, name: str) -> Database:
        """A database of this cluster, read when somebody first asks for it."""
        if name not in self._open:
            path = self._path(name)
            data = self.proc.fs.content(path).read() if self.proc.fs.exists(path) else b""
            self._open[name] = Database(self.functions(name), data)
        return self._open[name]

    def create(self, name: str, number: int) -> None:
        """Make an empty database."""
        self.numbers[name] = number
        folder = posixpath.dirname(self._path(name))
        if not self.proc.fs.exists(folder):
            self.proc.fs.mkdir(folder, 0o700, parents=True, uid=self.proc.uid, gid=self.proc.gid)
        self.keep(name)
        self.save()

    def keep(self, name: str) -> None:
        """Write a database to its file."""
        self._write(self._path(name), self.database(name).dump())

    def drop(self, name: str) -> None:
        """Remove a database with its files."""
        folder = posixpath.dirname(self._path(name))
        if self.proc.fs.exists(folder):
            self.proc.fs.remove_tree(folder)
        del self.numbers[name]
        self._open.pop(name, None)
        self.save()
