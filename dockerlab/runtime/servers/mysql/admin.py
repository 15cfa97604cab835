"""mysqladmin and mysqldump with their MariaDB names."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.mysql.brand import SOCKET, Brand, brand_of
from dockerlab.runtime.servers.mysql.connect import ConnectError, Options, log_in, read_options
from dockerlab.runtime.servers.sql.wire import Message, ask

ACTIONS = ("ping", "status", "version", "shutdown", "create", "drop", "processlist", "password")


@program("mysqladmin", "mariadb-admin", raw=True)
def mysqladmin(proc: Process, args: Arguments) -> int | Waiting:
    """Ask a server how it is, or end it."""
    brand, options = brand_of(proc), read_options(args.operands, proc.env)
    if "version" in options:
        proc.out(brand.versioned(name_of(proc), proc.program_path))
        return 0
    action = next(iter(options.words), "")
    if action not in ACTIONS:
        proc.err(f"{name_of(proc)}: Unknown command: '{action}'\n")
        return 1
    if "password" in options and not brand.maria and "MYSQL_PWD" not in proc.env:
        proc.err("mysqladmin: [Warning] Using a password on the command line interface can be insecure.\n")
    return _administer(proc, brand, options, action)


def _administer(proc: Process, brand: Brand, options: Options, action: str) -> Waiting:
    name = name_of(proc)
    try:
        socket = yield from log_in(proc, brand, options)
    except ConnectError as error:
        return _not_connected(proc, brand, options, action, str(error))
    try:
        answer = yield from _ask(socket, QUESTIONS.get(action, "select 1").format(*options.words[1:2] or [""]))
    finally:
        socket.close()
    if "error" in answer["answers"][0]:
        text = answer["answers"][0]["error"]["text"]
        proc.err(f"{name}: {action} failed; error: '{text}'\n")
        return 1
    if action == "ping" and "silent" not in options:
        proc.out("mysqld is alive\n")
    elif action == "status":
        proc.out(_status(answer))
    elif action == "version":
        proc.out(f"{brand.versioned(name, proc.program_path)}\nServer version\t\t{brand.version}\n")
        proc.out(f"Protocol version\t10\nConnection\t\tLocalhost via UNIX socket\nUNIX socket\t\t{SOCKET}\n")
        proc.out(f"Uptime:\t\t\t{answer['uptime']} sec\n\n{_status(answer).partition('  ')[2]}")
    return 0


QUESTIONS = {"shutdown": "shutdown", "create": "create database `{}`", "drop": "drop database `{}`"}


def _ask(socket: Socket, query: str) -> Generator[Wait, Any, Message]:
    reply = yield from ask(socket, {"query": query})
    return reply or {"answers": [{}], "uptime": 0, "questions": 0}


def _status(answer: Message) -> str:
    up, questions = answer["uptime"], answer["questions"]
    average = questions / max(up, 1)
    return (
        f"Uptime: {up}  Threads: 1  Questions: {questions}  Slow queries: 0  Opens: 17  Open tables: 10  "
        f"Queries per second avg: {average:.3f}\n"
    )


def _not_connected(proc: Process, brand: Brand, options: Options, action: str, text: str) -> int:
    if "Access denied" in text and action == "ping":
        proc.out("" if "silent" in options else "mysqld is alive\n")  # it answers, after all
        return 0
    host, name = options.get("host") or "localhost", name_of(proc)
    if "silent" not in options:
        proc.err(f"{name}: connect to server at '{host}' failed\nerror: '{text.partition(': ')[2]}'\n")
        if "Access denied" not in text:
            server = "mariadbd" if brand.maria else "mysqld"
            proc.err(f"Check that {server} is running and that the socket: '{SOCKET}' exists!\n")
    return 1


@program("mysqldump", "mariadb-dump", raw=True)
def mysqldump(proc: Process, args: Arguments) -> int | Waiting:
    """Print a database as statements that make it again."""
    brand, options = brand_of(proc), read_options(args.operands, proc.env)
    if "version" in options:
        proc.out(brand.versioned(name_of(proc), proc.program_path))
        return 0
    if not options.words:
        proc.err(f"Usage: {name_of(proc)} [OPTIONS] database [tables]\n")
        return 1
    return _dump(proc, brand, options)


def _dump(proc: Process, brand: Brand, options: Options) -> Waiting:
    database, *chosen = options.words
    options.values["database"] = database
    try:
        socket = yield from log_in(proc, brand, options)
    except ConnectError as error:
        number, text = str(error).removeprefix("ERROR ").split(" ", 1)
        proc.err(f'{name_of(proc)}: Got error: {number}: "{text.partition(": ")[2]}" when trying to connect\n')
        return 2
    try:
        proc.out(f"-- {brand.name} dump\n--\n-- Host: localhost    Database: {database}\n")
        proc.out(f"-- Server version\t{brand.version}\n")
        answer = yield from _ask(socket, "show tables")
        for (table,) in answer["answers"][0]["rows"]:
            if not chosen or table in chosen:
                yield from _dump_table(proc, socket, table)
    finally:
        socket.close()
    proc.out("\n-- Dump completed\n")
    return 0


def _dump_table(proc: Process, socket: Socket, table: str) -> Generator[Wait, Any, None]:
    answer = yield from _ask(socket, f"show create table `{table}`")
    if "rows" not in answer["answers"][0]:
        return  # a view
    statement = answer["answers"][0]["rows"][0][1]
    proc.out(f"\n--\n-- Table structure for table `{table}`\n--\n\nDROP TABLE IF EXISTS `{table}`;\n{statement};\n")
    answer = yield from _ask(socket, f"select * from `{table}`")
    rows, right = answer["answers"][0]["rows"], answer["answers"][0]["right"]
    values = [f"({','.join(_literal(*pair) for pair in zip(row, right, strict=True))})" for row in rows]
    if values:
        proc.out(f"\n--\n-- Dumping data for table `{table}`\n--\n\nINSERT INTO `{table}` VALUES\n")
        proc.out(",\n".join(values) + ";\n")


def _literal(cell: str | None, number: bool) -> str:
    if cell is None:
        return "NULL"
    escaped = cell.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return cell if number else f"'{escaped}'"
