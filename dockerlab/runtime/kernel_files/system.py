"""What stands in /proc beside the processes (proc(5)): the hardware, the kernel, the network, the parameters."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from dockerlab.fs.tree import Node
from dockerlab.runtime.kernel_files.nodes import folder, link, texts
from dockerlab.runtime.kernel_files.sysctl import USUAL, sysctl_folder
from dockerlab.runtime.machine import Facts, Machine, boot_time
from dockerlab.runtime.net.stack import Stack
from dockerlab.world import NANOSECOND

_DEV_HEAD = (
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast"
    "|bytes    packets errs drop fifo colls carrier compressed\n"
)
_ROUTE_HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT"
_TCP_HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
_LISTENING = "0A"


def system_files(machine: Machine, current: int, now: int) -> dict[str, Node]:
    """The files and folders by name; `current` is the pid that `self` means."""
    entries: dict[str, Node] = texts(_contents(machine.facts, len(machine.processes), now), now)
    return entries | {
        "mounts": link("self/mounts", now),
        "net": folder(texts(_network(machine.network), now), now),
        "self": link(str(current), now),
        "sys": sysctl_folder(_parameters(machine), now),
    }


def _contents(facts: Facts, processes: int, now: int) -> Mapping[str, str]:
    kib = facts.memory >> 10
    memory = {
        "MemTotal": kib, "MemFree": kib // 2, "MemAvailable": kib * 3 // 4, "Buffers": 0, "Cached": kib // 8,
        "SwapCached": 0, "SwapTotal": facts.swap >> 10, "SwapFree": facts.swap >> 10,
    }  # fmt: skip
    up = (now - boot_time(facts, now)) // NANOSECOND
    ticks = up * 100
    processors = "".join(f"cpu{number} 0 0 0 {ticks} 0 0 0 0 0 0\n" for number in range(facts.cpus))
    return {
        "cmdline": f"BOOT_IMAGE=/boot/vmlinuz-{facts.kernel_release} root=/dev/sda1 ro\n",
        "cpuinfo": "".join(f"processor\t: {number}\nmodel name\t: dockerlab\n\n" for number in range(facts.cpus)),
        "filesystems": "nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n",
        "loadavg": f"0.00 0.00 0.00 1/{processes} {processes}\n",
        "meminfo": "".join(f"{f'{name}:':<16}{size:>8} kB\n" for name, size in memory.items()),
        "stat": f"cpu  0 0 0 {ticks * facts.cpus} 0 0 0 0 0 0\n{processors}btime {now // NANOSECOND - up}\n",
        "uptime": f"{up}.00 {up * facts.cpus}.00\n",
        "version": f"Linux version {facts.kernel_release} {facts.kernel_version}\n",
    }


def _parameters(machine: Machine) -> Mapping[str, str]:
    names = {
        "kernel.hostname": machine.hostname,
        "kernel.domainname": machine.domainname or "(none)",
        "kernel.osrelease": machine.facts.kernel_release,
        "kernel.version": machine.facts.kernel_version,
    }
    return {**USUAL, **names, **machine.confinement.sysctls}


def _network(stack: Stack) -> Mapping[str, str]:
    rows = [("lo", 0, 0)] + [(each.name, stack.traffic.received, stack.traffic.sent) for each in stack.interfaces]
    return {
        "dev": _DEV_HEAD + "".join(_device(*row) for row in rows),
        "route": "".join(f"{line:<127}\n" for line in [_ROUTE_HEAD, *_routes(stack)]),
        "tcp": "".join(f"{line:<149}\n" for line in [_TCP_HEAD, *_sockets(stack)]),
    }


def _device(name: str, received: int, sent: int) -> str:
    def side(count: int, last: str) -> str:
        return f"{count:8} {bool(count) * 1:7}    0    0    0     0 {last}"

    return f"{name:>6}:{side(received, '         0         0')} {side(sent, '      0          0')}\n"


def _routes(stack: Stack) -> list[str]:
    lines: list[str] = []
    for each in stack.interfaces:
        network = ipaddress.IPv4Network(each.link.subnet)
        if stack.gateway and not each.link.internal and not lines:
            gateway = _hexadecimal(next(network.hosts()))
            lines.append(f"{each.name}\t00000000\t{gateway}\t0003\t0\t0\t0\t00000000\t0\t0\t0")
        zone, mask = _hexadecimal(network.network_address), _hexadecimal(network.netmask)
        lines.append(f"{each.name}\t{zone}\t00000000\t0001\t0\t0\t0\t{mask}\t0\t0\t0")
    return lines


def _hexadecimal(address: ipaddress.IPv4Address) -> str:
    """An address as the kernel prints it: the bytes in memory's order, that is backwards."""
    return address.packed[::-1].hex().upper()


def _sockets(stack: Stack) -> list[str]:
    found = sorted(stack.listeners.values(), key=lambda each: each.port)
    return [
        f"{row:4}: {_hexadecimal(ipaddress.IPv4Address(each.address))}:{each.port:04X} 00000000:0000 {_LISTENING} "
        f"00000000:00000000 00:00000000 00000000     0        0 {row + 1}"
        for row, each in enumerate(found)
    ]
