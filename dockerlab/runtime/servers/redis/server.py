"""redis-server: the program, with the log lines of the real one (redis's server.c)."""

from __future__ import annotations

import posixpath
from collections.abc import Generator, Sequence
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.kernel import Until
from dockerlab.runtime.net.errors import AddressInUseError
from dockerlab.runtime.net.names import is_address
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.net.stack import ANY
from dockerlab.runtime.process import SIGNAL_NAMES, Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.daemons import attend, date_of, ending_of
from dockerlab.runtime.servers.redis.commands import Client
from dockerlab.runtime.servers.redis.config import LEVELS, ConfigError, lines_of, read_lines
from dockerlab.runtime.servers.redis.files import Keeper
from dockerlab.runtime.servers.redis.protocol import HungUpError, ProtocolError, encode, read_command
from dockerlab.runtime.servers.redis.rdb import RdbError
from dockerlab.runtime.servers.redis.state import Redis, version_of

MARKS = {".": "debug", "-": "verbose", "*": "notice", "#": "warning"}
TAIL = "sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d0c14bfb2a4d1e33"


@program("redis-server", raw=True)
def redis_server(proc: Process, args: Arguments) -> int | Waiting:
    """Serve until a signal or SHUTDOWN ends it."""
    words = args.operands
    if {"--version", "-v"} & set(words):
        proc.out(f"Redis server v={version_of(proc.env)} {TAIL}\n")
        return 0
    server = Redis(proc)
    file, lines = lines_of([word for word in words if word != "-"])
    try:
        _configure(server, file, lines)
    except FileSystemError as error:
        _logger(server, "C")("#", f"Fatal error, can't open config file '{file}': {error.strerror}")
        return 1
    except ConfigError as error:
        proc.err(
            f"\n*** FATAL CONFIG FILE ERROR (Redis {server.version}) ***\n"
            f"Reading the configuration file, at line {error.number}\n>>> '{error.line}'\n{error}\n"
        )
        return 1
    if server.config["daemonize"] == "yes":
        proc.fork(lambda child: _serve(_moved(server, child), bool(file or lines)))
        return 0
    return _serve(server, bool(file or lines))


def _moved(server: Redis, child: Process) -> Redis:
    """The same settings in another process."""
    return Redis(child, config=server.config, config_file=server.config_file)


def _configure(server: Redis, file: str, lines: Sequence[str]) -> None:
    if file:
        server.config_file = posixpath.normpath(server.proc.path(file))
        text = server.proc.fs.read(server.config_file).decode("utf-8", "surrogateescape")
        read_lines(text.splitlines(), server.config)
    # The real server reads its options as a file, too: an empty line, then one for each.
    read_lines(["", *lines] if lines else [], server.config)
    server.config["dir"] = posixpath.normpath(server.proc.path(server.config["dir"] or "."))
    server.databases = Redis(server.proc, config=server.config).databases


def _logger(server: Redis, role: str) -> Any:
    """Write lines such as '1:M 23 Nov 2026 10:00:00.000 * Server initialized', down to the level that is set."""

    def log(mark: str, text: str) -> None:
        if LEVELS.index(MARKS[mark]) >= LEVELS.index(server.config["loglevel"]):
            _write_log(server, f"{server.proc.pid}:{role} {_stamp(server.proc)} {mark} {text}\n")

    return log


def _write_log(server: Redis, line: str) -> None:
    if not server.config["logfile"]:
        server.proc.out(line)
        return
    stream = server.proc.open(posixpath.join(server.config["dir"], server.config["logfile"]), "a")
    stream.write(line.encode("utf-8", "surrogateescape"))
    stream.close()


def _stamp(proc: Process) -> str:
    moment = date_of(proc)
    return f"{moment:%d %b %Y %H:%M:%S}.{moment.microsecond // 1000:03d}"


def _serve(server: Redis, configured: bool) -> Waiting:
    server.ending = ending_of(server.proc)
    _say_hello(server, configured)
    server.log = _logger(server, "M")
    server.log("*", "monotonic clock: POSIX clock_gettime")
    try:
        listener = _listen(server)
    except AddressInUseError as error:
        where = f"*:{server.config['port']}"
        server.log("#", f"Warning: Could not create server TCP listening socket {where}: bind: {error.text}")
        server.log("#", f"Failed listening on port {server.config['port']} (tcp), aborting.")
        return 1
    server.log("*", f"Running mode=standalone, port={server.config['port']}.")
    server.log("*", "Server initialized")
    keeper = Keeper(server)
    try:
        keeper.restore()
    except (RdbError, FileSystemError) as error:
        server.log("#", f"Fatal error loading the DB, check server logs. Exiting. ({error})")
        listener.close()
        return 1
    server.log("*", "Ready to accept connections tcp")
    while True:
        yield from attend(server.proc, listener, lambda socket: _talk(server, socket), server.ending, [_saving(server)])
        if _say_goodbye(server):
            return 0
        # It could not save, and so it goes on; the signal may come again.
        server.ending.asked = False
        listener = _listen(server)


def _say_hello(server: Redis, configured: bool) -> None:
    log = _logger(server, "C")
    log("*", "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo")
    log(
        "*",
        f"Redis version={server.version}, bits=64, commit=00000000, modified=0, pid={server.proc.pid}, just started",
    )
    if configured:
        log("*", "Configuration loaded")
    else:
        log(
            "#",
            "Warning: no config file specified, using the default config. In order to specify a config file use "
            "redis-server /path/to/redis.conf",
        )


def _listen(server: Redis) -> Listener:
    names = [name.lstrip("-") for name in server.config["bind"].split()]
    address = next((name for name in names if is_address(name) and ":" not in name), ANY)
    port = int(server.config["port"])
    return server.proc.machine.network.listen(
        port, ANY if "*" in names else address, program="redis-server", pid=server.proc.pid
    )


def _say_goodbye(server: Redis) -> bool:
    """Save what is to be saved; False when that fails."""
    ending, log = server.ending, server.log
    if ending.signum:
        seconds = server.now() // 1000
        name = f"SIG{SIGNAL_NAMES[ending.signum]}"
        _write_log(server, f"{server.proc.pid}:signal-handler ({seconds}) Received {name} scheduling shutdown...\n")
    log("*", "User requested shutdown...")
    if server.append is not None:
        log("*", "Calling fsync() on the AOF file.")
    leave = not server.save_points if server.leave_unsaved is None else server.leave_unsaved
    if not leave:
        log("*", "Saving the final RDB snapshot before exiting.")
        try:
            server.save()
        except FileSystemError:
            log("#", "Error trying to save the DB, can't exit.")
            return False
    log("#", "Redis is now ready to exit, bye bye...")
    return True


def _talk(server: Redis, socket: Socket) -> Generator[Wait, Any, None]:
    """Run the commands of one connection, one after the other."""
    server.connections += 1
    client = Client(socket, server.connections + 2, server.now())
    server.clients.append(client)
    try:
        while not client.leaving and (words := (yield from read_command(socket))) is not None:
            if not words:
                continue
            reply = yield from server.run(client, words)
            if reply is not server.silence:
                socket.write(encode(reply))
    except ProtocolError as error:
        socket.write(encode(error))
    except HungUpError:
        pass  # in the middle of a command
    finally:
        server.clients.remove(client)


def _saving(server: Redis) -> Generator[Wait, Any, None]:
    """Save by itself, when enough has changed for long enough."""
    while True:
        yield Until(lambda: _due(server) is not None)
        due = _due(server)
        yield Until(lambda due=due: _due(server) != due, due)  # type: ignore[misc]
        if due is None or _due(server) != due or server.proc.kernel.clock.now < due:
            continue
        seconds, changes = _reached(server)
        server.log("*", f"{changes} changes in {seconds} seconds. Saving...")
        number = server.proc.machine.next_pid()
        server.log("*", f"Background saving started by pid {number}")
        try:
            server.save()
            server.log("*", "Background saving terminated with success")
        except FileSystemError:
            server.saved_at = server.now()


def _due(server: Redis) -> int | None:
    """When the next save is due, in nanoseconds since 1970; None as long as too little has changed."""
    waits = [seconds for seconds, changes in server.save_points if server.unsaved >= changes]
    return (server.saved_at + min(waits) * 1000) * 1_000_000 if waits else None


def _reached(server: Redis) -> tuple[int, int]:
    return min(point for point in server.save_points if server.unsaved >= point[1])
