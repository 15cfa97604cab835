"""xargs: words from standard input as operands of a command (POSIX.1-2024, xargs)."""

from __future__ import annotations

from dockerlab.runtime.process import Null, Process, ProgramError
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, complain
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

LONG = "null=0 arg-file=a delimiter=d max-args=n max-lines=L no-run-if-empty=r verbose=t replace=I max-procs=P "
LONG += "interactive=p exit=x"
LIMIT = 128 * 1024
STOP, FAILED = 255, 123


@program("xargs", options="+0a:d:I:n:L:rtP:ps:xE:", long=LONG, usage="[OPTIONS] [PROG ARGS]")
def xargs(proc: Process, args: Arguments) -> Waiting:
    """Run a command on all words, as many at a time as the options allow."""
    command = args.operands or ["echo"]
    data = yield from open_source(proc, args.value("a") or "-").read_all()
    text = text_of(data)
    if "I" in args:
        return (yield from _each_line(proc, args, command, text))
    groups = _by_lines(text, max(1, args.number("L", 1))) if "L" in args else [_words(args, text)]
    count = args.number("n", 0)
    code = 0
    ran = False
    for words in groups:
        for batch in _batches(words, count):
            if not batch and (ran or "r" in args):
                continue
            ran = True
            status = yield from _run(proc, args, [*command, *batch])
            code = max(code, status)
            if status in (124, 126, 127):
                return status
    return code


def _each_line(proc: Process, args: Arguments, command: list[str], text: str) -> Waiting:
    """-I: the command once for each line, the mark in it replaced."""
    mark = args.value("I")
    code = 0
    for line in text.split("\0") if "0" in args else text.splitlines():
        item = line.strip()
        if item:
            code = max(code, (yield from _run(proc, args, [word.replace(mark, item) for word in command])))
    return code


def _words(args: Arguments, text: str) -> list[str]:
    if "0" in args:
        return text.removesuffix("\0").split("\0") if text else []
    if "d" in args:
        mark = args.value("d").replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0")
        return text.removesuffix(mark).split(mark) if text else []
    return split_words(text)


def split_words(text: str) -> list[str]:
    """Words parted by blanks; quotes and backslashes keep blanks in, no quote reaches over a line's end."""
    words: list[str] = []
    word: str | None = None
    quote = ""
    chars = iter(text)
    for char in chars:
        if quote:
            if char == "\n":
                kind = "single" if quote == "'" else "double"
                raise ProgramFailure(
                    f"unmatched {kind} quote; by default quotes are special to xargs unless you use the -0 option"
                )
            word, quote = (word or "") + ("" if char == quote else char), "" if char == quote else quote
        elif char in "'\"":
            word, quote = word or "", char
        elif char == "\\":
            word = (word or "") + next(chars, "")
        elif char.isspace():
            words += [] if word is None else [word]
            word = None
        else:
            word = (word or "") + char
    return words if word is None else [*words, word]


def _by_lines(text: str, count: int) -> list[list[str]]:
    lines = [split_words(line) for line in text.splitlines() if line.strip()]
    return [[word for line in lines[at : at + count] for word in line] for at in range(0, len(lines), count)]


def _batches(words: list[str], count: int) -> list[list[str]]:
    """Words in groups of `count`, or as many as fit on a command line."""
    batches: list[list[str]] = [[]]
    size = 0
    for word in words:
        if batches[-1] and (len(batches[-1]) == count or size + len(word) + 1 > LIMIT):
            batches.append([])
            size = 0
        batches[-1].append(word)
        size += len(word) + 1
    return batches


def _run(proc: Process, args: Arguments, words: list[str]) -> Waiting:
    """Run one command; its standard input is empty. The code is what xargs makes of the command's."""
    if "t" in args:
        proc.err(" ".join(words) + "\n")
    try:
        status = yield from proc.run(words, stdin=Null())
    except ProgramError as error:
        reason = "No such file or directory" if error.code == 127 else error.reason
        complain(proc, f"{words[0]}: {reason}")
        return error.code
    if status == STOP:
        complain(proc, f"{words[0]}: exited with status 255; aborting")
        return 124
    return FAILED if status else 0
