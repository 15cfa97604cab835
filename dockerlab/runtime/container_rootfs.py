"""The files that a container sees: its writable layer over the image, with what the runtime mounts on top.

Docker puts a thin layer between image and container (moby, `daemon/initlayer`): the places that will be mounted
on, empty. So `docker diff` does not list /etc/hosts, but `docker export` holds it. Then runc mounts /proc, /dev, /sys
(OCI runtime-spec, config-linux.md, "Default Filesystems and Devices") and Docker its own hostname, hosts, resolv.conf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from dockerlab.fs.content import Bytes
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.mounts import MountedFs
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tmpfs import Tmpfs
from dockerlab.fs.tree import Device, Directory, File, Metadata, Node, Symlink, insert, lookup
from dockerlab.runtime.confinement import Confinement
from dockerlab.runtime.container_mounts import Mount, place
from dockerlab.runtime.kernel_files import KernelFiles
from dockerlab.runtime.mount_table import mount_table
from dockerlab.world import Clock

INIT = ("/sbin/docker-init", "--")
_INIT_PROGRAM = f"\x7fELF\2\1\1{'':\0<9}\2\0>\0docker-init\0"
"""Docker's own, for the host's processor (EM_X86_64 is '>')."""
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
CHARACTER_DEVICES = {
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
    devices: Mapping[str, Device] = field(default_factory=dict)
    """Nodes that are added to /dev, by their paths (`--device`)."""
    confinement: Confinement = field(default_factory=Confinement)
    init: bool = False
    """Whether Docker's own program is process 1 (`--init`)."""
    memory: Tmpfs | None = None
    """/dev/shm; None where there is none (`--ipc none`)."""


def mounted(
    overlay: FileSystem,
    mounts: Iterable[Mount],
    around: Surroundings,
    kernel_files: KernelFiles,
    *,
    read_only: bool = False,
) -> MountedFs:
    """The root file system as process 1 finds it."""
    clock = kernel_files.clock
    plan = [*standard_mounts(around, kernel_files), *sorted(mounts, key=lambda mount: mount.depth)]
    taken = {mount.destination for mount in plan}
    plan += [mount for mount in network_mounts(around, clock, read_only=read_only) if mount.destination not in taken]
    making = MountedFs(overlay)
    for mount in plan:
        place(making, mount, clock)
    kernel_files.mounts = partial(mount_table, plan, making, read_only=read_only)
    if not read_only:
        return making
    # Mount points are made before the root becomes read-only, in the same order as runc does it.
    final = MountedFs(overlay, read_only=True)
    for point in making.mounts:
        final.mount(point.path, point.fs, subpath=point.subpath, read_only=point.read_only)
    return final


def standard_mounts(around: Surroundings, kernel_files: KernelFiles) -> list[Mount]:
    """/proc, /dev with its shared memory, and /sys."""
    clock = kernel_files.clock
    found = [
        Mount("proc", "/proc", files=kernel_files.proc, listed=False),
        Mount("tmpfs", "/dev", files=OverlayFs(_dev(around, clock.now), clock), listed=False),
        Mount("sysfs", "/sys", files=kernel_files.sys, rw=False, listed=False),
    ]
    if around.init:
        files = OverlayFs(_folder(0o755, clock.now, {"docker-init": _file(_INIT_PROGRAM, clock.now, 0o755)}), clock)
        found.append(Mount("bind", INIT[0], files=files, subpath="/docker-init", rw=False, listed=False))
    if around.memory is not None:
        found.append(Mount("tmpfs", "/dev/shm", files=around.memory, listed=False))
    return found


def shared_memory(size: int, clock: Clock) -> Tmpfs:
    """A new /dev/shm."""
    return Tmpfs(Directory(Metadata(0o1777, mtime=clock.now)), clock, size)


def network_mounts(around: Surroundings, clock: Clock, *, read_only: bool = False) -> list[Mount]:
    """The three files that Docker keeps for each container and mounts over the image's."""
    own = "".join(f"{line}\n" for line in around.hosts)
    hosts = around.standard_hosts + own
    texts = {"hostname": f"{around.hostname}\n", "hosts": hosts, "resolv.conf": around.nameservers}
    files = OverlayFs(_folder(0o755, clock.now, {name: _file(text, clock.now) for name, text in texts.items()}), clock)
    return [
        Mount("bind", f"/etc/{name}", files=files, subpath=f"/{name}", rw=not read_only, listed=False)
        for name in NETWORK_FILES
    ]


# The kernel's own file systems, as far as programs look at them.


def _file(text: str, now: int, mode: int = 0o644) -> File:
    return File(Metadata(mode, mtime=now), Bytes(text.encode()))


def _folder(mode: int, now: int, entries: Mapping[str, Node]) -> Directory:
    return Directory(Metadata(mode, mtime=now), dict(entries))


def _dev(around: Surroundings, now: int) -> Directory:
    entries: dict[str, Node] = {
        name: Device(Metadata(0o666, mtime=now), "c", major, minor)
        for name, (major, minor) in CHARACTER_DEVICES.items()
    }
    entries |= {name: Symlink(Metadata(0o777, mtime=now), target) for name, target in _DEV_LINKS.items()}
    entries |= {"pts": _folder(0o755, now, {}), "mqueue": _folder(0o1777, now, {})}
    if around.memory is not None:
        entries["shm"] = _folder(0o1777, now, {})
    for path, node in around.devices.items():
        entries[path.removeprefix("/dev/")] = node
    return _folder(0o755, now, entries)
