"""du, df, sync: what files take on the disk."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.messages import ProgramFailure, blame, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

DISK = 62_725_623_808
"""Bytes of the disk that every lab's host has."""

DU_LONG = "all=a summarize=s human-readable=h total=c bytes=b max-depth=d apparent-size=A one-file-system=x exclude=X"


@program("du", options="aHLd:clsxhmkbSAX:", long=DU_LONG, usage="[-aHLdclsxhmk] [FILE]...")
def du(proc: Process, args: Arguments) -> int:
    """Print what each folder takes, with all that is in it."""
    return Du(proc, args).run()


class Du:
    """One run of du."""

    def __init__(self, proc: Process, args: Arguments) -> None:
        self.proc = proc
        self.args = args
        depth = args.value("d") if "d" in args else "0" if "s" in args else "-1"
        if not depth.lstrip("-").isdigit():
            raise ProgramFailure(f"invalid maximum depth '{depth}'", busybox=f"invalid number '{depth}'")
        self.depth = int(depth)
        self.seen: set[int] = set()
        self.code = 0

    def run(self) -> int:
        """Print a line for each operand, and for what is below it as far as the options say."""
        total = 0
        for name in self.args.operands or ["."]:
            try:
                total += self.measure(name, self.proc.path(name), 0)
            except FileSystemError as error:
                self.code = blame(self.proc, error, name, "cannot access '{}'", "{}")
        if "c" in self.args:
            self.line(total, "total")
        return self.code

    def measure(self, shown: str, path: str, level: int) -> int:
        """The size of a file or folder; prints the lines that are wanted on the way, deepest first."""
        stat = self.proc.fs.stat(path, follow=False)
        if stat.nlink > 1 and stat.kind != "d":
            if stat.inode in self.seen:
                return 0
            self.seen.add(stat.inode)
        if "X" in self.args and any(fnmatchcase(posixpath.basename(path), form) for form in self.args.all("X")):
            return 0
        apparent = self.args.any("bA")
        size = stat.size if apparent else formats.allocated(stat.kind, stat.size)
        if stat.kind == "d":
            size = 4096 if apparent else size
            for name in self.proc.fs.listdir(path):
                size += self.measure(posixpath.join(shown, name), posixpath.join(path, name), level + 1)
        wanted = level == 0 or stat.kind == "d" or "a" in self.args
        if wanted and (self.depth < 0 or level <= self.depth):
            self.line(size, shown)
        return size

    def line(self, size: int, name: str) -> None:
        """One line: the size in the wanted unit, and the name."""
        if "h" in self.args:
            text = formats.human_busybox(size) if is_busybox(self.proc) else formats.human(size)
        elif "b" in self.args:
            text = str(size)
        else:
            unit = 1 << 20 if "m" in self.args else 1024
            text = str(-(-size // unit))
        self.proc.out(f"{text}\t{name}\n")


@program(
    "df",
    options="hkmPTiat:x:B:H",
    long="human-readable=h portability=P print-type=T inodes=i all=a",
    usage="[-PkmhTai] [-B SIZE] [FILESYSTEM]...",
)
def df(proc: Process, args: Arguments) -> int:
    """Print how full the file systems are; a container's root is an overlay on the host's disk."""
    for name in args.operands:
        try:
            proc.fs.stat(proc.path(name))
        except FileSystemError as error:
            return blame(proc, error, name)
    used = 21_474_836_480 + proc.fs.disk_usage("/")
    rows = [("overlay", "overlay", DISK, used, "/")]
    if not args.operands:
        rows += [("tmpfs", "tmpfs", 67_108_864, 0, "/dev"), ("shm", "tmpfs", 67_108_864, 0, "/dev/shm")]
    size = _sizes(proc, args)
    head = "Size" if args.any("hH") else "1M-blocks" if "m" in args else "1K-blocks"
    percent = "Capacity" if "P" in args else "Use%"
    avail = "Avail" if args.any("hH") and not is_busybox(proc) else "Available"
    table = [["Filesystem", *(["Type"] if "T" in args else []), head, "Used", avail, percent, "Mounted on"]]
    for device, kind, total, taken, place in rows:
        full = -(-taken * 100 // total)
        kinds = [kind] if "T" in args else []
        table.append([device, *kinds, size(total), size(taken), size(total - taken), f"{full}%", place])
    proc.out("".join(_lines(table, is_busybox(proc))))
    return 0


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


@program("sync", options="df", long="data=d file-system=f", usage="[-df] [FILE]...")
def sync(proc: Process, args: Arguments) -> int:
    """Nothing waits to be written here."""
    return 0
