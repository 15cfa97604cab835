"""gzip, bzip2, xz and their like. What gzip packs has the same bytes in every lab and on every machine."""

from __future__ import annotations

import bz2
import lzma
import posixpath
from collections.abc import Callable

from dockerlab.errors import ArchiveError, FileSystemError
from dockerlab.fs.compression import decompress, is_compressed
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.gzip import gzip_file
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import FileSource, open_source
from dockerlab.runtime.programs.messages import blame, complain, is_busybox, name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

SECOND = 1_000_000_000
LONG = "stdout=c to-stdout=c decompress=d uncompress=d force=f keep=k quiet=q verbose=v test=t list=l fast=1 best=9 "
LONG += "recursive=r no-name=n"
PACKERS: dict[str, tuple[str, Callable[[Content], Content]]] = {
    "gzip": (".gz", gzip_file),
    "bzip2": (".bz2", lambda content: Bytes(bz2.compress(content.read()))),
    "xz": (".xz", lambda content: Bytes(lzma.compress(content.read()))),
}
KINDS = {"gunzip": "gzip", "zcat": "gzip", "bunzip2": "bzip2", "bzcat": "bzip2", "unxz": "xz", "xzcat": "xz"}


@program(
    "gzip", "gunzip", "zcat", "bzip2", "bunzip2", "bzcat", "xz", "unxz", "xzcat",
    options="cdfkqvtlrn123456789zT:S:", long=LONG, usage="[-cfkdt123456789] [FILE]...",
)  # fmt: skip
def gzip(proc: Process, args: Arguments) -> Waiting:
    """Pack or unpack files in place, or standard input to standard output."""
    name = name_of(proc)
    unpack = "d" in args or "t" in args or name in KINDS
    shown = "c" in args or name.endswith("cat")
    kind = KINDS.get(name, name)
    code = 0
    for operand in args.operands or ["-"]:
        job = Job(proc, args, kind, operand, unpack=unpack, shown=shown or operand == "-")
        code = max(code, (yield from job.run()))
    return code


class Job:
    """One file to pack or unpack."""

    def __init__(self, proc: Process, args: Arguments, kind: str, operand: str, *, unpack: bool, shown: bool) -> None:
        self.proc, self.args, self.operand = proc, args, operand
        self.suffix, self.pack = PACKERS[kind]
        self.kind, self.unpack, self.shown = kind, unpack, shown

    def run(self) -> Waiting:
        """Do it; the exit code is 2 for a warning, 1 for an error."""
        try:
            source = open_source(self.proc, self.operand)
        except FileSystemError as error:
            if error.name == "EISDIR" and not is_busybox(self.proc):
                return complain(self.proc, f"{self.operand} is a directory -- ignored", 2)
            return blame(self.proc, error, self.operand)
        target = self._target()
        if target is None:
            return self._ignored()
        if isinstance(source, FileSource) and not self.shown and "t" not in self.args and self._exists(target):
            return 2
        content = yield from source.content()
        try:
            result = self._unpacked(content) if self.unpack else self._packed(content)
        except ArchiveError:
            return self._refuse()
        if "t" in self.args:
            return 0
        if self.shown:
            for piece in result.chunks():
                self.proc.out(piece)
                yield from self.proc.writable()
            return 0
        self._put(target, result)
        return 0

    def _target(self) -> str | None:
        """The name of the result; None where an unpacked file has no such name."""
        if self.shown or not self.unpack:
            return self.operand + self.suffix
        for ending, replacement in ((self.suffix, ""), (".tgz", ".tar"), (".txz", ".tar")):
            if self.operand.endswith(ending):
                return self.operand.removesuffix(ending) + replacement
        return None

    def _ignored(self) -> int:
        if is_busybox(self.proc):
            return complain(self.proc, f"{self.operand}: unknown suffix - ignored")
        # GNU's gunzip is gzip under another name.
        self.proc.err(f"{self.kind}: {self.operand}: unknown suffix -- ignored\n")
        return 2

    def _exists(self, target: str) -> bool:
        if "f" in self.args or not self.proc.fs.exists(self.proc.path(target)):
            return False
        if is_busybox(self.proc):
            complain(self.proc, f"can't open '{target}': File exists")
        else:
            complain(self.proc, f"{target} already exists;\tnot overwritten")
        return True

    def _packed(self, content: Content) -> Content:
        """GNU's gzip keeps a file's name and time, unless -n forbids it."""
        if self.kind != "gzip" or "n" in self.args or self.operand == "-" or is_busybox(self.proc):
            return self.pack(content)
        stat = self.proc.fs.stat(self.proc.path(self.operand))
        return gzip_file(content, posixpath.basename(self.operand), stat.mtime // SECOND)

    def _unpacked(self, content: Content) -> Content:
        if not is_compressed(content):
            raise ArchiveError(self.operand)
        return decompress(content)

    def _refuse(self) -> int:
        name = "stdin" if self.operand == "-" else self.operand
        words = {"gzip": f"{name}: not in gzip format", "xz": f"{name}: File format not recognized"}
        if is_busybox(self.proc):
            what = "no gzip/bzip2/xz magic" if name_of(self.proc).endswith("cat") else "invalid magic"
            return complain(self.proc, what)
        self.proc.err("\n" if self.kind == "gzip" else "")
        gnu = words.get(self.kind, f"{name} is not a bzip2 file.")
        # GNU's programs name themselves by what they really are.
        self.proc.err(f"{self.kind}: {gnu}\n")
        return 1

    def _put(self, target: str, result: Content) -> None:
        fs, old, new = self.proc.fs, self.proc.path(self.operand), self.proc.path(target)
        stat = fs.stat(old)
        fs.write(new, result, mode=stat.mode, uid=stat.uid, gid=stat.gid)
        fs.utime(new, stat.mtime)
        if "k" not in self.args:
            fs.unlink(old)
        if "v" in self.args:
            sizes = (result.size, stat.size) if self.unpack else (stat.size, result.size)
            saved = 100 * (1 - sizes[1] / sizes[0]) if sizes[0] else 0.0
            done = "created" if "k" in self.args else "replaced with"
            self.proc.err(f"{self.operand}:\t{saved:5.1f}% -- {done} {target}\n")
