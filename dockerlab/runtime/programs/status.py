"""stat, readlink, realpath: what is known of a file, and where a name leads."""

from __future__ import annotations

import errno
import posixpath
import re
from collections.abc import Mapping

from dockerlab.errors import FileSystemError
from dockerlab.fs.stat import Stat
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.accounts import Names
from dockerlab.runtime.programs.messages import blame, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program
from dockerlab.world import NANOSECOND

TYPE_BITS = {"p": 0o010000, "c": 0o020000, "d": 0o040000, "b": 0o060000, "f": 0o100000, "l": 0o120000}
DEVICE = 0x2E  # the number that every file of a container reports as its device
DIRECTIVE = re.compile(r"%(-?#?0?\d*\.?\d*)([a-zA-Z%])")
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "0": "\0"}


def type_name(stat: Stat) -> str:
    """'regular file', 'regular empty file', 'directory' …"""
    return "regular empty file" if stat.kind == "f" and not stat.size else formats.KINDS[stat.kind]


def _quoted(name: str, stat: Stat) -> str:
    return f"'{name}' -> '{stat.target}'" if stat.kind == "l" else name


def fields(name: str, path: str, stat: Stat, names: Names) -> Mapping[str, str]:
    """What each letter of `stat -c` stands for."""
    blocks = formats.allocated(stat.kind, stat.size) // 512
    major, minor = stat.device or (0, 0)
    when = formats.full_time(stat.mtime)
    since = str(stat.mtime // NANOSECOND)
    return {
        "n": name, "N": _quoted(name, stat), "s": str(stat.size), "b": str(blocks), "B": "512", "o": "4096",
        "f": f"{TYPE_BITS[stat.kind] | stat.mode:x}", "a": f"{stat.mode:o}",
        "A": formats.mode_text(stat.kind, stat.mode), "F": type_name(stat),
        "u": str(stat.uid), "g": str(stat.gid), "U": names.user(stat.uid, "UNKNOWN"),
        "G": names.group(stat.gid, "UNKNOWN"), "h": str(stat.nlink), "i": str(stat.inode), "m": "/", "d": str(DEVICE),
        "D": f"{DEVICE:x}", "t": f"{major:x}", "T": f"{minor:x}", "x": when, "y": when, "z": when, "w": when,
        "X": since, "Y": since, "Z": since, "W": since, "%": "%", "C": "?",
    }  # fmt: skip


def render(form: str, values: Mapping[str, str]) -> str:
    """Fill a format in; '%5s' and '%-8U' pad as printf does."""

    def fill(found: re.Match[str]) -> str:
        flags, letter = found[1], found[2]
        text = values.get(letter, "?")
        width = re.sub(r"\D", "", flags.partition(".")[0].lstrip("-#"))
        if flags.startswith("0") and width:
            return text.rjust(int(width), "0")
        return (text.ljust if flags.startswith("-") else text.rjust)(int(width or 0))

    return DIRECTIVE.sub(fill, form)


GNU_FORM = """\
  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: 0,%d\tInode: %-11i Links: %h%X
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
 Birth: %w
"""
BUSYBOX_FORM = """\
  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %Dh/%dd\tInode: %-10i  Links: %h
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
"""


@program(
    "stat",
    options="ltfc:Lp:",
    long="format=c printf=p dereference=L terse=t file-system=f",
    usage="[-ltf] [-c FMT] FILE...",
)
def stat(proc: Process, args: Arguments) -> int:
    """Print what is known of files, in full or by a format."""
    if not args.operands:
        raise missing_operand()
    names = Names(proc.fs)
    code = 0
    for name in args.operands:
        path = proc.path(name)
        try:
            found = proc.fs.stat(path, follow="L" in args)
        except FileSystemError as error:
            code = blame(proc, error, name, "cannot statx '{}'", "can't stat '{}'")
            continue
        proc.out(_described(proc, args, fields(name, path, found, names), found))
    return code


def _described(proc: Process, args: Arguments, values: Mapping[str, str], found: Stat) -> str:
    if "p" in args:
        return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[0]), render(args.value("p"), values))
    if "c" in args:
        return render(args.value("c"), values) + "\n"
    if "t" in args:
        return render("%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n", values)
    if is_busybox(proc):
        return render(BUSYBOX_FORM, values)
    device = "     Device type: {},{}".format(*found.device) if found.device and found.kind in "cb" else ""
    return render(GNU_FORM, {**values, "X": device})


@program(
    "readlink",
    options="fnvemzsq",
    long="canonicalize=f no-newline=n verbose=v canonicalize-existing=e canonicalize-missing=m",
    usage="[-fnv] FILE",
)
def readlink(proc: Process, args: Arguments) -> int:
    """Print where a symbolic link leads; with -f, where a name leads in the end."""
    if not args.operands:
        raise missing_operand()
    code = 0
    ending = "" if "n" in args and len(args.operands) == 1 else "\n"
    for name in args.operands:
        try:
            path = proc.path(name)
            text = canonical(proc, path, args.last("fem")) if args.any("fem") else proc.fs.readlink(path)
            proc.out(text + ending)
        except FileSystemError as error:
            code = 1
            if "v" in args:
                blame(proc, error, name)
    return code


@program(
    "realpath",
    options="emqszLP",
    long="canonicalize-existing=e canonicalize-missing=m quiet=q no-symlinks=s strip=s relative-to=1",
    usage="FILE...",
)
def realpath(proc: Process, args: Arguments) -> int:
    """Print where names lead, all links followed."""
    if not args.operands:
        raise missing_operand()
    code = 0
    for name in args.operands:
        try:
            path = proc.path(name)
            proc.out(("" if "s" in args else canonical(proc, path, args.last("em", "f"))) or path)
            proc.out("\n")
        except FileSystemError as error:
            code = 1
            if "q" not in args:
                blame(proc, error, name)
    return code


def canonical(proc: Process, path: str, how: str) -> str:
    """The true path: 'e' all of it must be there, 'm' nothing need be, 'f' all but the last part."""
    if proc.fs.exists(path) or how == "e":
        return proc.fs.realpath(path)
    parent, name = posixpath.split(path)
    if path == "/":
        return path
    if how == "f" and not proc.fs.exists(parent):
        raise FileSystemError(errno.ENOENT, path)
    try:
        link = proc.fs.readlink(path)
    except FileSystemError:
        return posixpath.join(canonical(proc, parent, how), name)
    return canonical(proc, posixpath.normpath(posixpath.join(parent, link)), how)
