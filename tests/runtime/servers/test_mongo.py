"""MongoDB and mongosh."""

from __future__ import annotations

import json

import pytest

from tests.runtime.servers.bridge import Node, Site


@pytest.fixture
def db(site: Site) -> Node:
    """A machine with a server."""
    node = site.node("db", MONGO_VERSION="8.0.15")
    node.machine.fs.mkdir("/data/db", uid=999, gid=999)
    node.start("mongod --bind_ip_all", uid=999)
    return node


def ask(node: Node, script: str) -> str:
    """What `mongosh --eval` prints."""
    answer = node.run(["mongosh", "--quiet", "--eval", script])
    return answer.stdout + answer.stderr


def test_the_log_is_json(site: Site) -> None:
    db = site.node("db")
    db.machine.fs.mkdir("/data/db", uid=999, gid=999)
    server = db.start("mongod", uid=999)
    lines = [json.loads(line) for line in server.lines]
    assert lines[0]["msg"] == "MongoDB starting"
    assert lines[-1]["msg"] == "Waiting for connections"
    assert lines[-1]["attr"] == {"port": 27017, "ssl": "off"}
    assert server.lines[-1].startswith(
        '{"t":{"$date":"2026-11-23T15:00:00.000+00:00"},"s":"I",  "c":"NETWORK",  "id":23016,'
    )
    assert server.stop() == 0


def test_questions(db: Node) -> None:
    assert ask(db, "db.version()") == "8.0.15\n"
    assert ask(db, "db.runCommand({ping: 1})") == "{ ok: 1 }\n"
    assert ask(db, "db.adminCommand('ping').ok") == "1\n"
    assert db.run("mongod --version").stdout.startswith("db version v8.0.15\n")


def test_documents(db: Node) -> None:
    inserted = ask(db, 'db.users.insertOne({name: "Ann", age: 30})')
    assert inserted.startswith("{\n  acknowledged: true,\n  insertedId: ObjectId('6b0454f0")
    ask(db, "db.users.insertMany([{name: 'Bob', age: 20}, {name: 'Cy', tags: ['x', 'y'], at: {city: 'Ulm'}}])")
    assert ask(db, "db.users.find({age: {$gt: 25}}, {_id: 0})") == "[ { name: 'Ann', age: 30 } ]\n"
    assert ask(db, "db.users.find({'at.city': 'Ulm'}, {name: 1, _id: 0}).toArray()") == "[ { name: 'Cy' } ]\n"
    assert (
        ask(db, "db.users.find({}, {_id: 0, name: 1}).sort({name: -1}).limit(2)")
        == "[ { name: 'Cy' }, { name: 'Bob' } ]\n"
    )
    assert ask(db, "db.users.updateOne({name: 'Bob'}, {$set: {age: 21}, $inc: {seen: 1}}).modifiedCount") == "1\n"
    assert ask(db, "db.users.findOne({name: 'Bob'}).age") == "21\n"
    assert ask(db, "db.users.deleteMany({age: {$exists: true}})") == "{ acknowledged: true, deletedCount: 2 }\n"
    assert ask(db, "db.users.countDocuments()") == "1\n"
    assert db.run("mongosh", "use shop\ndb.things.insertOne({_id: 1})\nshow collections\n").stdout == (
        "switched to db shop\n{ acknowledged: true, insertedId: 1 }\nthings\n"
    )


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("db.users.insertOne({_id: 1}); db.users.insertOne({_id: 1})", "MongoServerError: E11000 duplicate key error"),
        ("db.users.find({a: {$near: 1}})", "MongoServerError: unknown operator: $near"),
        ("db.users.mapReduce()", "TypeError: db.users.mapReduce is not a function"),
        ("foo", "ReferenceError: foo is not defined"),
        ("db.users.find({", "SyntaxError: Unexpected token"),
        ("require('fs').readFileSync('/etc/passwd')", "ReferenceError: require is not defined"),
    ],
)
def test_errors(db: Node, script: str, text: str) -> None:
    answer = db.run(["mongosh", "--eval", script])
    assert answer.stderr.startswith(text)
    assert answer.exit_code == 1


def test_data_outlives_the_server(db: Node) -> None:
    ask(db, "db.users.insertOne({name: 'Ann'})")
    db.machine.processes[1].kill(9)
    db.start("mongod", uid=999)
    assert ask(db, "db.users.countDocuments({name: 'Ann'})") == "1\n"


def test_users(site: Site) -> None:
    names = {"MONGO_INITDB_ROOT_USERNAME": "root", "MONGO_INITDB_ROOT_PASSWORD": "geheim"}
    db, app = site.node("db", **names), site.node("app")
    db.machine.fs.mkdir("/data/db", uid=999, gid=999)
    db.start("mongod --auth --bind_ip_all", uid=999)
    assert ask(db, "db.adminCommand('ping').ok") == "1\n"
    assert ask(db, "db.users.find()") == "MongoServerError: Command find requires authentication\n"
    right = ["mongosh", "mongodb://root:geheim@db:27017/shop", "--eval", "db.getName()"]
    assert app.run(right).stdout == "shop\n"
    wrong = app.run("mongosh --host db -u root -p x --eval 1")
    assert (wrong.stderr, wrong.exit_code) == ("MongoServerError: Authentication failed.\n", 1)


def test_who_can_t_be_reached(site: Site) -> None:
    app = site.node("app")
    assert ask(app, "1") == "MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017\n"
    assert app.run("mongosh mongodb://db --eval 1").stderr == "MongoNetworkError: getaddrinfo ENOTFOUND db\n"
