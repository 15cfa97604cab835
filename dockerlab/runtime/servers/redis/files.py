"""How a Redis server keeps its data: dump.rdb, and the append-only file in its folder (redis.io, "Persistence")."""

from __future__ import annotations

import posixpath

from dockerlab.errors import FileSystemError
from dockerlab.runtime.net.sockets import Socket, Traffic, connected
from dockerlab.runtime.servers.redis.commands import Client
from dockerlab.runtime.servers.redis.info import used_memory
from dockerlab.runtime.servers.redis.protocol import RedisError, encode_command
from dockerlab.runtime.servers.redis.rdb import RdbError, dump, load
from dockerlab.runtime.servers.redis.state import Redis


class Keeper:
    """Writes the data of a server into its working directory, and reads it back at the next start."""

    def __init__(self, server: Redis) -> None:
        self.server = server
        self.proc = server.proc
        self._selected = -1
        server.save = self.save

    def _path(self, *names: str) -> str:
        return posixpath.join(self.server.config["dir"] or self.proc.cwd, *names)

    @property
    def dump_path(self) -> str:
        """Where dump.rdb is."""
        return self._path(self.server.config["dbfilename"])

    def _aof(self, tail: str) -> str:
        return self._path(self.server.config["appenddirname"], self._aof_name(tail))

    def _aof_name(self, tail: str) -> str:
        return f"{self.server.config['appendfilename']}.{tail}"

    # dump.rdb.

    def save(self) -> None:
        """Write dump.rdb at once, by way of another file so that a reader never sees half of it."""
        temporary = self._path(f"temp-{self.proc.pid}.rdb")
        try:
            self._write(temporary, self._dump(base=False))
        except FileSystemError as error:
            folder = posixpath.dirname(self.dump_path)
            self.server.log(
                "#",
                f"Failed opening the temp RDB file temp-{self.proc.pid}.rdb (in server root dir {folder}) "
                f"for saving: {error.strerror}",
            )
            raise
        self.proc.fs.rename(temporary, self.dump_path)
        self.server.saved_at = self.server.now()
        self.server.saved_changes = self.server.changes
        self.server.log("*", "DB saved on disk")

    def _dump(self, *, base: bool) -> bytes:
        facts = {
            "redis-ver": self.server.version,
            "redis-bits": "64",
            "ctime": str(self.server.now() // 1000),
            "used-mem": str(used_memory(self.server)),
            "aof-base": str(int(base)),
        }
        return dump(self.server.databases, facts)

    def _write(self, path: str, data: bytes) -> None:
        stream = self.proc.open(path, "w")
        stream.write(data)
        stream.close()

    def _read(self, path: str) -> bytes:
        return self.proc.fs.content(path).read()

    # At the start.

    def restore(self) -> None:
        """Read what an earlier server has left. Raises RdbError for a damaged file."""
        if self.server.config["appendonly"] == "yes":
            self._restore_aof()
        elif self.proc.fs.exists(self.dump_path):
            self._load(self._read(self.dump_path))
            self.server.log("*", "DB loaded from disk: 0.000 seconds")
        self.server.saved_changes = self.server.changes

    def _load(self, data: bytes) -> None:
        log, server = self.server.log, self.server
        facts = load(data, server.databases)
        log("*", f"Loading RDB produced by version {facts.get('redis-ver', '?')}")
        log("*", f"RDB age {max(0, server.now() // 1000 - _number(facts, 'ctime'))} seconds")
        log("*", f"RDB memory usage when created {_number(facts, 'used-mem') / (1 << 20):.2f} Mb")
        if facts.get("aof-base") == "1":
            log("*", "RDB is base AOF")
        before = sum(len(database.values) for database in server.databases)
        kept = sum(len(database.keys()) for database in server.databases)
        log("*", f"Done loading RDB, keys loaded: {kept}, keys expired: {before - kept}.")

    def _restore_aof(self) -> None:
        log, base, incr = self.server.log, self._aof_name("1.base.rdb"), self._aof_name("1.incr.aof")
        if self.proc.fs.exists(self._aof("manifest")):
            log("*", "Reading RDB base file on AOF loading...")
            self._load(self._read(self._aof("1.base.rdb")))
            log("*", f"DB loaded from base file {base}: 0.000 seconds")
            self._replay(self._read(self._aof("1.incr.aof")))
            log("*", f"DB loaded from incr file {incr}: 0.000 seconds")
            log("*", "DB loaded from append only file: 0.000 seconds")
            log("*", f"Opening AOF incr file {incr} on server start")
        else:
            self._begin_aof(base, incr)
        self.server.append = self._append

    def _begin_aof(self, base: str, incr: str) -> None:
        folder = self._path(self.server.config["appenddirname"])
        if not self.proc.fs.exists(folder):
            self.proc.fs.mkdir(folder, uid=self.proc.uid, gid=self.proc.gid)
        self._write(self._aof("1.base.rdb"), self._dump(base=True))
        self.server.log("*", f"Creating AOF base file {base} on server start")
        self._write(self._aof("1.incr.aof"), b"")
        self.server.log("*", f"Creating AOF incr file {incr} on server start")
        self._write(self._aof("manifest"), f"file {base} seq 1 type b\nfile {incr} seq 1 type i\n".encode())

    # The append-only file.

    def _append(self, number: int, words: list[bytes]) -> None:
        """One more command; a SELECT before it when the last one was for another database."""
        selecting = encode_command([b"SELECT", b"%d" % number]) if number != self._selected else b""
        self._selected = number
        stream = self.proc.open(self._aof("1.incr.aof"), "a")
        stream.write(selecting + encode_command(words))
        stream.close()

    def _replay(self, data: bytes) -> None:
        nobody = Client(_no_socket(), 0)
        for words in _commands(data):
            self.server.run_at_once(nobody, words)


def _number(facts: dict[str, str], name: str) -> int:
    text = facts.get(name, "")
    return int(text) if text.isdigit() else 0


def _no_socket() -> Socket:
    nowhere = (("", 0), Traffic())
    return connected(nowhere, nowhere)[0]


def _commands(data: bytes) -> list[list[bytes]]:
    """The commands of an append-only file; one that was cut off at the end is left out, as Redis does."""
    commands, at = [], 0
    try:
        while at < len(data):
            count, at = _head(data, at, b"*")
            words = []
            for _ in range(count):
                size, at = _head(data, at, b"$")
                words.append(data[at : at + size])
                at += size + 2
            if at <= len(data):
                commands.append(words)
    except RedisError:
        pass
    return commands


def _head(data: bytes, at: int, mark: bytes) -> tuple[int, int]:
    end = data.find(b"\r\n", at)
    if end < 0:
        raise RedisError("the file ends too early")
    if data[at : at + 1] != mark or not data[at + 1 : end].isdigit():
        raise RdbError("Bad file format reading the append only file")
    return int(data[at + 1 : end]), end + 2
