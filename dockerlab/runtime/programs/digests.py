"""md5sum, sha1sum, sha256sum, sha512sum, cksum, base64."""

from __future__ import annotations

import base64 as codec
import binascii
import hashlib
import re

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import FileSource, Inputs, Reading, Source, open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, blame, complain, is_busybox, name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

LONG = "check=c quiet=q status=s warn=w binary=b text=t tag=T zero=z strict=S ignore-missing=i"
LINE = re.compile(r"([0-9a-fA-F]+) [ *](.*)")


@program("md5sum", "sha1sum", "sha256sum", "sha512sum", options="cqsbtwz", long=LONG, usage="[-c[sw]] [FILE]...")
def sums(proc: Process, args: Arguments) -> Waiting:
    """Print the digests of files, or (-c) compare them with a list."""
    algorithm = name_of(proc).removesuffix("sum")
    if "c" in args:
        return (yield from _check(proc, args, algorithm))
    inputs = Inputs(proc, args.operands, gnu="{}", busybox="can't open '{}'")
    for source in inputs:
        proc.out(f"{(yield from _digest(source, algorithm)).decode()}  {source.name}\n")
    return inputs.code


def _digest(source: Source, algorithm: str) -> Reading:
    """The digest in hexadecimal; a file's own, where it is known."""
    if isinstance(source, FileSource) and algorithm == "sha256":
        content = yield from source.content()
        return content.digest.hex.encode()
    digest = hashlib.new(algorithm)
    while piece := (yield from source.read(1 << 20)):
        digest.update(piece)
    return digest.hexdigest().encode()


def _check(proc: Process, args: Arguments, algorithm: str) -> Waiting:
    code = wrong = missing = 0
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        for line in text_of((yield from source.read_all())).splitlines():
            found = LINE.fullmatch(line)
            if not found:
                continue
            name = found[2]
            try:
                good = (yield from _digest(open_source(proc, name), algorithm)).decode() == found[1].lower()
            except FileSystemError as error:
                blame(proc, error, name, "{}", "can't open '{}'")
                proc.out(f"{name}: FAILED open or read\n" if not is_busybox(proc) else f"{name}: FAILED\n")
                code, missing = 1, missing + 1
                continue
            wrong += not good
            if "s" not in args and not (good and "q" in args):
                proc.out(f"{name}: {'OK' if good else 'FAILED'}\n")
    _warn(proc, wrong, missing)
    return max(code, int(wrong > 0), inputs.code)


def _warn(proc: Process, wrong: int, missing: int) -> None:
    if is_busybox(proc):
        if wrong + missing:
            complain(proc, f"WARNING: {wrong + missing} of {wrong + missing} computed checksums did NOT match")
        return
    if missing:
        complain(proc, f"WARNING: {missing} listed file{'s' if missing > 1 else ''} could not be read")
    if wrong:
        complain(proc, f"WARNING: {wrong} computed checksum{'s' if wrong > 1 else ''} did NOT match")


@program("base64", options="dw:i", long="decode=d wrap=w ignore-garbage=i", usage="[-d] [-w COL] [FILE]")
def base64(proc: Process, args: Arguments) -> Waiting:
    """Encode or decode."""
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        data = yield from source.read_all()
        if "d" in args:
            try:
                proc.out(codec.b64decode(b"".join(data.split()), validate="i" not in args))
            except binascii.Error:
                raise ProgramFailure("invalid input", busybox="invalid input") from None
            continue
        text = codec.b64encode(data).decode()
        width = args.number("w", 76)
        lines = [text[at : at + width] for at in range(0, len(text), width)] if width else [text]
        proc.out("\n".join(lines) + ("\n" if width and text else ""))
    return inputs.code


@program("cksum", usage="[FILE]...")
def cksum(proc: Process, args: Arguments) -> Waiting:
    """POSIX's CRC and the size."""
    inputs = Inputs(proc, args.operands)
    for source in inputs:
        data = yield from source.read_all()
        proc.out(f"{_crc(data)} {len(data)}" + (f" {source.name}\n" if args.operands else "\n"))
    return inputs.code


def _crc(data: bytes) -> int:
    """The CRC of POSIX.1-2024, cksum: polynomial 0x04C11DB7, the length at the end."""
    length = len(data)
    tail = b""
    while length:
        tail += bytes([length & 0xFF])
        length >>= 8
    crc = 0
    for byte in data + tail:
        crc = (crc << 8) & 0xFFFFFFFF ^ _TABLE[(crc >> 24) ^ byte]
    return ~crc & 0xFFFFFFFF


def _table_entry(byte: int) -> int:
    value = byte << 24
    for _ in range(8):
        value = (value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1
    return value & 0xFFFFFFFF


_TABLE = [_table_entry(byte) for byte in range(256)]
