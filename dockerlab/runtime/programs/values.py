"""true, false, yes, seq, echo, basename, dirname: programs that only compute or print."""

from __future__ import annotations

import math
import posixpath
import re

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.c_format import FormatError, fill
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.printf import unescape
from dockerlab.runtime.programs.registry import Waiting, program

BATCH = 1_000
"""Numbers that seq prints at once."""
PIECE = 8_192
"""Bytes that yes prints at once."""
EFFORT = 30
"""Turns of the budget that each piece of endless output costs on top."""


@program("true", ":", raw=True)
def true(proc: Process, args: Arguments) -> int:
    """Succeed."""
    return 0


@program("false", raw=True)
def false(proc: Process, args: Arguments) -> int:
    """Fail."""
    return 1


@program("yes", usage="[STRING]...")
def yes(proc: Process, args: Arguments) -> Waiting:
    """Print a line until nobody reads any more."""
    line = " ".join(args.operands or ["y"]) + "\n"
    lines = line * max(1, PIECE // len(line))
    while True:
        proc.out(lines)
        proc.turns += EFFORT
        yield from proc.writable()


@program("echo", raw=True)
def echo(proc: Process, args: Arguments) -> int:
    """Print the words; -n without the newline, -e with escapes."""
    words = list(args.operands)
    newline, escapes = True, False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        flags = words.pop(0)[1:]
        newline = newline and "n" not in flags
        escapes = ("e" in flags or escapes) and not flags.endswith("E")
    text, stopped = unescape(" ".join(words), octal_needs_zero=True) if escapes else (" ".join(words), False)
    proc.out(text + ("\n" if newline and not stopped else ""))
    return 0


@program("seq", raw=True, usage="[-w] [-s SEP] [FIRST [INC]] LAST")
def seq(proc: Process, args: Arguments) -> Waiting:
    """Print numbers from FIRST to LAST."""
    numbers, options = _seq_words(args.operands)
    if not numbers:
        raise missing_operand()
    if len(numbers) > 3:
        raise UsageFailure(f"extra operand '{numbers[3]}'")
    for text in numbers:
        if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
            raise UsageFailure(f"invalid floating point argument: '{text}'")
    first, step, last = ["1", "1", *numbers][-3:] if len(numbers) == 1 else _three(numbers)
    if not float(step):
        raise UsageFailure(f"invalid Zero increment value: '{step}'")
    return (yield from _count(proc, first, step, last, options))


def _three(numbers: list[str]) -> list[str]:
    return [numbers[0], "1", numbers[1]] if len(numbers) == 2 else numbers


def _seq_words(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """The numbers (which may be negative, so that '-1' is no option) and the options."""
    numbers: list[str] = []
    options: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        found = re.fullmatch(r"-([sf])(.*)|--(separator|format)=(.*)", word, re.S)
        if found:
            options[found[1] or found[3][0]] = found[2] or found[4] or next(rest, "")
        elif word in ("-w", "--equal-width"):
            options["w"] = ""
        elif word != "--":
            numbers.append(word)
    return numbers, options


def _count(proc: Process, first: str, step: str, last: str, options: dict[str, str]) -> Waiting:
    places = max(len(text.partition(".")[2]) for text in (first, step))
    start, by, end = float(first), float(step), float(last)
    total = max(0, math.floor((end - start) / by + 1e-9) + 1)
    width = (
        max(len(f"{value:.{places}f}") for value in (start, start + by * max(total - 1, 0))) if "w" in options else 0
    )
    separator = options.get("s", "\n").replace("\\n", "\n").replace("\\t", "\t")
    for first_of_batch in range(0, total, BATCH):
        batch = range(first_of_batch, min(first_of_batch + BATCH, total))
        texts = [_number(start + by * at, places, width, options.get("f")) for at in batch]
        proc.out(separator.join(texts) + (separator if batch[-1] < total - 1 else "\n"))
        proc.turns += EFFORT * 4
        yield from proc.writable()
    return 0


def _number(value: float, places: int, width: int, form: str | None) -> str:
    if form is None:
        return f"{value:0{width}.{places}f}"
    try:
        return fill(form, lambda kind: value)
    except FormatError as error:
        raise ProgramFailure(f"format '{form}' has unknown %{str(error)[1:]} directive") from None


@program(
    "basename",
    options="+as:z",
    long="multiple=a suffix=s zero=z",
    usage="FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...",
)
def basename(proc: Process, args: Arguments) -> int:
    """Print the last part of a name."""
    words = args.operands
    if not words:
        raise missing_operand()
    many = args.any("as")
    if len(words) > 2 and not many:
        raise UsageFailure(f"extra operand '{words[2]}'")
    suffix = args.value("s") or (words[1] if len(words) == 2 and not many else "")
    for word in words if many else words[:1]:
        name = posixpath.basename(word.rstrip("/")) or ("/" if word else "")
        proc.out((name.removesuffix(suffix) or name if suffix else name) + "\n")
    return 0


@program("dirname", options="z", long="zero=z", usage="FILENAME")
def dirname(proc: Process, args: Arguments) -> int:
    """Print all but the last part of a name."""
    if not args.operands or (len(args.operands) > 1 and is_busybox(proc)):
        raise missing_operand()
    for word in args.operands:
        bare = word.rstrip("/")
        head = posixpath.dirname(bare)
        proc.out((head.rstrip("/") or head or ("/" if word and not bare else ".")) + "\n")
    return 0
