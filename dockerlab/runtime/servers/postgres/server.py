"""postgres: the server, with the log lines that the image shows (postgresql.org/docs, "Server Setup and Operation")."""

from __future__ import annotations

import posixpath
from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.errors import AddressInUseError
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.daemons import attend, date_of, ending_of
from dockerlab.runtime.servers.postgres.dialect import full_version, functions, version_of
from dockerlab.runtime.servers.postgres.session import Session
from dockerlab.runtime.servers.sql.cluster import CATALOGUE, Cluster, User, digest
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.wire import Message, hear, send
from dockerlab.runtime.signals import SIGINT, SIGQUIT, SIGTERM

SHUTDOWNS = {SIGTERM: "smart", SIGINT: "fast", SIGQUIT: "immediate"}
NO_ROOT = """"root" execution of the PostgreSQL server is not permitted.
The server must be started under an unprivileged user ID to prevent
possible system security compromise.  See the documentation for
more information on how to properly start the server.
"""


def open_cluster(proc: Process, folder: str) -> Cluster:
    """The cluster of a data directory, with what initdb makes where there is nothing yet."""
    cluster = Cluster(
        proc,
        folder,
        lambda name: functions(proc, lambda: cluster.settings.get("user", ""), name),
        _place,
        f"global/{CATALOGUE}",
    )
    if not cluster.is_new:
        cluster.load()
    return cluster


def _place(name: str, number: int) -> str:
    return f"base/{number}"


def bootstrap(cluster: Cluster, superuser: str, password: str) -> None:
    """The databases and the superuser of a new cluster."""
    cluster.users[superuser] = User(superuser, digest(password), superuser=True)
    for name, number in {"template1": 1, "template0": 4, "postgres": 5}.items():
        cluster.create(name, number)


@program("postgres", "postmaster", raw=True)
def postgres(proc: Process, args: Arguments) -> int | Waiting:
    """Serve until a signal ends it."""
    words = args.operands
    if {"--version", "-V"} & set(words):
        number, origin = version_of(proc.env)
        proc.out(f"postgres (PostgreSQL) {number}{f' ({origin})' if origin else ''}\n")
        return 0
    if proc.uid == 0:
        proc.err(NO_ROOT)
        return 1
    options = _options(words)
    folder = options.get("D") or proc.env.get("PGDATA", "")
    if problem := _problem(proc, folder):
        proc.err(problem)
        return 2 if not folder else 1
    return _Server(proc, proc.path(folder), options).run()


def _options(words: list[str]) -> dict[str, str]:
    """-D folder, -p port, -c name=value and --name=value."""
    options, rest = dict[str, str](), iter(words)
    for word in rest:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            options[name.replace("-", "_")] = value
        elif word == "-c":
            name, _, value = next(rest, "").partition("=")
            options[name] = value
        elif word.startswith("-") and len(word) > 1:
            options[word[1]] = word[2:] or next(rest, "")
    return options


def _problem(proc: Process, folder: str) -> str:
    if not folder:
        return (
            "postgres does not know where to find the server configuration file.\n"
            "You must specify the --config-file or -D invocation option or set the PGDATA environment variable.\n"
        )
    if not proc.fs.exists(proc.path(folder)):
        return (
            f'postgres: could not access directory "{folder}": No such file or directory\n'
            "Run initdb or pg_basebackup to initialize a PostgreSQL data directory.\n"
        )
    if not proc.fs.exists(posixpath.join(proc.path(folder), "PG_VERSION")):
        return (
            f'postgres: could not access the server configuration file "{folder}/postgresql.conf": '
            "No such file or directory\n"
        )
    return ""


class _Server:
    """A running server."""

    def __init__(self, proc: Process, folder: str, options: dict[str, str]) -> None:
        self.proc, self.folder = proc, folder
        self.port = int(options.get("p") or options.get("port") or 5432)
        self.addresses = options.get("listen_addresses", options.get("h", "*"))
        self.ending = ending_of(proc, tuple(SHUTDOWNS))
        self.sockets = "/var/run/postgresql"

    def log(self, text: str, level: str = "LOG", pid: int | None = None) -> None:
        """A line such as '2026-11-23 15:00:00.000 UTC [1] LOG:  …'."""
        moment = date_of(self.proc)
        stamp = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} UTC"
        self.proc.err(f"{stamp} [{pid or self.proc.pid}] {level}:  {text}\n")

    def run(self) -> Waiting:
        """From the first line of the log to the last."""
        self.log(f"starting {full_version(self.proc.env)}")
        try:
            cluster = self._cluster()
            listener = self._listen()
        except (SqlError, FileSystemError) as error:
            self.log(f"could not read the data directory: {error}", "FATAL")
            return 1
        except AddressInUseError:
            return 1
        pid_file, socket_file = f"{self.folder}/postmaster.pid", f"{self.sockets}/.s.PGSQL.{self.port}"
        self._files(pid_file, socket_file)
        child = self.proc.machine.next_pid() + 2
        self.log(self._last_end(cluster), pid=child)
        if cluster.settings.get("running") == "yes":
            self.log("database system was not properly shut down; automatic recovery in progress", pid=child)
        self.log("database system is ready to accept connections")
        cluster.settings["running"] = "yes"
        cluster.save()
        try:
            yield from attend(self.proc, listener, lambda socket: self._talk(cluster, socket), self.ending)
        finally:
            for path in (pid_file, socket_file):
                if self.proc.fs.exists(path):
                    self.proc.fs.unlink(path)
        self._say_goodbye(cluster, child)
        return 0

    def _cluster(self) -> Cluster:
        cluster = open_cluster(self.proc, self.folder)
        if cluster.is_new:
            user = self.proc.env.get("POSTGRES_USER") or "postgres"
            bootstrap(cluster, user, self.proc.env.get("POSTGRES_PASSWORD", ""))
            name = self.proc.env.get("POSTGRES_DB") or user
            if name not in cluster.numbers:
                cluster.create(name, 16_384)
        return cluster

    def _last_end(self, cluster: Cluster) -> str:
        stamp = f"{date_of(self.proc):%Y-%m-%d %H:%M:%S} UTC"
        if cluster.settings.get("running") == "yes":
            return f"database system was interrupted; last known up at {cluster.settings.get('ended') or stamp}"
        return f"database system was shut down at {cluster.settings.get('ended') or stamp}"

    def _listen(self) -> Listener:
        address = "127.0.0.1" if self.addresses in ("localhost", "127.0.0.1", "") else "0.0.0.0"
        try:
            listener = self.proc.machine.network.listen(self.port, address, program="postgres", pid=self.proc.pid)
        except AddressInUseError as error:
            self.log(f'could not bind IPv4 address "{address}": {error.text}')
            self.log("could not create any TCP/IP sockets", "FATAL")
            raise
        if self.addresses != "":
            self.log(f'listening on IPv4 address "{address}", port {self.port}')
            if address == "0.0.0.0":
                self.log(f'listening on IPv6 address "::", port {self.port}')
        self.log(f'listening on Unix socket "{self.sockets}/.s.PGSQL.{self.port}"')
        return listener

    def _files(self, pid_file: str, socket_file: str) -> None:
        seconds = self.proc.kernel.clock.now // 10**9
        lines = [str(self.proc.pid), self.folder, str(seconds), str(self.port), self.sockets, "*", "", "ready"]
        fs, uid, gid = self.proc.fs, self.proc.uid, self.proc.gid
        fs.write(pid_file, "".join(f"{line}\n" for line in lines).encode(), mode=0o600, uid=uid, gid=gid)
        if not fs.exists(self.sockets):
            fs.mkdir(self.sockets, 0o775, parents=True, uid=uid, gid=gid)
        fs.write(socket_file, b"", mode=0o777, uid=uid, gid=gid)

    def _say_goodbye(self, cluster: Cluster, child: int) -> None:
        self.log(f"received {SHUTDOWNS.get(self.ending.signum, 'fast')} shutdown request")
        if self.ending.signum != SIGQUIT:
            self.log("aborting any active transactions")
            self.log(f'background worker "logical replication launcher" (PID {child + 3}) exited with exit code 1')
            self.log("shutting down", pid=child - 2)
            self.log("checkpoint starting: shutdown immediate", pid=child - 2)
            cluster.settings.update(running="no", ended=f"{date_of(self.proc):%Y-%m-%d %H:%M:%S} UTC")
            cluster.save()
        self.log("database system is shut down")

    # One connection.

    def _talk(self, cluster: Cluster, socket: Socket) -> Generator[Wait, Any, None]:
        hello = yield from hear(socket)
        if hello is None or hello.get("server") != "postgres":
            if hello is not None:
                self.log("invalid length of startup packet")
            return
        if problem := self._refusal(cluster, hello, socket):
            self.log(problem, "FATAL", pid=self.proc.machine.next_pid())
            send(socket, {"fatal": problem})
            return
        session = Session(cluster, cluster.users[hello["user"]], hello["database"])
        send(socket, {"version": version_of(self.proc.env)[0]})
        try:
            while (question := (yield from hear(socket))) is not None:
                send(socket, {"answers": (yield from self._answers(session, question))})
        finally:
            session.close()

    def _refusal(self, cluster: Cluster, hello: Message, socket: Socket) -> str:
        user, database = str(hello.get("user", "")), str(hello.get("database", ""))
        known = cluster.users.get(user)
        right = known is not None and known.knows(str(hello.get("password", "")))
        if not right and not self._trusts(socket):
            return f'password authentication failed for user "{user}"'
        if known is None:
            return f'role "{user}" does not exist'
        if database not in cluster.numbers:
            return f'database "{database}" does not exist'
        return ""

    def _trusts(self, socket: Socket) -> bool:
        """What pg_hba.conf of the image says: a password for everybody who comes over the network."""
        near = socket.peer[0].startswith("127.")
        return near or self.proc.env.get("POSTGRES_HOST_AUTH_METHOD") == "trust"

    def _answers(self, session: Session, question: Message) -> Generator[Wait, Any, list[Message]]:
        session.cluster.settings["user"] = session.user.name
        if "meta" in question:
            return [session.meta(str(question["meta"]), str(question.get("name", "")))]
        if "dump" in question:
            return [{"text": session.dump()}]
        answers = yield from session.execute(str(question.get("query", "")))
        for answer in answers:
            if "error" in answer:
                pid = self.proc.machine.next_pid()
                self.log(answer["error"]["text"], "ERROR", pid)
                self.log(str(question.get("query", "")).strip(), "STATEMENT", pid)
        return answers
