"""The questions that `test`, `[` and `[[` ask about files, texts and numbers (POSIX.1-2024 XCU test)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlab.errors import FileSystemError
from dockerlab.runtime.opening import descriptor_of
from dockerlab.runtime.permissions import may
from dockerlab.runtime.process import Process
from dockerlab.runtime.shell.state import Shell

if TYPE_CHECKING:
    from dockerlab.fs.stat import Stat

_SET_UID, _SET_GID, _STICKY = 0o4000, 0o2000, 0o1000


def _stat(proc: Process, path: str, follow: bool = True) -> Stat | None:
    if not path:
        return None
    try:
        return proc.fs.stat(proc.path(path), follow)
    except FileSystemError:
        return None


def _kind(*kinds: str) -> Callable[[Shell, str], bool]:
    def check(shell: Shell, path: str) -> bool:
        found = _stat(shell.proc, path)
        return found is not None and found.kind in kinds

    return check


def _allowed(bits: int) -> Callable[[Shell, str], bool]:
    def check(shell: Shell, path: str) -> bool:
        found = _stat(shell.proc, path)
        return found is not None and may(shell.proc, found, bits)

    return check


def _mode(bit: int) -> Callable[[Shell, str], bool]:
    def check(shell: Shell, path: str) -> bool:
        found = _stat(shell.proc, path)
        return found is not None and bool(found.mode & bit)

    return check


def _exists(shell: Shell, path: str) -> bool:
    own = descriptor_of(path)
    return own in shell.proc.fds if own is not None else _stat(shell.proc, path) is not None


def _is_link(shell: Shell, path: str) -> bool:
    found = _stat(shell.proc, path, follow=False)
    return found is not None and found.kind == "l"


def _has_size(shell: Shell, path: str) -> bool:
    found = _stat(shell.proc, path)
    return found is not None and (found.kind == "d" or found.size > 0)


def _owned(shell: Shell, path: str) -> bool:
    found = _stat(shell.proc, path)
    return found is not None and found.uid == shell.proc.uid


def _grouped(shell: Shell, path: str) -> bool:
    found = _stat(shell.proc, path)
    return found is not None and found.gid == shell.proc.gid


def _terminal(shell: Shell, word: str) -> bool:
    return word.strip().isdigit() and shell.proc.is_terminal(int(word))


def _is_set(shell: Shell, name: str) -> bool:
    return shell.variables.get(name) is not None


UNARY: dict[str, Callable[[Shell, str], bool]] = {
    "-n": lambda shell, text: bool(text),
    "-z": lambda shell, text: not text,
    "-e": _exists,
    "-a": _exists,
    "-f": _kind("f"),
    "-d": _kind("d"),
    "-b": _kind("b"),
    "-c": _kind("c"),
    "-p": _kind("p"),
    "-S": _kind("s"),
    "-h": _is_link,
    "-L": _is_link,
    "-s": _has_size,
    "-r": _allowed(4),
    "-w": _allowed(2),
    "-x": _allowed(1),
    "-u": _mode(_SET_UID),
    "-g": _mode(_SET_GID),
    "-k": _mode(_STICKY),
    "-O": _owned,
    "-G": _grouped,
    "-t": _terminal,
    "-v": _is_set,
    "-o": lambda shell, name: name in shell.options,
}
"""Operator → question about one word."""


def newer(shell: Shell, left: str, right: str) -> bool:
    """Whether the left file was changed later than the right one, or is the only one."""
    first, second = _stat(shell.proc, left), _stat(shell.proc, right)
    return first is not None and (second is None or first.mtime > second.mtime)


def _same_file(shell: Shell, left: str, right: str) -> bool:
    first, second = _stat(shell.proc, left), _stat(shell.proc, right)
    return first is not None and second is not None and first.inode == second.inode


TEXTS: dict[str, Callable[[Shell, str, str], bool]] = {
    "=": lambda shell, left, right: left == right,
    "==": lambda shell, left, right: left == right,
    "!=": lambda shell, left, right: left != right,
    "<": lambda shell, left, right: left < right,
    ">": lambda shell, left, right: left > right,
    "-nt": newer,
    "-ot": lambda shell, left, right: newer(shell, right, left),
    "-ef": _same_file,
}
"""Operator → question about two words."""

NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda left, right: left == right,
    "-ne": lambda left, right: left != right,
    "-lt": lambda left, right: left < right,
    "-le": lambda left, right: left <= right,
    "-gt": lambda left, right: left > right,
    "-ge": lambda left, right: left >= right,
}
"""Operator → question about two numbers."""
