"""sort, uniq, comm, shuf, join: lines in order (POSIX.1-2024; the C locale's order, that of the bytes)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import Inputs, bytes_of, open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, complain, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

SORT_LONG = "reverse=r numeric-sort=n unique=u key=k field-separator=t human-numeric-sort=h version-sort=V output=o "
SORT_LONG += "ignore-case=f stable=s check=c ignore-leading-blanks=b zero-terminated=z random-sort=R month-sort=M"
KEY = re.compile(r"(\d+)(?:\.(\d+))?([bdfgihMnrRV]*)(?:,(\d+)(?:\.(\d+))?([bdfgihMnrRV]*))?")
NUMBER = re.compile(rb"\s*(-?\d*\.?\d*)")
HUMAN = re.compile(rb"\s*(-?\d*\.?\d+)([KMGTPEk]?)")
MANY = 10_000_000
MONTHS = [b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC"]


@dataclass(frozen=True)
class Key:
    """A key of sort: from a field (and character) to another, both counted from 1; 0 = the line's end."""

    first: int = 1
    offset: int = 1
    last: int = 0
    until: int = 0
    flags: str = ""

    @classmethod
    def parse(cls, text: str, inherited: str) -> Key:
        """'2,2n', '1.3r'; flags of the command count where the key has none."""
        found = KEY.fullmatch(text)
        if not found or not int(found[1]):
            raise ProgramFailure(f"invalid number at field start: invalid count at start of '{text}'", code=2)
        flags = (found[3] or "") + (found[6] or "")
        return cls(int(found[1]), int(found[2] or 1), int(found[4] or 0), int(found[5] or 0), flags or inherited)

    def text(self, line: bytes, separator: bytes) -> bytes:
        """The part of a line that counts."""
        if (self.first, self.offset, self.last) == (1, 1, 0):
            return line
        fields = line.split(separator) if separator else re.findall(rb"[ \t]*[^ \t]+", line)
        joint = separator
        chosen = list(fields[self.first - 1 : self.last or None])
        if not chosen:
            return b""
        if self.until and self.last >= self.first:
            chosen[-1] = chosen[-1][: self.until]
        skip = self.offset - 1
        if "b" in self.flags or (not separator and "n" in self.flags):
            chosen[0] = chosen[0].lstrip(b" \t")
        return joint.join(chosen)[skip:]

    def value(self, line: bytes, separator: bytes) -> Any:
        """What lines are compared by."""
        text = self.text(line, separator)
        if "f" in self.flags:
            text = text.upper()
        if "b" in self.flags:
            text = text.lstrip(b" \t")
        for flag, convert in CONVERSIONS.items():
            if flag in self.flags:
                return convert(text)
        return text


def _number(text: bytes) -> float:
    found = NUMBER.match(text)
    try:
        return float(found[1]) if found else 0.0
    except ValueError:
        return 0.0


def _human(text: bytes) -> tuple[int, float]:
    found = HUMAN.match(text)
    if not found:
        return (0, 0.0)
    number = float(found[1])
    power = b"\0KMGTPE".find(found[2].upper() or b"\0")
    return (power if number >= 0 else -power, number)


def _version(text: bytes) -> list[tuple[int, int, bytes]]:
    parts = re.findall(rb"\d+|\D+", text)
    return [(1, int(part), b"") if part.isdigit() else (0, 0, part) for part in parts]


def _month(text: bytes) -> int:
    name = text.strip()[:3].upper()
    return MONTHS.index(name) + 1 if name in MONTHS else 0


def _random(text: bytes) -> bytes:
    return hashlib.sha256(b"sort" + text).digest()


CONVERSIONS = {"n": _number, "g": _number, "h": _human, "V": _version, "M": _month, "R": _random}


@program(
    "sort", options="rnuk:t:hVo:fscCbzdiMgRmS:T:", long=SORT_LONG, usage="[-nrugMcszbdfiokt] [FILE]...", usage_code=2
)
def sort(proc: Process, args: Arguments) -> Waiting:
    """Sort the lines of all files together."""
    flags = "".join(letter for letter in "nghVMRfbdi" if letter in args)
    keys = [Key.parse(text, flags) for text in args.all("k")] or [Key(flags=flags)]
    separator = bytes_of(args.value("t").replace("\\t", "\t").replace("\\0", "\0"))
    inputs = Inputs(proc, args.operands, gnu="cannot read: {}", busybox="{}", code=2)
    lines = yield from inputs.lines(b"\0" if "z" in args else b"\n")
    if inputs.code:
        return inputs.code
    ordered = sort_lines(lines, keys, separator, reverse="r" in args, stable=args.any("su"))
    if args.any("cC"):
        return _check(proc, args, lines, ordered)
    if "u" in args:
        values = [tuple(key.value(line, separator) for key in keys) for line in ordered]
        ordered = [line for at, line in enumerate(ordered) if at == 0 or values[at] != values[at - 1]]
    ending = b"\0" if "z" in args else b"\n"
    data = b"".join(line + ending for line in ordered)
    if "o" in args:
        proc.fs.write(proc.path(args.value("o")), data)
    else:
        proc.out(data)
    return 0


def sort_lines(
    lines: Sequence[bytes], keys: Sequence[Key], separator: bytes, *, reverse: bool, stable: bool
) -> list[bytes]:
    """Sorted by the keys; equal ones by the whole line, unless `stable`."""
    ordered = list(lines) if stable else sorted(lines, reverse=reverse)
    for key in reversed(keys):
        backwards = "r" in key.flags or (reverse and not set(key.flags) - set("nghVMRfbdi"))
        # Sorting is stable both ways, so that equal lines keep their order under `reverse` as well.
        ordered.sort(key=lambda line, key=key: key.value(line, separator), reverse=backwards)  # type: ignore[misc]
    return ordered


def _check(proc: Process, args: Arguments, lines: Sequence[bytes], ordered: Sequence[bytes]) -> int:
    wrong = next((at for at, (one, other) in enumerate(zip(lines, ordered, strict=True)) if one != other), None)
    if wrong is None:
        return 0
    if "C" not in args:
        late = next(at for at in range(1, len(lines)) if lines[at] != ordered[at] or at > wrong)
        complain(proc, f"{args.operands[0] if args.operands else '-'}:{late + 1}: disorder: {text_of(lines[late])}")
    return 1


UNIQ_LONG = "count=c repeated=d unique=u ignore-case=i skip-fields=f skip-chars=s check-chars=w all-repeated=D"


@program("uniq", options="cduif:s:w:Dz", long=UNIQ_LONG, usage="[-cduiz] [-f,s,w N] [FILE [OUTFILE]]")
def uniq(proc: Process, args: Arguments) -> Waiting:
    """Join equal neighbours."""
    inputs = Inputs(proc, args.operands[:1], gnu="{}", busybox="can't open '{}'")
    out: list[bytes] = []
    for source in inputs:
        last, count, first = None, 0, b""
        while True:
            line = yield from source.readline()
            key = _key(line.removesuffix(b"\n"), args)
            if last is not None and (not line or key != last):
                out += _group(first, count, args)
                count = 0
                if len(args.operands) < 2:
                    proc.out(b"".join(out))
                    out.clear()
            if not line:
                break
            first = line.removesuffix(b"\n") if count == 0 else first
            last, count = key, count + 1
    if len(args.operands) > 1:
        proc.fs.write(proc.path(args.operands[1]), b"".join(out))
    return inputs.code


def _key(line: bytes, args: Arguments) -> bytes:
    for _ in range(args.number("f", 0)):
        line = re.sub(rb"^[ \t]*[^ \t]*", b"", line)
    line = line[args.number("s", 0) :]
    if "w" in args:
        line = line[: args.number("w", 0)]
    return line.lower() if "i" in args else line


def _group(line: bytes, count: int, args: Arguments) -> Iterator[bytes]:
    if ("d" in args and count < 2) or ("u" in args and count > 1):
        return
    for _ in range(count if "D" in args and count > 1 else 0 if "D" in args else 1):
        yield (b"%7d " % count if "c" in args else b"") + line + b"\n"


@program("comm", options="123z", long="", usage="[-123] FILE1 FILE2")
def comm(proc: Process, args: Arguments) -> Waiting:
    """Three columns: lines of the first file only, of the second only, of both."""
    if len(args.operands) < 2:
        raise missing_operand(after=args.operands[0] if args.operands else "")
    one, other = yield from _both(proc, args.operands)
    shown = [str(column) not in args for column in (1, 2, 3)]
    while one or other:
        column = 2 if one and other and one[0] == other[0] else 0 if one and (not other or one[0] < other[0]) else 1
        line = (one if column != 1 else other)[0]
        if column != 1:
            one.pop(0)
        if column != 0:
            other.pop(0)
        if shown[column]:
            proc.out(b"\t" * sum(shown[:column]) + line + b"\n")
    return 0


def _both(proc: Process, names: Sequence[str]) -> Generator[Wait, Any, tuple[list[bytes], list[bytes]]]:
    sides = []
    for name in names[:2]:
        data = yield from open_source(proc, name).read_all()
        sides.append(data.removesuffix(b"\n").split(b"\n") if data else [])
    return sides[0], sides[1]


@program(
    "shuf", options="en:i:rz", long="echo=e head-count=n input-range=i", usage="[-n NUM] [-e ARG... | -i L-H | FILE]"
)
def shuf(proc: Process, args: Arguments) -> Waiting:
    """Lines in an order that looks like chance, but is the same in every lab."""
    if "e" in args:
        lines = [bytes_of(word) for word in args.operands]
    elif "i" in args:
        low, _, high = args.value("i").partition("-")
        if not (low.isdigit() and high.isdigit()):
            raise ProgramFailure(f"invalid input range: '{args.value('i')}'")
        if int(high) - int(low) > MANY:
            raise ProgramFailure("memory exhausted")
        lines = [str(number).encode() for number in range(int(low), int(high) + 1)]
    else:
        lines = yield from Inputs(proc, args.operands).lines()
    seed = str(proc.kernel.clock.now).encode()
    mixed = sorted(enumerate(lines), key=lambda item: hashlib.sha256(b"%s %d" % (seed, item[0])).digest())
    count = args.number("n", len(lines))
    proc.out(b"".join(line + b"\n" for _, line in mixed[:count]))
    return 0


@program("join", options="t:1:2:j:a:", usage="[-t CHAR] [-1 FIELD] [-2 FIELD] FILE1 FILE2")
def join(proc: Process, args: Arguments) -> Waiting:
    """Join the lines of two sorted files that agree in a field."""
    if len(args.operands) < 2:
        raise UsageFailure("missing operand")
    sides = yield from _both(proc, args.operands)
    mark = bytes_of(args.value("t"))
    at = [args.number(letter, args.number("j", 1)) - 1 for letter in "12"]
    rows = [[line.split(mark or None) for line in side] for side in sides]
    second = {key: list(group) for key, group in groupby(rows[1], key=lambda row: row[at[1]])}
    for row in rows[0]:
        for partner in second.get(row[at[0]], []):
            rest = row[: at[0]] + row[at[0] + 1 :] + partner[: at[1]] + partner[at[1] + 1 :]
            proc.out((mark or b" ").join([row[at[0]], *rest]) + b"\n")
    return 0
