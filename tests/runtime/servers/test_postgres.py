"""PostgreSQL and psql; texts as PostgreSQL 15 gave them to the same statements, in the layout of 17."""

from __future__ import annotations

import pytest

from tests.runtime.servers.bridge import Node, Site

MAKE = """CREATE TABLE users (id SERIAL PRIMARY KEY, name VARCHAR(5) NOT NULL, email TEXT UNIQUE, age INT DEFAULT 18,
  ok BOOLEAN, price NUMERIC(10,2), born DATE, at TIMESTAMP DEFAULT now());
INSERT INTO users (name, email, age, ok, price) VALUES ('Ann', 'a@x', 30, true, 1.5), ('Bob', NULL, NULL, false, 20);
"""


@pytest.fixture
def db(site: Site) -> Node:
    """A machine with a server, as the image's entrypoint leaves it."""
    node = site.node("db", PGDATA="/data/pg", PGUSER="postgres", PG_VERSION="17.7-3.pgdg12+1")
    assert node.start("initdb -U postgres", uid=999).proc.exit_code == 0
    node.start("postgres", uid=999)
    return node


def test_the_log_of_a_start_and_an_end(db: Node) -> None:
    server = next(each for each in db.machine.alive() if each.argv[0] == "postgres")
    assert db.run("ls /data/pg").stdout.split()[:3] == ["PG_VERSION", "base", "global"]
    assert db.run("pg_isready").stdout == "/var/run/postgresql:5432 - accepting connections\n"
    assert db.run("pg_ctl stop").stdout == "waiting for server to shut down.... done\nserver stopped\n"
    assert server.exit_code == 0
    again = db.start("postgres", uid=999)
    assert [line.split("] ")[1] for line in again.lines[1:]] == [
        'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
        'LOG:  listening on IPv6 address "::", port 5432',
        'LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"',
        "LOG:  database system was shut down at 2026-11-23 15:00:00 UTC",
        "LOG:  database system is ready to accept connections",
    ]
    again.stop()
    assert again.lines[-1].endswith("LOG:  database system is shut down")


def test_tables(db: Node) -> None:
    assert db.run("psql", MAKE).stdout == "CREATE TABLE\nINSERT 0 2\n"
    assert db.run(["psql", "-c", "SELECT id, name, email, age, ok, price FROM users;"]).stdout == (
        " id | name | email | age | ok | price \n"
        "----+------+-------+-----+----+-------\n"
        "  1 | Ann  | a@x   |  30 | t  |  1.50\n"
        "  2 | Bob  |       |     | f  | 20.00\n"
        "(2 rows)\n\n"
    )
    assert db.run(["psql", "-tAc", "SELECT name, age FROM users ORDER BY id"]).stdout == "Ann|30\nBob|\n"
    assert db.run(["psql", "-c", "SELECT age FROM users WHERE age > 99"]).stdout == " age \n-----\n(0 rows)\n\n"
    expanded = "-[ RECORD 1 ]\nname | Ann\nage  | 30\n\n"
    assert db.run(["psql", "-x", "-c", "SELECT name, age FROM users WHERE id = 1"]).stdout == expanded
    assert db.run(["psql", "--csv", "-c", "SELECT 1 AS a, 'x,y' AS b"]).stdout == 'a,b\n1,"x,y"\n'


def test_the_catalogue(db: Node) -> None:
    db.run("psql", MAKE + "CREATE INDEX by_age ON users (age);")
    assert db.run(["psql", "-c", "\\dt"]).stdout == (
        "         List of relations\n Schema | Name  | Type  |  Owner   \n"
        "--------+-------+-------+----------\n public | users | table | postgres\n(1 row)\n\n"
    )
    shown = db.run(["psql", "-c", "\\d users"]).stdout
    assert " id     | integer                     |           | not null | nextval('users_id_seq'::regclass)\n" in shown
    assert shown.endswith(
        'Indexes:\n    "users_pkey" PRIMARY KEY, btree (id)\n    "by_age" btree (age)\n'
        '    "users_email_key" UNIQUE CONSTRAINT, btree (email)\n\n'
    )
    assert "server_version" in db.run(["psql", "-c", "SHOW server_version"]).stdout
    version = db.run(["psql", "-tAc", "SELECT version()"]).stdout
    assert version.startswith("PostgreSQL 17.7 (Debian 17.7-3.pgdg12+1) on x86_64-pc-linux-gnu, compiled by gcc")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT generate_series(1, 3)", "1\n2\n3\n"),
        ("SELECT i * i FROM generate_series(1, 9, 4) AS i", "1\n25\n81\n"),
        ("SELECT n FROM generate_series(2, 1) g(n)", ""),
        ("SELECT '7'::int + 1, 'a' || 1::text", "8|a1\n"),
        ("SELECT now() > '2026-01-01', 1 = 2, true", "t|f|t\n"),
        ("SELECT count(*) FROM (SELECT generate_series(1, 50000)) x", "50000\n"),
    ],
)
def test_what_sqlite_lacks(db: Node, query: str, rows: str) -> None:
    assert db.run(["psql", "-tAc", query]).stdout == rows


REFUSED = {
    "INSERT INTO users (name, email) VALUES ('C', 'a@x');": "ERROR:  duplicate key value violates unique constraint "
    '"users_email_key"\nDETAIL:  Key (email)=(a@x) already exists.\n',
    "INSERT INTO users (name) VALUES ('Charlotte');": "ERROR:  value too long for type character varying(5)\n",
    "INSERT INTO users (name, age) VALUES ('a', 'abc');": 'ERROR:  invalid input syntax for type integer: "abc"\n'
    "LINE 1: INSERT INTO users (name, age) VALUES ('a', 'abc');\n" + " " * 51 + "^\n",
    "SELECT * FROM nope;": 'ERROR:  relation "nope" does not exist\nLINE 1: SELECT * FROM nope;\n' + " " * 22 + "^\n",
    "SELECT x FROM users;": 'ERROR:  column "x" does not exist\nLINE 1: SELECT x FROM users;\n               ^\n',
    "SELEC 1;": 'ERROR:  syntax error at or near "SELEC"\nLINE 1: SELEC 1;\n        ^\n',
    "CREATE TABLE users (id int);": 'ERROR:  relation "users" already exists\n',
    "DROP TABLE nope;": 'ERROR:  table "nope" does not exist\n',
    "CREATE DATABASE postgres;": 'ERROR:  database "postgres" already exists\n',
    "COPY users FROM stdin;": "ERROR:  dockerlab's PostgreSQL does not simulate this statement\n",
}


@pytest.mark.parametrize(("statement", "text"), REFUSED.items())
def test_errors(db: Node, statement: str, text: str) -> None:
    db.run("psql", MAKE)
    answer = db.run(["psql", "-c", statement])
    assert answer.stderr == text
    assert answer.exit_code == 1


def test_a_null_where_none_may_be(db: Node) -> None:
    db.run("psql", MAKE)
    assert db.run(["psql", "-c", "INSERT INTO users (email) VALUES ('b@x')"]).stderr.startswith(
        'ERROR:  null value in column "name" of relation "users" violates not-null constraint\n'
        "DETAIL:  Failing row contains (3, null, b@x, 18, null, null, null, 2026-11-23 15:00:"
    )


ESCAPES = [
    "ATTACH DATABASE '/tmp/x' AS x",
    "PRAGMA database_list",
    "VACUUM INTO '/tmp/x'",
    "SELECT load_extension('/tmp/x')",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM pragma_database_list",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
    "SELECT zeroblob(1000000000)",
    "SELECT hex(randomblob(8))",
    "SELECT datetime('now')",
    "CREATE VIRTUAL TABLE t USING fts5(a)",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "SELECT 1" + " + 1" * 20000,
    "SELECT 'open",
    "SELECT 1 /* open",
]


@pytest.mark.parametrize("statement", ESCAPES)
def test_nothing_leads_out_and_nothing_runs_away(db: Node, statement: str) -> None:
    answer = db.run(["psql", "-tAc", statement])
    assert answer.stdout in ("", "VACUUM\n", "1\n")
    assert answer.exit_code == 1 or answer.stdout in ("VACUUM\n", "1\n")
    assert db.run(["psql", "-tAc", "SELECT 1"]).stdout == "1\n"


def test_a_script_goes_on_after_an_error_unless_told_to_stop(db: Node) -> None:
    script = "SELECT 1;\nSELEC;\nSELECT 2;\n"
    assert db.run("psql -tA", script).stdout == "1\n2\n"
    stopped = db.run("psql -tA -v ON_ERROR_STOP=1", script)
    assert (stopped.stdout, stopped.exit_code) == ("1\n", 3)
    db.machine.fs.write("/data/x.sql", script.encode())
    assert db.run("psql -tAf x.sql").stderr.startswith('psql:x.sql:2: ERROR:  syntax error at or near "SELEC"\n')


def test_transactions_keep_others_out(db: Node) -> None:
    db.run("psql", MAKE)
    said = db.run("psql", "BEGIN;\nUPDATE users SET age = 1;\nROLLBACK;\nSELECT age FROM users WHERE id = 1;\n").stdout
    assert said.startswith("BEGIN\nUPDATE 2\nROLLBACK\n age \n-----\n  30\n")
    failed = db.run("psql", "BEGIN;\nSELECT x;\nSELECT 1;\nCOMMIT;\n")
    assert failed.stderr.splitlines()[-1].startswith("ERROR:  current transaction is aborted, commands ignored")
    assert failed.stdout == "BEGIN\nROLLBACK\n"


def test_data_outlives_the_server(db: Node) -> None:
    db.run("psql", MAKE + "CREATE DATABASE shop;")
    db.machine.processes[2].kill(9)
    db.start("postgres", uid=999)
    assert db.run(["psql", "-tAc", "SELECT count(*) FROM users"]).stdout == "2\n"
    assert db.run(["psql", "-tAc", "INSERT INTO users (name) VALUES ('Zoe') RETURNING id"]).stdout == "3\nINSERT 0 1\n"
    assert db.run("psql -d shop -c '\\dt'").stderr == "Did not find any relations.\n"


def test_tables_that_refer_to_each_other(db: Node) -> None:
    db.run(
        "psql",
        MAKE + "CREATE TABLE orders (id INT PRIMARY KEY, who INT NOT NULL REFERENCES users(id) ON DELETE CASCADE, "
        "price NUMERIC(5,2) CHECK (price > 0));\nINSERT INTO orders VALUES (1, 1, 2);\n",
    )
    told = 'ERROR:  insert or update on table "orders" violates foreign key constraint\n'
    assert db.run(["psql", "-c", "INSERT INTO orders VALUES (2, 7, 3)"]).stderr == told
    told = 'ERROR:  new row for relation "orders" violates check constraint "orders_price_check"\n'
    assert db.run(["psql", "-c", "INSERT INTO orders VALUES (2, 1, -3)"]).stderr == told
    told = "ERROR:  numeric field overflow\n"
    assert db.run(["psql", "-c", "INSERT INTO orders VALUES (2, 1, 1000)"]).stderr == told
    assert db.run(["psql", "-tAc", "DELETE FROM users WHERE id = 1"]).stdout == "DELETE 1\n"
    assert db.run(["psql", "-tAc", "SELECT count(*) FROM orders"]).stdout == "0\n"
    assert db.run(["psql", "-c", "DROP TABLE users, orders CASCADE"]).stdout == "DROP TABLE\n"


def test_a_dump_can_be_restored(db: Node) -> None:
    db.run("psql", MAKE)
    db.run("createdb copy")
    dumped = db.run("pg_dump postgres").stdout
    assert db.run("psql -q -v ON_ERROR_STOP=1 copy", dumped).exit_code == 0
    query = ["-tAc", "SELECT id, name, ok, price FROM users"]
    assert db.run(["psql", "copy", *query]).stdout == db.run(["psql", *query]).stdout == "1|Ann|t|1.50\n2|Bob|f|20.00\n"


def test_from_another_machine_a_password_is_asked_for(db: Node, site: Site) -> None:
    app = site.node("app")
    db.run(["psql", "-c", "ALTER USER postgres PASSWORD 'geheim'"])
    assert app.run("nc -z db 5432").exit_code == 0
    query = "psql -h db -U postgres -tAc 'SELECT 1'"
    head = 'psql: error: connection to server at "db" (172.20.0.2), port 5432 failed: '
    assert app.run(query).stderr == f"{head}fe_sendauth: no password supplied\n"
    wrong = f'{head}FATAL:  password authentication failed for user "postgres"\n'
    assert app.run(query, env={"PGPASSWORD": "x"}).stderr == wrong
    assert app.run(query, env={"PGPASSWORD": "geheim"}).stdout == "1\n"
    assert app.run(["psql", "postgresql://postgres:geheim@db:5432/postgres", "-tAc", "SELECT 1"]).stdout == "1\n"
    missing = app.run("psql -h db -U postgres -d nodb", env={"PGPASSWORD": "geheim"})
    assert (missing.stderr, missing.exit_code) == (f'{head}FATAL:  database "nodb" does not exist\n', 2)


def test_who_can_t_be_reached(site: Site) -> None:
    app, _ = site.node("app"), site.node("web")
    assert app.run("psql -h web").stderr == (
        'psql: error: connection to server at "web" (172.20.0.3), port 5432 failed: Connection refused\n'
        "\tIs the server running on that host and accepting TCP/IP connections?\n"
    )
    unknown = 'psql: error: could not translate host name "db" to address: Name or service not known\n'
    assert app.run("psql -h db").stderr == unknown
    assert app.run("psql").stderr == (
        'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: '
        "No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n"
    )
    assert app.run("pg_isready -h web").stdout == "web:5432 - no response\n"


@pytest.mark.parametrize(
    "said", [b"GET / HTTP/1.1\r\n\r\n", b"\0\xff\n", b"{}\n", b'{"server": "postgres"}\n', b"[" * 9999]
)
def test_who_speaks_something_else_is_hung_up_on(db: Node, site: Site, said: bytes) -> None:
    socket = site.node("app").machine.network.connect("172.20.0.2", 5432)
    socket.write(said)
    socket.shutdown()
    site.kernel.settle()
    assert db.run(["psql", "-tAc", "SELECT 1"]).stdout == "1\n"


def test_root_may_not_run_it(site: Site) -> None:
    db = site.node("db")
    assert db.run("postgres -D /data/pg").stderr.startswith('"root" execution of the PostgreSQL server is not')
    assert db.run("initdb -D /data/pg").stderr.startswith("initdb: error: cannot be run as root\n")
