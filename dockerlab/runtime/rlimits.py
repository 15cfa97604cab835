"""Resource limits (getrlimit(2)): their names, numbers and units, as --ulimit, ulimit and /proc have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

UNLIMITED = -1
MOST_FILES = 1_048_576
"""The kernel's own limit of open files (/proc/sys/fs/nr_open)."""
Limit: TypeAlias = tuple[int, int]
"""Soft and hard; -1 is none."""


@dataclass(frozen=True)
class Resource:
    """One kind of limit: `letter`, `label`, `unit` and `factor` are those of ulimit, `title` and `measure` of /proc."""

    name: str
    number: int
    title: str
    measure: str
    letter: str
    label: str
    unit: str = ""
    factor: int = 1
    usual: Limit = (UNLIMITED, UNLIMITED)


_ALL = (
    Resource("cpu", 0, "Max cpu time", "seconds", "t", "cpu time", "seconds"),
    Resource("fsize", 1, "Max file size", "bytes", "f", "file size", "blocks", 512),
    Resource("data", 2, "Max data size", "bytes", "d", "data seg size", "kb", 1024),
    Resource("stack", 3, "Max stack size", "bytes", "s", "stack size", "kb", 1024, (8 << 20, UNLIMITED)),
    Resource("core", 4, "Max core file size", "bytes", "c", "core file size", "blocks", 512, (0, UNLIMITED)),
    Resource("rss", 5, "Max resident set", "bytes", "m", "max memory size", "kb", 1024),
    Resource("nproc", 6, "Max processes", "processes", "u", "max user processes"),
    Resource("nofile", 7, "Max open files", "files", "n", "open files", usual=(MOST_FILES, MOST_FILES)),
    Resource("memlock", 8, "Max locked memory", "bytes", "l", "max locked memory", "kb", 1024, (8 << 20, 8 << 20)),
    Resource("as", 9, "Max address space", "bytes", "v", "virtual memory", "kb", 1024),
    Resource("locks", 10, "Max file locks", "locks", "x", "file locks"),
    Resource("sigpending", 11, "Max pending signals", "signals", "i", "pending signals", usual=(96365, 96365)),
    Resource("msgqueue", 12, "Max msgqueue size", "bytes", "q", "POSIX message queues", "bytes", usual=(819200,) * 2),
    Resource("nice", 13, "Max nice priority", "", "e", "scheduling priority", usual=(0, 0)),
    Resource("rtprio", 14, "Max realtime priority", "", "r", "real-time priority", usual=(0, 0)),
    Resource("rttime", 15, "Max realtime timeout", "us", "R", "real-time non-blocking time", "microseconds"),
)
RESOURCES: Mapping[str, Resource] = {each.name: each for each in _ALL}
BY_LETTER: Mapping[str, Resource] = {each.letter: each for each in _ALL}


def limit_of(limits: Mapping[str, Limit], name: str) -> Limit:
    """A process's limit: its own, or the usual one."""
    return limits.get(name) or RESOURCES[name].usual


def at_most(value: int, bound: int) -> bool:
    """Whether one limit is no wider than another."""
    return bound == UNLIMITED or UNLIMITED < value <= bound


def table(limits: Mapping[str, Limit]) -> str:
    """/proc/PID/limits."""
    rows = [("Limit", "Soft Limit", "Hard Limit", "Units")]
    for each in _ALL:
        soft, hard = limit_of(limits, each.name)
        rows.append((each.title, _shown(soft), _shown(hard), each.measure))
    return "".join(f"{title:<26}{soft:<21}{hard:<21}{unit:<10}\n" for title, soft, hard, unit in rows)


def _shown(value: int) -> str:
    return "unlimited" if value == UNLIMITED else str(value)
