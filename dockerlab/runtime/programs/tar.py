"""tar: archives made, listed and unpacked; the bytes are those of `dockerlab.fs.archive`."""

from __future__ import annotations

import posixpath
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from dockerlab.errors import ArchiveError, FileSystemError
from dockerlab.events import Wait
from dockerlab.fs.archive import Entry, entry_of, is_compressed, read_tar, write_tar
from dockerlab.fs.compression import decompress
from dockerlab.fs.content import Bytes, Concat, Content, Span
from dockerlab.fs.tree import Directory
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.accounts import Names
from dockerlab.runtime.programs.compress import PACKERS
from dockerlab.runtime.programs.dates import DateError, parse_date
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.owners import OwnerError, group_number, parse_owner
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.programs.tar_extract import Extractor
from dockerlab.runtime.programs.tar_options import TarUsageFailure, read_words

BLOCK = 512
FILTERS = {"z": "gzip", "j": "bzip2", "J": "xz"}
ENDINGS = {".gz": "gzip", ".tgz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".txz": "xz"}
DELAYED = "Exiting with failure status due to previous errors"


@program("tar", raw=True, usage="c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [FILE]...", usage_code=2)
def tar(proc: Process, args: Arguments) -> Waiting:
    """Make, list or unpack an archive."""
    mode, words = read_words(args.operands)
    run = Tar(proc, words)
    if mode in "cru":
        return (yield from run.create())
    return (yield from run.read(extract=mode == "x"))


class Tar:
    """One run of tar."""

    def __init__(self, proc: Process, args: Arguments) -> None:
        self.proc = proc
        self.args = args
        self.busybox = is_busybox(proc)
        self.code = 0
        self.file = args.value("f", "-")
        self.folder = self._folder()
        self.stripped = False
        self.seen = 0
        self.inodes: dict[int, str] = {}

    def _folder(self) -> str:
        """The working directory, after all -C."""
        folder = self.proc.cwd
        for name in self.args.all("C"):
            folder = posixpath.join(folder, name)
            if not self.proc.fs.is_dir(folder):
                reason = "Not a directory" if self.proc.fs.exists(folder) else "No such file or directory"
                gnu = f"{name}: Cannot open: {reason}"
                self._fatal(gnu, f"can't change directory to '{name}': {reason}")
        return folder

    def _fatal(self, gnu: str, busybox: str) -> None:
        if self.busybox:
            raise ProgramFailure(busybox, code=1)
        complain(self.proc, gnu)
        raise ProgramFailure("Error is not recoverable: exiting now", code=2)

    def failed(self, gnu: str, busybox: str = "") -> None:
        """Complain and go on; the exit code comes at the end."""
        complain(self.proc, busybox or gnu if self.busybox else gnu)
        self.code = 1 if self.busybox else 2

    def _finish(self) -> int:
        if self.code:
            complain(self.proc, "error exit delayed from previous errors" if self.busybox else DELAYED)
        return self.code

    # Making.

    def create(self) -> Waiting:
        """-c: the operands, with all that is below folders."""
        names = list(self.args.operands)
        for listed in self.args.all("T"):
            data = yield from open_source(self.proc, listed).read_all()
            names += [line for line in text_of(data).splitlines() if line]
        if not names:
            raise ProgramFailure("Cowardly refusing to create an empty archive", busybox="empty archive", code=2)
        shown: list[str] = []
        entries = [entry for name in names for entry in self._entries(name, shown)]
        content = self._packed(self._blocked(write_tar(entries)))
        verbose = "".join(f"{name}\n" for name in shown) if "v" in self.args else ""
        if self.file == "-":
            self.proc.err(verbose)
            for piece in content.chunks():
                self.proc.out(piece)
                yield from self.proc.writable()
        else:
            self.proc.out(verbose)
            self._write(content)
        return self._finish()

    def _write(self, content: Content) -> None:
        path = self.proc.path(self.file)
        if path == "/dev/null":
            return
        try:
            mode = 0o666 & ~self.proc.umask
            self.proc.fs.write(path, content, mode=mode, uid=self.proc.uid, gid=self.proc.gid)
        except FileSystemError as error:
            self._fatal(f"{self.file}: Cannot open: {error.strerror}", f"can't open '{self.file}': {error.strerror}")

    def _blocked(self, content: Content) -> Content:
        """GNU's tar fills up the last record, of 20 blocks unless -b says otherwise, as for a tape."""
        if self.busybox:
            return content
        text = self.args.value("b", "20")
        if not text.isdigit() or int(text) == 0:
            raise TarUsageFailure(f"{text}: Invalid blocking factor")
        record = BLOCK * int(text)
        return Concat([content, Bytes(bytes(-content.size % record))])

    def _packed(self, content: Content) -> Content:
        kind = FILTERS.get(self.args.last("zjJ"), "")
        if "a" in self.args:
            kind = next((kind for ending, kind in ENDINGS.items() if self.file.endswith(ending)), kind)
        return PACKERS[kind][1](content) if kind else content

    def _entries(self, name: str, shown: list[str]) -> Iterator[Entry]:
        """A file, or a folder with all that is in it."""
        path = posixpath.join(self.folder, name)
        try:
            stat = self.proc.fs.stat(path, follow="h" in self.args)
        except FileSystemError as error:
            self.failed(f"{name}: Cannot stat: {error.strerror}", f"{name}: {error.strerror}")
            return
        if self._excluded(name) or (self.file != "-" and path == self.proc.path(self.file)):
            return
        node = self.proc.fs.node(path, follow="h" in self.args)
        first = self.inodes.setdefault(stat.inode, name) if stat.nlink > 1 and stat.kind != "d" else name
        if isinstance(node, Directory):
            node = replace(node, entries={})
        linkname = "" if first == name else self._relative(first)
        yield self._owned(entry_of(self._relative(name), node, linkname))
        shown.append(name.rstrip("/") + ("/" if stat.kind == "d" else ""))
        if stat.kind == "d" and "0" not in self.args:
            for inner in self.proc.fs.listdir(path):
                yield from self._entries(posixpath.join(name, inner), shown)

    def _relative(self, name: str) -> str:
        """No archive has names from the root, unless -P."""
        if not name.startswith("/") or "P" in self.args:
            return name.rstrip("/")
        if not self.stripped:
            self.stripped = True
            gnu = "Removing leading `/' from member names"
            complain(self.proc, "removing leading '/' from member names" if self.busybox else gnu)
        return name.strip("/")

    def _excluded(self, name: str) -> bool:
        parts = name.strip("/").split("/")
        tails = ["/".join(parts[at:]) for at in range(len(parts))]
        return any(fnmatchcase(text, form.rstrip("/")) for form in self.args.all("1") for text in (name, *tails))

    def _owned(self, entry: Entry) -> Entry:
        """With the names of owners, and what --owner, --group, --mtime say."""
        uid, gid, mtime = entry.uid, entry.gid, entry.mtime
        try:
            if "6" in self.args:
                uid = parse_owner(self.proc.fs, self.args.value("6").partition(":")[0])[0] or 0
            if "7" in self.args:
                gid = group_number(self.proc.fs, self.args.value("7").partition(":")[0])
            if "8" in self.args:
                mtime = parse_date(self.args.value("8"), self.proc.kernel.clock.now)
        except (OwnerError, DateError) as error:
            raise ProgramFailure(f"{error}: Invalid owner, group or date", code=2) from None
        names = Names(self.proc.fs)
        # The format keeps whole seconds.
        mtime -= mtime % 1_000_000_000
        return replace(entry, uid=uid, gid=gid, mtime=mtime, uname=names.user(uid, ""), gname=names.group(gid, ""))

    # Reading.

    def read(self, *, extract: bool) -> Waiting:
        """-t and -x: the entries that the operands name, or all."""
        content = yield from self._archive()
        extractor = Extractor(self.proc, self.args, self.folder, self.failed)
        missing = dict.fromkeys(self.args.operands, True)
        try:
            dotted = False
            for entry in self._members(content):
                self.seen += 1
                dotted = dotted or not entry.path
                name = self._shown(entry, dotted=dotted)
                if not self._chosen(name, missing) or self._excluded(name):
                    continue
                if "v" in self.args or not extract:
                    self._tell(entry, name, detailed="v" in self.args and (not extract or self._count("v") > 1))
                if extract:
                    yield from extractor.extract(entry, name)
        except ArchiveError as error:
            return self._broken(error, missing)
        extractor.finish()
        for name in (name for name, absent in missing.items() if absent):
            self.failed(f"{name}: Not found in archive", f"{name}: not found in archive")
            if self.busybox:
                return self.code
        return self._finish()

    def _count(self, letter: str) -> int:
        return sum(name == letter for name, _ in self.args.given)

    def _archive(self) -> Generator[Wait, Any, Content]:
        try:
            content = yield from open_source(self.proc, self.file).content()
        except FileSystemError as error:
            self._fatal(f"{self.file}: Cannot open: {error.strerror}", f"can't open '{self.file}': {error.strerror}")
            return Bytes(b"")
        return content

    def _members(self, content: Content) -> Iterator[Entry]:
        if self.args.any("zjJ") and not is_compressed(content):
            raise ArchiveError("not compressed")
        if not content.size:
            raise ArchiveError("empty")
        if "4" not in self.args:
            return read_tar(content)
        return (entry for part in archives_in(decompress(content)) for entry in read_tar(part))

    def _shown(self, entry: Entry, *, dotted: bool) -> str:
        """The name as it stands in an archive: folders end with '/', those of `tar -c .` begin with './'."""
        name = f"./{entry.path}" if dotted else entry.path
        return name + "/" if entry.kind == "d" and entry.path else name

    def _chosen(self, name: str, missing: dict[str, bool]) -> bool:
        """Whether an entry is one of the operands, or below one."""
        if not missing:
            return True
        plain = name.rstrip("/").removeprefix("./")
        for wanted in missing:
            bare = wanted.rstrip("/").removeprefix("./")
            same = plain == bare or plain.startswith(bare + "/")
            if same or ("3" in self.args and fnmatchcase(plain, bare)):
                missing[wanted] = False
                return True
        return False

    def _tell(self, entry: Entry, name: str, *, detailed: bool) -> None:
        """A line of the list; on standard error when the content goes to standard output."""
        write = self.proc.err if "O" in self.args else self.proc.out
        write((self._detailed(entry, name) if detailed else name) + "\n")

    def _detailed(self, entry: Entry, name: str) -> str:
        letter = {"h": "h", "f": "-"}.get(entry.kind, entry.kind)
        mode = formats.mode_text("f" if entry.kind == "h" else entry.kind, entry.mode & 0o7777)
        owner = f"{entry.uname or entry.uid}/{entry.gname or entry.gid}"
        if "5" in self.args:
            owner = f"{entry.uid}/{entry.gid}"
        size = f"{entry.major},{entry.minor}" if entry.kind in "cb" else str(entry.size)
        if self.busybox:
            when = f"{formats.instant(entry.mtime):%Y-%m-%d %H:%M:%S}"
            link = f" -> {entry.linkname}" if entry.linkname else ""
            return f"{mode} {owner} {size:>9} {when} {name}{link}"
        when = f"{formats.instant(entry.mtime):%Y-%m-%d %H:%M}"
        link = {"l": f" -> {entry.linkname}", "h": f" link to {entry.linkname}"}.get(entry.kind, "")
        return f"{letter}{mode[1:]} {owner} {size:>{max(18 - len(owner), 1)}} {when} {name}{link}"

    def _broken(self, error: ArchiveError, wanted: Iterable[str]) -> int:
        if self.busybox:
            if "compressed" in str(error):
                complain(self.proc, "invalid magic")
            return complain(self.proc, "short read")
        if "compressed" in str(error):
            self.proc.err("\ngzip: stdin: not in gzip format\n")
            complain(self.proc, "Child returned status 1")
            return complain(self.proc, "Error is not recoverable: exiting now", 2)
        if self.seen:
            complain(self.proc, "Unexpected EOF in archive")
            return complain(self.proc, "Error is not recoverable: exiting now", 2)
        complain(self.proc, "This does not look like a tar archive")
        for name in wanted:
            complain(self.proc, f"{name}: Not found in archive")
        return complain(self.proc, DELAYED, 2)


def archives_in(content: Content) -> Iterator[Content]:
    """The archives that stand one behind the other (--ignore-zeros)."""
    start = at = 0
    while at + BLOCK <= content.size:
        block = content.read(at, BLOCK)
        at += BLOCK
        if block.strip(b"\0"):
            digits = block[124:136].strip(b" \0")
            size = int(digits, 8) if digits.isdigit() else 0
            at += -(-size // BLOCK) * BLOCK
            continue
        if at - BLOCK > start:
            yield Span(content, start, at - start)
        start = at
    if start < content.size and content.read(start, BLOCK).strip(b"\0"):
        yield Span(content, start, content.size - start)
