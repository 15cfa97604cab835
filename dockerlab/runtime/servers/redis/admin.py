"""Redis commands about the connection and the server: PING, AUTH, INFO, CONFIG, SHUTDOWN … (redis.io/commands)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.servers.redis import commands
from dockerlab.runtime.servers.redis.commands import SYNTAX_ERROR, Answering, Call, command, subcommand, wrong_arity
from dockerlab.runtime.servers.redis.config import FIXED, canonical, check
from dockerlab.runtime.servers.redis.data import glob, parse_integer
from dockerlab.runtime.servers.redis.info import info_text
from dockerlab.runtime.servers.redis.protocol import OK, RedisError, Reply, Status

WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled."
NO_PASSWORD = (
    "ERR AUTH <password> called without any password configured for the default user. "
    "Are you sure your configuration is correct?"
)


@command("ping", -1)
def ping(call: Call) -> Reply:
    """Say that the server is there."""
    if len(call.args) > 1:
        raise wrong_arity("ping")
    if call.client.channels or call.client.patterns:
        return [b"pong", call.args[0] if call.args else b""]
    return call.args[0] if call.args else Status("PONG")


@command("echo", 2)
def echo(call: Call) -> Reply:
    """Say the same."""
    return call.key


@command("quit", -1)
def leave(call: Call) -> Reply:
    """Hang up."""
    call.client.leaving = True
    return OK


@command("reset", 1)
def reset(call: Call) -> Reply:
    """Forget everything about a connection."""
    client = call.client
    client.queue, client.database, client.authenticated, client.name = None, 0, False, b""
    client.channels.clear()
    client.patterns.clear()
    client.watched.clear()
    return Status("RESET")


@command("auth", -2)
def authenticate(call: Call) -> Reply:
    """Say the password."""
    if len(call.args) > 2:
        raise RedisError(SYNTAX_ERROR)
    wanted = call.server.config["requirepass"]
    if len(call.args) == 1 and not wanted:
        raise RedisError(NO_PASSWORD)
    user = call.args[0] if len(call.args) == 2 else b"default"
    if user != b"default" or (wanted and call.args[-1].decode("utf-8", "surrogateescape") != wanted):
        raise RedisError(WRONG_PASSWORD)
    call.client.authenticated = True
    return OK


@command("hello", -1)
def hello(call: Call) -> Reply:
    """Agree on the protocol: only its second version is spoken here."""
    if call.args and call.args[0] != b"2":
        raise RedisError("NOPROTO unsupported protocol version")
    if call.server.config["requirepass"] and not call.client.authenticated:
        raise RedisError("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time")  # noqa: E501  # fmt: skip
    facts = {b"server": b"redis", b"version": call.server.version.encode(), b"proto": 2, b"id": call.client.number,
             b"mode": b"standalone", b"role": b"master", b"modules": []}  # fmt: skip
    return [word for pair in facts.items() for word in pair]


@command("time", 1)
def time(call: Call) -> Reply:
    """Seconds since 1970, and the microseconds."""
    microseconds = call.server.proc.kernel.clock.now // 1000
    return [b"%d" % (microseconds // 1_000_000), b"%d" % (microseconds % 1_000_000)]


@command("info", -1)
def info(call: Call) -> Reply:
    """How the server is."""
    return info_text(call.server, [word.lower() for word in call.options(0)]).encode()


@command("lolwut", -1)
def lolwut(call: Call) -> Reply:
    """The version, without the picture."""
    return f"Redis ver. {call.server.version}\n".encode()


@command("role", 1)
def role(call: Call) -> Reply:
    """A server of its own."""
    return [b"master", 0, []]


# Settings.


@command("config", -2)
def config(call: Call) -> Answering:
    """Settings."""
    return subcommand(call, "CONFIG")


@command("config|get", -3)
def get_config(call: Call) -> Reply:
    """The settings whose names fit."""
    tests = [glob(pattern.lower()) for pattern in call.args]
    found = [(name, text) for name, text in call.server.config.items() if any(fits(name.encode()) for fits in tests)]
    return [word.encode("utf-8", "surrogateescape") for pair in found for word in pair]


@command("config|set", -4)
def set_config(call: Call) -> Reply:
    """Change settings while the server runs."""
    if len(call.args) % 2:
        raise wrong_arity(call.name)
    words = [word.decode("utf-8", "surrogateescape") for word in call.args]
    for name, text in zip(words[::2], words[1::2], strict=True):
        name = name.lower()
        if name not in call.server.config:
            raise RedisError(f"ERR Unknown option or number of arguments for CONFIG SET - '{name}'")
        wrong = "can't set immutable config" if name in FIXED else check(name, text)
        if wrong:
            raise RedisError(f"ERR CONFIG SET failed (possibly related to argument '{name}') - {wrong}")
        call.server.config[name] = canonical(name, text)
    return OK


@command("config|resetstat", 2)
def reset_statistics(call: Call) -> Reply:
    """Count from zero."""
    call.server.commands = call.server.connections = 0
    return OK


@command("config|rewrite", 2)
def rewrite_config(call: Call) -> Reply:
    """Write the settings into the file that they came from."""
    if not call.server.config_file:
        raise RedisError("ERR The server is running without a config file")
    lines = [f"{name} {text or chr(34) * 2}\n" for name, text in call.server.config.items()]
    call.server.proc.fs.write(call.server.config_file, "".join(lines).encode())
    return OK


# Clients.


@command("client", -2)
def client(call: Call) -> Answering:
    """Connections."""
    return subcommand(call, "CLIENT")


@command("client|setname", 3)
def set_name(call: Call) -> Reply:
    """Name this connection."""
    call.client.name = call.args[0]
    return OK


@command("client|getname", 2)
def get_name(call: Call) -> Reply:
    """The name of this connection."""
    return call.client.name or None


@command("client|id", 2)
def get_number(call: Call) -> Reply:
    """The number of this connection."""
    return call.client.number


@command("client|setinfo", 4)
def set_info(call: Call) -> Reply:
    """What libraries say of themselves, and nobody asks for here."""
    return OK


@command("client|list", -2)
@command("client|info", 2)
def list_clients(call: Call) -> Reply:
    """Who is connected."""
    listed = call.server.clients if call.name == "client|list" else [call.client]
    return "".join(f"{_line(call, each)}\n" for each in listed).encode()


def _line(call: Call, client: commands.Client) -> str:
    peer, local = (f"{host}:{port}" for host, port in (client.socket.peer, client.socket.local))
    age = (call.server.now() - client.since) // 1000
    busy = call.name if client is call.client else "NULL"
    return (
        f"id={client.number} addr={peer} laddr={local} fd={7 + client.number} name={client.name.decode('latin-1')} "
        f"age={age} idle=0 flags={'P' if client.channels or client.patterns else 'N'} db={client.database} "
        f"sub={len(client.channels)} psub={len(client.patterns)} ssub=0 "
        f"multi={-1 if client.queue is None else len(client.queue)} watch={len(client.watched)} events=r "
        f"cmd={busy} user=default resp=2"
    )


# The table of commands.


@command("command", -1)
def about_commands(call: Call) -> Answering:
    """Which commands there are."""
    if call.args:
        return subcommand(call, "COMMAND")
    tops = [each for each in commands.COMMANDS.values() if "|" not in each.name]
    return [
        [each.name.encode(), each.arity, [Status("write" if each.writes else "readonly")], 0, 0, 0] for each in tops
    ]


@command("command|count", 2)
def count_commands(call: Call) -> Reply:
    """How many there are."""
    return sum("|" not in name for name in commands.COMMANDS)


@command("command|docs", -2)
@command("command|info", -2)
def no_docs(call: Call) -> Reply:
    """What redis-cli would show as hints."""
    return []


# Saving and ending.


@command("save", 1)
def save(call: Call) -> Reply:
    """Write the data to the disk now."""
    try:
        call.server.save()
    except FileSystemError:
        raise RedisError("ERR") from None
    return OK


@command("bgsave", -1)
def save_beside(call: Call) -> Reply:
    """Write the data to the disk; in the lab this takes no time."""
    number = call.server.proc.machine.next_pid()
    call.server.log("*", f"Background saving started by pid {number}")
    try:
        call.server.save()
    except FileSystemError:
        call.server.log("#", "Background saving error")
    else:
        call.server.log("*", "Background saving terminated with success")
    return Status("Background saving started")


@command("lastsave", 1)
def last_save(call: Call) -> Reply:
    """When the data was written last, in seconds since 1970."""
    return call.server.saved_at // 1000


@command("shutdown", -1)
def shut_down(call: Call) -> Generator[Wait, Any, Reply]:
    """End the server; nobody gets a reply, but the client sees the connection end once all is saved."""
    options = set(call.options(0))
    if options - {"SAVE", "NOSAVE", "NOW", "FORCE", "ABORT"} or {"SAVE", "NOSAVE"} <= options:
        raise RedisError(SYNTAX_ERROR)
    call.server.leave_unsaved = "NOSAVE" in options if options & {"SAVE", "NOSAVE"} else None
    call.server.ending.ask()
    yield from call.server.until(lambda: False, None)
    return call.server.silence


@command("swapdb", 3, writes=True)
def swap(call: Call) -> Reply:
    """Exchange two databases."""
    databases = call.server.databases
    numbers = [parse_integer(text) for text in call.args]
    if not all(0 <= number < len(databases) for number in numbers):
        raise RedisError("ERR DB index is out of range")
    one, two = numbers
    databases[one], databases[two] = databases[two], databases[one]
    databases[one].changes += 1
    return OK


@command("memory", -2)
def memory(call: Call) -> Answering:
    """What takes how much space."""
    return subcommand(call, "MEMORY")


@command("memory|usage", -3)
def usage(call: Call) -> Reply:
    """About how many bytes a key takes."""
    value = call.db.find(call.args[0])
    if value is None:
        return None
    words = [value] if isinstance(value, bytes) else list(value)
    return 56 + len(call.args[0]) + sum(len(word) + (16 if len(words) > 1 else 0) for word in words)
