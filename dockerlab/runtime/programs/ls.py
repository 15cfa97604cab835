"""ls: what is in a folder (POSIX.1-2024, ls), in GNU's columns or busybox's."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dockerlab.errors import FileSystemError
from dockerlab.fs.stat import Stat
from dockerlab.runtime.permissions import READ, may
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.accounts import Names
from dockerlab.runtime.programs.messages import blame, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program
from dockerlab.runtime.programs.terminal import columns

LONG = "long-listing=l all=a almost-all=A directory=d human-readable=h inode=i recursive=R reverse=r size=s "
LONG += "numeric-uid-gid=n classify=F dereference=L no-group=G color=0 full-time=e group-directories-first=8 zero=9"
USAGE = "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]..."
MARKS = {"d": "/", "l": "@", "p": "|"}


@dataclass(frozen=True)
class Entry:
    """A file to be listed: the name as it is shown, where it is, what it is."""

    name: str
    path: str
    stat: Stat


@program(
    "ls", "dir", options="laA1dhiRrstSnFpLCxmgoGQHkcuUXvfw:T:I:", long=LONG + " width=w", usage=USAGE, usage_code=2
)
def ls(proc: Process, args: Arguments) -> int:
    """List files, then the folders that were named."""
    lister = Lister(proc, args)
    files, folders = lister.operands(args.operands or ["."])
    lister.print_entries(files)
    several = len(args.operands) > 1
    for at, folder in enumerate(folders):
        header = several or "R" in args
        if header:
            proc.out(("\n" if files or at else "") + f"{folder.name}:\n")
        lister.print_folder(folder)
    return lister.code


class Lister:
    """One run of ls: its options, and the exit code so far."""

    def __init__(self, proc: Process, args: Arguments) -> None:
        self.proc = proc
        self.args = args
        self.busybox = is_busybox(proc)
        self.detailed = args.any("lngoe")
        self.names = Names(proc.fs)
        self.code = 0

    def operands(self, names: Sequence[str]) -> tuple[list[Entry], list[Entry]]:
        """The operands, sorted, parted into files and folders to open."""
        entries = [entry for name in names if (entry := self.entry(name, self.proc.path(name), named=True))]
        entries = self.sort(entries)
        folders = [] if "d" in self.args else [entry for entry in entries if entry.stat.kind == "d"]
        return [entry for entry in entries if entry not in folders], folders

    def entry(self, name: str, path: str, *, named: bool = False) -> Entry | None:
        """Look at one file; complain and return None where that fails."""
        follow = "L" in self.args or (named and not self.args.any("dFl")) or (named and "H" in self.args)
        try:
            try:
                return Entry(name, path, self.proc.fs.stat(path, follow=follow))
            except FileSystemError:
                # A link that leads nowhere is listed itself.
                return Entry(name, path, self.proc.fs.stat(path, follow=False))
        except FileSystemError as error:
            self.fail(error, name, serious=named)
            return None

    def fail(self, error: FileSystemError, name: str, *, serious: bool, words: str = "cannot access '{}'") -> None:
        """GNU ends with 2 when an operand is missing, with 1 for trouble below it; busybox with 1."""
        blame(self.proc, error, name, words, "can't open '{}'" if "open" in words else "{}")
        self.code = max(self.code, 2 if serious and not self.busybox else 1)

    def sort(self, entries: list[Entry]) -> list[Entry]:
        """In the order that was asked for: by name unless -t, -S or -X."""
        if self.args.any("Uf"):
            return entries
        entries = sorted(entries, key=lambda entry: entry.name.encode("utf-8", "surrogateescape"))
        how = self.args.last("tSX")
        if how == "t":
            entries.sort(key=lambda entry: -entry.stat.mtime)
        elif how == "S":
            entries.sort(key=lambda entry: -entry.stat.size)
        elif how == "X":
            entries.sort(key=lambda entry: posixpath.splitext(entry.name)[1])
        if "r" in self.args:
            entries.reverse()
        if "8" in self.args:
            entries.sort(key=lambda entry: entry.stat.kind != "d")
        return entries

    def print_folder(self, folder: Entry) -> None:
        """List a folder's content, and with -R that of the folders in it."""
        try:
            if not may(self.proc, folder.stat, READ):
                raise FileSystemError(errno.EACCES, folder.path)
            names = self.proc.fs.listdir(folder.path)
        except FileSystemError as error:
            self.fail(error, folder.name, serious=True, words="cannot open directory '{}'")
            return
        entries = self.sort([entry for name in self.shown(names) if (entry := self.inside(folder, name))])
        if self.detailed or "s" in self.args:
            self.print_total(entries)
        self.print_entries(entries)
        if "R" in self.args:
            for entry in entries:
                if entry.stat.kind == "d" and entry.name not in (".", ".."):
                    deeper = Entry(posixpath.join(folder.name, entry.name), entry.path, entry.stat)
                    self.proc.out(f"\n{deeper.name}:\n")
                    self.print_folder(deeper)

    def shown(self, names: Sequence[str]) -> Iterator[str]:
        """The names of a folder that the options let through."""
        if self.args.any("af"):
            yield from (".", "..")
        hidden = self.args.any("aAf")
        yield from (name for name in names if hidden or not name.startswith("."))

    def inside(self, folder: Entry, name: str) -> Entry | None:
        """A file of a folder; '.' and '..' of the root are the root."""
        return self.entry(name, posixpath.normpath(posixpath.join(folder.path, name)))

    def print_total(self, entries: Sequence[Entry]) -> None:
        """The first line of a long listing: what all of it takes, in kibibytes."""
        size = sum(formats.allocated(entry.stat.kind, entry.stat.size) for entry in entries)
        in_words = formats.human(size) if not self.busybox else formats.human_busybox(size)
        self.proc.out(f"total {in_words if 'h' in self.args else size // 1024}\n")

    def print_entries(self, entries: Sequence[Entry]) -> None:
        """Print entries, one a line or in columns."""
        if self.detailed:
            rows = [self.columns(entry) for entry in entries]
            self.proc.out("".join(self.fixed(row) for row in rows) if self.busybox else self.fitted(rows))
            return
        names = [self.prefix(entry, entries) + self.decorated(entry) for entry in entries]
        if "m" in self.args:
            self.proc.out(self.in_a_row(names))
        elif self.args.any("Cx") or (self.proc.is_terminal(1) and "1" not in self.args):
            self.proc.out(columns(names, self.width()))
        else:
            self.proc.out("".join(f"{name}\n" for name in names))

    def in_a_row(self, names: Sequence[str]) -> str:
        """-m: names with commas between, in lines as wide as the terminal."""
        lines = [""]
        for at, name in enumerate(names):
            word = name + ("," if at < len(names) - 1 else "")
            if lines[-1] and len(lines[-1]) + 1 + len(word) >= self.width():
                lines.append("")
            lines[-1] += f" {word}" if lines[-1] else word
        return "".join(f"{line}\n" for line in lines if line)

    def width(self) -> int:
        """The width of the terminal, or what -w says."""
        text = self.args.value("w") or self.proc.env.get("COLUMNS", "")
        return int(text) if text.isdigit() and int(text) else 80

    def prefix(self, entry: Entry, entries: Sequence[Entry]) -> str:
        """What -i and -s put before a name."""
        text = ""
        if "i" in self.args:
            width = 7 if self.busybox else max(len(str(each.stat.inode)) for each in entries)
            text += f"{entry.stat.inode:>{width}} "
        if "s" in self.args:
            sizes = [formats.allocated(each.stat.kind, each.stat.size) // 1024 for each in entries]
            width = 6 if self.busybox else max(len(str(size)) for size in sizes)
            text += f"{formats.allocated(entry.stat.kind, entry.stat.size) // 1024:>{width}} "
        return text

    def decorated(self, entry: Entry) -> str:
        """The name with the marks of -F and -p."""
        if "F" in self.args:
            executable = entry.stat.kind == "f" and entry.stat.mode & 0o111
            return entry.name + MARKS.get(entry.stat.kind, "*" if executable else "")
        if "p" in self.args and entry.stat.kind == "d":
            return entry.name + "/"
        return f'"{entry.name}"' if "Q" in self.args else entry.name

    def columns(self, entry: Entry) -> list[str]:
        """The columns of a long listing: mode, links, owner, group, size, time, name."""
        stat = entry.stat
        numeric = "n" in self.args
        owner = str(stat.uid) if numeric else self.names.user(stat.uid)
        group = str(stat.gid) if numeric else self.names.group(stat.gid)
        mode = formats.mode_text(stat.kind, stat.mode)
        return [
            self.prefix(entry, [entry]),
            mode,
            str(stat.nlink),
            "" if "g" in self.args else owner,
            "" if self.args.any("oG") else group,
            self.size(stat),
            self.time(stat),
            self.linked(entry),
        ]

    def size(self, stat: Stat) -> str:
        """Bytes, or the two numbers of a device."""
        if stat.kind in "cb" and stat.device:
            return "{:4}, {:3}".format(*stat.device) if self.busybox else "{}, {:>3}".format(*stat.device)
        if "h" not in self.args:
            return str(stat.size)
        return formats.human_busybox(stat.size) if self.busybox else formats.human(stat.size)

    def time(self, stat: Stat) -> str:
        """When it was changed, short or (--full-time) in full."""
        if "e" in self.args:
            return formats.full_time(stat.mtime)
        return formats.listing_time(stat.mtime, self.proc.kernel.clock.now)

    def linked(self, entry: Entry) -> str:
        """The name, and where a symbolic link leads."""
        name = self.decorated(entry)
        if entry.stat.kind != "l":
            return name
        return f"{name.removesuffix('@')} -> {entry.stat.target}"

    def fixed(self, row: Sequence[str]) -> str:
        """Busybox's line: columns of fixed width."""
        before, mode, links, owner, group, size, time, name = row
        people = "".join(f"{who[:8]:<8} " for who in (owner, group) if who)
        width = 9 if "h" not in self.args else 7
        return f"{before}{mode} {links:>4} {people}{size:>{width}} {time} {name}\n"

    def fitted(self, rows: Sequence[Sequence[str]]) -> str:
        """GNU's lines: each column as wide as its widest cell."""
        widths = [max((len(row[at]) for row in rows), default=0) for at in range(8)]
        text = ""
        for before, mode, links, owner, group, size, time, name in rows:
            people = "".join(f"{who:<{width}} " for who, width in ((owner, widths[3]), (group, widths[4])) if width)
            text += f"{before:>{widths[0]}}{mode} {links:>{widths[2]}} {people}{size:>{widths[5]}} {time} {name}\n"
        return text
