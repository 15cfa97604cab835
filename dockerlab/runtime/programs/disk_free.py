"""df: how full the file systems are that a process sees (POSIX, df; the columns of GNU's and busybox's)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dockerlab.errors import FileSystemError
from dockerlab.fs.mounts import MountedFs, MountPoint
from dockerlab.fs.tmpfs import Tmpfs
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.messages import blame, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

DISK = 62_725_623_808
"""Bytes of the disk that every lab's host has."""
HOST_DISK = "/dev/vda1"
HOST_USES = 21_474_836_480
"""Bytes of the host's disk that are not this process's own."""
SMALL = 67_108_864
"""The size of /dev and /dev/shm (moby, daemon/oci: 64 MB)."""
_KERNELS = ("/proc", "/sys")


@dataclass(frozen=True)
class Row:
    """A file system: its device, its kind, its bytes, and where it is mounted."""

    device: str
    kind: str
    total: int
    used: int
    place: str


@program(
    "df",
    options="hkmPTiat:x:B:H",
    long="human-readable=h portability=P print-type=T inodes=i all=a",
    usage="[-PkmhTai] [-B SIZE] [FILESYSTEM]...",
)
def df(proc: Process, args: Arguments) -> int:
    """Print how full the file systems are: a host's disk, or a container's overlay on it and its mounts."""
    rows = list(_rows(proc))
    shown = rows
    if args.operands:
        shown = []
        for name in args.operands:
            try:
                path = proc.fs.realpath(proc.path(name))
                proc.fs.stat(path)
            except FileSystemError as error:
                if is_busybox(proc):
                    return complain(proc, f"{name}: can't find mount point")
                return blame(proc, error, name)
            shown.append(_row_of(rows, path))
    proc.out("".join(_lines(_table(proc, args, shown), is_busybox(proc))))
    return 0


def _rows(proc: Process) -> Iterator[Row]:
    used = HOST_USES + proc.fs.disk_usage("/")
    if not isinstance(proc.fs, MountedFs):
        yield Row(HOST_DISK, "ext4", DISK, used, "/")
        return
    yield Row("overlay", "overlay", DISK, used, "/")
    yield Row("tmpfs", "tmpfs", SMALL, 0, "/dev")
    for point in proc.fs.mounts:
        if not point.path.startswith(_KERNELS) and point.path != "/dev":
            yield _mounted(proc, point, used)


def _mounted(proc: Process, point: MountPoint, used: int) -> Row:
    """A tmpfs has its own size, half of the memory where none was asked for; all else lies on the host's disk."""
    if not isinstance(point.fs, Tmpfs):
        return Row(HOST_DISK, "ext4", DISK, used, point.path)
    total = point.fs.capacity or proc.machine.facts.memory // 2
    device = "shm" if point.path == "/dev/shm" else "tmpfs"
    return Row(device, "tmpfs", total, point.fs.used, point.path)


def _row_of(rows: Sequence[Row], path: str) -> Row:
    """The file system of a path; of several places on one device the first is told."""
    below = [row for row in rows if path == row.place or path.startswith(row.place.rstrip("/") + "/")]
    found = max(below, key=lambda row: len(row.place))
    return next(row for row in rows if row.device == HOST_DISK) if found.device == HOST_DISK else found


def _table(proc: Process, args: Arguments, rows: Sequence[Row]) -> list[list[str]]:
    size = _sizes(proc, args)
    head = "Size" if args.any("hH") else "1M-blocks" if "m" in args else "1K-blocks"
    percent = "Capacity" if "P" in args else "Use%"
    avail = "Avail" if args.any("hH") and not is_busybox(proc) else "Available"
    table = [["Filesystem", *(["Type"] if "T" in args else []), head, "Used", avail, percent, "Mounted on"]]
    for row in rows:
        full = -(-row.used * 100 // row.total)
        kinds = [row.kind] if "T" in args else []
        sizes = (size(row.total), size(row.used), size(row.total - row.used))
        table.append([row.device, *kinds, *sizes, f"{full}%", row.place])
    return table


def _sizes(proc: Process, args: Arguments) -> Callable[[int], str]:
    if args.any("hH"):
        base = 1000 if "H" in args else 1024
        return formats.human_busybox if is_busybox(proc) else lambda size: formats.human(size, base=base)
    return lambda size: str(size >> (20 if "m" in args else 10))


def _lines(table: list[list[str]], busybox: bool) -> Iterator[str]:
    """Names to the left, numbers to the right; busybox has fixed widths, GNU fits them."""
    least = [20, 9, 9, 9, 4] if busybox else [14, 5, 5, 5, 4]
    columns = list(zip(*table, strict=True))
    widths = [max(map(len, column)) for column in columns]
    widths[0] = max(widths[0], least[0])
    for at in range(1, len(widths) - 1):
        widths[at] = max(widths[at], least[4 if at == len(widths) - 2 else min(at, 3)])
    for row in table:
        cells = [f"{row[0]:<{widths[0]}}"]
        cells += [f"{cell:>{width}}" for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        yield " ".join([*cells, row[-1]]) + "\n"
