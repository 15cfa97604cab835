"""MySQL, MariaDB and their clients; texts as MariaDB 10.11 gave them, and MySQL's manual has them."""

from __future__ import annotations

import pytest

from tests.runtime.servers.bridge import Node, Site

MAKE = """CREATE DATABASE shop;
USE shop;
CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(5) NOT NULL, email VARCHAR(50) UNIQUE,
  age INT DEFAULT 18, ok BOOLEAN, price DECIMAL(10,2), at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
INSERT INTO users (name, email, age, ok, price) VALUES ('Ann', 'a@x', 30, true, 1.5), ('Bob', NULL, NULL, false, 20);
"""


@pytest.fixture
def db(site: Site) -> Node:
    """A machine with MySQL."""
    node = site.node("db", MYSQL_VERSION="8.4.7-1.el9")
    node.start("mysqld", uid=999)
    return node


@pytest.fixture
def maria(site: Site) -> Node:
    """A machine with MariaDB."""
    node = site.node("maria", MARIADB_VERSION="1:11.8.5+maria~ubu2404")
    node.start("mariadbd", uid=999)
    return node


def test_the_log_of_a_start_and_an_end(site: Site) -> None:
    server = site.node("db", MYSQL_VERSION="8.4.7-1.el9").start("mysqld", uid=999)
    assert server.lines[0] == "2026-11-23T15:00:00.000000Z 0 [System] [MY-015015] [Server] MySQL Server - start."
    assert server.lines[-1].endswith(
        "[System] [MY-010931] [Server] /bin/mysqld: ready for connections. Version: '8.4.7'  "
        "socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL."
    )
    assert server.stop() == 0
    assert [line.split("[Server] ")[1] for line in server.lines[-3:]] == [
        "Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: 8.4.7).",
        "/bin/mysqld: Shutdown complete (mysqld 8.4.7)  MySQL Community Server - GPL.",
        "MySQL Server - end.",
    ]


def test_tabs_for_programs_and_tables_for_people(db: Node) -> None:
    db.run("mysql -u root", MAKE)
    query = ["mysql", "shop", "-e", "SELECT id, name, email, ok, price FROM users"]
    plain = "id\tname\temail\tok\tprice\n1\tAnn\ta@x\t1\t1.50\n2\tBob\tNULL\t0\t20.00\n"
    assert db.run(query).stdout == plain
    assert db.run([*query, "-t"]).stdout == db.run(query, tty=True).stdout
    assert db.run([*query, "-t"]).stdout == (
        "+----+------+-------+----+-------+\n| id | name | email | ok | price |\n+----+------+-------+----+-------+\n"
        "|  1 | Ann  | a@x   |  1 |  1.50 |\n|  2 | Bob  | NULL  |  0 | 20.00 |\n+----+------+-------+----+-------+\n"
    )
    assert db.run(["mysql", "-Ne", "SELECT 1, 'a\tb'"]).stdout == "1\ta\\tb\n"
    assert db.run(["mysql", "-e", "SELECT 7*6, VERSION(), 'x' AS y\\G"]).stdout == (
        "*************************** 1. row ***************************\n"
        "      7*6: 42\nVERSION(): 8.4.7\n        y: x\n"
    )


def test_the_catalogue(maria: Node) -> None:
    maria.run("mariadb -u root", MAKE)
    assert maria.run("mariadb shop -e 'SHOW TABLES'").stdout == "Tables_in_shop\nusers\n"
    assert "shop\n" in maria.run("mariadb -e 'SHOW DATABASES'").stdout
    assert maria.run("mariadb shop -e 'DESCRIBE users'").stdout.splitlines()[1:4] == [
        "id\tint(11)\tNO\tPRI\tNULL\tauto_increment",
        "name\tvarchar(5)\tNO\t\tNULL\t",
        "email\tvarchar(50)\tYES\tUNI\tNULL\t",
    ]


ERRORS = {
    "INSERT INTO users (name, email) VALUES ('C', 'a@x')": "1062 (23000) at line 1: Duplicate entry 'a@x' for key "
    "'users.email'",
    "INSERT INTO users (email) VALUES ('b')": "1364 (HY000) at line 1: Field 'name' doesn't have a default value",
    "INSERT INTO users (name) VALUES (NULL)": "1048 (23000) at line 1: Column 'name' cannot be null",
    "INSERT INTO users (name) VALUES ('Charlotte')": "1406 (22001) at line 1: Data too long for column 'name' at row 1",
    "INSERT INTO users (name, age) VALUES ('a', 'abc')": "1366 (HY000) at line 1: Incorrect integer value: 'abc' for "
    "column 'age' at row 1",
    "SELECT * FROM nope": "1146 (42S02) at line 1: Table 'shop.nope' doesn't exist",
    "SELECT nope FROM users": "1054 (42S22) at line 1: Unknown column 'nope' in 'field list'",
    "SELEC 1": "1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to "
    "your MySQL server version for the right syntax to use near 'SELEC 1' at line 1",
    "CREATE TABLE users (id int)": "1050 (42S01) at line 1: Table 'users' already exists",
    "DROP TABLE nope": "1051 (42S02) at line 1: Unknown table 'shop.nope'",
    "CREATE DATABASE shop": "1007 (HY000) at line 1: Can't create database 'shop'; database exists",
    "USE nodb": "1049 (42000) at line 1: Unknown database 'nodb'",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE users": "1235 (42000) at line 1: dockerlab's MySQL does not simulate "
    "this statement",
    "ATTACH DATABASE '/tmp/x' AS x": "1064 (42000) at line 1: You have an error in your SQL syntax; check the manual "
    "that corresponds to your MySQL server version for the right syntax to use near 'ATTACH DATABASE '/tmp/x' AS x' "
    "at line 1",
}


@pytest.mark.parametrize(("statement", "text"), ERRORS.items())
def test_errors(db: Node, statement: str, text: str) -> None:
    db.run("mysql -u root", MAKE)
    answer = db.run(["mysql", "shop", "-e", statement])
    assert (answer.stderr, answer.exit_code) == (f"ERROR {text}\n", 1)


def test_without_a_database(db: Node) -> None:
    assert db.run("mysql -e 'SELECT * FROM t'").stderr == "ERROR 1046 (3D000) at line 1: No database selected\n"
    assert db.run("mysql -e 'SELECT DATABASE()'").stdout == "DATABASE()\nNULL\n"


def test_the_variables_of_the_image_make_users_and_a_database(site: Site) -> None:
    names = {"MYSQL_ROOT_PASSWORD": "top", "MYSQL_DATABASE": "app", "MYSQL_USER": "joe", "MYSQL_PASSWORD": "x"}
    db, web = site.node("db", MYSQL_VERSION="8.4.7", **names), site.node("web")
    db.start("mysqld", uid=999)
    assert web.run("mysql -h db -u joe -px app -Ne 'SELECT 1'").stdout == "1\n"
    denied = "ERROR 1045 (28000): Access denied for user '{}'@'172.20.0.3' (using password: {})\n"
    assert web.run("mysql -h db -u joe", env={"MYSQL_PWD": "bad"}).stderr == denied.format("joe", "YES")
    assert web.run("mysql -h db -u root").stderr == denied.format("root", "NO")
    assert web.run("mysqladmin -h db ping").stdout == "mysqld is alive\n"
    warning = "mysql: [Warning] Using a password on the command line interface can be insecure.\n"
    assert web.run("mysql -h db -u root -ptop -e ''").stderr == warning


def test_data_outlives_the_server(db: Node) -> None:
    db.run("mysql -u root", MAKE)
    assert "shop" in db.run("ls /var/lib/mysql").stdout.split()
    db.machine.processes[1].kill(9)
    db.start("mysqld", uid=999)
    assert db.run("mysql shop -Ne 'SELECT COUNT(*) FROM users'").stdout == "2\n"


def test_a_dump_can_be_restored(maria: Node) -> None:
    maria.run("mariadb -u root", MAKE + "CREATE DATABASE copy;")
    dumped = maria.run("mariadb-dump shop").stdout
    assert maria.run("mariadb copy", dumped).exit_code == 0
    query = ["-Ne", "SELECT id, name, ok, price FROM users"]
    copied = maria.run(["mariadb", "copy", *query]).stdout
    assert copied == maria.run(["mariadb", "shop", *query]).stdout == "1\tAnn\t1\t1.50\n2\tBob\t0\t20.00\n"


def test_who_can_t_be_reached(site: Site) -> None:
    app, _ = site.node("app"), site.node("web")
    socket = "'/var/run/mysqld/mysqld.sock' (2)\n"
    local = "ERROR 2002 (HY000): Can't connect to local {} through socket " + socket
    assert app.run("mysql").stderr == local.format("MySQL server")
    assert app.run("mariadb").stderr == local.format("server")
    assert app.run("mysql -h web").stderr == "ERROR 2003 (HY000): Can't connect to MySQL server on 'web:3306' (111)\n"
    assert app.run("mysql -h db").stderr == "ERROR 2005 (HY000): Unknown MySQL server host 'db' (-2)\n"


def test_a_server_ends_when_a_client_says_so(maria: Node) -> None:
    server = maria.start("mariadb-admin ping")
    assert server.lines == ["mysqld is alive"]
    maria.run("mariadb-admin shutdown")
    maria.machine.kernel.settle()
    assert "Can't connect to local server" in maria.run("mariadb-admin ping").stderr
