"""The operations of mongod, by the names that mongosh has for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dockerlab.runtime.servers.mongo.collections import Document, changed, matches, ordered, projected
from dockerlab.runtime.servers.mongo.values import ScriptError

if TYPE_CHECKING:
    from dockerlab.runtime.servers.mongo.server import Mongo

SYSTEM = ("admin", "config", "local")


class Collection:
    """One collection of one database; it comes to be when something is put into it."""

    def __init__(self, server: Mongo, database: str, name: str) -> None:
        self.server, self.database, self.name = server, database, name

    @property
    def documents(self) -> list[Document]:
        """What is in it."""
        return self.server.data.get(self.database, {}).get(self.name, [])

    def keep(self, documents: list[Document]) -> None:
        """Other contents."""
        self.server.data.setdefault(self.database, {})[self.name] = documents
        self.server.save()

    def insert(self, documents: list[Document]) -> list[Any]:
        """Add documents; their identifiers."""
        new = []
        known = [each["_id"] for each in self.documents]
        for document in documents:
            if not isinstance(document, dict):
                raise ScriptError('MongoInvalidArgumentError: Argument "docs" must be an array of documents')
            full = document if "_id" in document else {"_id": {"$oid": self.server.object_id()}, **document}
            if full["_id"] in known:
                raise ScriptError(
                    f"MongoServerError: E11000 duplicate key error collection: {self.database}.{self.name} "
                    f"index: _id_ dup key: {{ _id: {full['_id']!r} }}"
                )
            known.append(full["_id"])
            new.append(full)
        self.keep([*self.documents, *new])
        return [each["_id"] for each in new]

    def find(self, query: Document, options: Document) -> list[Document]:
        """The documents that fit."""
        matches({}, query)  # what is wrong with a query is wrong in an empty collection, too
        found = [each for each in self.documents if matches(each, query)]
        found = ordered(found, options.get("sort") or {})[int(options.get("skip") or 0) :]
        limit = int(options.get("limit") or 0)
        return [projected(each, options.get("projection") or {}) for each in (found[:limit] if limit else found)]

    def update(self, query: Document, update: Document, many: bool) -> tuple[int, int]:
        """Change documents; how many fit, and how many are different now."""
        matched = modified = 0
        result = []
        for each in self.documents:
            if matches(each, query) and (many or not matched):
                after = changed(each, update)
                matched, modified = matched + 1, modified + (after != each)
                result.append(after)
            else:
                result.append(each)
        if modified:
            self.keep(result)
        return matched, modified

    def delete(self, query: Document, many: bool) -> int:
        """Remove documents; how many."""
        gone = 0
        kept = []
        for each in self.documents:
            hit = matches(each, query) and (many or not gone)
            gone += hit
            if not hit:
                kept.append(each)
        if gone:
            self.keep(kept)
        return gone


def _argument(args: list[Any], at: int) -> Document:
    value = args[at] if at < len(args) else {}
    if not isinstance(value, dict):
        raise ScriptError("MongoInvalidArgumentError: Argument must be an object")
    return value


def _insert_one(collection: Collection, args: list[Any], options: Document) -> Any:
    return {"acknowledged": True, "insertedId": collection.insert([_argument(args, 0)])[0]}


def _insert_many(collection: Collection, args: list[Any], options: Document) -> Any:
    documents = args[0] if args and isinstance(args[0], list) else []
    numbers = collection.insert(documents)
    return {"acknowledged": True, "insertedIds": {str(at): number for at, number in enumerate(numbers)}}


def _find(collection: Collection, args: list[Any], options: Document) -> Any:
    return collection.find(_argument(args, 0), {"projection": _argument(args, 1), **options})


def _find_one(collection: Collection, args: list[Any], options: Document) -> Any:
    found = collection.find(_argument(args, 0), {"projection": _argument(args, 1), "limit": 1})
    return found[0] if found else None


def _update(many: bool) -> Operation:
    def run(collection: Collection, args: list[Any], options: Document) -> Any:
        matched, modified = collection.update(_argument(args, 0), _argument(args, 1), many)
        counts = {"matchedCount": matched, "modifiedCount": modified, "upsertedCount": 0}
        return {"acknowledged": True, "insertedId": None, **counts}

    return run


def _delete(many: bool) -> Operation:
    return lambda collection, args, options: {
        "acknowledged": True,
        "deletedCount": collection.delete(_argument(args, 0), many),
    }


def _count(collection: Collection, args: list[Any], options: Document) -> Any:
    return len(collection.find(_argument(args, 0), {}))


def _distinct(collection: Collection, args: list[Any], options: Document) -> Any:
    values = [each.get(str(args[0])) for each in collection.find(_argument(args, 1), {})] if args else []
    return [value for at, value in enumerate(values) if value is not None and value not in values[:at]]


def _drop(collection: Collection, args: list[Any], options: Document) -> Any:
    there = collection.server.data.get(collection.database, {}).pop(collection.name, None)
    collection.server.save()
    return there is not None


Operation = Callable[[Collection, "list[Any]", Document], Any]
OPERATIONS: dict[str, Operation] = {
    "insertOne": _insert_one, "insertMany": _insert_many, "find": _find, "findOne": _find_one,
    "updateOne": _update(False), "updateMany": _update(True), "deleteOne": _delete(False),
    "deleteMany": _delete(True), "countDocuments": _count, "count": _count, "estimatedDocumentCount": _count,
    "distinct": _distinct, "drop": _drop,
}  # fmt: skip


# Of a whole database, and of the server.


def _run_command(server: Mongo, database: str, args: list[Any]) -> Any:
    command = args[0] if args else {}
    name = command if isinstance(command, str) else next(iter(command), "")
    answers: dict[str, Document] = {
        "ping": {"ok": 1},
        "hello": {"isWritablePrimary": True, "maxWireVersion": 25, "ok": 1},
        "buildInfo": {"version": server.version, "gitVersion": "dockerlab", "ok": 1},
        "serverStatus": {"host": server.proc.hostname, "version": server.version, "ok": 1},
        "listDatabases": {"databases": databases(server), "ok": 1},
    }
    if name == "shutdown":
        server.ending.ask()
        return {"ok": 1}
    if name not in answers:
        raise ScriptError(f"MongoServerError: no such command: '{name}'")
    return answers[name]


def databases(server: Mongo) -> list[Document]:
    """All databases with their sizes."""
    return [{"name": name, "sizeOnDisk": _size(server, name), "empty": False} for name in server.names()]


def _size(server: Mongo, name: str) -> int:
    documents = sum(len(each) for each in server.data.get(name, {}).values())
    return 40_960 + 64 * documents


def _drop_database(server: Mongo, database: str, args: list[Any]) -> Any:
    server.data.pop(database, None)
    server.save()
    return {"ok": 1, "dropped": database}


def _create_collection(server: Mongo, database: str, args: list[Any]) -> Any:
    Collection(server, database, str(args[0])).keep([])
    return {"ok": 1}


def _create_user(server: Mongo, database: str, args: list[Any]) -> Any:
    user = _argument(args, 0)
    server.users[str(user.get("user", ""))] = secret(str(user.get("pwd", "")))
    server.save()
    return {"ok": 1}


def secret(password: str) -> str:
    """What is kept of a password."""
    return hashlib.sha256(password.encode("utf-8", "surrogateescape")).hexdigest()


DATABASE: dict[str, Callable[[Mongo, str, list[Any]], Any]] = {
    "runCommand": _run_command,
    "adminCommand": _run_command,
    "version": lambda server, database, args: server.version,
    "getCollectionNames": lambda server, database, args: sorted(server.data.get(database, {})),
    "getName": lambda server, database, args: database,
    "hello": lambda server, database, args: _run_command(server, database, ["hello"]),
    "serverStatus": lambda server, database, args: _run_command(server, database, ["serverStatus"]),
    "dropDatabase": _drop_database,
    "createCollection": _create_collection,
    "createUser": _create_user,
    "shutdownServer": lambda server, database, args: _run_command(server, database, ["shutdown"]),
}
