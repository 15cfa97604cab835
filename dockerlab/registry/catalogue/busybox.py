"""Busybox: one program under some 300 names, all hard links to it in /bin, as in Docker's image; hello-world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.registry.catalogue.accounts import BUSYBOX_GROUPS, BUSYBOX_USERS, accounts
from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import load

_BUSYBOX_SIZE = 1_119_784
_LIBRARIES = {
    "ld-linux-x86-64.so.2": 225_600, "libm.so.6": 907_784, "libnss_files.so.2": 14_480, "libpthread.so.0": 14_480,
    "libresolv.so.2": 64_888,
}  # fmt: skip


def plant(tree: Tree, facts: Mapping[str, Any]) -> None:
    """Fill the tree of a busybox image."""
    tree.folders("/etc /home /usr/bin /usr/sbin /var/spool/mail /lib")
    tree.folder("/root", 0o700)
    tree.folder("/tmp", 0o1777)
    tree.folder("/var/www", 0o755, 33, 33)
    tree.folder("/home", 0o755, 65534, 65534)
    tree.link("/lib64", "lib")
    tree.link("/usr/bin/env", "../../bin/env")
    accounts(tree, "/bin/sh", BUSYBOX_USERS, BUSYBOX_GROUPS)
    tree.text("/etc/localtime", "TZif2\n")
    tree.text("/etc/nsswitch.conf", "hosts: files dns\n")
    tree.text("/etc/network/interfaces", "auto lo\niface lo inet loopback\n")
    musl = facts.get("libc") == "musl"
    if not musl:
        tree.program("/bin/getconf", 14_480)
        for name, size in _LIBRARIES.items():
            tree.filler(f"/lib/{name}", size, 0o755)
        # The C library takes what is left of the image's size.
        tree.filler("/lib/libc.so.6", facts["size"] - tree.size - _BUSYBOX_SIZE, 0o755)
    file = tree.program("/bin/busybox", facts["size"] - tree.size)
    for name in load("busybox")["busybox"].split():
        tree.hard_link(f"/bin/{name}", file)


def plant_hello(tree: Tree, facts: Mapping[str, Any]) -> None:
    """One program and nothing else."""
    tree.program("/hello", facts["size"])
