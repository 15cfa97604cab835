"""grep, egrep, fgrep: the lines that match (POSIX.1-2024, grep; with GNU's options)."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Generator, Iterator
from fnmatch import fnmatchcase
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import Inputs, Source, bytes_of, open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, is_busybox, name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.regex import PatternError, compile_pattern
from dockerlab.runtime.programs.registry import Waiting, program

LONG = "ignore-case=i invert-match=v count=c line-number=n files-with-matches=l files-without-match=L quiet=q silent=q "
LONG += "no-messages=s recursive=r dereference-recursive=R with-filename=H no-filename=h only-matching=o word-regexp=w "
LONG += "line-regexp=x extended-regexp=E fixed-strings=F basic-regexp=G perl-regexp=P regexp=e file=f max-count=m "
LONG += "after-context=A before-context=B context=C text=a color=K colour=K include=I exclude=X exclude-dir=D "
LONG += "null=Z null-data=z"
LETTERS = "ivcnlLqsrRHhowxEFGPe:f:m:A:B:C:abZzI:X:D:K::0123456789"
USAGE = "[-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]..."


@program("grep", "egrep", "fgrep", options=LETTERS, long=LONG, usage=USAGE, usage_code=2)
def grep(proc: Process, args: Arguments) -> Waiting:
    """Print matching lines; 0 when there were any, 1 when not, 2 for trouble."""
    patterns = yield from _patterns(proc, args)
    if patterns is None:
        return 2
    search = Search(proc, args, _compiled(proc, args, patterns))
    inputs = GrepInputs(proc, args, search.names())
    for source in inputs:
        if (yield from search.read(source)) and "q" in args:
            return 0
    return 0 if search.found and ("q" in args or not inputs.code) else inputs.code or 1


def _patterns(proc: Process, args: Arguments) -> Generator[Wait, Any, list[str] | None]:
    """The expressions of -e, -f or the first operand; None (and a usage text) where there are none."""
    texts = [line for text in args.all("e") for line in text.split("\n")]
    for name in args.all("f"):
        data = yield from open_source(proc, name).read_all()
        texts += text_of(data).splitlines()
    if not args.any("ef"):
        if not args.operands:
            _print_usage(proc)
            return None
        texts += args.operands.pop(0).split("\n")
    return texts


def _print_usage(proc: Process) -> None:
    if is_busybox(proc):
        UsageFailure(usage=USAGE).report(proc)
    else:
        proc.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")


def _compiled(proc: Process, args: Arguments, texts: list[str]) -> list[re.Pattern[str]]:
    how = args.last("EFGP") or {"egrep": "E", "fgrep": "F"}.get(name_of(proc), "G")
    compiled = []
    for text in texts:
        try:
            if how in "PF":
                pattern = re.compile(text if how == "P" else re.escape(text), re.I if "i" in args else 0)
            else:
                pattern = compile_pattern(text, extended=how == "E", ignore_case="i" in args)
        except (PatternError, re.error) as error:
            raise ProgramFailure(str(error), busybox=f"bad regex '{text}'", code=2) from None
        compiled.append(_bounded(pattern, args))
    return compiled


def _bounded(pattern: re.Pattern[str], args: Arguments) -> re.Pattern[str]:
    """With -w and -x the match must be a whole word or line."""
    if "x" in args:
        return re.compile(rf"\A(?:{pattern.pattern})\Z", pattern.flags)
    if "w" in args:
        return re.compile(rf"(?<!\w)(?:{pattern.pattern})(?!\w)", pattern.flags)
    return pattern


class Search:
    """One run of grep over its inputs."""

    def __init__(self, proc: Process, args: Arguments, patterns: list[re.Pattern[str]]) -> None:
        self.proc = proc
        self.args = args
        self.patterns = patterns
        self.found = False
        digits = "".join(name for name, _ in args.given if name.isdigit())
        context = args.number("C", int(digits or 0))
        self.before = args.number("B", context)
        self.after = args.number("A", context)
        self.limit = args.number("m", -1)
        self.recursive = args.any("rR")
        self.prefixed = ("H" in args or self.recursive or len(args.operands) > 1) and "h" not in args
        self.separate = False

    def names(self) -> list[str]:
        """The operands; folders are searched with -r."""
        if not self.recursive:
            return self.args.operands
        return [name for operand in self.args.operands or ["."] for name in self._below(operand)]

    def _below(self, name: str) -> Iterator[str]:
        path = self.proc.path(name)
        if not self.proc.fs.is_dir(path):
            yield name
            return
        for below in self.proc.fs.listdir(path):
            inner = posixpath.join(path, below)
            shown = below if name == "." and not self.args.operands else posixpath.join(name, below)
            kind = self.proc.fs.stat(inner, follow=False).kind
            if kind == "d" and not any(fnmatchcase(below, form) for form in self.args.all("D")):
                yield from self._below(shown)
            elif kind == "f" and self._wanted(below):
                yield shown

    def _wanted(self, name: str) -> bool:
        included = self.args.all("I")
        if included and not any(fnmatchcase(name, form) for form in included):
            return False
        return not any(fnmatchcase(name, form) for form in self.args.all("X"))

    def matches(self, line: str) -> bool:
        """Whether a line is to be selected."""
        return any(pattern.search(line) for pattern in self.patterns) is not ("v" in self.args)

    def read(self, source: Source) -> Waiting:
        """Search one input; returns how many lines were selected."""
        number = count = 0
        quiet = self.args.any("qlLc")
        kept: deque[tuple[int, str]] = deque(maxlen=self.before or 1)
        left, last = 0, -1
        while self.limit < 0 or count < self.limit or left:
            line = yield from source.readline()
            if not line:
                break
            number += 1
            text = text_of(line.removesuffix(b"\n"))
            if (self.limit < 0 or count < self.limit) and self.matches(text):
                count += 1
                if self.args.any("qlL"):
                    break
                if not quiet:
                    self._print_context(source, kept if self.before else deque(), last, number)
                    self._print_match(source, number, text)
                    last, left = number, self.after
                    kept.clear()
            elif left:
                left -= 1
                last = number
                self._print_line(source, number, text, "-")
            else:
                kept.append((number, text))
        self._print_summary(source, count)
        self.found = self.found or (count > 0 if "L" not in self.args else count == 0)
        return count

    def _print_context(self, source: Source, kept: deque[tuple[int, str]], last: int, number: int) -> None:
        """The lines before a match; '--' where lines are missing since what was printed last."""
        first = kept[0][0] if kept else number
        if (self.before or self.after) and self.separate and first > last + 1:
            self.proc.out("--\n")
        self.separate = True
        for at, text in kept:
            self._print_line(source, at, text, "-")

    def _print_match(self, source: Source, number: int, text: str) -> None:
        if "o" not in self.args:
            self._print_line(source, number, text, ":")
            return
        if "v" in self.args:
            return
        for start, part in sorted({(m.start(), m[0]) for pattern in self.patterns for m in pattern.finditer(text)}):
            if part:
                self._print_line(source, number, part, ":", start)

    def _print_line(self, source: Source, number: int, text: str, mark: str, offset: int = 0) -> None:
        prefix = f"{self._shown(source)}{mark}" if self.prefixed else ""
        if "n" in self.args:
            prefix += f"{number}{mark}"
        if "b" in self.args:
            prefix += f"{offset}{mark}"
        self.proc.out(bytes_of(f"{prefix}{text}\n"))

    def _print_summary(self, source: Source, count: int) -> None:
        if "q" in self.args:
            return
        if ("l" in self.args and count) or ("L" in self.args and not count):
            self.proc.out(f"{self._shown(source)}\n")
        elif "c" in self.args and not self.args.any("lL"):
            self.proc.out(f"{self._shown(source)}:{count}\n" if self.prefixed else f"{count}\n")

    def _shown(self, source: Source) -> str:
        return "(standard input)" if source.name == "-" else source.name


class GrepInputs(Inputs):
    """Files that can't be read make 2; busybox passes folders over in silence."""

    def __init__(self, proc: Process, args: Arguments, names: list[str]) -> None:
        super().__init__(proc, names, code=2)
        self._silent = "s" in args
        self._none = args.any("rR") and not names

    def __iter__(self) -> Iterator[Source]:
        return iter(()) if self._none else super().__iter__()

    def fail(self, error: FileSystemError, name: str) -> None:
        """Complain, unless -s."""
        folder = error.name == "EISDIR"
        self.code = self.code if folder and is_busybox(self._proc) else 2
        if not self._silent and not (folder and is_busybox(self._proc)):
            blame(self._proc, error, name)
