"""mysqld and mariadbd: the server, with the log lines of the real ones."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.errors import AddressInUseError
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.daemons import attend, date_of, ending_of
from dockerlab.runtime.servers.mysql.brand import SOCKET, Brand, brand_of, stamp
from dockerlab.runtime.servers.mysql.dialect import functions
from dockerlab.runtime.servers.mysql.session import Session
from dockerlab.runtime.servers.sql.cluster import Cluster, User, digest
from dockerlab.runtime.servers.sql.errors import SqlError
from dockerlab.runtime.servers.sql.wire import Message, hear, send
from dockerlab.runtime.signals import SIGTERM

EDITION = "MySQL Community Server - GPL"
MARIA_EDITION = "mariadb.org binary distribution"
FILES = ("ibdata1", "ib_logfile0", "auto.cnf")


@program("mysqld", "mariadbd", "mariadb-install-db", "mysql_install_db", raw=True)
def mysqld(proc: Process, args: Arguments) -> int | Waiting:
    """Serve until a signal or SHUTDOWN ends it."""
    brand, options = brand_of(proc), _options(args.operands)
    if "version" in options or "V" in options:
        proc.out(brand.versioned(name_of(proc), proc.program_path))
        return 0
    server = _Server(proc, brand, options)
    if name_of(proc).endswith(("install-db", "install_db")) or any(name.startswith("initialize") for name in options):
        server.open()
        return 0
    return server.run()


def _options(words: Sequence[str]) -> dict[str, str]:
    """--name=value and --name."""
    pairs = (word.lstrip("-").partition("=") for word in words if word.startswith("-"))
    return {name.replace("_", "-"): value for name, _, value in pairs}


class _Server:
    """A running server."""

    def __init__(self, proc: Process, brand: Brand, options: dict[str, str]) -> None:
        self.proc, self.brand, self.options = proc, brand, options
        self.folder = proc.path(options.get("datadir") or "/var/lib/mysql")
        self.port = int(options["port"]) if options.get("port", "").isdigit() else 3306
        self.ending = ending_of(proc, (SIGTERM,))
        self.started = date_of(proc)
        self.questions = 0
        self.who = User("root")
        self.used = ""

    # The log.

    def log(self, text: str, level: str = "System", code: str = "", part: str = "Server", thread: int = 0) -> None:
        """A line of the log; MariaDB's have neither codes nor parts."""
        if self.brand.maria:
            self.proc.err(f"{stamp(self.proc, self.brand)} {thread} [{level.replace('System', 'Note')}] {text}\n")
        else:
            code_and_part = f"[{code}] [{part}]"
            self.proc.err(f"{stamp(self.proc, self.brand)} {thread} [{level}] {code_and_part} {text}\n")

    def _hello(self) -> None:
        number, pid = self.brand.version, self.proc.pid
        if self.brand.maria:
            self.log(f"Starting MariaDB {number} source revision dockerlab as process {pid}")
            self.log("InnoDB: Initializing buffer pool, total size = 128.000MiB, chunk size = 2.000MiB")
            self.log("InnoDB: Completed initialization of buffer pool")
            self.log("InnoDB: 128 rollback segments are active.")
            return
        if not number.startswith("8.0"):
            self.log("MySQL Server - start.", code="MY-015015")
        self.log(f"{self.proc.program_path} (mysqld {number}) starting as process {pid}", code="MY-010116")
        self.log("InnoDB initialization has started.", code="MY-013576", part="InnoDB", thread=1)
        self.log("InnoDB initialization has ended.", code="MY-013577", part="InnoDB", thread=1)

    def _ready(self) -> None:
        path = self.proc.program_path
        if self.brand.maria:
            self.log(f"Server socket created on IP: '0.0.0.0', port: '{self.port}'.")
            self.log(f"{name_of(self.proc)}: ready for connections.")
            edition = MARIA_EDITION
            self.proc.err(f"Version: '{self.brand.version}'  socket: '{SOCKET}'  port: {self.port}  {edition}\n")
            return
        self.log("CA certificate ca.pem is self signed.", "Warning", "MY-010068")
        self.log(
            "Channel mysql_main configured to support TLS. Encrypted connections are now supported for this channel.",
            code="MY-013602",
        )
        where = f"Version: '{self.brand.number}'  socket: '{SOCKET}'  port: {self.port}  {EDITION}."
        self.log(f"{path}: ready for connections. {where}", code="MY-010931")

    def _goodbye(self) -> None:
        name, number = name_of(self.proc), self.brand.number
        if self.brand.maria:
            self.log(f"{name} (initiated by: unknown): Normal shutdown")
            self.log("InnoDB: Starting shutdown...")
            self.log(f"{name}: Shutdown complete")
            return
        cause = "<via user signal>" if self.ending.signum else "root"
        self.log(f"Received SHUTDOWN from user {cause}. Shutting down mysqld (Version: {number}).", code="MY-013172")
        self.log(f"{self.proc.program_path}: Shutdown complete (mysqld {number})  {EDITION}.", code="MY-010910")
        if not number.startswith("8.0"):
            self.log("MySQL Server - end.", code="MY-015016")

    # Life.

    def run(self) -> Waiting:
        """From the first line of the log to the last."""
        self._hello()
        try:
            cluster = self.open()
            listener = self._listen()
        except (SqlError, FileSystemError) as error:
            self.log(f"The data directory can't be used: {error}", "ERROR", "MY-010119")
            return 1
        except AddressInUseError:
            self.log("Can't start server: Bind on TCP/IP port: Address already in use", "ERROR", "MY-010262")
            self.log("Aborting", "ERROR", "MY-010119")
            return 1
        self._make_socket()
        self._ready()
        try:
            yield from attend(self.proc, listener, lambda socket: self._talk(cluster, socket), self.ending)
        finally:
            if self.proc.fs.exists(SOCKET):
                self.proc.fs.unlink(SOCKET)
        self._goodbye()
        return 0

    def open(self) -> Cluster:
        """The data directory, filled where there is nothing yet."""
        cluster = Cluster(
            self.proc, self.folder, lambda name: functions(self.proc, lambda: self.who.name, lambda: self.used), _place
        )
        if cluster.is_new:
            self._bootstrap(cluster)
        else:
            cluster.load()
        return cluster

    def _bootstrap(self, cluster: Cluster) -> None:
        """What the image's entrypoint asks for by its variables."""
        fs, uid, gid = self.proc.fs, self.proc.uid, self.proc.gid
        if not fs.exists(self.folder):
            fs.mkdir(self.folder, parents=True, uid=uid, gid=gid)
        for name in FILES:
            if not fs.exists(f"{self.folder}/{name}"):
                fs.write(f"{self.folder}/{name}", b"", uid=uid, gid=gid)
        cluster.users["root"] = User("root", digest(self._variable("ROOT_PASSWORD")), superuser=True)
        cluster.create("mysql", 1)
        if name := self._variable("DATABASE"):
            cluster.create(name, 2)
        if user := self._variable("USER"):
            cluster.users[user] = User(user, digest(self._variable("PASSWORD")))
        cluster.save()

    def _variable(self, name: str) -> str:
        env = self.proc.env
        return (self.brand.maria and env.get(f"MARIADB_{name}")) or env.get(f"MYSQL_{name}", "")

    def _listen(self) -> Listener:
        address = self.options.get("bind-address", "0.0.0.0")
        if "skip-networking" in self.options or address == "localhost":
            address = "127.0.0.1"
        address = "0.0.0.0" if address in ("*", "::") else address
        name = name_of(self.proc)
        return self.proc.machine.network.listen(self.port, address, program=name, pid=self.proc.pid)

    def _make_socket(self) -> None:
        fs, folder = self.proc.fs, SOCKET.rpartition("/")[0]
        if not fs.exists(folder):
            fs.mkdir(folder, parents=True, uid=self.proc.uid, gid=self.proc.gid)
        fs.write(SOCKET, b"", mode=0o777, uid=self.proc.uid, gid=self.proc.gid)

    # One connection.

    def _talk(self, cluster: Cluster, socket: Socket) -> Generator[Wait, Any, None]:
        hello = yield from hear(socket)
        if hello is None or hello.get("server") != "mysql":
            return
        if refusal := self._refusal(cluster, hello, socket):
            send(socket, {"fatal": refusal})
            return
        session = Session(cluster, self.brand, cluster.users[hello["user"]], str(hello.get("database", "")))
        session.ending = self.ending.ask
        send(socket, {"version": self.brand.version, "maria": self.brand.maria})
        try:
            while (question := (yield from hear(socket))) is not None:
                self.questions += 1
                self.who, self.used = session.user, session.database
                answers = yield from session.execute(str(question.get("query", "")))
                up = int((date_of(self.proc) - self.started).total_seconds())
                send(socket, {"answers": answers, "uptime": up, "questions": self.questions})
        finally:
            session.close()

    def _refusal(self, cluster: Cluster, hello: Message, socket: Socket) -> Message:
        user, password = str(hello.get("user", "")), str(hello.get("password", ""))
        known, database = cluster.users.get(user), str(hello.get("database", ""))
        if known is None or not known.knows(password):
            place = "localhost" if socket.peer[0].startswith("127.") else socket.peer[0]
            using = "YES" if password else "NO"
            text = f"Access denied for user '{user}'@'{place}' (using password: {using})"
            return {"code": 1045, "state": "28000", "text": text}
        if database and database not in cluster.numbers:
            return {"code": 1049, "state": "42000", "text": f"Unknown database '{database}'"}
        return {}


def _place(name: str, number: int) -> str:
    return name
