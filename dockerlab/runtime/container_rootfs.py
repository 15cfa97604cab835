"""The files that a container sees: its writable layer over the image, with what the runtime mounts on top.

Docker puts a thin layer between image and container (moby, `daemon/initlayer`): the places that will be mounted
on, empty. So `docker diff` does not list /etc/hosts, but `docker export` holds it. Then runc mounts /proc, /dev, /sys
(OCI runtime-spec, config-linux.md, "Default Filesystems and Devices") and Docker its own hostname, hosts, resolv.conf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dockerlab.fs.content import Bytes
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.mounts import MountedFs
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Device, Directory, File, Metadata, Node, Symlink, insert, lookup
from dockerlab.runtime.container_mounts import Mount, place
from dockerlab.runtime.machine import Facts
from dockerlab.world import Clock

NETWORK_FILES = ("hostname", "hosts", "resolv.conf")
_INIT_FOLDERS = ("dev", "dev/pts", "dev/shm", "etc", "proc", "sys")
_INIT_FILES = (".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf")
_HOSTS = """127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
ff00::0\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
"""
_CHARACTER_DEVICES = {
    "null": (1, 3),
    "zero": (1, 5),
    "full": (1, 7),
    "random": (1, 8),
    "urandom": (1, 9),
    "tty": (5, 0),
}
_DEV_LINKS = {
    "fd": "/proc/self/fd",
    "ptmx": "pts/ptmx",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
}


def init_layer(tree: Directory, now: int) -> Directory:
    """The image's tree with the places that Docker mounts on, where the image lacks them."""
    for path in _INIT_FOLDERS:
        if lookup(tree, path) is None:
            tree = _insert(tree, path, Directory(Metadata(0o755, mtime=now)))
    for path in _INIT_FILES:
        if lookup(tree, path) is None:
            tree = _insert(tree, path, File(Metadata(0o755, mtime=now), Bytes(b"")))
    if lookup(tree, "etc/mtab") is None:
        tree = _insert(tree, "etc/mtab", Symlink(Metadata(0o777, mtime=now), "/proc/mounts"))
    return tree


def _insert(tree: Directory, path: str, node: Node) -> Directory:
    """Insert below a real directory only: where the image has a symlink in the way, Docker's place is elsewhere."""
    folder = path.rpartition("/")[0]
    above = lookup(tree, folder)
    if not isinstance(above, Directory):
        return tree
    entries = {**above.entries, path.rpartition("/")[2]: node}
    changed = Directory(replace(above.meta, mtime=node.meta.mtime), entries)
    return insert(tree, folder, changed) if folder else changed


@dataclass(frozen=True)
class Surroundings:
    """What the files around the image tell a container about itself."""

    hostname: str = "localhost"
    hosts: tuple[str, ...] = ()
    """Lines for /etc/hosts: further machines, then the container's own addresses."""
    standard_hosts: str = _HOSTS
    """How /etc/hosts begins."""
    nameservers: str = ""
    linked: Mapping[str, str] = field(default_factory=dict)
    """Variables that tell of the containers that this one is linked to (`--link`)."""
    facts: Facts = field(default_factory=Facts)
    own_files: Mapping[str, str] = field(default_factory=dict)


def mounted(
    overlay: FileSystem, mounts: Iterable[Mount], around: Surroundings, clock: Clock, *, read_only: bool = False
) -> MountedFs:
    """The root file system as process 1 finds it."""
    plan = [*standard_mounts(around, clock), *sorted(mounts, key=lambda mount: mount.depth)]
    taken = {mount.destination for mount in plan}
    plan += [mount for mount in network_mounts(around, clock) if mount.destination not in taken]
    making = MountedFs(overlay)
    for mount in plan:
        place(making, mount, clock)
    if not read_only:
        return making
    # Mount points are made before the root becomes read-only, in the same order as runc does it.
    final = MountedFs(overlay, read_only=True)
    for point in making.mounts:
        final.mount(point.path, point.fs, subpath=point.subpath, read_only=point.read_only)
    return final


def standard_mounts(around: Surroundings, clock: Clock) -> list[Mount]:
    """/proc, /dev and /sys."""
    now = clock.now
    trees = {"/proc": _proc(around, now), "/dev": _dev(now), "/sys": _sys(now)}
    return [
        Mount("tmpfs", path, files=OverlayFs(tree, clock), rw=path != "/sys", listed=False)
        for path, tree in trees.items()
    ]


def network_mounts(around: Surroundings, clock: Clock) -> list[Mount]:
    """The three files that Docker keeps for each container and mounts over the image's."""
    own = "".join(f"{line}\n" for line in around.hosts)
    hosts = around.standard_hosts + own
    texts = {"hostname": f"{around.hostname}\n", "hosts": hosts, "resolv.conf": around.nameservers}
    files = OverlayFs(_folder(0o755, clock.now, {name: _file(text, clock.now) for name, text in texts.items()}), clock)
    return [Mount("bind", f"/etc/{name}", files=files, subpath=f"/{name}", listed=False) for name in NETWORK_FILES]


# The kernel's own file systems, as far as programs look at them.


def _file(text: str, now: int, mode: int = 0o644) -> File:
    return File(Metadata(mode, mtime=now), Bytes(text.encode()))


def _folder(mode: int, now: int, entries: Mapping[str, Node]) -> Directory:
    return Directory(Metadata(mode, mtime=now), dict(entries))


def _dev(now: int) -> Directory:
    entries: dict[str, Node] = {
        name: Device(Metadata(0o666, mtime=now), "c", major, minor)
        for name, (major, minor) in _CHARACTER_DEVICES.items()
    }
    entries |= {name: Symlink(Metadata(0o777, mtime=now), target) for name, target in _DEV_LINKS.items()}
    entries |= {"pts": _folder(0o755, now, {}), "shm": _folder(0o1777, now, {}), "mqueue": _folder(0o1777, now, {})}
    return _folder(0o755, now, entries)


def _proc(around: Surroundings, now: int) -> Directory:
    facts = around.facts
    kib = facts.memory // 1024
    texts = {
        "cpuinfo": "".join(f"processor\t: {number}\nmodel name\t: dockerlab\n\n" for number in range(facts.cpus)),
        "meminfo": f"MemTotal:       {kib} kB\nMemFree:        {kib // 2} kB\nMemAvailable:   {kib * 3 // 4} kB\n",
        "version": f"Linux version {facts.kernel_release} {facts.kernel_version}\n",
        "loadavg": "0.00 0.00 0.00 1/1 1\n",
        "filesystems": "nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n",
        "uptime": f"{(now - facts.booted) // 1_000_000_000 if facts.booted else 3600}.00 0.00\n",
    }
    own = {"mounts": _MOUNTS, "cgroup": "0::/\n", **around.own_files}
    entries: dict[str, Node] = {name: _file(text, now, 0o444) for name, text in texts.items()}
    entries |= {
        "mounts": Symlink(Metadata(0o777, mtime=now), "self/mounts"),
        "self": _folder(0o555, now, {name: _file(text, now, 0o444) for name, text in own.items()}),
        "sys": _folder(0o555, now, {"kernel": _folder(0o555, now, {"hostname": _file(f"{around.hostname}\n", now)})}),
    }
    return _folder(0o555, now, entries)


_MOUNTS = """overlay / overlay rw,relatime 0 0
proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0
tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0
devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666 0 0
sysfs /sys sysfs ro,nosuid,nodev,noexec,relatime 0 0
cgroup /sys/fs/cgroup cgroup2 ro,nosuid,nodev,noexec,relatime 0 0
mqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime 0 0
shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k 0 0
"""


def _sys(now: int) -> Directory:
    cgroup = {name: _file("max\n", now, 0o444) for name in ("memory.max", "pids.max")}
    return _folder(
        0o555,
        now,
        {
            "fs": _folder(0o755, now, {"cgroup": _folder(0o755, now, cgroup)}),
            "class": _folder(0o755, now, {"net": _folder(0o755, now, {})}),
        },
    )
