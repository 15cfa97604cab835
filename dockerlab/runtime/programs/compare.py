"""cmp, diff: what is different between two files (POSIX.1-2024)."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.formats import full_time
from dockerlab.runtime.programs.inputs import StandardInput, bytes_of, open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

DIFF_LONG = "unified=U brief=q recursive=r new-file=N ignore-case=i ignore-all-space=w ignore-space-change=b text=a "
DIFF_LONG += "report-identical-files=s ignore-blank-lines=B label=L color=0 normal=1"
Lines = Generator[Wait, Any, "list[str]"]


@program(
    "cmp",
    options="slbn:i:",
    long="silent=s quiet=s verbose=l bytes=n",
    usage="[-ls] [-n NUM] FILE1 [FILE2]",
    usage_code=2,
)
def cmp(proc: Process, args: Arguments) -> Waiting:
    """Compare two files byte by byte; 1 when they differ."""
    names = args.operands[:2]
    if not names:
        raise UsageFailure("missing operand after 'cmp'")
    datas = []
    for name in [*names, "-"][:2]:
        try:
            datas.append((yield from open_source(proc, name).read_all()))
        except FileSystemError as error:
            return blame(proc, error, name, code=2)
    if "n" in args:
        datas = [data[: args.number("n", 0)] for data in datas]
    one, other = datas
    if one == other:
        return 0
    if "s" not in args:
        _report(proc, args, [*names, "-"], one, other)
    return 1


def _report(proc: Process, args: Arguments, names: Sequence[str], one: bytes, other: bytes) -> None:
    differing = [at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right]
    if "l" in args:
        proc.out("".join(f"{at + 1} {one[at]:3o} {other[at]:3o}\n" for at in differing))
    elif differing:
        at = differing[0]
        proc.out(f"{names[0]} {names[1]} differ: char {at + 1}, line {one.count(10, 0, at) + 1}\n")
        return
    if len(one) != len(other):
        short = 0 if len(one) < len(other) else 1
        data = (one, other)[short]
        where = f" after byte {len(data)}, line {data.count(10)}" if data else " which is empty"
        where = "" if is_busybox(proc) else where
        proc.err(f"cmp: EOF on {names[short]}{where}\n")


@program(
    "diff",
    options="uU:qrNiwbaBsL:dtTS:",
    long=DIFF_LONG,
    usage="[-abBdiNqrTstw] [-L LABEL] [-U LINES] FILE1 FILE2",
    usage_code=2,
)
def diff(proc: Process, args: Arguments) -> Waiting:
    """Print what has to be changed to make the second file of the first; 1 when they differ, 2 for trouble."""
    names = args.operands
    if len(names) < 2:
        raise UsageFailure(f"missing operand after '{names[0] if names else 'diff'}'", code=2)
    return (yield from Diff(proc, args).pair(names[0], names[1], top=True))


class Diff:
    """One run of diff."""

    def __init__(self, proc: Process, args: Arguments) -> None:
        self.proc = proc
        self.args = args
        self.context = args.number("U", 3)
        # Busybox knows unified output only.
        self.unified = args.any("uU") or is_busybox(proc)

    def pair(self, one: str, other: str, *, top: bool = False) -> Waiting:
        """Compare two files or two folders."""
        folders = [name != "-" and self.proc.fs.is_dir(self.proc.path(name)) for name in (one, other)]
        if all(folders):
            return (yield from self._folders(one, other))
        if folders[0]:
            one = posixpath.join(one, posixpath.basename(other))
        elif folders[1]:
            other = posixpath.join(other, posixpath.basename(one))
        return (yield from self._files(one, other, headed=not top))

    def _folders(self, one: str, other: str) -> Waiting:
        sides = [set(self.proc.fs.listdir(self.proc.path(name))) for name in (one, other)]
        code = 0
        for name in sorted(sides[0] | sides[1]):
            here = [name in side for side in sides]
            paths = posixpath.join(one, name), posixpath.join(other, name)
            if not all(here) and "N" not in self.args:
                self.proc.out(f"Only in {one if here[0] else other}: {name}\n")
                code = 1
                continue
            deeper = [self.proc.fs.is_dir(self.proc.path(path)) for path in paths]
            if all(deeper) and "r" not in self.args:
                self.proc.out(f"Common subdirectories: {paths[0]} and {paths[1]}\n")
                continue
            code = max(code, (yield from self.pair(*paths)))
        return code

    def _files(self, one: str, other: str, *, headed: bool) -> Waiting:
        left, right = (yield from self._lines(one)), (yield from self._lines(other))
        if [self._key(line) for line in left] == [self._key(line) for line in right]:
            if "s" in self.args:
                self.proc.out(f"Files {one} and {other} are identical\n")
            return 0
        if "q" in self.args:
            self.proc.out(f"Files {one} and {other} differ\n")
            return 1
        if any("\0" in line for line in (*left, *right)) and "a" not in self.args:
            self.proc.out(f"{'Files' if is_busybox(self.proc) else 'Binary files'} {one} and {other} differ\n")
            return 1 if is_busybox(self.proc) else 2
        if headed and not is_busybox(self.proc):
            self.proc.out(f"diff {' '.join(self._flags())} {one} {other}\n")
        if self.unified:
            self.proc.out(bytes_of("".join(self._unified(one, other, left, right))))
        else:
            self.proc.out(bytes_of("".join(self._normal(left, right))))
        return 1

    def _flags(self) -> list[str]:
        return ["-" + letter for letter, _ in self.args.given]

    def _lines(self, name: str) -> Lines:
        try:
            source = open_source(self.proc, name)
        except FileSystemError as error:
            if "N" in self.args:
                return []
            words = f"can't stat '{name}': {error.strerror}"
            raise ProgramFailure(f"{name}: {error.strerror}", busybox=words, code=2) from None
        data = yield from source.read_all()
        return (
            text_of(data).splitlines(keepends=True)
            if b"\r" not in data
            else re.findall(r"[^\n]*\n|[^\n]+", text_of(data))
        )

    def _key(self, line: str) -> str:
        """What counts of a line."""
        if "w" in self.args:
            line = re.sub(r"\s", "", line)
        elif "b" in self.args:
            line = re.sub(r"\s+", " ", line.rstrip())
        return line.lower() if "i" in self.args else line

    def _changes(self, left: list[str], right: list[str]) -> difflib.SequenceMatcher[str]:
        keys = [self._key(line) for line in left], [self._key(line) for line in right]
        return difflib.SequenceMatcher(None, *keys, autojunk=False)

    def _normal(self, left: list[str], right: list[str]) -> Iterator[str]:
        for kind, a, b, c, d in self._changes(left, right).get_opcodes():
            if kind == "equal":
                continue
            letter = {"replace": "c", "delete": "d", "insert": "a"}[kind]
            yield f"{_span(a, b)}{letter}{_span(c, d)}\n"
            yield from (_marked("< ", line) for line in left[a:b])
            if kind == "replace":
                yield "---\n"
            yield from (_marked("> ", line) for line in right[c:d])

    def _unified(self, one: str, other: str, left: list[str], right: list[str]) -> Iterator[str]:
        labels = self.args.all("L")
        for mark, name, at in (("---", one, 0), ("+++", other, 1)):
            yield f"{mark} {labels[at] if at < len(labels) else self._labelled(name)}\n"
        for group in self._changes(left, right).get_grouped_opcodes(self.context):
            first, last = group[0], group[-1]
            yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
            for kind, a, b, c, d in group:
                if kind == "equal":
                    yield from (_marked(" ", line) for line in left[a:b])
                    continue
                yield from (_marked("-", line) for line in left[a:b])
                yield from (_marked("+", line) for line in right[c:d])

    def _labelled(self, name: str) -> str:
        """GNU puts the time behind a file's name."""
        if is_busybox(self.proc):
            return name
        source = open_source(self.proc, name) if name == "-" else None
        moment = self.proc.kernel.clock.now
        if not isinstance(source, StandardInput) and self.proc.fs.exists(self.proc.path(name)):
            moment = self.proc.fs.stat(self.proc.path(name)).mtime
        return f"{name}\t{full_time(moment)}"


def _marked(mark: str, line: str) -> str:
    return f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _span(start: int, end: int) -> str:
    """'3', '3,5': lines of normal output; an empty span is the line before."""
    if end - start <= 1:
        return str(start + (end > start))
    return f"{start + 1},{end}"


def _range(start: int, end: int) -> str:
    """'3,4': start and length of a hunk."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + (length > 0)},{length}"
