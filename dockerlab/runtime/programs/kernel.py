"""mount, umount, chroot, sysctl, dmesg: what asks something of the kernel that takes a capability."""

from __future__ import annotations

import errno
import posixpath

from dockerlab.errors import FileSystemError
from dockerlab.fs.mounts import MountedFs, SubFs
from dockerlab.fs.tmpfs import Tmpfs, parse_size
from dockerlab.fs.tree import Directory, Metadata
from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.process import Process, ProgramError
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

PARAMETERS = "/proc/sys"
ANY_MODE = 0o1777


@program("mount", options="ao:t:rwvlBR", long="bind=B", usage="[OPTIONS] [-o OPTS] DEVICE NODE")
def mount(proc: Process, args: Arguments) -> int:
    """Print what is mounted; to mount something takes SYS_ADMIN."""
    if not args.operands and not args.any("ao"):
        proc.out("".join(_described(line) for line in read_text(proc.fs, "/proc/mounts").splitlines()) or _HOSTS)
        return 0
    place = args.operands[-1] if args.operands else ""
    if not proc.capable(Capability.SYS_ADMIN):
        gnu = 'only root can use "--options" option' if proc.uid else f"{place}: permission denied."
        raise ProgramFailure(gnu, busybox="permission denied (are you root?)", code=1 if is_busybox(proc) else 32)
    if len(args.operands) < 2:
        raise UsageFailure("bad usage")
    source = args.operands[0]
    try:
        _mount(proc, args, source, place)
    except FileSystemError as error:
        missing = error.errno == errno.ENOENT and not proc.fs.exists(proc.path(place))
        gnu = f"{place}: mount point does not exist." if missing else f"{place}: {error.strerror.lower()}."
        busybox = f"mounting {source} on {place} failed: {error.strerror}"
        raise ProgramFailure(gnu, busybox=busybox, code=255 if is_busybox(proc) else 32) from None
    return 0


_HOSTS = "overlay on / type overlay (rw,relatime)\nproc on /proc type proc (rw)\n"


def _described(line: str) -> str:
    device, place, kind, options, *_ = line.split()
    return f"{device} on {place} type {kind} ({options})\n"


def _mount(proc: Process, args: Arguments, source: str, place: str) -> None:
    """A tmpfs, or a bind mount; there are no disks that could be mounted."""
    fs, options = proc.fs, args.value("o").split(",")
    if not isinstance(fs, MountedFs):
        raise FileSystemError(errno.EPERM, place)
    target, read_only = proc.path(place), "ro" in options or "r" in args
    if args.any("BR") or "bind" in options:
        found = fs.mount_at(proc.path(source))
        fs.stat(proc.path(source))
        inner = found.inner(fs.realpath(proc.path(source)))
        fs.mount(target, found.fs, subpath=inner, read_only=read_only)
    elif args.value("t") == "tmpfs":
        values = dict(option.partition("=")[::2] for option in options)
        mode = int(values["mode"], 8) if values.get("mode", "").isdigit() else ANY_MODE
        clock = proc.kernel.clock
        tree = Directory(Metadata(mode, mtime=clock.now))
        fs.mount(target, Tmpfs(tree, clock, parse_size(values.get("size", ""))), read_only=read_only)
    else:
        fs.stat(target)
        raise FileSystemError(errno.ENOENT if not fs.exists(proc.path(source)) else errno.EINVAL, source)


@program("umount", options="afl", usage="[OPTIONS] FILESYSTEM|DIRECTORY")
def umount(proc: Process, args: Arguments) -> int:
    """Take away what is mounted, which takes SYS_ADMIN."""
    code = 1 if is_busybox(proc) else 32
    for place in args.operands:
        if not proc.capable(Capability.SYS_ADMIN) or not isinstance(proc.fs, MountedFs):
            text = f"can't unmount {place}: Operation not permitted"
            raise ProgramFailure(f"{place}: must be superuser to unmount.", busybox=text, code=code)
        try:
            proc.fs.umount(proc.path(place))
        except FileSystemError as error:
            text = f"can't unmount {place}: {error.strerror}"
            raise ProgramFailure(f"{place}: not mounted.", busybox=text, code=code) from None
    return 0


@program("chroot", options="+", usage="NEWROOT [PROG ARGS]")
def chroot(proc: Process, args: Arguments) -> Waiting:
    """Go on as a program that sees a folder as the whole file system."""
    if not args.operands:
        raise UsageFailure("missing operand")
    root, *words = args.operands
    try:
        if not proc.capable(Capability.SYS_CHROOT):
            raise FileSystemError(errno.EPERM, root)
        if not proc.fs.stat(proc.path(root)).is_dir:
            raise FileSystemError(errno.ENOTDIR, root)
    except FileSystemError as error:
        text = f"change root directory to '{root}': {error.strerror}"
        code = 1 if is_busybox(proc) else 125
        raise ProgramFailure(f"cannot {text}", busybox=f"can't {text}", code=code) from None
    proc.root, proc.cwd = SubFs(proc.fs, proc.path(root)), "/"
    return (yield from _go_on(proc, words or [proc.env.get("SHELL", "/bin/sh"), "-i"]))


def _go_on(proc: Process, words: list[str]) -> Waiting:
    """Be another program (execve(2))."""
    try:
        found = proc.machine.find(words, env=proc.env, cwd=proc.cwd, user=proc, fs=proc.fs)
    except ProgramError as error:
        reason = "No such file or directory" if error.code == 127 else error.reason
        text = f"failed to run command '{words[0]}': {reason}"
        busybox = f"can't execute '{words[0]}': {reason}"
        return complain(proc, busybox if is_busybox(proc) else text, error.code)
    proc.argv, proc.program_path, proc.flavour = list(found.argv), found.path, found.flavour
    result = found.program(proc)
    return result if isinstance(result, int) else (yield from result)


@program("sysctl", options="enwaq", usage="[-enq] { -a | -p [FILE]... | [KEY[=VALUE]]... }")
def sysctl(proc: Process, args: Arguments) -> int:
    """Print the kernel's parameters. /proc/sys is read-only in a container."""
    code = 0
    names = args.operands if "a" not in args else _every_parameter(proc)
    for word in names:
        name, equals, _ = word.partition("=")
        path = f"{PARAMETERS}/{name.replace('.', '/')}"
        if not proc.fs.is_file(path):
            shown = name.replace(".", "/")
            gnu = f"cannot stat {path}: No such file or directory"
            code = complain(proc, f"error: '{shown}' is an unknown key" if is_busybox(proc) else gnu)
        elif equals or "w" in args:
            text = f"setting key '{name}'"
            words = f"error {text}: Read-only file system" if is_busybox(proc) else f"{text}: Read-only file system"
            code = complain(proc, words)
        else:
            value = read_text(proc.fs, path).rstrip("\n")
            proc.out(f"{value}\n" if "n" in args else f"{name} = {value}\n")
    return code


def _every_parameter(proc: Process) -> list[str]:
    if not proc.fs.is_dir(PARAMETERS):
        return []
    paths = [path for path, stat in proc.fs.walk(PARAMETERS) if stat.kind == "f"]
    return sorted(posixpath.relpath(path, PARAMETERS).replace("/", ".") for path in paths)


@program("dmesg", options="cn:rTHw", usage="")
def dmesg(proc: Process, args: Arguments) -> int:
    """The kernel's messages are the host's."""
    raise ProgramFailure(
        "read kernel buffer failed: Operation not permitted", busybox="klogctl: Operation not permitted"
    )
