"""httpd, apache2, apachectl and apache2ctl: the command line, and the parent with its children (docs/2.4/programs)."""

from __future__ import annotations

import posixpath
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.errors import AddressInUseError
from dockerlab.runtime.net.sockets import Listener
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import find_user, read_text
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.apache.builds import Build, build_of, environment_of
from dockerlab.runtime.servers.apache.config import Config, build
from dockerlab.runtime.servers.apache.logs import Logs, error_line, log_names
from dockerlab.runtime.servers.apache.site import ApacheSite, Server
from dockerlab.runtime.servers.apache.syntax import ConfigError, Parser
from dockerlab.runtime.servers.web import converse
from dockerlab.runtime.servers.workers import answer_until
from dockerlab.runtime.signals import SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGWINCH
from dockerlab.runtime.streams import Null

CHILDREN = {"event": 3, "worker": 3, "prefork": 5}
"""Processes that answer, by the module that runs them (`StartServers`)."""
NUMBERS = {
    "prefork": {"start": "AH00163", SIGTERM: "AH00169", SIGWINCH: "AH00170", SIGHUP: "AH00173", SIGUSR1: "AH00171"},
    "event": {"start": "AH00489", SIGTERM: "AH00491", SIGWINCH: "AH00492", SIGHUP: "AH00494", SIGUSR1: "AH00493"},
}
SAID = {
    SIGTERM: "caught SIGTERM, shutting down",
    SIGWINCH: "caught SIGWINCH, shutting down gracefully",
    SIGHUP: "SIGHUP received.  Attempting to restart",
    SIGUSR1: "SIGUSR1 received.  Doing graceful restart",
}
ORDERS = {"stop": SIGTERM, "graceful-stop": SIGWINCH, "restart": SIGHUP, "graceful": SIGUSR1}
NO_NAME = (
    "AH00558: {0}: Could not reliably determine the server's fully qualified domain name, using {1}. "
    "Set the 'ServerName' directive globally to suppress this message\n"
)
USAGE = """\
Usage: {0} [-D name] [-d directory] [-f file]
       {1} [-C "directive"] [-c "directive"]
       {1} [-k start|restart|graceful|graceful-stop|stop]
       {1} [-v] [-V] [-h] [-l] [-L] [-t] [-T] [-S] [-X]
Options:
  -D name            : define a name for use in <IfDefine name> directives
  -d directory       : specify an alternate initial ServerRoot
  -f file            : specify an alternate ServerConfigFile
  -v                 : show version number
  -V                 : show compile settings
  -h                 : list available command line options (this page)
  -M                 : a synonym for -t -D DUMP_MODULES
  -t                 : run syntax check for config files
"""
_WITH_VALUE = "DdfCckeE"


@dataclass
class Options:
    """The command line."""

    letters: set[str] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=dict)
    wrong: str = ""

    @classmethod
    def parse(cls, words: Sequence[str]) -> Options:
        """Letters with values take what sticks to them, or the next word."""
        options, rest = cls(), list(words)
        while rest:
            word = rest.pop(0)
            letter = word[1:2]
            if not word.startswith("-") or not letter:
                options.wrong = options.wrong or word
            elif letter in _WITH_VALUE:
                options.values.setdefault(letter, []).append(word[2:] or (rest.pop(0) if rest else ""))
            elif letter in "vVhlLtTSMX":
                options.letters.add(letter)
            else:
                options.wrong = options.wrong or word
        return options

    def first(self, letter: str, default: str = "") -> str:
        """The value of a letter."""
        return self.values.get(letter, [default])[0]


@program("apachectl", "apache2ctl", raw=True)
def control(proc: Process, args: Arguments) -> Waiting:
    """start, stop, restart, graceful, configtest; all else is for the server itself."""
    proc.env = environment_of(proc)
    if (folder := proc.env.get("APACHE_RUN_DIR")) and proc.uid == 0:
        proc.fs.mkdir(folder, parents=True)
    words = args.operands
    if words[:1] and words[0] in ("start", *ORDERS):
        words = ["-k", *words]
    elif words[:1] == ["configtest"]:
        words = ["-t"]
    proc.argv = ["/usr/sbin/apache2" if build_of(proc).system != "Unix" else "httpd", *words]
    return (yield from _run(proc, words))


@program("httpd", "apache2", raw=True)
def httpd(proc: Process, args: Arguments) -> Waiting:
    """The server."""
    if proc.flavour == "busybox":
        from dockerlab.runtime.servers.busybox_httpd import serve

        return (yield from serve(proc, args.operands))
    return (yield from _run(proc, args.operands))


def _run(proc: Process, words: Sequence[str]) -> Waiting:
    own, options = build_of(proc), Options.parse(words)
    if options.wrong or "h" in options.letters:
        proc.err(USAGE.format(proc.argv[0], " " * len(proc.argv[0])))
        return 1
    if options.letters & {"v", "V"}:
        proc.out(f"Server version: {own.token}\nServer built:   2026-10-21T02:30:12\n")
        return 0
    name = name_of(proc)
    try:
        config = read_config(proc, own, options)
    except ConfigError as error:
        proc.err(str(error))
        return 1
    if "M" in options.letters:
        proc.out("Loaded Modules:\n" + "".join(f" {each}_module (shared)\n" for each in sorted(config.modules)))
        return 0
    _name_missing(proc, config, name)
    if options.letters & {"t", "S"}:
        proc.err("Syntax OK\n")
        return 0
    if (order := options.first("k", "start")) in ORDERS:
        return _order(proc, own, config, order)
    return (yield from _start(proc, own, options, config))


def read_config(proc: Process, own: Build, options: Options) -> Config:
    """The configuration; raises ConfigError."""
    root = options.first("d", own.root)
    parser = Parser(proc.fs, name_of(proc), root, set(options.values.get("D", [])), dict(proc.env))
    parser.modules |= own.modules
    try:
        before = parser.parse("\n".join(options.values.get("C", [])), "-C")
        entries = parser.read(posixpath.join(root, options.first("f", own.conf)))
        after = parser.parse("\n".join(options.values.get("c", [])), "-c")
    finally:
        for name in dict.fromkeys(parser.undefined):
            proc.err(error_line(proc, "core:warn", f"AH00111: Config variable ${{{name}}} is not defined"))
    root, fs = parser.root, proc.fs
    return build((*before, *entries, *after), parser.modules, root, lambda path: fs.is_dir(str(path)))


def _name_missing(proc: Process, config: Config, name: str) -> None:
    """Apache asks for the machine's full name, which a container has none of."""
    if not config.main.value("servername"):
        address = next(iter(proc.machine.network.addresses), "127.0.0.1")
        proc.err(NO_NAME.format(name, address))


def _pid_path(own: Build, config: Config) -> str:
    return posixpath.join(config.root, config.main.value("pidfile", own.pid))


def _running(proc: Process, own: Build, config: Config) -> Process | None:
    text = read_text(proc.fs, _pid_path(own, config)).strip()
    found = proc.machine.processes.get(int(text)) if text.isdigit() else None
    return found if found is not None and found.exit_code is None and found is not proc else None


def _order(proc: Process, own: Build, config: Config, order: str) -> int:
    running = _running(proc, own, config)
    if running is None:
        proc.err(f"{name_of(proc)} (no pid file) not running\n")
        return 0 if "stop" in order else 1
    running.kill(ORDERS[order], proc)
    return 0


def _start(proc: Process, own: Build, options: Options, config: Config) -> Waiting:
    running = _running(proc, own, config)
    if running is not None:
        proc.out(f"httpd (pid {running.pid}) already running\n")
        return 0
    # The settings are read twice: once to see whether they are right, once to follow them.
    _name_missing(proc, config, name_of(proc))
    parent = Parent(proc, own, options, config)
    if not parent.prepare():
        return 1
    foreground = {"FOREGROUND", "NO_DETACH"} & set(options.values.get("D", [])) or "X" in options.letters
    if foreground:
        return (yield from parent.run())
    silent = Null()
    child = proc.fork(lambda each: parent.become(each).run(), fds={0: silent, 1: silent, 2: silent})
    child.pgid = child.pid
    return 0


class Parent:
    """The first process: it listens, and keeps children that answer."""

    def __init__(self, proc: Process, own: Build, options: Options, config: Config) -> None:
        self.proc, self.own, self.config = proc, own, config
        self._options = options
        self._logs = Logs(proc, config.root)
        self._listeners: dict[tuple[str, int], Listener] = {}
        self._children: list[Process] = []
        self._told: list[int] = []

    @property
    def mpm(self) -> str:
        """The module that runs the children."""
        return next((each for each in ("prefork", "worker") if f"mpm_{each}" in self.config.modules), "event")

    def become(self, proc: Process) -> Parent:
        """Go on as another process."""
        self.proc = self._logs.proc = proc
        return self

    def prepare(self) -> bool:
        """Open logs and ports; False, with a complaint, where that fails."""
        for name, file, line in log_names(self.config):
            try:
                self._logs.open(name)
            except FileSystemError as error:
                path = posixpath.join(self.config.root, name)
                folder = posixpath.dirname(path)
                if not self.proc.fs.is_dir(folder):
                    why = f"AH02297: Cannot access directory '{folder}/' for log file '{name}' defined at {file}:{line}"
                    self.proc.err(f"(2)No such file or directory: {why}\nAH00014: Configuration check failed\n")
                else:
                    why = f"AH00091: {name_of(self.proc)}: could not open error log file {path}."
                    self.proc.err(f"({error.errno}){error.strerror}: {why}\nAH00015: Unable to open logs\n")
                return False
        return self._listen()

    def _listen(self) -> bool:
        for address, port in self.config.ports:
            if (address, port) in self._listeners:
                continue
            try:
                listener = self.proc.machine.network.listen(port, address, program="httpd", pid=self.proc.pid)
            except AddressInUseError:
                why = f"AH00072: make_sock: could not bind to address {address}:{port}"
                self.proc.err(f"(98)Address already in use: {why}\nno listening sockets available, shutting down\n")
                self.proc.err("AH00015: Unable to open logs\n")
                return False
            self._listeners[address, port] = listener
        return True

    def run(self) -> Generator[Wait, Any, int]:
        """Until a signal ends it."""
        proc = self.proc
        for signum in (*SAID, SIGINT):
            proc.handlers[signum] = self._told.append
        try:
            proc.fs.write(_pid_path(self.own, self.config), f"{proc.pid}\n".encode())
        except FileSystemError as error:
            why = f"AH00099: could not create {_pid_path(self.own, self.config)}"
            self._note("core:error", f"({error.errno}){error.strerror}: {why}")
            return 1
        self._begin()
        try:
            while True:
                yield from proc.kernel.until(lambda: bool(self._told))
                signum = SIGTERM if self._told[0] == SIGINT else self._told[0]
                self._told.clear()
                self._note(f"mpm_{self.mpm}:notice", f"{self._number(signum)}: {SAID[signum]}")
                yield from self._end_children()
                if signum in (SIGTERM, SIGWINCH):
                    break
                self._again()
        finally:
            for listener in self._listeners.values():
                listener.close()
        self._forget_pid()
        return 0

    def _number(self, what: Any) -> str:
        return str(NUMBERS["prefork" if self.mpm == "prefork" else "event"][what])

    def _note(self, kind: str, text: str) -> None:
        self._logs.error(self.config.main, self.proc, kind, text)

    def _begin(self) -> None:
        """Start the children, and say so."""
        words = " ".join("-D FOREGROUND" if word == "-DFOREGROUND" else word for word in self.proc.argv)
        number = self._number("start")
        self._note(
            f"mpm_{self.mpm}:notice", f"{number}: {self.own.description} configured -- resuming normal operations"
        )
        self._note("core:notice", f"AH00094: Command line: '{words}'")
        server = Server(self.config, self._logs, self.own.token)
        user = find_user(self.proc.fs, self.config.main.value("user", "www-data"))
        for _ in range(CHILDREN[self.mpm]):
            child = self.proc.fork(lambda each: _work(each, server, list(self._listeners.values())))
            if user is not None and self.proc.uid == 0:
                child.uid, child.gid, child.groups = user.uid, user.gid, (user.gid,)
            self._children.append(child)

    def _end_children(self) -> Generator[Wait, Any, None]:
        for child in self._children:
            child.kill(SIGTERM)
        for child in self._children:
            yield from self.proc.wait(child)
        self._children.clear()

    def _again(self) -> None:
        """Read the settings anew; wrong ones leave the old ones standing."""
        try:
            self.config = read_config(self.proc, self.own, self._options)
        except ConfigError as error:
            self.proc.err(str(error))
        _name_missing(self.proc, self.config, name_of(self.proc))
        self._listen()
        self._begin()

    def _forget_pid(self) -> None:
        path = _pid_path(self.own, self.config)
        if self.proc.fs.exists(path):
            self.proc.fs.unlink(path)


def _work(proc: Process, server: Server, listeners: Sequence[Listener]) -> Generator[Wait, Any, int]:
    """A child."""
    told: list[int] = []
    proc.handlers[SIGTERM] = told.append
    for signum in (SIGHUP, SIGUSR1, SIGWINCH):
        proc.handlers[signum] = "ignore"
    site = ApacheSite(proc, server)
    yield from answer_until(proc, listeners, lambda socket: converse(socket, site), lambda: bool(told))
    return 0
