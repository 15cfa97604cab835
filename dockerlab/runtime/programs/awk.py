"""awk: the pattern scanning language, POSIX's with systime() and strftime()."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.awk_lexer import ESCAPES, AwkError
from dockerlab.runtime.programs.awk_parser import parse_program
from dockerlab.runtime.programs.awk_record import Reader
from dockerlab.runtime.programs.awk_run import Interpreter
from dockerlab.runtime.programs.awk_values import Input
from dockerlab.runtime.programs.inputs import Source, StandardInput, open_source, text_of
from dockerlab.runtime.programs.messages import UsageFailure, blame, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.S)


@program(
    "awk",
    "mawk",
    "gawk",
    options="+F:v:f:e:W:",
    long="field-separator=F assign=v file=f",
    usage="[OPTIONS] [AWK_PROGRAM] [FILE]...",
)
def awk(proc: Process, args: Arguments) -> Waiting:
    """Run a program over the lines of files."""
    sources = list(args.all("e"))
    for name in args.all("f"):
        data = yield from open_source(proc, name).read_all()
        sources.append(text_of(data))
    if not sources:
        if not args.operands:
            raise UsageFailure("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]")
        sources.append(args.operands.pop(0))
    try:
        tree = parse_program("\n".join(sources))
    except AwkError as error:
        return _syntax_error(proc, error)
    inputs = Operands(proc, args.operands)
    run = Interpreter(proc, tree, Reader(iter(inputs)))
    inputs.run = run
    _prepare(run, proc, args)
    try:
        code = yield from run.run()
    except AwkError as error:
        return complain(proc, f"cmd. line:1: {error}" if is_busybox(proc) else str(error), 1 if is_busybox(proc) else 2)
    return code or inputs.code


def _syntax_error(proc: Process, error: AwkError) -> int:
    if is_busybox(proc):
        return complain(proc, f"cmd. line:{error.line}: Unexpected token")
    return complain(proc, f"line {error.line}: {error}", 2)


def _prepare(run: Interpreter, proc: Process, args: Arguments) -> None:
    """FS, -v and ARGV."""
    if "F" in args:
        separator = args.value("F")
        run.set("FS", "\t" if separator == "t" else unescaped(separator))
    for text in args.all("v"):
        assign(run, text)
    words = ["awk", *args.operands]
    run.set("ARGC", float(len(words)))
    run.array("ARGV").update((str(at), Input(word)) for at, word in enumerate(words))


def assign(run: Interpreter, text: str) -> bool:
    """name=value: from -v or among the operands; whether it was one."""
    found = ASSIGNMENT.fullmatch(text)
    if found:
        run.set(found[1], Input(unescaped(found[2])))
    return found is not None


def unescaped(text: str) -> str:
    """A text with its escapes read, as in a text constant."""
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[0]), text)


class Operands:
    """Files to read; assignments among them are made when their turn comes."""

    def __init__(self, proc: Process, names: list[str]) -> None:
        self._proc = proc
        self._names = names
        self.run: Interpreter | None = None
        self.code = 0

    def __iter__(self) -> Iterator[Source]:
        files = False
        for name in self._names:
            if ASSIGNMENT.fullmatch(name) and self.run:
                assign(self.run, name)
                continue
            files = True
            try:
                yield open_source(self._proc, name)
            except FileSystemError as error:
                self.code = self._complain(name, error)
        if not files:
            yield StandardInput(self._proc)

    def _complain(self, name: str, error: FileSystemError) -> int:
        if is_busybox(self._proc):
            return blame(self._proc, error, name)
        return complain(self._proc, f"cannot open {name} ({error.strerror})", 2)
