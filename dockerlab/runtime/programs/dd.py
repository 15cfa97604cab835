"""dd: copy a file, or zeros, in blocks (POSIX.1-2024, dd). Files are passed on by reference."""

from __future__ import annotations

import errno
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.fs.content import Bytes, Concat, Content, Filler, Span, Zeros, content_of
from dockerlab.runtime.permissions import check_creatable
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import formats
from dockerlab.runtime.programs.inputs import DeviceSource, FileSource, Source, open_source
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, complain, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

SPEED = 1_200_000_000
"""Bytes a second that the simulated disk copies."""
NUMBERS = {"bs", "ibs", "obs", "count", "skip", "seek", "cbs"}
TEXTS = {"if", "of", "conv", "status", "iflag", "oflag"}
USAGE = "[if=FILE] [of=FILE] [ibs=N obs=N/bs=N] [count=N] [skip=N] [seek=N] [conv=notrunc|noerror|sync|fsync]"
SINKS = {"/dev/null", "/dev/zero"}


@dataclass
class Job:
    """What the operands ask for."""

    numbers: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def block(self, side: str) -> int:
        """The size of a block on a side ('ibs', 'obs')."""
        return self.numbers.get("bs") or self.numbers.get(side) or 512

    @property
    def limit(self) -> int | None:
        """Bytes to copy at most."""
        count = self.numbers.get("count")
        return None if count is None else count * self.block("ibs")

    def flag(self, name: str, word: str) -> bool:
        """Whether a list such as conv= has a word."""
        return word in self.texts.get(name, "").split(",")


def read_operands(words: list[str]) -> Job:
    """The words 'name=value'; raises ProgramFailure."""
    job = Job()
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in NUMBERS | TEXTS:
            raise UsageFailure(f"unrecognized operand '{word}'")
        if name in TEXTS:
            job.texts[name] = value
            continue
        try:
            job.numbers[name] = formats.parse_size(value)
        except ValueError:
            raise ProgramFailure(f"invalid number: '{value}'", busybox=f"invalid number '{value}'") from None
    return job


@program("dd", raw=True, usage=USAGE)
def dd(proc: Process, args: Arguments) -> Waiting:
    """Copy, and say how much."""
    job = read_operands(args.operands)
    try:
        source = open_source(proc, job.texts.get("if", "-"))
    except FileSystemError as error:
        return blame(proc, error, job.texts["if"], "failed to open '{}'", "can't open '{}'")
    target = job.texts.get("of")
    if isinstance(source, DeviceSource) and source.endless and job.limit is None and target is not None:
        return complain(proc, f"error writing '{target}': No space left on device")
    if target is None and job.limit is None:
        size = yield from _stream(proc, source)
    else:
        content = yield from _taken(source, job)
        size = content.size
        try:
            yield from _put(proc, content, target, job)
        except FileSystemError as error:
            if error.errno == errno.ENOSPC and target is not None:
                return _full(proc, job, target)
            return blame(proc, error, target or "", "failed to open '{}'", "can't open '{}'")
    _report(proc, job, size)
    return 0


def _full(proc: Process, job: Job, target: str) -> int:
    """The file system was full before all was written: dd says how far it came."""
    complain(proc, f"error writing '{target}': No space left on device")
    written = proc.fs.stat(proc.path(target)).size
    proc.err(f"{written // job.block('ibs') + 1}+0 records in\n{written // job.block('obs')}+0 records out\n")
    if not is_busybox(proc):
        proc.err(f"{_copied(written)}\n")
    return 1


def _stream(proc: Process, source: Source) -> Waiting:
    """From standard input to standard output without an end in sight."""
    size = 0
    while piece := (yield from source.read()):
        size += len(piece)
        proc.out(piece)
        yield from proc.writable()
    return size


def _taken(source: Source, job: Job) -> Generator[Wait, Any, Content]:
    """What is to be copied, after skip= and up to count=."""
    skip = job.numbers.get("skip", 0) * job.block("ibs")
    if isinstance(source, FileSource):
        content = yield from source.content()
        start = min(skip, content.size)
        left = content.size - start
        return Span(content, start, left if job.limit is None else min(left, job.limit))
    if isinstance(source, DeviceSource) and source.endless and job.limit is not None:
        # Random bytes are generated ones: the same in every lab, and cheap to keep.
        return Zeros(job.limit) if source.zeros else Filler(f"{source.name} {skip}", job.limit)
    pieces: list[Content] = []
    wanted = None if job.limit is None else job.limit + skip
    while wanted is None or wanted > 0:
        piece = yield from source.read(1 << 20 if wanted is None else min(wanted, 1 << 20))
        if not piece:
            break
        wanted = None if wanted is None else wanted - len(piece)
        pieces.append(Bytes(piece))
    content = Concat(pieces)
    return Span(content, min(skip, content.size), max(0, content.size - skip))


def _put(proc: Process, content: Content, target: str | None, job: Job) -> Waiting:
    """Write to standard output or a file."""
    if target is None:
        for piece in content.chunks():
            proc.out(piece)
            yield from proc.writable()
        return 0
    path = proc.path(target)
    if path in SINKS:
        return 0
    check_creatable(proc, path)
    append = job.flag("oflag", "append")
    seek = job.numbers.get("seek", 0) * job.block("obs")
    keep = job.flag("conv", "notrunc")
    if (seek or keep) and proc.fs.exists(path) and not append:
        if not keep:
            proc.fs.truncate(path, seek)
        proc.fs.pwrite(path, content, seek)
        return 0
    if seek:
        content = Concat([Zeros(seek), content])
    mode = 0o666 & ~proc.umask
    proc.fs.write(path, content_of(content), append=append, mode=mode, uid=proc.uid, gid=proc.gid)
    return 0


def _report(proc: Process, job: Job, size: int) -> None:
    """The lines about records and speed; the time is what the simulated disk would take."""
    if job.texts.get("status") == "none":
        return
    for side, word in (("ibs", "in"), ("obs", "out")):
        full, part = divmod(size, job.block(side))
        proc.err(f"{full}+{1 if part else 0} records {word}\n")
    if job.texts.get("status") == "noxfer":
        return
    if is_busybox(proc):
        seconds = max(size / SPEED, 0.00002)
        speed = formats.human_busybox(int(size / seconds))
        proc.err(f"{size} bytes ({formats.human_busybox(size)}B) copied, {seconds:f} seconds, {speed}B/s\n")
        return
    proc.err(f"{_copied(size)}\n")


def _copied(size: int) -> str:
    """GNU's last line."""
    seconds = max(size / SPEED, 0.00002)
    sizes = f" ({_units(size, 1000)}B, {_units(size, 1024)}iB)" if size >= 1024 else f" ({_units(size, 1000)}B)"
    plain = f"{size} byte{'' if size == 1 else 's'}{sizes if size >= 1000 else ''}"
    return f"{plain} copied, {seconds:.6g} s, {_units(int(size / seconds), 1000)}B/s"


def _units(size: int, base: int) -> str:
    """'1.0 M', '205 k', '1000 K': dd's rounding, to the nearest, with a digit after the point below ten."""
    letters = ["", "k" if base == 1000 else "K", "M", "G", "T"]
    amount = float(size)
    at = 0
    while amount >= base - 0.5 and at < len(letters) - 1:
        amount /= base
        at += 1
    text = f"{amount:.1f}" if amount < 9.95 and at else f"{amount:.0f}"
    return f"{text} {letters[at]}"
