"""rm, rmdir, unlink."""

from __future__ import annotations

import errno
import posixpath

from dockerlab.errors import FileSystemError
from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.permissions import check_removable
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import UsageFailure, blame, complain, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

RM_LONG = "recursive=r force=f verbose=v interactive=i dir=d one-file-system=x no-preserve-root=0 preserve-root=1"


@program("rm", options="rRfivdIx", long=RM_LONG, usage="[-irf] FILE...")
def rm(proc: Process, args: Arguments) -> int:
    """Remove files, and with -r folders."""
    if not args.operands:
        if "f" in args:
            return 0
        raise missing_operand()
    return max([_remove(proc, args, name) for name in args.operands])


def _remove(proc: Process, args: Arguments, name: str) -> int:
    path = proc.path(name)
    if posixpath.basename(name.rstrip("/")) in (".", ".."):
        return complain(proc, f"refusing to remove '.' or '..' directory: skipping '{name}'")
    if posixpath.normpath(path) == "/" and "0" not in args and not is_busybox(proc):
        complain(proc, "it is dangerous to operate recursively on '/'")
        return complain(proc, "use --no-preserve-root to override this failsafe")
    try:
        stat = proc.fs.stat(path, follow=False)
    except FileSystemError as error:
        if "f" in args and error.errno in (errno.ENOENT, errno.ENOTDIR):
            return 0
        return blame(proc, error, name, "cannot remove '{}'", "can't remove '{}'")
    if stat.kind != "d":
        return _unlink(proc, args, name, path)
    if args.any("rR"):
        return _remove_tree(proc, args, name, path)
    if "d" in args:
        return _drop(proc, args, name, path)
    if is_busybox(proc):
        return complain(proc, f"'{name}' is a directory")
    return _blame(proc, FileSystemError(errno.EISDIR), name)


def _blame(proc: Process, error: FileSystemError, name: str) -> int:
    return blame(proc, error, name, "cannot remove '{}'", "can't remove '{}'")


def _unlink(proc: Process, args: Arguments, name: str, path: str) -> int:
    try:
        check_removable(proc, path)
        proc.fs.unlink(path)
    except FileSystemError as error:
        return _blame(proc, error, name)
    if "v" in args:
        proc.out(f"removed '{name}'\n")
    return 0


def _remove_tree(proc: Process, args: Arguments, name: str, path: str) -> int:
    """Everything below, then the folder; what can't be removed stays, with all above it."""
    if proc.capable(Capability.DAC_OVERRIDE) and proc.capable(Capability.FOWNER) and "v" not in args:
        try:
            proc.fs.remove_tree(path)
        except FileSystemError:
            pass  # something in it resists; the walk below says what
        else:
            return 0
    code = 0
    for below in proc.fs.listdir(path):
        inner = posixpath.join(path, below)
        shown = posixpath.join(name, below)
        folder = proc.fs.stat(inner, follow=False).kind == "d"
        code = max(code, (_remove_tree if folder else _unlink)(proc, args, shown, inner))
    return code or _drop(proc, args, name, path)


def _drop(proc: Process, args: Arguments, name: str, path: str) -> int:
    try:
        check_removable(proc, path)
        proc.fs.rmdir(path)
    except FileSystemError as error:
        return _blame(proc, error, name)
    if "v" in args:
        proc.out(f"removed directory '{name}'\n")
    return 0


@program(
    "rmdir",
    options="pvi",
    long="parents=p verbose=v ignore-fail-on-non-empty=i",
    usage="[-p] DIRECTORY...",
)
def rmdir(proc: Process, args: Arguments) -> int:
    """Remove empty folders; with -p their parents too."""
    if not args.operands:
        raise missing_operand()
    code = 0
    for name in args.operands:
        folder = name.rstrip("/") or "/"
        while folder not in ("", "/"):
            if not _rmdir_one(proc, args, folder):
                code = 1
                break
            folder = posixpath.dirname(folder) if "p" in args else ""
    return code


def _rmdir_one(proc: Process, args: Arguments, name: str) -> bool:
    try:
        check_removable(proc, proc.path(name))
        proc.fs.rmdir(proc.path(name))
    except FileSystemError as error:
        if not ("i" in args and error.errno == errno.ENOTEMPTY):
            blame(proc, error, name, "failed to remove '{}'", "'{}'")
            return False
    return True


@program("unlink", usage="FILE")
def unlink(proc: Process, args: Arguments) -> int:
    """Remove one name, with unlink(2)."""
    if not args.operands:
        raise missing_operand()
    if len(args.operands) > 1:
        raise UsageFailure(f"extra operand '{args.operands[1]}'")
    try:
        check_removable(proc, proc.path(args.operands[0]))
        proc.fs.unlink(proc.path(args.operands[0]))
    except FileSystemError as error:
        return blame(proc, error, args.operands[0], "cannot unlink '{}'", "can't remove file '{}'")
    return 0
