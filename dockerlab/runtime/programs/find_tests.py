"""What find can ask of a file: each predicate as a small function of the file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from dockerlab.errors import FileSystemError
from dockerlab.fs.stat import Stat
from dockerlab.runtime.permissions import may
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.accounts import Names, find_group, find_user
from dockerlab.runtime.programs.messages import ProgramFailure
from dockerlab.runtime.programs.modes import ModeError, changed_mode
from dockerlab.runtime.programs.regex import compile_pattern
from dockerlab.world import NANOSECOND


@dataclass(frozen=True)
class File:
    """A file that find looks at: `shown` is its name from the start point on."""

    shown: str
    path: str
    stat: Stat
    depth: int
    start: str

    @property
    def name(self) -> str:
        """The last part of the name."""
        return posixpath.basename(self.shown.rstrip("/")) or "/"


Test = Callable[[File], bool]
Word = Callable[[], str]
UNITS = {"c": 1, "w": 2, "b": 512, "k": 1024, "M": 1 << 20, "G": 1 << 30, "": 512}


def make_test(proc: Process, word: str, argument: Word) -> Test:
    """The test that a predicate stands for; `argument` gives its next word. Raises ProgramFailure."""
    if word not in TESTS:
        raise ProgramFailure(f"unknown predicate `{word}'", busybox=f"unrecognized: {word}")
    return TESTS[word](proc, argument)


def _compared(text: str, what: str) -> Callable[[float], bool]:
    """'+5' more, '-5' less, '5' just so."""
    sign, number = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    try:
        amount = float(number)
    except ValueError:
        raise ProgramFailure(f"invalid argument `{text}' to `{what}'", busybox=f"invalid number '{number}'") from None
    if sign == "+":
        return lambda value: value > amount
    if sign == "-":
        return lambda value: value < amount
    return lambda value: value == amount


def _name(proc: Process, argument: Word) -> Test:
    form = argument()
    return lambda file: fnmatchcase(file.name, form)


def _iname(proc: Process, argument: Word) -> Test:
    form = argument().lower()
    return lambda file: fnmatchcase(file.name.lower(), form)


def _path(proc: Process, argument: Word) -> Test:
    form = argument()
    return lambda file: fnmatchcase(file.shown, form)


def _regex(proc: Process, argument: Word) -> Test:
    pattern = compile_pattern(argument())
    return lambda file: pattern.fullmatch(file.shown) is not None


def _type(proc: Process, argument: Word) -> Test:
    kinds = argument().split(",")
    wrong = next((kind for kind in kinds if kind not in "fdlcbps"), None)
    if wrong is not None:
        raise ProgramFailure(f"Unknown argument to -type: {wrong}", busybox=f"invalid argument '{wrong}' to '-type'")
    return lambda file: file.stat.kind in kinds


def _size(proc: Process, argument: Word) -> Test:
    text = argument()
    letter = text[-1:] if text[-1:].isalpha() else ""
    if letter not in UNITS:
        raise ProgramFailure(f"invalid -size type `{letter}'", busybox=f"invalid number '{text}'")
    compared = _compared(text.removesuffix(letter), "-size")
    return lambda file: compared(-(-file.stat.size // UNITS[letter]))


def _empty(proc: Process, argument: Word) -> Test:
    def test(file: File) -> bool:
        if file.stat.kind == "d":
            return not proc.fs.listdir(file.path)
        return file.stat.kind == "f" and not file.stat.size

    return test


def _perm(proc: Process, argument: Word) -> Test:
    text = argument()
    sign = text[0] if text[:1] in ("-", "/", "+") else ""
    try:
        wanted = changed_mode(text.removeprefix(sign), 0, folder=False, umask=0)
    except ModeError:
        raise ProgramFailure(f"invalid mode '{text}'") from None
    if sign == "-":
        return lambda file: file.stat.mode & wanted == wanted
    if sign:
        return lambda file: bool(file.stat.mode & wanted) or not wanted
    return lambda file: file.stat.mode == wanted


def _user(proc: Process, argument: Word) -> Test:
    text = argument()
    user = find_user(proc.fs, text)
    if user is None and not text.isdigit():
        raise ProgramFailure(f"'{text}' is not the name of a known user", busybox=f"unknown user {text}")
    uid = user.uid if user else int(text)
    return lambda file: file.stat.uid == uid


def _group(proc: Process, argument: Word) -> Test:
    text = argument()
    group = find_group(proc.fs, text)
    if group is None and not text.isdigit():
        raise ProgramFailure(f"'{text}' is not the name of an existing group", busybox=f"unknown group {text}")
    gid = group.gid if group else int(text)
    return lambda file: file.stat.gid == gid


def _newer(proc: Process, argument: Word) -> Test:
    name = argument()
    try:
        than = proc.fs.stat(proc.path(name)).mtime
    except FileSystemError as error:
        raise ProgramFailure(f"'{name}': {error.strerror}", busybox=f"{name}: {error.strerror}") from None
    return lambda file: file.stat.mtime > than


def _age(seconds: int, what: str) -> Callable[[Process, Word], Test]:
    """-mtime counts whole days, -mmin minutes."""

    def make(proc: Process, argument: Word) -> Test:
        compared = _compared(argument(), what)
        now = proc.kernel.clock.now
        return lambda file: compared((now - file.stat.mtime) // NANOSECOND // seconds)

    return make


def _number(field: str) -> Callable[[Process, Word], Test]:
    def make(proc: Process, argument: Word) -> Test:
        compared = _compared(argument(), f"-{field}")
        return lambda file: compared(getattr(file.stat, field))

    return make


def _access(bit: int) -> Callable[[Process, Word], Test]:
    return lambda proc, argument: lambda file: may(proc, file.stat, bit)


def _always(value: bool) -> Callable[[Process, Word], Test]:
    return lambda proc, argument: lambda file: value


def _printf(proc: Process, argument: Word) -> Test:
    form = re.sub(r"\\(n|t|0|\\)", lambda m: {"n": "\n", "t": "\t", "0": "\0", "\\": "\\"}[m[1]], argument())
    names = Names(proc.fs)

    def test(file: File) -> bool:
        stat = file.stat
        below = file.shown[len(file.start) :].lstrip("/")
        values = {
            "p": file.shown, "f": file.name, "h": posixpath.dirname(file.shown) or ".", "P": below, "s": stat.size,
            "m": f"{stat.mode:o}", "M": formats.mode_text(stat.kind, stat.mode), "u": names.user(stat.uid),
            "g": names.group(stat.gid), "U": stat.uid, "G": stat.gid, "y": stat.kind, "l": stat.target, "d": file.depth,
            "i": stat.inode, "n": stat.nlink, "%": "%", "k": formats.allocated(stat.kind, stat.size) // 1024,
            "T@": f"{stat.mtime / NANOSECOND:.10f}", "t": formats.instant(stat.mtime).ctime(), "H": file.start,
        }  # fmt: skip
        proc.out(re.sub(r"%(-?\d*)(T@|.)", lambda m: _padded(m[1], str(values.get(m[2], m[0]))), form))
        return True

    return test


def _padded(width: str, text: str) -> str:
    return text.ljust(int(width[1:])) if width.startswith("-") else text.rjust(int(width or 0))


def _ls(proc: Process, argument: Word) -> Test:
    names = Names(proc.fs)

    def test(file: File) -> bool:
        stat = file.stat
        when = formats.listing_time(stat.mtime, proc.kernel.clock.now)
        blocks = formats.allocated(stat.kind, stat.size) // 1024
        who = f"{names.user(stat.uid):<8} {names.group(stat.gid):<8}"
        link = f" -> {stat.target}" if stat.kind == "l" else ""
        mode = formats.mode_text(stat.kind, stat.mode)
        proc.out(f"{stat.inode:>9} {blocks:>6} {mode} {stat.nlink:>3} {who} {stat.size:>8} {when} {file.shown}{link}\n")
        return True

    return test


TESTS: dict[str, Callable[[Process, Word], Test]] = {
    "-name": _name,
    "-iname": _iname,
    "-path": _path,
    "-wholename": _path,
    "-regex": _regex,
    "-type": _type,
    "-size": _size,
    "-empty": _empty,
    "-perm": _perm,
    "-user": _user,
    "-group": _group,
    "-newer": _newer,
    "-mtime": _age(86400, "-mtime"),
    "-mmin": _age(60, "-mmin"),
    "-links": _number("nlink"),
    "-inum": _number("inode"),
    "-uid": _number("uid"),
    "-gid": _number("gid"),
    "-readable": _access(4),
    "-writable": _access(2),
    "-executable": _access(1),
    "-true": _always(True),
    "-false": _always(False),
    "-printf": _printf,
    "-ls": _ls,
}
