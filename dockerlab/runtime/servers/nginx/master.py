"""nginx's processes: a master that reads settings and listens, workers that answer (nginx.org, "Controlling nginx")."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.net.crew import Work
from dockerlab.runtime.net.errors import AddressInUseError
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.process import SIGNAL_NAMES, Process
from dockerlab.runtime.programs.accounts import find_user
from dockerlab.runtime.servers.nginx.build import Build
from dockerlab.runtime.servers.nginx.config import Config
from dockerlab.runtime.servers.nginx.logs import open_log, write_error
from dockerlab.runtime.servers.nginx.site import Connection
from dockerlab.runtime.servers.nginx.syntax import ConfigError
from dockerlab.runtime.servers.nginx.visit import absolute
from dockerlab.runtime.servers.web import converse
from dockerlab.runtime.servers.workers import answer_until
from dockerlab.runtime.signals import SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGWINCH

TRIES, PAUSE = 5, 0.5
"""How often a port is tried that somebody else has, and the seconds between."""
_ACTIONS = {
    SIGQUIT: "shutting down", SIGTERM: "exiting", SIGINT: "exiting", SIGHUP: "reconfiguring",
    SIGUSR1: "reopening logs", SIGWINCH: "gracefully shutting down workers",
}  # fmt: skip


@dataclass(eq=False)
class Shared:
    """What the processes of one nginx have in common."""

    build: Build
    config: Config
    listeners: dict[tuple[str, int], Listener] = field(default_factory=dict)
    accepted: int = 0


def bind(proc: Process, shared: Shared) -> Generator[Wait, Any, bool]:
    """Listen where the configuration says; False when a port stays taken."""
    wanted = shared.config.listens
    for number in range(TRIES):
        failed = [place for place in wanted if place not in shared.listeners and not _listen(proc, shared, place)]
        if not failed:
            return True
        for address, port in failed:
            emerg(proc, shared, f"bind() to {address}:{port} failed (98: Address already in use)")
        note(proc, shared, f"try again to bind() after {PAUSE * 1000:.0f}ms")
        if number < TRIES:
            yield from proc.sleep(PAUSE)
    emerg(proc, shared, "still could not bind()")
    return False


def _listen(proc: Process, shared: Shared, place: tuple[str, int]) -> bool:
    address, port = place
    try:
        listener = proc.machine.network.listen(port, address, program="nginx", pid=proc.pid)
    except AddressInUseError:
        return False
    listener.encrypted = shared.config.listens[place].encrypted
    shared.listeners[place] = listener
    return True


def note(proc: Process, shared: Shared, text: str, level: str = "notice") -> None:
    """A line of the error log."""
    write_error(proc, shared.config, level, text, default=shared.build.error_log)


def emerg(proc: Process, shared: Shared, text: str, level: str = "emerg") -> None:
    """Trouble before the server runs: told to whoever started it, and to the log."""
    note(proc, shared, text, level)
    proc.err(f"nginx: [{level}] {text}\n")


class Master:
    """The master process; signals leave their number, and `run` does what they ask."""

    def __init__(self, proc: Process, shared: Shared, reread: Any) -> None:
        self.proc, self.shared, self._reread = proc, shared, reread
        self._signals: list[int] = []
        self._workers: dict[Process, bool] = {}
        """Worker → whether it has been told to go."""
        self._ending = False

    def run(self) -> Generator[Wait, Any, int]:
        """Keep workers running until a signal says otherwise."""
        proc, build = self.proc, self.shared.build
        for signum in (*_ACTIONS, SIGCHLD):
            proc.handlers[signum] = self._signals.append
        self._note('using the "epoll" event method')
        self._note(build.name)
        if build.compiler:
            self._note(f"built by {build.compiler}")
        self._note(f"OS: Linux {proc.machine.facts.kernel_release}")
        self._note("getrlimit(RLIMIT_NOFILE): 1048576:1048576")
        self._start_workers()
        try:
            while not (self._ending and not self._workers):
                yield from proc.kernel.until(lambda: bool(self._signals))
                self._handle(self._signals.pop(0))
        finally:
            for listener in list(self.shared.listeners.values()):
                listener.close()
        self._remove_pid()
        self._note("exit")
        return 0

    def _note(self, text: str, level: str = "notice") -> None:
        note(self.proc, self.shared, text, level)

    # Workers.

    def _start_workers(self) -> None:
        self._note("start worker processes")
        wanted = self.shared.config.main.value("worker_processes", "1")
        for _ in range(self.proc.machine.facts.cpus if wanted == "auto" else max(1, int(wanted))):
            self._start_worker()

    def _start_worker(self) -> None:
        shared = self.shared
        config = shared.config
        try:
            child = self.proc.fork(lambda worker: work(worker, shared, config))
        except FileSystemError as error:
            self._note(f'fork() failed while spawning "worker process" ({error.errno}: {error.strerror})', "alert")
            return
        child.argv = ["nginx: worker process"]
        user = find_user(self.proc.fs, config.main.value("user", "nobody")) if self.proc.uid == 0 else None
        if user is not None:
            child.uid, child.gid, child.groups = user.uid, user.gid, (user.gid,)
        self._workers[child] = False
        self._note(f"start worker process {child.pid}")

    def _collect(self) -> None:
        """Take note of workers that ended, and replace those that nobody told to."""
        for worker in [worker for worker in self._workers if worker.exit_code is not None]:
            told = self._workers.pop(worker)
            self._note(f"signal 17 (SIGCHLD) received from {worker.pid}")
            self.proc.reap(worker)
            if worker.signum is not None:
                self._note(f"worker process {worker.pid} exited on signal {worker.signum}", "alert")
            else:
                self._note(f"worker process {worker.pid} exited with code {worker.exit_code}")
            if not told and not self._ending:
                self._start_worker()

    def _tell_workers(self, signum: int, workers: list[Process] | None = None) -> None:
        for worker in list(self._workers) if workers is None else workers:
            self._workers[worker] = self._workers[worker] or signum != SIGUSR1
            worker.kill(signum)

    # Signals.

    def _handle(self, signum: int) -> None:
        if signum == SIGCHLD:
            self._collect()
            return
        self._note(f"signal {signum} (SIG{SIGNAL_NAMES[signum]}) received, {_ACTIONS[signum]}")
        if signum == SIGHUP:
            self._reconfigure()
        elif signum == SIGUSR1:
            self._note("reopening logs")
            open_logs(self.proc, self.shared.build, self.shared.config)
            self._tell_workers(SIGUSR1)
        else:
            self._ending = self._ending or signum != SIGWINCH
            self._tell_workers(SIGQUIT if signum == SIGWINCH else signum)

    def _reconfigure(self) -> None:
        """New settings and new workers; with wrong settings everything stays as it was."""
        self._note("reconfiguring")
        try:
            config: Config = self._reread()
        except ConfigError as error:
            self._note(str(error), "emerg")
            return
        shared, old = self.shared, list(self._workers)
        missing = [place for place in config.listens if place not in shared.listeners]
        before, shared.config = shared.config, config
        for place in missing:
            if not _listen(self.proc, shared, place):
                self._note(f"bind() to {place[0]}:{place[1]} failed (98: Address already in use)", "emerg")
                shared.config = before
                return
        for place in [place for place in shared.listeners if place not in config.listens]:
            shared.listeners.pop(place).close()
        self._note('using the "epoll" event method')
        self._start_workers()
        self._tell_workers(SIGQUIT, old)

    # Files.

    def _remove_pid(self) -> None:
        path = pid_path(self.shared)
        if self.proc.fs.exists(path):
            self.proc.fs.unlink(path)


def open_logs(proc: Process, build: Build, config: Config) -> None:
    """Open the logs that the configuration names; raises ConfigError."""
    scopes = [config.main, *([config.http] if config.http else []), *(server.scope for server in config.servers)]
    found = [each.args[0] for scope in scopes for name in ("error_log", "access_log") for each in scope.own(name)]
    if config.http is not None and not config.http.own("access_log"):
        found.append("/var/log/nginx/access.log")
    for log in found:
        if log in ("off", "stderr") or "$" in log or log.startswith("syslog:"):
            continue
        path = absolute(build, log)
        try:
            config.logs[log] = open_log(proc, path)
        except FileSystemError as error:
            raise ConfigError(f'open() "{path}" failed ({error.errno}: {error.strerror})') from None


def pid_path(shared: Shared) -> str:
    """Where the master's number stands."""
    return absolute(shared.build, shared.config.main.value("pid", shared.build.pid))


# A worker.


def work(proc: Process, shared: Shared, config: Config) -> Generator[Wait, Any, int]:
    """Answer connections until told to go."""
    told: list[int] = []
    for signum in (SIGQUIT, SIGTERM, SIGINT, SIGUSR1):
        proc.handlers[signum] = told.append
    proc.handlers[SIGHUP] = "ignore"

    def talk(socket: Socket) -> Work:
        shared.accepted += 1
        return converse(socket, Connection(proc, config, shared.build, shared.accepted))

    while not told or told[0] == SIGUSR1:
        if told:
            note(proc, shared, "reopening logs")
            told.clear()
        listeners = [shared.listeners[place] for place in config.listens]
        yield from answer_until(proc, listeners, talk, lambda: bool(told))
    if told[0] == SIGQUIT:
        note(proc, shared, "gracefully shutting down")
    note(proc, shared, "exiting")
    note(proc, shared, "exit")
    return 0
