"""/sys as far as people look into it: network cards (sysfs-class-net), and the cgroup's limits (cgroups, version 2)."""

from __future__ import annotations

from dockerlab.fs.tree import Directory, Node
from dockerlab.runtime.kernel_files.nodes import folder, texts
from dockerlab.runtime.kernel_files.processes import ranges
from dockerlab.runtime.machine import PID_LIMIT, Machine
from dockerlab.runtime.net.stack import Interface

_LOOPBACK = {
    "address": "00:00:00:00:00:00", "broadcast": "00:00:00:00:00:00", "carrier": "1", "flags": "0x9", "ifindex": "1",
    "iflink": "1", "mtu": "65536", "operstate": "unknown", "tx_queue_len": "1000", "type": "772",
}  # fmt: skip


def sys_folder(machine: Machine, now: int) -> Directory:
    """The whole of /sys."""
    cards: dict[str, Node] = {"lo": _card(_LOOPBACK, 0, 0, now)}
    for position, each in enumerate(machine.network.interfaces):
        traffic = machine.network.traffic
        cards[each.name] = _card(_ethernet(each, position + 2), traffic.received, traffic.sent, now)
    cgroup = folder({"cgroup": folder(texts(_cgroup(machine), now), now)}, now)
    return folder({"class": folder({"net": folder(cards, now)}, now), "fs": cgroup}, now)


def _card(values: dict[str, str], received: int, sent: int, now: int) -> Directory:
    entries = texts({name: f"{value}\n" for name, value in values.items()}, now)
    counters = texts({"rx_bytes": f"{received}\n", "tx_bytes": f"{sent}\n"}, now)
    return folder({**entries, "statistics": folder(counters, now)}, now)


def _ethernet(interface: Interface, number: int) -> dict[str, str]:
    return _LOOPBACK | {
        "address": interface.mac or "02:42:00:00:00:01",
        "broadcast": "ff:ff:ff:ff:ff:ff",
        "flags": "0x1003",
        "ifindex": str(number),
        "iflink": str(number + 100),
        "mtu": "1500",
        "operstate": "up",
        "tx_queue_len": "0",
        "type": "1",
    }


def _cgroup(machine: Machine) -> dict[str, str]:
    held, most = machine.confinement, machine.pid_limit
    cpus = held.cpus or tuple(range(machine.facts.cpus))
    values = {
        "cgroup.controllers": "cpuset cpu io memory hugetlb pids rdma misc",
        "cgroup.procs": "\n".join(str(process.pid) for process in machine.alive()),
        "cpu.max": f"{held.cpu_quota} {held.cpu_period}",
        "cpuset.cpus.effective": ranges(cpus),
        "memory.max": str(machine.memory_limit or "max"),
        "pids.current": str(len(machine.processes)),
        "pids.max": str(most) if most != PID_LIMIT else "max",
    }
    return {name: f"{value}\n" for name, value in values.items()}
