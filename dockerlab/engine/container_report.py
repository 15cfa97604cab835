"""What runs in a container and what it takes: `docker top` and `docker stats` (moby, daemon/{top_unix,stats}.go)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.engine.container_checks import check_resources
from dockerlab.engine.container_context import Context
from dockerlab.errors import ConflictError, InvalidParameterError, SystemError_
from dockerlab.runtime.container import Container
from dockerlab.runtime.program import Process
from dockerlab.world import NANOSECOND, format_instant

RESIDENT = 480 << 10
"""Bytes that a small process is said to take."""
NET_BYTES = 486
"""What a container has received by the time it is up: neighbour discovery and the like."""


SHIM_PIDS = 20
"""How far before a container's first process its shim stands in the host's process table."""


def _parent(process: Process) -> int:
    """The parent's pid on the host; the first process is a child of the container's shim."""
    return process.parent.host_pid if process.parent else max(1, process.host_pid - SHIM_PIDS)


def _owner(process: Process) -> str:
    return "root" if process.uid == 0 else str(process.uid)


Cell = Callable[[Context, Process], str]
COLUMNS: Mapping[str, tuple[str, Cell]] = {
    "uid": ("UID", lambda context, process: _owner(process)),
    "user": ("USER", lambda context, process: _owner(process)),
    "pid": ("PID", lambda context, process: str(process.host_pid)),
    "ppid": ("PPID", lambda context, process: str(_parent(process))),
    "c": ("C", lambda context, process: "0"),
    "stime": ("STIME", lambda context, process: format_instant(process.started)[11:16]),
    "tty": ("TTY", lambda context, process: "pts/0" if process.is_terminal(0) else "?"),
    "time": ("TIME", lambda context, process: "00:00:00"),
    "cmd": ("CMD", lambda context, process: " ".join(process.argv)),
    "args": ("COMMAND", lambda context, process: " ".join(process.argv)),
    "comm": ("COMMAND", lambda context, process: process.argv[0].rpartition("/")[2]),
    "rss": ("RSS", lambda context, process: str(RESIDENT >> 10)),
    "vsz": ("VSZ", lambda context, process: str(RESIDENT >> 7)),
    "stat": ("STAT", lambda context, process: "S"),
}
FULL = ("uid", "pid", "ppid", "c", "stime", "tty", "time", "cmd")
"""The columns of `ps -ef`."""


def top(context: Context, container: Container, options: str) -> dict[str, Any]:
    """The processes as ps(1) lists them; `options` are ps's own (`-o pid,cmd`, `aux`)."""
    if not container.state.running or container.machine is None:
        raise ConflictError(f"Container {container.id} is not running")
    if container.state.restarting:
        raise ConflictError(f"Container {container.id} is restarting, wait until the container is running")
    names = _columns(options)
    processes = [each for each in container.machine.alive() if each.machine is container.machine]
    rows = [[COLUMNS[name][1](context, process) for name in names] for process in processes]
    return {"Titles": [COLUMNS[name][0] for name in names], "Processes": rows}


_PS_LETTERS = frozenset("AaCcdefFgGHjlLmMNnoOpPqstTuUVwyZ")
"""What ps(1) knows behind a minus; after `o` and `O` follows a format."""


def _columns(options: str) -> tuple[str, ...]:
    """The columns that ps's `-o` asks for, else those of `ps -ef`; raises with ps's words for foolish options."""
    words = [word[1:] for word in options.split() if word.startswith("-") and not word.startswith("--")]
    if any(not _PS_LETTERS.issuperset(re.split("[oO]", word)[0]) for word in words):
        raise SystemError_("ps: error: unsupported SysV option")
    _, wanted, rest = options.partition("-o")
    if not wanted:
        return FULL
    names = tuple(name.strip().lower() for name in rest.split()[0].split(",")) if rest.split() else ()
    for name in names:
        if name not in COLUMNS:
            raise SystemError_(f'ps: exit status 1: error: unknown user-defined format specifier "{name}"')
    if "pid" not in names:
        raise SystemError_("Couldn't find PID field in ps output")
    return names


def stats(context: Context, container: Container) -> dict[str, Any]:
    """One reading of the statistics; a container that doesn't run takes nothing."""
    reading: dict[str, Any] = {
        "id": container.id,
        "name": f"/{container.name}",
        "read": format_instant(context.now),
        "pids_stats": {},
        "cpu_stats": {},
        "memory_stats": {},
    }
    machine = container.machine
    if machine is None:
        return reading
    count = len(machine.alive())
    ran = max(0, context.now - container.state.started_at)
    reading["pids_stats"] = {"current": count}
    reading["cpu_stats"] = {"cpu_usage": {"total_usage": count * 20 * NANOSECOND // 1000}, "system_cpu_usage": ran}
    limit = container.host["Memory"] or context.runtime.facts.memory
    reading["memory_stats"] = {"usage": count * RESIDENT, "limit": limit}
    reading["networks"] = {"eth0": {"rx_bytes": NET_BYTES, "tx_bytes": 0}}
    return reading


def check_update(body: Mapping[str, Any], cpus: int) -> None:
    """Refuse what `docker update` can't change on a container, of a machine with so many processors."""
    check_resources(body, cpus, update=True)
    policy = body.get("RestartPolicy") or {}
    if policy.get("MaximumRetryCount") and policy.get("Name") != "on-failure":
        raise InvalidParameterError("invalid restart policy: maximum retry count can only be used with 'on-failure'")
