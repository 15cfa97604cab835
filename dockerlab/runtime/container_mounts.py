"""What is mounted into a container besides its image: volumes, host directories, tmpfs (Engine API, `Mount`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.mounts import MountedFs
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tmpfs import Tmpfs, parse_size
from dockerlab.fs.tree import EMPTY, Directory, Metadata
from dockerlab.runtime.start_error import StartError, initialised
from dockerlab.world import Clock

TMPFS_MODE = 0o1777
_TMPFS_FLAGS = {"suid": 2, "dev": 4, "exec": 8}
"""MS_NOSUID and so on, which an option lifts (mount(2))."""
_BIND_FLAGS = 0x5000
_NUMBERS = {"size": r"\d+[kKmMgG%]?", "mode": "[0-7]+", "uid": r"\d+", "gid": r"\d+", "nr_inodes": r"\d+[kKmMgG]?"}
_WRONG_KIND = (
    "Are you trying to mount a directory onto a file (or vice-versa)? "
    "Check if the specified host path exists and is the expected type"
)


@dataclass
class Mount:
    """One mount of a container. `source` is a host path; `files` is what is mounted, with `subpath` in it.

    A tmpfs has no files until the container starts: it is empty at every start.
    """

    type: str
    destination: str
    source: str = ""
    name: str = ""
    driver: str = ""
    mode: str = ""
    rw: bool = True
    propagation: str = ""
    copy_data: bool = False
    options: str = ""
    files: FileSystem | None = field(default=None, repr=False)
    subpath: str = "/"
    listed: bool = True
    """Whether `.Mounts` shows it: the tmpfs of --tmpfs is not shown, that of --mount is."""

    @property
    def depth(self) -> int:
        """How deep the destination lies; mounts are made from the top down."""
        return self.destination.rstrip("/").count("/")

    def to_json(self) -> dict[str, Any]:
        """The entry of `.Mounts` in `docker inspect`."""
        fields: dict[str, Any] = {"Type": self.type}
        if self.name:
            fields["Name"] = self.name
        fields |= {"Source": self.source, "Destination": self.destination}
        if self.driver:
            fields["Driver"] = self.driver
        return fields | {"Mode": self.mode, "RW": self.rw, "Propagation": self.propagation}


def place(fs: MountedFs, mount: Mount, clock: Clock) -> None:
    """Mount it, after its mount point has been made where it was missing (as runc does, in the container's files)."""
    files, subpath = mount.files, mount.subpath
    if files is None:
        files, subpath = tmpfs(fs, mount, clock), "/"
    make_mount_point(fs, mount.destination, directory=files.is_dir(subpath))
    try:
        fs.mount(mount.destination, files, subpath=subpath, read_only=not mount.rw)
    except FileSystemError as error:
        raise _refused(mount, _BIND_FLAGS, error.strerror.lower(), advice=_WRONG_KIND) from None


def _refused(mount: Mount, flags: int, reason: str, *, data: str = "", advice: str = "") -> StartError:
    """What runc says of a mount(2) that failed."""
    source = mount.source or mount.type
    what = f'error mounting "{source}" to rootfs at "{mount.destination}"'
    call = f"mount {source}:{mount.destination} (via /proc/self/fd/6), flags: {flags:#x}"
    return initialised(f"{what}: {call}{f', data: {data}' if data else ''}: {reason}", advice=advice)


def make_mount_point(fs: FileSystem, path: str, *, directory: bool) -> None:
    """A directory or an empty file to mount on."""
    if fs.exists(path):
        return
    if directory:
        fs.mkdir(path, parents=True)
        return
    fs.mkdir(path.rpartition("/")[0] or "/", parents=True)
    fs.write(path, b"", mode=0o755)


def tmpfs(fs: FileSystem, mount: Mount, clock: Clock) -> Tmpfs:
    """Fresh memory, empty, with the mode that its mount point has."""
    options = dict(part.partition("=")[::2] for part in mount.options.split(",") if "=" in part)
    for name, value in options.items():
        if name in _NUMBERS and not re.fullmatch(_NUMBERS[name], value):
            words = set(mount.options.split(","))
            flags = sum(flag for word, flag in _TMPFS_FLAGS.items() if word not in words) + (not mount.rw)
            raise _refused(mount, flags, "invalid argument", data=f"{name}={value}")
    below = fs.find(mount.destination)
    mode = int(options["mode"], 8) if options.get("mode") else below.mode if below else TMPFS_MODE
    owner = int(options.get("uid") or 0), int(options.get("gid") or 0)
    tree = Directory(Metadata(mode & 0o7777, *owner, mtime=clock.now))
    return Tmpfs(tree, clock, parse_size(options.get("size", "")))


def _directory(fs: FileSystem, path: str) -> Directory | None:
    try:
        return fs.tree(path)
    except FileSystemError:
        return None


def seed(volume: FileSystem, source: FileSystem, path: str) -> None:
    """Fill an empty volume with what the image has at its mount point, owner and mode of the directory included."""
    below = _directory(source, path)
    if below is None or volume.listdir("/"):
        return
    for name in sorted(below.entries):
        volume.graft(f"/{name}", below.entries[name])
    meta = below.meta
    volume.chown("/", meta.uid, meta.gid)
    volume.chmod("/", meta.mode)
    volume.utime("/", meta.mtime)


def empty_files(clock: Clock) -> OverlayFs:
    """The empty file system of a new volume."""
    return OverlayFs(Directory(Metadata(0o755, mtime=clock.now), EMPTY.entries), clock)
