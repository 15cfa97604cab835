"""od, xxd, hexdump, strings: bytes made visible."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.formats import parse_size
from dockerlab.runtime.programs.inputs import Inputs, Reading, bytes_of
from dockerlab.runtime.programs.messages import ProgramFailure
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

NAMED = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
ADDRESS = {"o": "{:07o}", "x": "{:06x}", "d": "{:07d}", "n": ""}
OCTAL_WIDTH = {1: 3, 2: 6, 4: 11, 8: 22}
DECIMAL_WIDTH = {1: 3, 2: 5, 4: 10, 8: 20}
CODES = {1: "b", 2: "h", 4: "i", 8: "q"}


def printable(data: bytes) -> str:
    """The bytes as characters, a point for each that can't be seen."""
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)


@program(
    "od",
    options="A:t:N:j:w:cxbodv",
    long="address-radix=A format=t read-bytes=N skip-bytes=j",
    usage="[-A d|o|x|n] [-t TYPE] [-N N] [FILE]...",
)
def od(proc: Process, args: Arguments) -> Waiting:
    """Dump in octal, hexadecimal, decimal or characters; equal rows are left out."""
    data = yield from _read(proc, args)
    form = args.value("t") or {"c": "c", "x": "x2", "b": "o1", "d": "u2"}.get(args.last("cxbod"), "o2")
    address = ADDRESS.get(args.value("A", "o")[:1], ADDRESS["o"])
    proc.out(_rows(data, lambda row: _od_row(row, form), address, everything="v" in args))
    return 0


def _od_row(row: bytes, form: str) -> str:
    kind, size = form[0], int(re.sub(r"\D", "", form[1:]) or (1 if form[0] in "ca" else 4))
    if kind in "ca":
        return "".join(f"{_named(byte):>4}" for byte in row)
    padded = row + bytes(-len(row) % size)
    code = CODES[size] if kind == "d" else CODES[size].upper()
    numbers = [number for (number,) in struct.iter_unpack(f"<{code}", padded)]
    if kind == "x":
        return "".join(f" {number:0{size * 2}x}" for number in numbers)
    if kind == "o":
        return "".join(f" {number:0{OCTAL_WIDTH[size]}o}" for number in numbers)
    width = DECIMAL_WIDTH[size] + (kind == "d")
    return "".join(f" {number:{width}}" for number in numbers)


def _named(byte: int) -> str:
    return NAMED.get(byte) or (chr(byte) if 32 <= byte < 127 else f"{byte:03o}")


def _rows(data: bytes, shown: Callable[[bytes], str], address: str, *, everything: bool = False, size: int = 16) -> str:
    """Rows with their addresses, a '*' for rows that repeat, and the end's address."""
    lines: list[str] = []
    before = None
    for at in range(0, len(data), size):
        row = data[at : at + size]
        if row == before and not everything and len(row) == size:
            if lines[-1] != "*":
                lines.append("*")
            continue
        before = row
        lines.append(address.format(at) + shown(row))
    if address:
        lines.append(address.format(len(data)))
    return "".join(f"{line}\n" for line in lines)


def _size(text: str) -> int:
    try:
        return parse_size(text)
    except ValueError:
        raise ProgramFailure(f"invalid number '{text}'") from None


def _read(proc: Process, args: Arguments, *, count: str = "N", skip: str = "j") -> Reading:
    """All input as far as the options let it through."""
    inputs = Inputs(proc, args.operands)
    start = _size(args.value(skip) or "0")
    limit = _size(args.value(count)) if args.value(count) else None
    data = b""
    for source in inputs:
        while limit is None or len(data) < start + limit:
            piece = yield from source.read(1 << 16 if limit is None else min(1 << 16, start + limit - len(data)))
            if not piece:
                break
            data += piece
    return data[start:]


@program("xxd", options="c:g:l:s:pruib", long="", usage="[-pr] [-g N] [-c N] [-l LEN] [-s OFS] [FILE]")
def xxd(proc: Process, args: Arguments) -> Waiting:
    """Dump in hexadecimal with the characters beside; -r goes back."""
    data = yield from _read(proc, args, count="l", skip="s")
    if "r" in args:
        proc.out(_undump(data, plain="p" in args))
        return 0
    if "p" in args:
        text = data.hex()
        width = args.number("c", 30) * 2
        proc.out("".join(f"{text[at : at + width]}\n" for at in range(0, len(text), width)))
        return 0
    columns, group = args.number("c", 16), args.number("g", 2)
    wide = columns * 2 + columns // group
    for at in range(0, len(data), columns):
        row = data[at : at + columns]
        text = row.hex().upper() if "u" in args else row.hex()
        cells = " ".join(text[start : start + group * 2] for start in range(0, len(text), group * 2))
        proc.out(f"{at:08x}: {cells:<{wide}} {printable(row)}\n")
    return 0


def _undump(data: bytes, *, plain: bool) -> bytes:
    text = data.decode("ascii", "ignore")
    if plain:
        return bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", text))
    rows = (line.partition(":")[2].partition("  ")[0] for line in text.splitlines())
    return b"".join(bytes.fromhex(row.replace(" ", "")) for row in rows)


@program("hexdump", "hd", options="Cn:s:vxbcod", usage="[-bcCdovx] [-n LEN] [-s OFS] [FILE]...")
def hexdump(proc: Process, args: Arguments) -> Waiting:
    """Dump in hexadecimal; -C with the characters beside."""
    data = yield from _read(proc, args, count="n", skip="s")
    if "C" in args or proc.argv[0].endswith("hd"):
        proc.out(_rows(data, _canonical, "{:08x}", everything="v" in args) if data else "")
    else:
        proc.out(_rows(data, lambda row: f"{_od_row(row, 'x2'):<40}", "{:07x}", everything="v" in args) if data else "")
    return 0


def _canonical(row: bytes) -> str:
    halves = "  ".join(" ".join(f"{byte:02x}" for byte in row[at : at + 8]) for at in (0, 8) if row[at : at + 8])
    return f"  {halves:<48}  |{printable(row)}|"


@program("strings", options="an:t:fo", long="bytes=n radix=t", usage="[-a] [-n LEN] [FILE]...")
def strings(proc: Process, args: Arguments) -> Waiting:
    """Print runs of printable characters."""
    least = args.number("n", 4)
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        data = yield from source.read_all()
        for found in re.finditer(rb"[\t -~]{%d,}" % least, data):
            prefix = f"{found.start():7{args.value('t')}} " if args.value("t") in tuple("xod") else ""
            proc.out(bytes_of(prefix) + found[0] + b"\n")
    return inputs.code
