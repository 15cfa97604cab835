"""/proc/sys: the kernel's parameters, those of a container's own namespaces as `--sysctl` set them (sysctl(8))."""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.fs.tree import Directory, Node
from dockerlab.runtime.kernel_files.nodes import folder, text_file
from dockerlab.runtime.rlimits import MOST_FILES

USUAL: Mapping[str, str] = {
    "fs.file-max": "9223372036854775807",
    "fs.mqueue.msg_max": "10",
    "fs.mqueue.msgsize_max": "8192",
    "fs.mqueue.queues_max": "256",
    "fs.nr_open": str(MOST_FILES),
    "kernel.msgmax": "8192",
    "kernel.msgmnb": "16384",
    "kernel.msgmni": "32000",
    "kernel.ostype": "Linux",
    "kernel.pid_max": "4194304",
    "kernel.sem": "32000\t1024000000\t500\t32000",
    "kernel.shm_rmid_forced": "0",
    "kernel.shmall": "18446744073692774399",
    "kernel.shmmax": "18446744073692774399",
    "kernel.shmmni": "4096",
    "net.core.somaxconn": "4096",
    "net.ipv4.ip_forward": "1",
    "net.ipv4.ip_local_port_range": "32768\t60999",
    "net.ipv4.ip_unprivileged_port_start": "0",
    "net.ipv4.ping_group_range": "0\t2147483647",
    "net.ipv4.tcp_fin_timeout": "60",
    "net.ipv4.tcp_keepalive_time": "7200",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.tcp_tw_reuse": "2",
    "net.ipv6.conf.all.disable_ipv6": "1",
    "net.ipv6.conf.default.disable_ipv6": "1",
    "vm.max_map_count": "65530",
    "vm.overcommit_memory": "0",
    "vm.swappiness": "60",
}
"""As a container has them where nothing else was asked for; the two that moby sets itself are among them."""


def is_number(value: str) -> bool:
    """Whether a parameter takes one whole number only."""
    return value.lstrip("-").isdigit()


def sysctl_folder(values: Mapping[str, str], now: int) -> Directory:
    """The parameters as files, one folder for each part of a name."""
    tree: dict[str, Node] = {}
    for name in sorted(values):
        _put(tree, name.split("."), values[name], now)
    return folder(tree, now)


def _put(tree: dict[str, Node], names: list[str], value: str, now: int) -> None:
    name, *rest = names
    if not rest:
        tree[name] = text_file(f"{value}\n", now, 0o644)
        return
    found = tree.get(name)
    below = dict(found.entries) if isinstance(found, Directory) else {}
    _put(below, rest, value, now)
    tree[name] = folder(below, now)
