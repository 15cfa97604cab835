"""What INFO says of a Redis server (redis.io/commands/info), as far as the lab knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockerlab.runtime.servers.redis.state import Redis

EMPTY_SERVER = 917_168
"""Bytes that a server without data uses."""
ENTRY = 72
"""Bytes that a key costs beside itself and its value, about."""


def used_memory(server: Redis) -> int:
    """About how much memory the data takes."""
    sizes = (
        len(key) + ENTRY + (len(value) if isinstance(value, bytes) else sum(len(word) + 16 for word in value))
        for database in server.databases
        for key, value in database.values.items()
    )
    return EMPTY_SERVER + sum(sizes)


def human(size: int) -> str:
    """A size as Redis writes it for people: 895.67K."""
    power = next((power for power in range(4, 0, -1) if size >= 1 << 10 * power), 0)
    return f"{size / (1 << 10 * power):.2f}{'BKMGT'[power]}" if power else f"{size}B"


def run_id(server: Redis) -> str:
    """Forty hex digits that differ from server to server."""
    seed = f"{server.proc.hostname} {server.proc.host_pid} {server.started}"
    return hashlib.sha1(seed.encode(), usedforsecurity=False).hexdigest()


def _server(server: Redis) -> Mapping[str, object]:
    up = (server.now() - server.started) // 1000
    return {
        "redis_version": server.version, "redis_git_sha1": "00000000", "redis_git_dirty": 0,
        "redis_mode": "standalone", "os": f"Linux {server.proc.machine.facts.kernel_release} x86_64",
        "arch_bits": 64, "monotonic_clock": "POSIX clock_gettime", "multiplexing_api": "epoll",
        "process_id": server.proc.pid, "process_supervised": "no", "run_id": run_id(server),
        "tcp_port": server.config["port"], "server_time_usec": server.proc.kernel.clock.now // 1000,
        "uptime_in_seconds": up, "uptime_in_days": up // 86_400, "hz": server.config["hz"],
        "configured_hz": server.config["hz"], "executable": server.proc.program_path,
        "config_file": server.config_file, "io_threads_active": 0,
    }  # fmt: skip


def _clients(server: Redis) -> Mapping[str, object]:
    listening = sum(bool(client.channels or client.patterns) for client in server.clients)
    return {
        "connected_clients": len(server.clients), "cluster_connections": 0,
        "maxclients": server.config["maxclients"], "blocked_clients": 0, "pubsub_clients": listening,
    }  # fmt: skip


def _memory(server: Redis) -> Mapping[str, object]:
    used, most = used_memory(server), int(server.config["maxmemory"])
    total = server.proc.machine.facts.memory
    return {
        "used_memory": used, "used_memory_human": human(used), "used_memory_peak": used,
        "used_memory_peak_human": human(used), "total_system_memory": total,
        "total_system_memory_human": human(total), "maxmemory": most, "maxmemory_human": human(most),
        "maxmemory_policy": server.config["maxmemory-policy"], "mem_allocator": "jemalloc-5.3.0",
    }  # fmt: skip


def _persistence(server: Redis) -> Mapping[str, object]:
    return {
        "loading": 0, "async_loading": 0, "rdb_changes_since_last_save": server.unsaved,
        "rdb_bgsave_in_progress": 0, "rdb_last_save_time": server.saved_at // 1000,
        "rdb_last_bgsave_status": "ok", "rdb_last_bgsave_time_sec": -1,
        "aof_enabled": int(server.config["appendonly"] == "yes"), "aof_rewrite_in_progress": 0,
        "aof_last_write_status": "ok",
    }  # fmt: skip


def _stats(server: Redis) -> Mapping[str, object]:
    channels = {name for client in server.clients for name in client.channels}
    patterns = {name for client in server.clients for name in client.patterns}
    return {
        "total_connections_received": server.connections, "total_commands_processed": server.commands,
        "rejected_connections": 0, "expired_keys": sum(each.expired for each in server.databases),
        "evicted_keys": 0, "pubsub_channels": len(channels), "pubsub_patterns": len(patterns),
    }  # fmt: skip


def _replication(server: Redis) -> Mapping[str, object]:
    return {
        "role": "master", "connected_slaves": 0, "master_failover_state": "no-failover",
        "master_replid": run_id(server)[::-1], "master_replid2": "0" * 40, "master_repl_offset": 0,
        "second_repl_offset": -1, "repl_backlog_active": 0, "repl_backlog_size": 1_048_576,
    }  # fmt: skip


def _cpu(server: Redis) -> Mapping[str, object]:
    up = (server.now() - server.started) / 1e6
    return {"used_cpu_sys": f"{0.005 + up * 1.1:.6f}", "used_cpu_user": f"{0.003 + up * 0.9:.6f}"}


def _cluster(server: Redis) -> Mapping[str, object]:
    return {"cluster_enabled": 0}


def _keyspace(server: Redis) -> Mapping[str, object]:
    found = {}
    for number, database in enumerate(server.databases):
        keys, deadlines = database.keys(), database.deadlines.values()
        left = sum(deadline - server.now() for deadline in deadlines) // max(len(deadlines), 1)
        if keys:
            found[f"db{number}"] = f"keys={len(keys)},expires={len(deadlines)},avg_ttl={left}"
    return found


SECTIONS: dict[str, Callable[[Redis], Mapping[str, object]]] = {
    "Server": _server,
    "Clients": _clients,
    "Memory": _memory,
    "Persistence": _persistence,
    "Stats": _stats,
    "Replication": _replication,
    "CPU": _cpu,
    "Modules": lambda server: {},
    "Errorstats": lambda server: {},
    "Cluster": _cluster,
    "Keyspace": _keyspace,
}
EVERYTHING = frozenset({"all", "default", "everything"})


def info_text(server: Redis, wanted: Iterable[str]) -> str:
    """The sections asked for in lower case, all of them for none; lines end as in the protocol."""
    names = set(wanted) or EVERYTHING
    chosen = [name for name in SECTIONS if names & EVERYTHING or name.lower() in names]
    return "\r\n".join(_section(name, SECTIONS[name](server)) for name in chosen)


def _section(name: str, facts: Mapping[str, object]) -> str:
    return "".join(f"{line}\r\n" for line in (f"# {name}", *(f"{key}:{value}" for key, value in facts.items())))
