"""mkdir, touch, ln, mktemp, truncate, mkfifo, mknod: new files of every kind."""

from __future__ import annotations

import errno
import hashlib
import posixpath

from dockerlab.errors import FileSystemError
from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.permissions import check_creatable, owns
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.dates import DateError, parse_date
from dockerlab.runtime.programs.formats import parse_size
from dockerlab.runtime.programs.inputs import may_write
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, is_busybox, missing_operand
from dockerlab.runtime.programs.modes import ModeError, changed_mode
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program


@program("mkdir", options="pvm:Z", long="parents=p verbose=v mode=m", usage="[-m MODE] [-p] DIRECTORY...")
def mkdir(proc: Process, args: Arguments) -> int:
    """Make folders; with -p their parents too, and no complaint about those that are there."""
    if not args.operands:
        raise missing_operand()
    try:
        mode = changed_mode(args.value("m", "777"), 0o777, folder=True, umask=proc.umask)
    except ModeError:
        raise ProgramFailure(f"invalid mode '{args.value('m')}'") from None
    if "m" not in args:
        mode &= ~proc.umask
    return max([_make_folder(proc, args, name, mode) for name in args.operands])


def _make_folder(proc: Process, args: Arguments, name: str, mode: int) -> int:
    steps = [name.rstrip("/") or "/"]
    while "p" in args and (parent := posixpath.dirname(steps[-1])) not in ("", "/", steps[-1]):
        steps.append(parent)
    for at, step in enumerate(reversed(steps)):
        try:
            last = at == len(steps) - 1
            if not ("p" in args and proc.fs.is_dir(proc.path(step))):
                make_folder(proc, proc.path(step), mode if last else 0o777 & ~proc.umask | 0o300)
                if "v" in args:
                    proc.out(f"{'created directory' if is_busybox(proc) else 'mkdir: created directory'} '{step}'\n")
        except FileSystemError as error:
            return blame(proc, error, step, "cannot create directory '{}'", "can't create directory '{}'")
    return 0


def make_folder(proc: Process, path: str, mode: int) -> None:
    """One folder, owned by the process; raises FileSystemError."""
    check_creatable(proc, path)
    proc.fs.mkdir(path, mode)
    if proc.uid or proc.gid:
        proc.fs.chown(path, proc.uid, proc.gid)


@program(
    "touch",
    options="chamd:t:r:f",
    long="no-create=c date=d reference=r no-dereference=h time=a",
    usage="[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...",
)
def touch(proc: Process, args: Arguments) -> int:
    """Set the times of files, making those that are missing."""
    if not args.operands:
        raise missing_operand(what="file operand")
    when = _moment(proc, args)
    code = 0
    for name in args.operands:
        path = proc.path(name)
        try:
            _touch_one(proc, args, path, when)
        except FileSystemError as error:
            code = blame(proc, error, name, "cannot touch '{}'", "{}")
    return code


def _touch_one(proc: Process, args: Arguments, path: str, when: int | None) -> None:
    if not proc.fs.exists(path):
        if "c" in args:
            return
        check_creatable(proc, path)
        proc.fs.write(path, b"", mode=0o666 & ~proc.umask, uid=proc.uid, gid=proc.gid)
        if when is None:
            return
    elif when is None and not may_write(proc, path):
        raise FileSystemError(errno.EACCES, path)
    elif when is not None and not owns(proc, proc.fs.stat(path)):
        raise FileSystemError(errno.EPERM, path)
    proc.fs.utime(path, proc.kernel.clock.now if when is None else when)


def _moment(proc: Process, args: Arguments) -> int | None:
    """The time to set; None = now."""
    if "r" in args:
        try:
            return proc.fs.stat(proc.path(args.value("r"))).mtime
        except FileSystemError as error:
            text = f"failed to get attributes of '{args.value('r')}': {error.strerror}"
            raise ProgramFailure(text, busybox=f"{args.value('r')}: {error.strerror}") from None
    text = args.value("d") if "d" in args else args.value("t")
    if not text:
        return None
    try:
        return parse_date(text, proc.kernel.clock.now, stamp="d" not in args)
    except DateError:
        raise ProgramFailure(f"invalid date format '{text}'", busybox=f"invalid date '{text}'") from None


@program(
    "ln",
    options="sfnbtvTriL",
    long="symbolic=s force=f no-dereference=n verbose=v no-target-directory=T relative=r",
    usage="[-sfnbtv] [-S SUF] TARGET... LINK|DIR",
)
def ln(proc: Process, args: Arguments) -> int:
    """Make hard links, and with -s symbolic ones."""
    words = list(args.operands)
    if not words:
        raise missing_operand(what="file operand")
    place = words.pop() if len(words) > 1 else "."
    follow = "n" not in args
    into = "T" not in args and (
        proc.fs.is_dir(proc.path(place)) and (follow or proc.fs.stat(proc.path(place), follow=False).kind != "l")
    )
    if len(words) > 1 and not into:
        raise ProgramFailure(f"target '{place}' is not a directory", busybox=f"{place}: Not a directory")
    named = [(word, posixpath.join(place, posixpath.basename(word)) if into else place) for word in words]
    return max([_link(proc, args, target, name.removeprefix("./")) for target, name in named])


def _link(proc: Process, args: Arguments, target: str, name: str) -> int:
    symbolic = "s" in args
    path = proc.path(name)
    try:
        if not symbolic and proc.fs.stat(proc.path(target), follow=False).kind == "d":
            return _no_folder_link(proc, target, name)
        if "f" in args and proc.path(target) != path:
            _unlink_if_there(proc, path)
        check_creatable(proc, path)
        if symbolic:
            proc.fs.symlink(_relative(args, target, proc.path(target), path), path)
        else:
            proc.fs.link(proc.path(target), path)
    except FileSystemError as error:
        return _blame_link(proc, error, target, name, symbolic=symbolic)
    if "v" in args:
        proc.out(f"'{name}' {'->' if symbolic else '=>'} '{target}'\n")
    return 0


def _relative(args: Arguments, target: str, full: str, path: str) -> str:
    return posixpath.relpath(full, posixpath.dirname(path)) if "r" in args else target


def _no_folder_link(proc: Process, target: str, name: str) -> int:
    words = f"{name}: Operation not permitted" if is_busybox(proc) else f"{target}: hard link not allowed for directory"
    raise ProgramFailure(words)


def _blame_link(proc: Process, error: FileSystemError, target: str, name: str, *, symbolic: bool) -> int:
    if not symbolic and error.errno == errno.ENOENT and not proc.fs.exists(proc.path(target)):
        return blame(proc, error, target, "failed to access '{}'")
    kind = "symbolic" if symbolic else "hard"
    return blame(proc, error, name, f"failed to create {kind} link '{{}}'", "{}")


def _unlink_if_there(proc: Process, path: str) -> None:
    try:
        stat = proc.fs.stat(path, follow=False)
    except FileSystemError:
        return
    if stat.kind != "d":
        proc.fs.unlink(path)


@program("mktemp", options="dqup:t", long="directory=d quiet=q dry-run=u tmpdir=p suffix=s", usage="[-dt] [-p DIR]")
def mktemp(proc: Process, args: Arguments) -> int:
    """Make a file or folder of a new name. The name depends on the process alone, so that a lab repeats itself."""
    template = args.operands[0] if args.operands else "tmp.XXXXXXXXXX"
    if not args.operands or args.any("pt"):
        template = posixpath.join(args.value("p") or proc.env.get("TMPDIR", "/tmp"), template)
    stem = template.rstrip("X")
    count = len(template) - len(stem)
    if count < 3:
        raise ProgramFailure(f"too few X's in template '{template}'", busybox="(null): Invalid argument")
    name = _unused(proc, stem, count)
    try:
        if "u" not in args:
            _make_private(proc, proc.path(name), folder="d" in args)
    except FileSystemError as error:
        kind = "directory" if "d" in args else "file"
        raise ProgramFailure(f"failed to create {kind} via template '{template}': {error.strerror}") from None
    proc.out(f"{name}\n")
    return 0


def _make_private(proc: Process, path: str, *, folder: bool) -> None:
    if folder:
        make_folder(proc, path, 0o700)
    else:
        proc.fs.write(path, b"", mode=0o600, uid=proc.uid, gid=proc.gid)


def _unused(proc: Process, stem: str, count: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    attempt = 0
    while True:
        seed = f"{proc.pid} {proc.kernel.clock.now} {attempt}".encode()
        name = stem + "".join(letters[byte % 62] for byte in hashlib.shake_256(seed).digest(count))
        if not proc.fs.exists(proc.path(name)):
            return name
        attempt += 1


@program("truncate", options="cs:r:o", long="no-create=c size=s reference=r", usage="[-c] -s SIZE FILE...")
def truncate(proc: Process, args: Arguments) -> int:
    """Cut files, or let them grow with zeros."""
    if not args.any("sr"):
        raise UsageFailure("you must specify either '--size' or '--reference'")
    if not args.operands:
        raise missing_operand(what="file operand")
    code = 0
    for name in args.operands:
        path = proc.path(name)
        try:
            present = proc.fs.exists(path)
            if present or "c" not in args:
                if not present:
                    proc.fs.write(path, b"", mode=0o666 & ~proc.umask, uid=proc.uid, gid=proc.gid)
                proc.fs.truncate(path, _new_size(proc, args, proc.fs.stat(path).size))
        except FileSystemError as error:
            code = blame(proc, error, name, "cannot open '{}' for writing", "{}: open")
    return code


def _new_size(proc: Process, args: Arguments, size: int) -> int:
    if "r" in args:
        return proc.fs.stat(proc.path(args.value("r"))).size
    text = args.value("s")
    sign = text[0] if text[:1] in tuple("+-<>/%") else ""
    try:
        amount = parse_size(text[len(sign) :])
    except ValueError:
        raise ProgramFailure(f"Invalid number: '{text}'", busybox=f"invalid number '{text}'") from None
    changes = {"+": size + amount, "-": max(0, size - amount), "<": min(size, amount), ">": max(size, amount)}
    return changes.get(sign, amount)


@program("mkfifo", options="m:", long="mode=m", usage="[-m MODE] NAME")
def mkfifo(proc: Process, args: Arguments) -> int:
    """Make named pipes."""
    if not args.operands:
        raise missing_operand()
    return max([_node(proc, args, name, "p", 0, 0, "cannot create fifo '{}'") for name in args.operands])


@program("mknod", options="m:", long="mode=m", usage="[-m MODE] NAME TYPE [MAJOR MINOR]")
def mknod(proc: Process, args: Arguments) -> int:
    """Make device files."""
    words = args.operands
    if len(words) not in (2, 4) or words[1] not in "bcup":
        raise missing_operand(after=words[-1] if words else "")
    major, minor = (int(words[2]), int(words[3])) if len(words) == 4 else (0, 0)
    return _node(proc, args, words[0], words[1].replace("u", "c"), major, minor, "{}")


def _node(proc: Process, args: Arguments, name: str, kind: str, major: int, minor: int, words: str) -> int:
    try:
        check_creatable(proc, proc.path(name))
        if kind in "bc" and not proc.capable(Capability.MKNOD):
            raise FileSystemError(errno.EPERM, name)
        mode = changed_mode(args.value("m", "666"), 0o666, folder=False, umask=0)
        proc.fs.mknod(proc.path(name), kind, mode if "m" in args else mode & ~proc.umask, major, minor)
    except FileSystemError as error:
        return blame(proc, error, name, words)
    return 0
