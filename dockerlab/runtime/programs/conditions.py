"""What `test` and `[` decide (POSIX.1-2024, test); the shell's built-in has the same rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dockerlab.errors import FileSystemError
from dockerlab.fs.stat import Stat
from dockerlab.runtime.permissions import may
from dockerlab.runtime.process import Process


class ConditionError(ValueError):
    """Words that are no expression; the text is what follows the program's name."""


def evaluate(proc: Process, words: Sequence[str]) -> bool:
    """Whether an expression is true; raises ConditionError."""
    if len(words) <= 4 and "-a" not in words and "-o" not in words:
        return _few(proc, words)
    reader = _Reader(proc, words)
    value = reader.either()
    if reader.at < len(words):
        raise ConditionError(f"{words[reader.at]}: unexpected operator")
    return value


def _few(proc: Process, words: Sequence[str]) -> bool:
    """Up to four words: their number says how they are read."""
    if not words:
        return False
    if len(words) == 1:
        return words[0] != ""
    if len(words) == 3 and words[1] in BINARY:
        return BINARY[words[1]](proc, words[0], words[2])
    if words[0] == "!":
        return not _few(proc, words[1:])
    if len(words) == 2:
        if words[0] not in UNARY:
            raise ConditionError(f"{words[0] if not _busybox(proc) else words[1]}: {_unknown(proc)}")
        return UNARY[words[0]](proc, words[1])
    if words[0] == "(" and words[-1] == ")":
        return _few(proc, words[1:-1])
    if len(words) == 3:
        raise ConditionError(
            f"{words[1]}: {_unknown(proc)}" if _busybox(proc) else f"'{words[1]}': binary operator expected"
        )
    raise ConditionError("too many arguments")


def _busybox(proc: Process) -> bool:
    return proc.flavour == "busybox"


def _unknown(proc: Process) -> str:
    return "unknown operand" if _busybox(proc) else "unary operator expected"


class _Reader:
    """Longer expressions: -o binds weaker than -a, '!' strongest."""

    def __init__(self, proc: Process, words: Sequence[str]) -> None:
        self.proc = proc
        self.words = words
        self.at = 0

    def _take(self, word: str) -> bool:
        found = self.at < len(self.words) and self.words[self.at] == word
        self.at += found
        return found

    def either(self) -> bool:
        value = self.both()
        while self._take("-o"):
            value = self.both() or value
        return value

    def both(self) -> bool:
        value = self.term()
        while self._take("-a"):
            value = self.term() and value
        return value

    def term(self) -> bool:
        if self._take("!"):
            return not self.term()
        if self._take("("):
            value = self.either()
            if not self._take(")"):
                raise ConditionError("')' expected")
            return value
        rest = self.words[self.at :]
        if not rest:
            raise ConditionError("argument expected")
        if len(rest) > 2 and rest[1] in BINARY:
            self.at += 3
            return BINARY[rest[1]](self.proc, rest[0], rest[2])
        if len(rest) > 1 and rest[0] in UNARY:
            self.at += 2
            return UNARY[rest[0]](self.proc, rest[1])
        self.at += 1
        return rest[0] != ""


def _find(proc: Process, name: str, *, follow: bool = True) -> Stat | None:
    if not name:
        return None
    try:
        return proc.fs.stat(proc.path(name), follow=follow)
    except FileSystemError:
        return None


def _file(judge: Callable[[Stat], bool], *, follow: bool = True) -> Callable[[Process, str], bool]:
    def test(proc: Process, name: str) -> bool:
        found = _find(proc, name, follow=follow)
        return found is not None and judge(found)

    return test


def _access(bit: int) -> Callable[[Process, str], bool]:
    def test(proc: Process, name: str) -> bool:
        found = _find(proc, name)
        return found is not None and may(proc, found, bit)

    return test


def _mode(bits: int) -> Callable[[Process, str], bool]:
    return _file(lambda stat: bool(stat.mode & bits))


def _terminal(proc: Process, text: str) -> bool:
    return text.isdigit() and proc.is_terminal(int(text))


def _owned(proc: Process, name: str) -> bool:
    found = _find(proc, name)
    return found is not None and found.uid == proc.uid


UNARY: dict[str, Callable[[Process, str], bool]] = {
    "-n": lambda proc, text: text != "",
    "-z": lambda proc, text: text == "",
    "-e": _file(lambda stat: True),
    "-a": _file(lambda stat: True),
    "-f": _file(lambda stat: stat.kind == "f"),
    "-d": _file(lambda stat: stat.kind == "d"),
    "-s": _file(lambda stat: stat.size > 0),
    "-L": _file(lambda stat: stat.kind == "l", follow=False),
    "-h": _file(lambda stat: stat.kind == "l", follow=False),
    "-p": _file(lambda stat: stat.kind == "p"),
    "-c": _file(lambda stat: stat.kind == "c"),
    "-b": _file(lambda stat: stat.kind == "b"),
    "-S": _file(lambda stat: stat.kind == "s"),
    "-u": _mode(0o4000),
    "-g": _mode(0o2000),
    "-k": _mode(0o1000),
    "-r": _access(4),
    "-w": _access(2),
    "-x": _access(1),
    "-t": _terminal,
    "-O": _owned,
    "-G": lambda proc, name: (found := _find(proc, name)) is not None and found.gid == proc.gid,
}


def _integer(proc: Process, text: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise ConditionError(f"{text}: bad number" if _busybox(proc) else f"invalid integer '{text}'") from None


def _numbers(judge: Callable[[int, int], bool]) -> Callable[[Process, str, str], bool]:
    return lambda proc, left, right: judge(_integer(proc, left), _integer(proc, right))


def _times(proc: Process, one: str, other: str) -> int:
    """Which file is newer; a missing one is the oldest."""
    times = [found.mtime if (found := _find(proc, name)) else -1 for name in (one, other)]
    return (times[0] > times[1]) - (times[0] < times[1])


def _same(proc: Process, one: str, other: str) -> bool:
    left, right = _find(proc, one), _find(proc, other)
    return left is not None and right is not None and left.inode == right.inode


BINARY: dict[str, Callable[[Process, str, str], bool]] = {
    "=": lambda proc, left, right: left == right,
    "==": lambda proc, left, right: left == right,
    "!=": lambda proc, left, right: left != right,
    "<": lambda proc, left, right: left < right,
    ">": lambda proc, left, right: left > right,
    "-eq": _numbers(lambda left, right: left == right),
    "-ne": _numbers(lambda left, right: left != right),
    "-lt": _numbers(lambda left, right: left < right),
    "-le": _numbers(lambda left, right: left <= right),
    "-gt": _numbers(lambda left, right: left > right),
    "-ge": _numbers(lambda left, right: left >= right),
    "-nt": lambda proc, one, other: _times(proc, one, other) > 0,
    "-ot": lambda proc, one, other: _times(proc, one, other) < 0,
    "-ef": _same,
}
