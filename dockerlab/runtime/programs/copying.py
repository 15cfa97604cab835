"""cp, mv, install: files from one place to another. Contents are shared by reference, never copied."""

from __future__ import annotations

import errno
import posixpath

from dockerlab.errors import FileSystemError
from dockerlab.fs.stat import Stat
from dockerlab.runtime.permissions import WRITE, check_creatable, check_removable, may
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import open_source
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, complain, is_busybox
from dockerlab.runtime.programs.modes import ModeError, changed_mode
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.owners import parse_owner
from dockerlab.runtime.programs.registry import Waiting, program

CP_LONG = "archive=a recursive=r force=f no-clobber=n verbose=v preserve=p no-dereference=P dereference=L link=l "
CP_LONG += "symbolic-link=s target-directory=t no-target-directory=T update=u interactive=i parents=0"
MV_LONG = "force=f interactive=i no-clobber=n verbose=v target-directory=t no-target-directory=T update=u"


def destinations(proc: Process, args: Arguments) -> list[tuple[str, str]]:
    """Pairs of source and target as typed: one file to a name, or many into a folder."""
    words = list(args.operands)
    target = args.value("t")
    if not words:
        raise UsageFailure("missing file operand")
    if not target:
        if len(words) == 1:
            raise UsageFailure(f"missing destination file operand after '{words[0]}'")
        target = words.pop()
    into = proc.fs.is_dir(proc.path(target)) and "T" not in args
    if len(words) > 1 and not into and not is_busybox(proc):
        there = proc.fs.exists(proc.path(target))
        raise ProgramFailure(f"target '{target}': {'Not a directory' if there else 'No such file or directory'}")
    if into or len(words) > 1 or "t" in args:
        return [(word, posixpath.join(target, posixpath.basename(word.rstrip("/")) or ".")) for word in words]
    return [(words[0], target)]


def is_below(proc: Process, name: str, folder: str) -> bool:
    """Whether a name lies in a folder, however deep."""
    outer = posixpath.normpath(proc.path(folder)).rstrip("/") + "/"
    return posixpath.normpath(proc.path(name)).startswith(outer)


@program("cp", options="aRrfinvpPdLHlst:Tuxb", long=CP_LONG, usage="[-arPLHpfinlsTu] SOURCE DEST")
def cp(proc: Process, args: Arguments) -> int:
    """Copy files, and with -r folders."""
    copier = Copier(proc, args)
    return max([copier.copy_operand(source, target) for source, target in destinations(proc, args)])


class Copier:
    """One run of cp (mv's, where it leaves a file system)."""

    def __init__(self, proc: Process, args: Arguments) -> None:
        self.proc = proc
        self.fs = proc.fs
        self.args = args
        self.recursive = args.any("rRa")
        self.preserve = args.any("ap")
        self.links = args.any("aPd") or (self.recursive and not args.any("LH"))
        # The first name of each inode that was copied with -a, so that hard links stay links.
        self.copied: dict[int, str] = {}

    def copy_operand(self, source: str, target: str) -> int:
        """Copy one operand, and complain where that fails."""
        try:
            stat = self.fs.stat(self.proc.path(source), follow=not self.links)
        except FileSystemError as error:
            return blame(self.proc, error, source, "cannot stat '{}'", "can't stat '{}'")
        if stat.kind == "d" and not self.recursive:
            return complain(self.proc, self._omitting(source))
        if self._same(source, target):
            return complain(self.proc, f"'{source}' and '{target}' are the same file")
        if stat.kind == "d" and self._inside(source, target):
            gnu = f"cannot copy a directory, '{source}', into itself, '{target}'"
            busybox = f"recursion detected, omitting directory '{target}'"
            return complain(self.proc, busybox if is_busybox(self.proc) else gnu)
        return self.copy(source, target, stat)

    def _omitting(self, source: str) -> str:
        prefix = "" if is_busybox(self.proc) else "-r not specified; "
        return f"{prefix}omitting directory '{source}'"

    def _same(self, source: str, target: str) -> bool:
        try:
            one, other = self.fs.stat(self.proc.path(source)), self.fs.stat(self.proc.path(target))
        except FileSystemError:
            return False
        return one.inode == other.inode and self.fs.realpath(self.proc.path(source)) == self.fs.realpath(
            self.proc.path(target)
        )

    def _inside(self, source: str, target: str) -> bool:
        return is_below(self.proc, target, source)

    def copy(self, source: str, target: str, stat: Stat) -> int:
        """Copy a file or a whole folder; both names as they are printed."""
        if stat.kind == "d":
            return self._copy_folder(source, target, stat)
        if "n" in self.args and self.fs.exists(self.proc.path(target)):
            return 0
        try:
            self._copy_one(source, target, stat)
        except FileSystemError as error:
            return self._blame(error, source, target)
        if "v" in self.args:
            self.proc.out(f"'{source}' -> '{target}'\n")
        return 0

    def _blame(self, error: FileSystemError, source: str, target: str) -> int:
        if error.errno == errno.EACCES and error.path == source:
            return blame(self.proc, error, source, "cannot open '{}' for reading", "can't open '{}'")
        return blame(self.proc, error, target, "cannot create regular file '{}'", "can't create '{}'")

    def _copy_folder(self, source: str, target: str, stat: Stat) -> int:
        path = self.proc.path(target)
        if not self.fs.is_dir(path):
            try:
                check_creatable(self.proc, path)
                self.fs.mkdir(path, stat.mode & ~self.proc.umask | 0o700)
                self._own(path, stat)
            except FileSystemError as error:
                return blame(self.proc, error, target, "cannot create directory '{}'", "can't create directory '{}'")
            if "v" in self.args and not is_busybox(self.proc):
                self.proc.out(f"'{source}' -> '{target}'\n")
        code = 0
        for name in self.fs.listdir(self.proc.path(source)):
            below = posixpath.join(source, name)
            inner = self.fs.stat(self.proc.path(below), follow=not self.links)
            code = max(code, self.copy(below, posixpath.join(target, name), inner))
        self._finish(path, stat)
        if "v" in self.args and is_busybox(self.proc):
            self.proc.out(f"'{source}' -> '{target}'\n")
        return code

    def _copy_one(self, source: str, target: str, stat: Stat) -> None:
        origin, path = self.proc.path(source), self.proc.path(target)
        if "l" in self.args:
            self._clear(path)
            self.fs.link(origin, path)
        elif "s" in self.args:
            self._clear(path)
            self.fs.symlink(source, path)
        elif stat.nlink > 1 and self.args.any("a") and stat.inode in self.copied:
            self._clear(path)
            self.fs.link(self.copied[stat.inode], path)
        else:
            self._copy_node(source, path, stat)
            self.copied[stat.inode] = path

    def _copy_node(self, source: str, path: str, stat: Stat) -> None:
        if stat.kind == "l":
            self._clear(path)
            self.fs.symlink(stat.target, path)
            self._own(path, stat)
        elif stat.kind in "cbp" and self.recursive:
            self._clear(path)
            major, minor = stat.device or (0, 0)
            self.fs.mknod(path, stat.kind, stat.mode, major, minor)
        else:
            self._copy_content(source, path, stat)
            self._finish(path, stat)

    def _copy_content(self, source: str, path: str, stat: Stat) -> None:
        open_source(self.proc, source)  # may it be read?
        check_creatable(self.proc, path)
        new = not self.fs.exists(path)
        mode = stat.mode & 0o777 & ~self.proc.umask
        if not new and "f" in self.args and self.proc.uid != 0:
            self._clear(path)
        elif not new and not may(self.proc, self.fs.stat(path), WRITE):
            raise FileSystemError(errno.EACCES, path)
        self.fs.write(path, self.fs.content(self.proc.path(source)), mode=mode, uid=self.proc.uid, gid=self.proc.gid)

    def _clear(self, path: str) -> None:
        """Make room for what can't be written over."""
        if self.fs.exists(path) or self._is_link(path):
            self.fs.unlink(path)

    def _is_link(self, path: str) -> bool:
        try:
            return self.fs.stat(path, follow=False).kind == "l"
        except FileSystemError:
            return False

    def _own(self, path: str, stat: Stat) -> None:
        uid, gid = (stat.uid, stat.gid) if self.preserve else (self.proc.uid, self.proc.gid)
        self.fs.chown(path, uid, gid, follow=False)

    def _finish(self, path: str, stat: Stat) -> None:
        """What -p and -a keep: owner, mode and time; a folder's time comes last, after its content."""
        if not self.preserve:
            if stat.kind == "d":
                self.fs.chmod(path, stat.mode & ~self.proc.umask)
            return
        self._own(path, stat)
        self.fs.chmod(path, stat.mode)
        self.fs.utime(path, stat.mtime)


@program("mv", options="finvt:Tub", long=MV_LONG, usage="[-finT] SOURCE DEST")
def mv(proc: Process, args: Arguments) -> int:
    """Rename files, or move them into a folder."""
    return max([_move(proc, args, source, target) for source, target in destinations(proc, args)])


def _move(proc: Process, args: Arguments, source: str, target: str) -> int:
    origin, path = proc.path(source), proc.path(target)
    if not proc.fs.exists(origin) and not _lexists(proc, origin):
        return blame(proc, FileSystemError(errno.ENOENT), source, "cannot stat '{}'", "can't rename '{}'")
    if "n" in args and proc.fs.exists(path):
        return 0
    if posixpath.normpath(origin) == posixpath.normpath(path) and not is_busybox(proc):
        return complain(proc, f"'{source}' and '{target}' are the same file")
    if is_below(proc, target, source):
        return _into_itself(proc, source, target)
    try:
        _rename(proc, args, source, target)
    except FileSystemError as error:
        return blame(proc, error, source, f"cannot move '{{}}' to '{target}'", "can't rename '{}'")
    if "v" in args:
        proc.out(f"renamed '{source}' -> '{target}'\n" if not is_busybox(proc) else f"'{source}' -> '{target}'\n")
    return 0


def _into_itself(proc: Process, source: str, target: str) -> int:
    if is_busybox(proc):
        return complain(proc, f"can't rename '{source}': Invalid argument")
    return complain(proc, f"cannot move '{source}' to a subdirectory of itself, '{target}'")


def _lexists(proc: Process, path: str) -> bool:
    try:
        proc.fs.stat(path, follow=False)
    except FileSystemError:
        return False
    return True


def _rename(proc: Process, args: Arguments, source: str, target: str) -> None:
    """rename(2), or where that can't be (another file system; a folder of a lower layer) copy and remove."""
    origin, path = proc.path(source), proc.path(target)
    check_removable(proc, origin)
    check_creatable(proc, path)
    try:
        proc.fs.rename(origin, path)
    except FileSystemError as error:
        if error.errno != errno.EXDEV:
            raise
        copier = Copier(proc, Arguments(given=[("a", "")]))
        if copier.copy(source, target, proc.fs.stat(origin, follow=False)) == 0:
            proc.fs.remove_tree(origin)


@program("install", options="dm:o:g:Dt:vpTCs", long="directory=d mode=m owner=o group=g verbose=v target-directory=t")
def install(proc: Process, args: Arguments) -> int | Waiting:
    """Copy files and set their mode and owner; with -d make folders."""
    try:
        mode = changed_mode(args.value("m", "755"), 0, folder=False, umask=0)
    except ModeError:
        raise ProgramFailure(f"invalid mode '{args.value('m')}'") from None
    if "d" in args:
        for name in args.operands:
            proc.fs.mkdir(proc.path(name), parents=True)
            _dress(proc, args, proc.path(name), mode)
        return 0
    if "D" in args and len(args.operands) == 2:
        proc.fs.mkdir(posixpath.dirname(proc.path(args.operands[1])), parents=True)
    code = 0
    for source, target in destinations(proc, args):
        failed = Copier(proc, Arguments(given=[("L", "")])).copy_operand(source, target)
        if not failed:
            _dress(proc, args, proc.path(target), mode)
        code = max(code, failed)
    return code


def _dress(proc: Process, args: Arguments, path: str, mode: int) -> None:
    proc.fs.chmod(path, mode)
    if args.any("og"):
        owner, group = args.value("o"), args.value("g")
        uid, gid = parse_owner(proc.fs, f"{owner}:{group}" if group else owner)
        stat = proc.fs.stat(path)
        proc.fs.chown(path, stat.uid if uid is None else uid, stat.gid if gid is None else gid)
