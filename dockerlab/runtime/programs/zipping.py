"""zip and unzip (Info-ZIP 3.0 and 6.0)."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import ProgramFailure
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

MOST = 256 << 20
"""Bytes that an archive may unpack to."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""What a zip archive can't go behind; used for all members, so that archives don't depend on the time zone."""


@program("zip", options="rqj", usage="zip [-rqj] ZIPFILE FILE...")
def pack(proc: Process, args: Arguments) -> int:
    """Put files into an archive, stored as they are."""
    if len(args.operands) < 2:
        raise ProgramFailure("zip error: Nothing to do!", code=12)
    target, *names = args.operands
    target = target if "." in posixpath.basename(target) else f"{target}.zip"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in [path for given in names for path in _members(proc, given, deep="r" in args)]:
            stored = posixpath.basename(name) if "j" in args else name.lstrip("/")
            folder = proc.fs.is_dir(proc.path(name))
            archive.writestr(
                zipfile.ZipInfo(f"{stored}/" if folder else stored, _EPOCH),
                b"" if folder else proc.fs.read(proc.path(name)),
            )
            if "q" not in args:
                proc.out(f"  adding: {stored}{'/' * folder} (stored 0%)\n")
    proc.fs.write(proc.path(target), buffer.getvalue())
    return 0


def _members(proc: Process, name: str, *, deep: bool) -> Iterator[str]:
    if not proc.fs.exists(proc.path(name)):
        proc.err(f"\tzip warning: name not matched: {name}\n")
        return
    yield name.rstrip("/")
    if deep and proc.fs.is_dir(proc.path(name)):
        for child in proc.fs.listdir(proc.path(name)):
            yield from _members(proc, f"{name.rstrip('/')}/{child}", deep=True)


@program("unzip", options="oqld:", usage="unzip [-oql] ZIPFILE [-d FOLDER]")
def unpack(proc: Process, args: Arguments) -> int:
    """Take the files out of an archive, or list them."""
    if not args.operands:
        raise ProgramFailure("usage: unzip [-oql] file[.zip] [-d exdir]", code=10)
    name = args.operands[0]
    name = name if proc.fs.is_file(proc.path(name)) else f"{name}.zip"
    if not proc.fs.is_file(proc.path(name)):
        base = args.operands[0]
        proc.err(f"unzip:  cannot find or open {base}, {base}.zip or {base}.ZIP.\n")
        return 9
    try:
        archive = zipfile.ZipFile(io.BytesIO(proc.fs.read(proc.path(name))))
    except zipfile.BadZipFile:
        proc.out(f"Archive:  {name}\n")
        proc.err("  End-of-central-directory signature not found.  Either this file is not\n  a zipfile.\n")
        return 9
    with archive:
        return _list(proc, name, archive) if "l" in args else _extract(proc, args, name, archive)


def _list(proc: Process, name: str, archive: zipfile.ZipFile) -> int:
    rows = archive.infolist()
    proc.out(f"Archive:  {name}\n  Length      Date    Time    Name\n---------  ---------- -----   ----\n")
    for row in rows:
        year, month, day, hour, minute, _ = row.date_time
        proc.out(f"{row.file_size:9}  {year}-{month:02}-{day:02} {hour:02}:{minute:02}   {row.filename}\n")
    plural = "s" * (len(rows) != 1)
    total = sum(row.file_size for row in rows)
    proc.out(f"---------                     -------\n{total:9}                     {len(rows)} file{plural}\n")
    return 0


def _extract(proc: Process, args: Arguments, name: str, archive: zipfile.ZipFile) -> int:
    target = args.value("d")
    quiet = "q" in args
    if not quiet:
        proc.out(f"Archive:  {name}\n")
    if sum(row.file_size for row in archive.infolist()) > MOST:
        raise ProgramFailure("the archive unpacks to more than dockerlab takes")
    for row in archive.infolist():
        # A name that leads out of the folder loses what leads there, as in Info-ZIP.
        safe = "/".join(part for part in row.filename.split("/") if part not in ("", ".", ".."))
        path = posixpath.join(target, safe)
        if row.is_dir():
            proc.fs.mkdir(proc.path(path), parents=True)
        else:
            proc.fs.mkdir(posixpath.dirname(proc.path(path)), parents=True)
            proc.fs.write(proc.path(path), archive.read(row))
        if not quiet:
            word = "   creating" if row.is_dir() else " extracting" if not row.compress_type else "  inflating"
            proc.out(f"{word}: {path}{'/' * row.is_dir()}{'' if row.is_dir() else '  '}\n")
    return 0
