"""cat, head, tac, tee, nl, rev: text passed on, line by line or whole."""

from __future__ import annotations

import errno

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.formats import parse_size
from dockerlab.runtime.programs.inputs import Inputs, Source, bytes_of, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, blame, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

CAT_LONG = "number=n number-nonblank=b show-all=A show-ends=E show-tabs=T show-nonprinting=v squeeze-blank=s"


@program("cat", options="nbvteAETsu", long=CAT_LONG, usage="[-nbvteA] [FILE]...")
def cat(proc: Process, args: Arguments) -> Waiting:
    """Pass files on, one after the other."""
    inputs = CatInputs(proc, args.operands, gnu="{}", busybox="can't open '{}'")
    plain = not args.given or set(dict(args.given)) <= {"u"}
    numberer = _Marker(args)
    for source in inputs:
        while piece := (yield from (source.read() if plain else source.readline())):
            proc.out(piece if plain else numberer.marked(piece))
            yield from proc.writable()
    return inputs.code


class CatInputs(Inputs):
    """Busybox's cat opens a folder and only fails to read it."""

    def fail(self, error: FileSystemError, name: str) -> None:
        """Complain in cat's words."""
        if error.errno == errno.EISDIR and is_busybox(self._proc):
            self._proc.err("cat: read error: Is a directory\n")
            self.code = 1
        else:
            super().fail(error, name)


class _Marker:
    """Numbers lines and shows what is invisible."""

    def __init__(self, args: Arguments) -> None:
        self.args = args
        self.count = 0
        self.blank = False

    def marked(self, line: bytes) -> bytes:
        """A line as the options show it."""
        body, ending = (line[:-1], b"\n") if line.endswith(b"\n") else (line, b"")
        if "s" in self.args and not body and self.blank:
            return b""
        self.blank = not body
        if self.args.any("vteA"):
            body = visible(body)
        if self.args.any("tAT"):
            body = body.replace(b"\t", b"^I")
        if self.args.any("eAE"):
            ending = b"$" + ending if ending else b""
        if ("b" in self.args and body) or ("n" in self.args and "b" not in self.args):
            self.count += 1
            return b"%6d\t%s%s" % (self.count, body, ending)
        return body + ending


def visible(data: bytes) -> bytes:
    """Control characters as '^X', high ones as 'M-x' (cat -v)."""
    shown = bytearray()
    for byte in data:
        if byte >= 128:
            shown += b"M-"
            byte -= 128
        if (byte < 32 and byte != 9) or byte == 127:
            shown += b"^" + bytes([byte ^ 64])
        else:
            shown.append(byte)
    return bytes(shown)


def header(name: str, first: bool) -> str:
    """The line that head and tail put over each of several files."""
    return f"{'' if first else chr(10)}==> {'standard input' if name == '-' else name} <==\n"


def count_of(args: Arguments, what: str = "n", default: str = "10") -> tuple[str, int, str]:
    """The sign, number and unit ('n' lines, 'c' bytes) that head and tail were asked for; '-5' is an old '-n 5'."""
    digits = "".join(name for name, _ in args.given if name.isdigit())
    unit = args.last("nc", "n")
    text = args.value(unit) or digits or default
    sign = text[0] if text[:1] in ("+", "-") else ""
    try:
        return sign, parse_size(text.removeprefix(sign)), unit
    except ValueError:
        kind = "lines" if unit == "n" else "bytes"
        raise ProgramFailure(f"invalid number of {kind}: '{text}'", busybox=f"invalid number '{text}'") from None


@program(
    "head",
    options="n:c:qvz0123456789",
    long="lines=n bytes=c quiet=q silent=q verbose=v",
    usage="[OPTIONS] [FILE]...",
)
def head(proc: Process, args: Arguments) -> Waiting:
    """Pass the beginning of each file on."""
    sign, count, unit = count_of(args)
    inputs = Inputs(proc, args.operands, gnu="cannot open '{}' for reading", busybox="{}")
    first = True
    for source in inputs:
        if ("v" in args or len(args.operands) > 1) and "q" not in args:
            proc.out(header(source.name, first))
        first = False
        if sign == "-":
            yield from _all_but_last(proc, source, count, unit)
        elif unit == "c":
            yield from _first_bytes(proc, source, count)
        else:
            yield from _first_lines(proc, source, count)
    return inputs.code


def _first_lines(proc: Process, source: Source, count: int) -> Waiting:
    while count > 0 and (line := (yield from source.readline())):
        proc.out(line)
        count -= 1
    return 0


def _first_bytes(proc: Process, source: Source, count: int) -> Waiting:
    while count > 0 and (piece := (yield from source.read(min(count, 1 << 16)))):
        proc.out(piece)
        count -= len(piece)
        yield from proc.writable()
    return 0


def _all_but_last(proc: Process, source: Source, count: int, unit: str) -> Waiting:
    data = yield from source.read_all()
    if unit == "c":
        proc.out(data[: max(0, len(data) - count)])
    else:
        lines = data.splitlines(keepends=True)
        proc.out(b"".join(lines[: max(0, len(lines) - count)]))
    return 0


@program("tac", options="brs:", usage="[FILE]...")
def tac(proc: Process, args: Arguments) -> Waiting:
    """The lines of each file, last first."""
    inputs = Inputs(proc, args.operands, gnu="failed to open '{}' for reading")
    for source in inputs:
        data = yield from source.read_all()
        lines = data.split(b"\n")
        rest = lines.pop()
        proc.out(rest + b"".join(line + b"\n" for line in reversed(lines)))
    return inputs.code


@program("rev", options="", usage="[FILE]...")
def rev(proc: Process, args: Arguments) -> Waiting:
    """Each line backwards."""
    inputs = Inputs(proc, args.operands, gnu="cannot open {}")
    for source in inputs:
        while line := (yield from source.readline()):
            ending = b"\n" if line.endswith(b"\n") else b""
            proc.out(bytes_of(text_of(line.removesuffix(b"\n"))[::-1]) + ending)
    return inputs.code


@program("nl", options="b:w:s:v:i:n:h:f:", long="body-numbering=b number-width=w", usage="[-b STYLE] [-w N] [FILE]...")
def nl(proc: Process, args: Arguments) -> Waiting:
    """Number lines; those that are blank only with -b a."""
    width, separator = args.number("w", 6), args.value("s", "\t").encode()
    number, step = args.number("v", 1), args.number("i", 1)
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        while line := (yield from source.readline()):
            if args.value("b", "t") == "a" or line.strip(b"\n"):
                proc.out(str(number).rjust(width).encode() + separator + line)
                number += step
            else:
                proc.out(b" " * (width + len(separator)) + line)
    return inputs.code


@program("tee", options="aip", long="append=a ignore-interrupts=i", usage="[-ai] [FILE]...")
def tee(proc: Process, args: Arguments) -> Waiting:
    """Pass standard input on, and write it to files as well."""
    code, streams = 0, []
    for name in args.operands:
        try:
            streams.append(proc.open(name, "a" if "a" in args else "w"))
        except FileSystemError as error:
            code = blame(proc, error, name)
    while piece := (yield from proc.read(1 << 16)):
        proc.out(piece)
        for stream in streams:
            stream.write(piece)
        yield from proc.writable()
    return code
