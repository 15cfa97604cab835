"""tail: the end of files, and with -f all that is added later."""

from __future__ import annotations

from collections import deque

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.environment import duration
from dockerlab.runtime.programs.inputs import FileSource, Inputs, Source
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.programs.show import count_of, header

LONG = "lines=n bytes=c follow=f quiet=q silent=q verbose=v retry=F sleep-interval=s pid=p"


@program("tail", options="n:c:fFqvs:p:z0123456789", long=LONG, usage="[OPTIONS] [FILE]...", raw=False)
def tail(proc: Process, args: Arguments) -> Waiting:
    """Pass the end of each file on; `+N` starts at the N-th line or byte."""
    names = args.operands
    plus = ""
    if names and names[0][:1] == "+" and names[0][1:].isdigit():
        plus, names = names[0], names[1:]
    sign, count, unit = count_of(args, default=plus or "10")
    inputs = Inputs(proc, names, gnu="cannot open '{}' for reading", busybox="can't open '{}'")
    headed = ("v" in args or len(names) > 1) and "q" not in args
    followed: list[tuple[str, int]] = []
    for at, source in enumerate(inputs):
        if headed:
            proc.out(header(source.name, at == 0))
        if sign == "+":
            yield from _from(proc, source, count, unit)
        else:
            yield from _last(proc, source, count, unit)
        if isinstance(source, FileSource):
            followed.append((source.name, proc.fs.stat(proc.path(source.name)).size))
    if inputs.code and not followed and proc.flavour == "busybox":
        proc.err("tail: no files\n")
    if args.any("fF") and names and not followed:
        proc.err("" if proc.flavour == "busybox" else "tail: no files remaining\n")
    if args.any("fF") and followed:
        yield from _follow(proc, followed, headed=headed, interval=duration(args.value("s", "1")) or 1)
    return inputs.code


def _from(proc: Process, source: Source, count: int, unit: str) -> Waiting:
    if unit == "c":
        skip = max(count - 1, 0)
        while skip and (piece := (yield from source.read(min(skip, 1 << 16)))):
            skip -= len(piece)
    else:
        for _ in range(count - 1):
            yield from source.readline()
    while piece := (yield from source.read()):
        proc.out(piece)
        yield from proc.writable()
    return 0


def _last(proc: Process, source: Source, count: int, unit: str) -> Waiting:
    if unit == "c":
        content = yield from source.content()
        proc.out(content.read(max(0, content.size - count)) if count else b"")
        return 0
    kept: deque[bytes] = deque(maxlen=count)
    while line := (yield from source.readline()):
        kept.append(line)
    proc.out(b"".join(kept))
    return 0


def _follow(proc: Process, files: list[tuple[str, int]], *, headed: bool, interval: float) -> Waiting:
    """Watch files grow until a signal ends it; one that shrank is read from its beginning."""
    sizes = dict(files)
    shown = files[-1][0]
    while True:
        yield from proc.sleep(interval)
        for name, before in list(sizes.items()):
            try:
                content = proc.fs.content(proc.path(name))
            except FileSystemError:
                continue
            if content.size < before:
                proc.err(f"tail: {name}: file truncated\n")
                before = 0
            if content.size > before:
                if headed and shown != name:
                    proc.out(header(name, False))
                shown = name
                proc.out(content.read(before))
            sizes[name] = content.size
