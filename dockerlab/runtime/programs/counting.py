"""wc, split: how much text there is, and text in pieces."""

from __future__ import annotations

import string
from collections.abc import Sequence

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.formats import parse_size
from dockerlab.runtime.programs.inputs import FileSource, Inputs, Source, open_source
from dockerlab.runtime.programs.messages import ProgramFailure, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

WHITE = b" \t\n\v\f\r"
CONTINUATION = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 that begin no character."""


@program("wc", options="clwmL", long="bytes=c lines=l words=w chars=m max-line-length=L", usage="[-cmlwL] [FILE]...")
def wc(proc: Process, args: Arguments) -> Waiting:
    """Count lines, words, bytes."""
    wanted = [letter for letter in "lwmcL" if letter in args] or list("lwc")
    names = args.operands
    counts: list[tuple[list[int], str]] = []
    inputs = WcInputs(proc, names, counts, len(wanted))
    # GNU makes columns as wide as the sizes of all files together, seven where a size can't be known.
    width = 0
    for source in inputs:
        width += (yield from source.content()).size if isinstance(source, FileSource) else 10**6
        counter = Counter(wanted)
        # The size of a file is known without reading it.
        if wanted == ["c"] and isinstance(source, FileSource):
            counter.numbers["c"] = (yield from source.content()).size
        else:
            yield from _count(proc, counter, source)
        counts.append(([counter.numbers[letter] for letter in wanted], source.name if names else ""))
    if len(names) > 1:
        total = [_total(letter, [row[at] for row, _ in counts]) for at, letter in enumerate(wanted)]
        counts.append((total, "total"))
    single = len(wanted) == 1 and len(counts) == 1
    proc.out(_table(counts, 1 if single else 9 if is_busybox(proc) else len(str(width))))
    return inputs.code


class WcInputs(Inputs):
    """GNU's wc has a line of zeros for a folder."""

    def __init__(self, proc: Process, names: Sequence[str], counts: list[tuple[list[int], str]], width: int) -> None:
        super().__init__(proc, names)
        self._counts = counts
        self._zeros = [0] * width

    def fail(self, error: FileSystemError, name: str) -> None:
        """Complain, and count a folder as empty."""
        super().fail(error, name)
        if error.name == "EISDIR":
            self._counts.append((list(self._zeros), name))


class Counter:
    """Counts what comes piece by piece."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.numbers = dict.fromkeys("lwmcL", 0)
        self._longest = "L" in wanted
        self._in_word = False
        self._width = 0

    def add(self, data: bytes) -> None:
        """Count a piece."""
        numbers = self.numbers
        numbers["l"] += data.count(b"\n")
        numbers["c"] += len(data)
        numbers["m"] += len(data.translate(None, CONTINUATION))
        words = len(data.split())
        if self._in_word and data[:1] and data[0] not in WHITE:
            words -= 1
        numbers["w"] += words
        self._in_word = data[-1] not in WHITE
        if self._longest:
            self._measure(data)

    def _measure(self, data: bytes) -> None:
        for at, line in enumerate(data.split(b"\n")):
            self._width = len(line) + (self._width if at == 0 else 0)
            self.numbers["L"] = max(self.numbers["L"], self._width)


def _count(proc: Process, counter: Counter, source: Source) -> Waiting:
    while piece := (yield from source.read(1 << 18)):
        counter.add(piece)
    return 0


def _total(letter: str, numbers: list[int]) -> int:
    return max(numbers) if letter == "L" else sum(numbers)


def _table(counts: list[tuple[list[int], str]], width: int) -> str:
    """Numbers in columns, names behind them."""
    rows = (" ".join(str(number).rjust(width) for number in row) + (f" {name}" if name else "") for row, name in counts)
    return "".join(f"{row}\n" for row in rows)


@program("split", options="l:b:a:dn:", long="lines=l bytes=b numeric-suffixes=d", usage="[-l N] [-b N] [FILE [PREFIX]]")
def split(proc: Process, args: Arguments) -> Waiting:
    """Cut a file into pieces of so many lines or bytes: xaa, xab …"""
    source = open_source(proc, args.operands[0] if args.operands else "-")
    prefix = args.operands[1] if len(args.operands) > 1 else "x"
    try:
        size = parse_size(args.value("b") or args.value("l") or "1000")
    except ValueError:
        raise ProgramFailure(f"invalid number: '{args.value('b') or args.value('l')}'") from None
    number = 0
    while True:
        pieces = []
        if "b" in args:
            pieces.append((yield from source.read(size)))
        else:
            for _ in range(size):
                pieces.append((yield from source.readline()))
        data = b"".join(pieces)
        if not data:
            return 0
        proc.fs.write(proc.path(prefix + _suffix(number, args.number("a", 2), "d" in args)), data)
        number += 1


def _suffix(number: int, width: int, digits: bool) -> str:
    letters = string.digits if digits else string.ascii_lowercase
    text = ""
    for _ in range(width):
        number, at = divmod(number, len(letters))
        text = letters[at] + text
    return text
