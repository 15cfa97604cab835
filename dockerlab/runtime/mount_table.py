"""/proc/mounts: what is mounted in a container, with the options that runc mounts it with (proc_mounts(5))."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlab.fs.mounts import MountedFs
from dockerlab.fs.tmpfs import Tmpfs
from dockerlab.runtime.container_mounts import Mount

HOST_DISK = "/dev/sda1"
_STANDARD = {
    "/proc": "proc /proc proc rw,nosuid,nodev,noexec,relatime",
    "/dev": "tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755",
    "/sys": "sysfs /sys sysfs ro,nosuid,nodev,noexec,relatime",
}
_PTS = "devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666"
_CGROUP = "cgroup /sys/fs/cgroup cgroup2 ro,nosuid,nodev,noexec,relatime"
_QUEUES = "mqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime"
_READ_ONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys")
_WORDS = {"exec": "noexec", "suid": "nosuid", "dev": "nodev"}
"""What an option of a tmpfs takes away from its standard ones."""


def mount_table(plan: Iterable[Mount], fs: MountedFs, *, read_only: bool) -> str:
    """The lines, in the order of mounting."""
    lines = [f"overlay / overlay {'ro' if read_only else 'rw'},relatime"]
    more = [_PTS, _CGROUP, _QUEUES]
    for mount in plan:
        if mount.destination == "/dev/shm":
            lines += more[:2]
        lines.append(_STANDARD.get(mount.destination) or _line(mount, fs))
    lines += [f"proc {path} proc ro,nosuid,nodev,noexec,relatime" for path in _READ_ONLY]
    return "".join(f"{line} 0 0\n" for line in lines)


def _line(mount: Mount, fs: MountedFs) -> str:
    access = "rw" if mount.rw else "ro"
    found = fs.mount_at(mount.destination).fs
    if mount.destination == "/dev/shm" and isinstance(found, Tmpfs):
        return f"shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size={(found.capacity or 0) >> 10}k"
    if mount.type == "tmpfs":
        return f"tmpfs {mount.destination} tmpfs {access},{_tmpfs_options(mount, found)}"
    return f"{HOST_DISK} {mount.destination} ext4 {access},relatime"


def _tmpfs_options(mount: Mount, found: object) -> str:
    asked = mount.options.split(",") if mount.options else []
    lifted = {_WORDS[word] for word in asked if word in _WORDS}
    options = [word for word in ("nosuid", "nodev", "noexec") if word not in lifted] + ["relatime"]
    if isinstance(found, Tmpfs) and found.capacity is not None:
        options.append(f"size={found.capacity >> 10}k")
    values = dict(word.partition("=")[::2] for word in asked if "=" in word)
    options += [f"{name}={values[name].lstrip('0') or '0'}" for name in ("mode", "uid", "gid") if name in values]
    return ",".join(options)
