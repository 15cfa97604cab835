"""du, sync: what files take on the disk."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.messages import ProgramFailure, blame, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

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


@program("sync", options="df", long="data=d file-system=f", usage="[-df] [FILE]...")
def sync(proc: Process, args: Arguments) -> int:
    """Nothing waits to be written here."""
    return 0
