"""chmod, chown, chgrp: who may do what with a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dockerlab.errors import FileSystemError
from dockerlab.runtime.permissions import granted_mode, may_give_away, owns
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.formats import mode_text
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, complain, missing_operand
from dockerlab.runtime.programs.modes import ModeError, changed_mode
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.owners import OwnerError, group_number, parse_owner
from dockerlab.runtime.programs.registry import program

LONG = "recursive=R verbose=v changes=c quiet=f silent=f no-dereference=h reference=1"
NOT_PERMITTED = "Operation not permitted"


def _targets(proc: Process, args: Arguments, names: list[str]) -> Iterator[tuple[str, str]]:
    """Operands as (typed name, path), with -R all that is below them too; complains of those that are missing."""
    for name in names:
        path = proc.path(name)
        yield name, path
        if "R" in args and proc.fs.is_dir(path):
            for inner, stat in list(proc.fs.walk(path)):
                if stat.kind != "l" and inner != path:
                    yield name.rstrip("/") + inner[len(path.rstrip("/")) :], inner


def _each(proc: Process, args: Arguments, names: list[str], change: Callable[[str, str], None]) -> int:
    code = 0
    for name, path in _targets(proc, args, names):
        try:
            proc.fs.stat(path, follow="h" not in args)
            change(name, path)
        except FileSystemError as error:
            code = 1
            if "f" not in args:
                blame(proc, error, name, "cannot access '{}'" if error.errno == 2 else "changing attributes of '{}'")
    return code


def _check_owner(proc: Process, path: str, name: str, what: str) -> None:
    """Only the owner may change a file's mode, or who has FOWNER."""
    if not owns(proc, proc.fs.stat(path)):
        raise ProgramFailure(f"changing {what} of '{name}': {NOT_PERMITTED}", busybox=f"{name}: {NOT_PERMITTED}")


@program("chmod", usage="[-Rcvf] MODE[,MODE]... FILE...", raw=True)
def chmod(proc: Process, args: Arguments) -> int:
    """Change modes. '-x' is a mode, not an option, so the words are read here."""
    args = _read_words(args.operands)
    if not args.operands:
        raise missing_operand()
    text, names = args.operands[0], args.operands[1:]
    if not names:
        raise missing_operand(text)

    def change(name: str, path: str) -> None:
        stat = proc.fs.stat(path)
        _check_owner(proc, path, name, "permissions")
        mode = changed_mode(text, stat.mode, folder=stat.kind == "d", umask=proc.umask)
        proc.fs.chmod(path, granted_mode(proc, stat, mode))
        if "v" in args or ("c" in args and mode != stat.mode):
            _report_mode(proc, name, stat.mode, mode)

    try:
        changed_mode(text, 0, folder=False, umask=0)
    except ModeError:
        raise UsageFailure(f"invalid mode: '{text}'", busybox=f"invalid mode '{text}'") from None
    return _each(proc, args, names, change)


def _read_words(words: list[str]) -> Arguments:
    args = Arguments()
    long = dict(pair.split("=") for pair in LONG.split())
    for at, word in enumerate(words):
        if word == "--":
            args.operands += words[at + 1 :]
            break
        if word.startswith("--") and word[2:] in long:
            args.given.append((long[word[2:]], ""))
        elif word[:1] == "-" and word[1:] and set(word[1:]) <= set("Rcvf"):
            args.given += [(letter, "") for letter in word[1:]]
        else:
            args.operands.append(word)
    return args


def _report_mode(proc: Process, name: str, old: int, new: int) -> None:
    before, after = mode_text("f", old)[1:], mode_text("f", new)[1:]
    if old == new:
        proc.out(f"mode of '{name}' retained as {new:04o} ({after})\n")
    else:
        proc.out(f"mode of '{name}' changed from {old:04o} ({before}) to {new:04o} ({after})\n")


@program("chown", options="RhvcfLPH", long=LONG, usage="[-Rhvcf] USER[:[GRP]] FILE...")
def chown(proc: Process, args: Arguments) -> int:
    """Change owners and groups."""
    text, names = _split(args)
    try:
        uid, gid = parse_owner(proc.fs, text)
    except OwnerError as error:
        unknown = "user/group" if ":" in text else "user"
        return _invalid(proc, f"invalid {error.what}: '{text}'", f"unknown {unknown} {text}")
    return _own(proc, args, names, uid, gid)


@program("chgrp", options="RhvcfLPH", long=LONG, usage="[-Rhvcf] GROUP FILE...")
def chgrp(proc: Process, args: Arguments) -> int:
    """Change groups."""
    text, names = _split(args)
    try:
        gid = group_number(proc.fs, text)
    except OwnerError:
        return _invalid(proc, f"invalid group: '{text}'", f"unknown group {text}")
    return _own(proc, args, names, None, gid)


def _invalid(proc: Process, gnu: str, busybox: str) -> int:
    return complain(proc, busybox if proc.flavour == "busybox" else gnu)


def _split(args: Arguments) -> tuple[str, list[str]]:
    if not args.operands:
        raise missing_operand()
    if len(args.operands) == 1:
        raise missing_operand(args.operands[0])
    return args.operands[0], args.operands[1:]


def _own(proc: Process, args: Arguments, names: list[str], uid: int | None, gid: int | None) -> int:
    def change(name: str, path: str) -> None:
        follow = "h" not in args
        stat = proc.fs.stat(path, follow=follow)
        new = (stat.uid if uid is None else uid, stat.gid if gid is None else gid)
        if not may_give_away(proc, stat, *new):
            raise ProgramFailure(f"changing ownership of '{name}': {NOT_PERMITTED}", busybox=f"{name}: {NOT_PERMITTED}")
        proc.fs.chown(path, *new, follow=follow)
        if "v" in args or ("c" in args and new != (stat.uid, stat.gid)):
            proc.out(f"changed ownership of '{name}' from {stat.uid}:{stat.gid} to {new[0]}:{new[1]}\n")

    return _each(proc, args, names, change)
