"""sed: the stream editor. Lines come and go one at a time, so that it can stand in a pipe that never ends."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, blame, is_busybox
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.programs.sed_commands import HANDLERS
from dockerlab.runtime.programs.sed_editor import Editor
from dockerlab.runtime.programs.sed_script import Command, SedError, parse_script

LONG = "quiet=n silent=n expression=e file=f in-place=i regexp-extended=E separate=s null-data=z unbuffered=u posix=p"
USAGE = "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]..."


@program("sed", options="ne:f:i::Ersuzl:", long=LONG, usage=USAGE)
def sed(proc: Process, args: Arguments) -> Waiting:
    """Edit lines."""
    commands = parse(proc, args, (yield from _script(proc, args)))
    names = args.operands
    if "i" not in args:
        return (yield from Editor(proc, args, commands, HANDLERS, proc.out).run(names))
    code = 0
    for name in names:
        out: list[bytes] = []
        path = proc.path(name)
        if not proc.fs.is_file(path):
            code = _cannot_edit(proc, name)
            continue
        editor = Editor(proc, args, parse(proc, args, args.value("e")), HANDLERS, out.append)
        code = max(code, (yield from editor.run([name])))
        if args.value("i"):
            proc.fs.write(path + args.value("i"), proc.fs.content(path))
        proc.fs.write(path, b"".join(out))
    return code


def _cannot_edit(proc: Process, name: str) -> int:
    path = proc.path(name)
    if proc.fs.is_dir(path):
        proc.err(f"sed: couldn't edit {name}: not a regular file\n")
        return 4
    return blame(proc, FileSystemError(2), name, "can't read {}", "{}", 2 if not is_busybox(proc) else 1)


def _script(proc: Process, args: Arguments) -> Generator[Wait, Any, str]:
    """The script: all -e and -f in order, or the first operand; it is kept as an -e for editing in place."""
    pieces = []
    for name, value in args.given:
        if name == "e":
            pieces.append(value)
        elif name == "f":
            data = yield from open_source(proc, value).read_all()
            pieces.append(text_of(data).removesuffix("\n"))
    if not args.any("ef"):
        if not args.operands:
            raise UsageFailure("no script specified", usage=USAGE)
        pieces.append(args.operands.pop(0))
    text = "\n".join(pieces)
    args.given = [(name, value) for name, value in args.given if name not in "ef"] + [("e", text)]
    return text


def parse(proc: Process, args: Arguments, text: str) -> list[Command]:
    """The commands of the script; a wrong one ends sed."""
    try:
        return parse_script(text, extended=args.any("Er"))
    except SedError as error:
        raise ProgramFailure(f"-e expression #1, char {error.at}: {error}", busybox=error.busybox) from None
