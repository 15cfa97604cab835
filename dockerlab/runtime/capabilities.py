"""What the kernel asks for instead of "root" (capabilities(7)): each privilege of the superuser by itself.

A process has a bounding set, which it inherits and never widens. User 0 can use all of it, others nothing: so it is
after execve(2) where no file has capabilities of its own, and nothing here has.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Capability(IntEnum):
    """The capabilities by their numbers (Linux, include/uapi/linux/capability.h)."""

    CHOWN = 0
    DAC_OVERRIDE = 1
    DAC_READ_SEARCH = 2
    FOWNER = 3
    FSETID = 4
    KILL = 5
    SETGID = 6
    SETUID = 7
    SETPCAP = 8
    LINUX_IMMUTABLE = 9
    NET_BIND_SERVICE = 10
    NET_BROADCAST = 11
    NET_ADMIN = 12
    NET_RAW = 13
    IPC_LOCK = 14
    IPC_OWNER = 15
    SYS_MODULE = 16
    SYS_RAWIO = 17
    SYS_CHROOT = 18
    SYS_PTRACE = 19
    SYS_PACCT = 20
    SYS_ADMIN = 21
    SYS_BOOT = 22
    SYS_NICE = 23
    SYS_RESOURCE = 24
    SYS_TIME = 25
    SYS_TTY_CONFIG = 26
    MKNOD = 27
    LEASE = 28
    AUDIT_WRITE = 29
    AUDIT_CONTROL = 30
    SETFCAP = 31
    MAC_OVERRIDE = 32
    MAC_ADMIN = 33
    SYSLOG = 34
    WAKE_ALARM = 35
    BLOCK_SUSPEND = 36
    AUDIT_READ = 37
    PERFMON = 38
    BPF = 39
    CHECKPOINT_RESTORE = 40


def mask_of(names: Iterable[Capability]) -> int:
    """A set as /proc/PID/status shows it: a bit for each."""
    mask = 0
    for name in names:
        mask |= 1 << name
    return mask


EVERY = mask_of(Capability)
CONTAINERS = mask_of(
    Capability[name]
    for name in """CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT
    MKNOD AUDIT_WRITE SETFCAP""".split()
)
"""The fourteen that a container has where nothing else was asked for (moby, oci/caps/defaults.go)."""


def bounding_set(added: Iterable[str], dropped: Iterable[str], *, privileged: bool) -> int:
    """What `--cap-add`, `--cap-drop` and `--privileged` leave of them (moby, oci/caps, TweakCapabilities)."""
    if privileged:
        return EVERY
    more, less = set(added), set(dropped)
    if "ALL" in more:
        return EVERY & ~_mask(less)
    if "ALL" in less:
        return _mask(more)
    return CONTAINERS & ~_mask(less) | _mask(more)


def _mask(names: set[str]) -> int:
    return mask_of(Capability[name.removeprefix("CAP_")] for name in names - {"ALL"})
