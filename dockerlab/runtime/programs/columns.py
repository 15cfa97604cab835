"""cut, paste, fold, tr, expand, column: text by columns and characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import Inputs, bytes_of, open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

CUT_LONG = (
    "bytes=b characters=c fields=f delimiter=d only-delimited=s complement=C output-delimiter=O zero-terminated=z"
)


@dataclass(frozen=True)
class Ranges:
    """A list of positions such as '1,3-5,7-'."""

    spans: tuple[tuple[int, float], ...]
    inverted: bool = False

    @classmethod
    def parse(cls, text: str, *, inverted: bool = False) -> Ranges:
        """Read the list; raises ValueError with the part that is wrong."""
        spans: list[tuple[int, float]] = []
        for part in re.split(r"[,\s]+", text):
            found = re.fullmatch(r"(\d*)(-?)(\d*)", part)
            if not found or not (found[1] or found[3]) or (found[3] and not found[2]):
                raise ValueError(part)
            first = int(found[1] or 1)
            spans.append((first, float(found[3] or "inf") if found[2] else first))
        return cls(tuple(spans), inverted)

    def has(self, position: int) -> bool:
        """Whether a position (from 1) is in the list."""
        return any(first <= position <= last for first, last in self.spans) is not self.inverted

    def pick(self, items: Sequence[str]) -> list[str]:
        """The items at these positions."""
        return [item for at, item in enumerate(items, start=1) if self.has(at)]


@program("cut", options="b:c:f:d:snzO:", long=CUT_LONG, usage="[OPTIONS] [FILE]...")
def cut(proc: Process, args: Arguments) -> Waiting:
    """Print chosen bytes, characters or fields of each line."""
    unit = args.last("bcf")
    if not unit:
        text = "you must specify a list of bytes, characters, or fields"
        raise UsageFailure(text, busybox="expected a list of bytes, characters, or fields")
    delimiter = args.value("d", "\t")
    if len(delimiter) != 1 and not is_busybox(proc):
        raise UsageFailure("the delimiter must be a single character")
    try:
        ranges = Ranges.parse(args.value(unit), inverted="C" in args)
    except ValueError as error:
        kind = "field" if unit == "f" else "byte/character"
        raise UsageFailure(f"invalid {kind} value '{error}'", busybox=f"invalid number '{error}'") from None
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        while line := (yield from source.readline()):
            text = text_of(line.removesuffix(b"\n"))
            kept = _fields(text, ranges, args, delimiter[:1]) if unit == "f" else "".join(ranges.pick(text))
            if kept is not None:
                proc.out(bytes_of(kept) + b"\n")
    return inputs.code


def _fields(text: str, ranges: Ranges, args: Arguments, delimiter: str) -> str | None:
    if delimiter not in text:
        return None if "s" in args else text
    return args.value("O", delimiter).join(ranges.pick(text.split(delimiter)))


@program("paste", options="d:s", long="delimiters=d serial=s", usage="[-d LIST] [-s] [FILE]...")
def paste(proc: Process, args: Arguments) -> Waiting:
    """Join the lines of files side by side, or (-s) each file's lines in a row."""
    delimiters = [mark.replace("\\0", "") for mark in re.findall(r"\\.|.", _escapes(args.value("d", "\t")), re.S)] or [
        ""
    ]
    sources = [open_source(proc, name) for name in args.operands or ["-"]]
    if "s" in args:
        for source in sources:
            data = yield from source.read_all()
            proc.out(_joined(text_of(data).removesuffix("\n").split("\n"), delimiters) + "\n")
        return 0
    while True:
        row = []
        for source in sources:
            row.append((yield from source.readline()))
        if not any(row):
            return 0
        # Busybox sets no delimiter for a file that has ended.
        cells = [text_of(cell).removesuffix("\n") for cell in row if cell or not is_busybox(proc)]
        proc.out(_joined(cells, delimiters) + "\n")


def _joined(cells: Sequence[str], delimiters: Sequence[str]) -> str:
    text = cells[0]
    for at, cell in enumerate(cells[1:]):
        text += delimiters[at % len(delimiters)] + cell
    return text


def _escapes(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")


@program("fold", options="bsw:0123456789", long="bytes=b spaces=s width=w", usage="[-bs] [-w WIDTH] [FILE]...")
def fold(proc: Process, args: Arguments) -> Waiting:
    """Break long lines; with -s at blanks."""
    digits = "".join(name for name, _ in args.given if name.isdigit())
    width = args.value("w") or digits or "80"
    if not width.isdigit() or not int(width):
        raise ProgramFailure(f"invalid number of columns: '{width}'", busybox=f"invalid number '{width}'")
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        while line := (yield from source.readline()):
            proc.out(bytes_of(_folded(text_of(line), int(width), spaces="s" in args)))
    return inputs.code


def _folded(line: str, width: int, *, spaces: bool) -> str:
    pieces = []
    while len(line.removesuffix("\n")) > width:
        cut_at = line.rfind(" ", 0, width) + 1 if spaces else width
        pieces.append(line[: cut_at or width])
        line = line[cut_at or width :]
    return "\n".join([*pieces, line])


CLASSES = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "0-9A-Za-z", "upper": "A-Z", "lower": "a-z", "blank": "\t ",
    "space": "\t-\r ", "punct": "!-/:-@[-`{-~", "xdigit": "0-9A-Fa-f", "cntrl": "\0-\x1f\x7f", "print": " -~",
    "graph": "!-~",
}  # fmt: skip
ESCAPES = {"n": 10, "t": 9, "r": 13, "\\": 92, "a": 7, "b": 8, "f": 12, "v": 11}


def char_set(text: str) -> list[int]:
    """The bytes that a set of tr names, in order: 'a-z', '[:upper:]', '\\n', '\\012', '[x*3]'."""
    found: list[int] = []
    tokens = re.findall(r"\[:\w+:\]|\[.\*\d*\]|\[=.=\]|\\[0-7]{1,3}|\\.|.", text, re.S)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.startswith("[:") and token[2:-2] in CLASSES:
            found += _span(CLASSES[token[2:-2]])
        elif at + 2 < len(tokens) and tokens[at + 1] == "-":
            found += range(_byte(token)[0], _byte(tokens[at + 2])[0] + 1)
            at += 2
        elif len(token) > 3 and token[2] == "*":
            found += _byte(token[1]) * int(token[3:-1] or 1)
        else:
            found += _byte(token)
        at += 1
    return found


def _span(ranges: str) -> list[int]:
    pattern = re.compile(f"[{ranges.replace('[', chr(92) + '[')}]")
    return [code for code in range(128) if pattern.match(chr(code))]


def _byte(token: str) -> list[int]:
    if token[0] == "\\" and len(token) > 1:
        return [int(token[1:], 8) & 255] if token[1].isdigit() else [ESCAPES.get(token[1], ord(token[1]) & 255)]
    return list(bytes_of(token))


@program(
    "tr",
    options="+cCdst",
    long="complement=c delete=d squeeze-repeats=s truncate-set1=t",
    usage="[-cds] STRING1 [STRING2]",
)
def tr(proc: Process, args: Arguments) -> Waiting:
    """Translate, delete or squeeze characters."""
    sets = [char_set(text) for text in args.operands]
    if not sets:
        raise missing_operand()
    if len(sets) == 1 and not args.any("ds"):
        if is_busybox(proc):
            return 0
        proc.err(f"tr: missing operand after '{args.operands[0]}'\nTwo strings must be given when translating.\n")
        proc.err("Try 'tr --help' for more information.\n")
        return 1
    first = sorted(set(range(256)) - set(sets[0])) if args.any("cC") else sets[0]
    deleted = bytes(set(first)) if "d" in args else b""
    table = _table(first, sets[1]) if len(sets) > 1 and "d" not in args else None
    squeezed = (
        set(sets[-1]) if "s" in args and (len(sets) > 1 or "c" not in args) else set(first if "s" in args else [])
    )
    last = -1
    while data := (yield from proc.read(1 << 16)):
        data = data.translate(table, deleted)
        if squeezed:
            data, last = _squeeze(data, squeezed, last)
        proc.out(data)
        yield from proc.writable()
    return 0


def _table(first: Sequence[int], second: Sequence[int]) -> bytes:
    table = list(range(256))
    for at, code in enumerate(first):
        if second:
            table[code] = second[min(at, len(second) - 1)]
    return bytes(table)


def _squeeze(data: bytes, squeezed: set[int], last: int) -> tuple[bytes, int]:
    kept = bytearray()
    for byte in data:
        if byte != last or byte not in squeezed:
            kept.append(byte)
        last = byte
    return bytes(kept), last


@program("expand", options="it:", long="tabs=t initial=i", usage="[-t N] [FILE]...")
def expand(proc: Process, args: Arguments) -> Waiting:
    """Tabs as blanks."""
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        while line := (yield from source.readline()):
            proc.out(line.expandtabs(args.number("t", 8)))
    return inputs.code


@program("column", options="ts:o:", long="table=t separator=s output-separator=o", usage="[-t] [-s CHARS] [FILE]...")
def column(proc: Process, args: Arguments) -> Waiting:
    """Set fields in columns (-t)."""
    inputs = Inputs(proc, args.operands)
    lines = [text_of(line) for line in (yield from inputs.lines())]
    if "t" not in args:
        proc.out("".join(f"{line}\n" for line in lines))
        return inputs.code
    rows = [re.split(f"[{re.escape(args.value('s'))}]", line) if "s" in args else line.split() for line in lines]
    widths = [
        max((len(row[at]) for row in rows if at < len(row)), default=0) for at in range(max(map(len, rows), default=0))
    ]
    gap = args.value("o", "  ")
    for row in filter(None, rows):
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        proc.out(gap.join([*cells, row[-1]]) + "\n")
    return inputs.code
