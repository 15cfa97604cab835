"""dpkg and dpkg-query: ask the database of installed packages, and install or remove single archives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from dockerlab.fs.content import Bytes, Concat, Content, Filler
from dockerlab.fs.filesystem import FileSystem
from dockerlab.runtime.packages.catalogue import Package, debian
from dockerlab.runtime.packages.dpkg_database import Database, describe, erase, unpack
from dockerlab.runtime.packages.sources import suite_of
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

LIST_HEAD = (
    "Desired=Unknown/Install/Remove/Purge/Hold\n"
    "| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n"
    "|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n"
)
NARROWEST = (3, 14, 12, 12, 33)
"""The widths that dpkg -l's columns have at least, where no terminal tells it another."""
MAGIC = b"!<arch>\ndebian-binary\n2.0\n"
HELP = """
Type dpkg --help for help about installing and deinstalling packages [*];
Use 'apt' or 'aptitude' for user-friendly package management;
Type dpkg -Dhelp for a list of dpkg debug flag values;
Type dpkg --force-help for a list of forcing options;
Type dpkg-deb --help for help about manipulating *.deb files;

Options marked [*] produce a lot of output - pipe it through 'less' or 'more' !
"""
Action = Callable[[Process, Database, list[str]], int]


def archive(package: Package) -> Content:
    """A package as a file: deb(5)'s first member, what it says of itself, and as many bytes as it has."""
    head = MAGIC + describe(package).encode() + b"\n\n"
    return Concat([Bytes(head), Filler(f"{package.file_name}", max(0, package.download - len(head)))])


def read_archive(fs: FileSystem, path: str) -> Package | None:
    """The package in a file that `archive` wrote; None for any other file."""
    head = fs.content(path).read(0, 4096)
    found = re.search(rb"^Package: (\S+)\n(?:.+\n)*?Version: (\S+)$", head, re.M)
    known = debian(suite_of(fs)).get(found[1].decode()) if found and head.startswith(MAGIC) else None
    return replace(known, version=found[2].decode()) if known and found else None


def _rows(database: Database, patterns: list[str]) -> Iterator[list[str]]:
    for name in sorted(database.paragraphs):
        if any(fnmatchcase(name, form) for form in patterns) or (not patterns and name):
            fields = (database.field(name, key) for key in ("Version", "Architecture", "Description"))
            yield ["ii " if name in database else "rc ", name, *fields]


def _list(proc: Process, database: Database, patterns: list[str]) -> int:
    rows = list(_rows(database, patterns))
    for pattern in patterns:
        if not any(fnmatchcase(row[1], pattern) for row in rows):
            proc.err(f"dpkg-query: no packages found matching {pattern}\n")
    if not rows:
        return 1
    head = ["||/", "Name", "Version", "Architecture", "Description"]
    widths = [max(least, *(len(row[at]) for row in rows)) for at, least in enumerate(NARROWEST)]
    proc.out(LIST_HEAD + _line(head, widths))
    proc.out("+++" + "".join(f"-{'=' * width}" for width in widths[1:]) + "\n")
    proc.out("".join(_line(row, widths) for row in rows))
    return 0 if all(any(fnmatchcase(row[1], pattern) for row in rows) for pattern in patterns) else 1


def _line(row: list[str], widths: list[int]) -> str:
    cells = (f"{cell:<{width}}" for cell, width in zip(row[:4], widths[:4], strict=True))
    return " ".join([*cells, row[4]]).rstrip() + "\n"


def _status(proc: Process, database: Database, names: list[str]) -> int:
    code = 0
    for at, name in enumerate(names):
        if name in database.paragraphs:
            proc.out("\n" * bool(at) + f"{database.paragraphs[name].strip()}\n")
        else:
            proc.err(f"dpkg-query: package '{name}' is not installed and no information is available\n")
            proc.err("Use dpkg --info (= dpkg-deb --info) to examine archive files.\n")
            code = 1
    return code


def _files(proc: Process, database: Database, names: list[str]) -> int:
    for name in names:
        if name not in database.paragraphs:
            proc.err(f"dpkg-query: package '{name}' is not installed\n")
            proc.err("Use dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n")
            return 1
        paths = ["/.", *_with_folders(database.files(name))]
        proc.out("".join(f"{path}\n" for path in paths))
    return 0


def _with_folders(paths: list[str]) -> list[str]:
    """Files with the folders that lead to them, each once, folders first."""
    found: dict[str, None] = {}
    for path in paths:
        parts = path.strip("/").split("/")
        for depth in range(1, len(parts) + 1):
            found["/" + "/".join(parts[:depth])] = None
    return list(found)


def _search(proc: Process, database: Database, patterns: list[str]) -> int:
    code = 0
    for wanted in patterns:
        found = [
            (name, path) for name in database.installed for path in database.files(name) if _is_meant(wanted, path)
        ]
        if not found:
            proc.err(f"dpkg-query: no path found matching pattern {wanted}\n")
            code = 1
        proc.out("".join(f"{name}: {path}\n" for name, path in found))
    return code


def _is_meant(wanted: str, path: str) -> bool:
    """A pattern that begins with '/' is a whole path; any other may stand anywhere in it."""
    if wanted.startswith("/"):
        return fnmatchcase(path, wanted) or path == f"/usr{wanted}"
    return fnmatchcase(path, f"*{wanted}*")


def _show(proc: Process, database: Database, words: list[str]) -> int:
    """dpkg-query -W, with -f's '${Package}' fields."""
    form = "${Package}\\t${Version}\\n"
    patterns: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "-f":
            form = next(rest, form)
        elif word.startswith(("-f", "--showformat=")):
            form = word.partition("=")[2] or word[2:]
        else:
            patterns.append(word)
    rows = list(_rows(database, patterns))
    for row in rows:
        text = re.sub(r"\$\{([\w:-]+)(?:;(-?\d+))?\}", lambda found, name=row[1]: _field(database, name, found), form)  # type: ignore[misc]
        proc.out(text.replace("\\n", "\n").replace("\\t", "\t"))
    missing = [pattern for pattern in patterns if not any(fnmatchcase(row[1], pattern) for row in rows)]
    proc.err("".join(f"dpkg-query: no packages found matching {pattern}\n" for pattern in missing))
    return 1 if missing else 0


def _field(database: Database, name: str, found: re.Match[str]) -> str:
    key = {"binary:Package": "Package", "binary:Summary": "Description", "db:Status-Abbrev": ""}.get(found[1], found[1])
    text = database.field(name, key) if key else "ii " if name in database else "rc "
    width = int(found[2] or 0)
    return f"{text:<{width}}" if width >= 0 else f"{text:>{-width}}"


def _remove(proc: Process, database: Database, names: list[str], *, purge: bool = False) -> int:
    for name in names:
        if name not in database and not (purge and name in database.paragraphs):
            proc.err(f"dpkg: warning: ignoring request to remove {name} which isn't installed\n")
            continue
        users = [other for other in database.installed if name in database.depends(other) and other not in names]
        if users:
            return _needed(proc, name, users, "purge" if purge else "remove")
        verb = "Removing" if name in database else "Purging configuration files for"
        proc.out(f"(Reading database ... {database.count()} files and directories currently installed.)\n")
        proc.out(f"{verb} {name} ({database.field(name, 'Version')}) ...\n")
        erase(proc, database, name, purge=purge)
        database.save()
    return 0


def _needed(proc: Process, name: str, users: list[str], action: str) -> int:
    reasons = "".join(f" {user} depends on {name}.\n" for user in users)
    proc.err(f"dpkg: dependency problems prevent removal of {name}:\n{reasons}\n")
    proc.err(f"dpkg: error processing package {name} (--{action}):\n dependency problems - not removing\n")
    proc.err(f"Errors were encountered while processing:\n {name}\n")
    return 1


def _purge(proc: Process, database: Database, names: list[str]) -> int:
    return _remove(proc, database, names, purge=True)


def _install(proc: Process, database: Database, names: list[str]) -> int:
    """Unpack archives, then set up what has all that it needs."""
    unpacked: list[Package] = []
    for name in names:
        if not proc.fs.is_file(proc.path(name)):
            proc.err(f"dpkg: error: cannot access archive '{name}': No such file or directory\n")
            return 2
        package = read_archive(proc.fs, proc.path(name))
        if package is None:
            proc.err(f"dpkg-deb: error: '{name}' is not a Debian format archive\n")
            proc.err(f"dpkg: error processing archive {name} (--install):\n")
            proc.err(" dpkg-deb --control subprocess returned error exit status 2\n")
            proc.err(f"Errors were encountered while processing:\n {name}\n")
            return 1
        _unpack(proc, database, package, name, first=not unpacked)
        unpacked.append(package)
    for package in unpacked:
        database.add(package)
    failed = [package for package in unpacked if not _set_up(proc, database, package)]
    database.save()
    if failed:
        proc.err("Errors were encountered while processing:\n" + "".join(f" {each.name}\n" for each in failed))
    return 1 if failed else 0


def _unpack(proc: Process, database: Database, package: Package, file: str, *, first: bool) -> None:
    old = database.version(package.name)
    if not old:
        proc.out(f"Selecting previously unselected package {package.name}.\n")
    if first:
        proc.out(f"(Reading database ... {database.count()} files and directories currently installed.)\n")
    proc.out(f"Preparing to unpack {file} ...\n")
    proc.out(f"Unpacking {package.name} ({package.version}) {f'over ({old}) ' if old else ''}...\n")
    unpack(proc, package)


def _set_up(proc: Process, database: Database, package: Package) -> bool:
    """False, with the reasons, where a dependency isn't installed."""
    missing = [name for name in package.depends if name not in database]
    if not missing:
        proc.out(f"Setting up {package.name} ({package.version}) ...\n")
        return True
    name = package.name
    proc.err(f"dpkg: dependency problems prevent configuration of {name}:\n")
    proc.err(
        "".join(f" {name} depends on {other}; however:\n  Package {other} is not installed.\n" for other in missing)
    )
    proc.err(f"\ndpkg: error processing package {name} (--install):\n dependency problems - leaving unconfigured\n")
    return False


def _architecture(proc: Process, database: Database, words: list[str]) -> int:
    proc.out("amd64\n")
    return 0


def _version(proc: Process, database: Database, words: list[str]) -> int:
    version = database.version("dpkg") or "1.21.22"
    proc.out(f"Debian '{name_of(proc)}' package management program version {version} (amd64).\n")
    return 0


def _nothing(proc: Process, database: Database, words: list[str]) -> int:
    return 0


ACTIONS: dict[str, Action] = {
    "-l": _list, "--list": _list, "-s": _status, "--status": _status, "-L": _files, "--listfiles": _files,
    "-S": _search, "--search": _search, "-W": _show, "--show": _show, "-r": _remove, "--remove": _remove,
    "-P": _purge, "--purge": _purge, "-i": _install, "--install": _install, "--print-architecture": _architecture,
    "--version": _version, "--configure": _nothing, "--audit": _nothing, "-C": _nothing, "--add-architecture": _nothing,
}  # fmt: skip
CHANGING = {"-i", "--install", "-r", "--remove", "-P", "--purge", "--configure"}


@program("dpkg", "dpkg-query", raw=True)
def dpkg(proc: Process, args: Arguments) -> int:
    """Ask the database, or install and remove packages."""
    words = [word for word in args.operands if not word.startswith(("--force", "--no-pager"))]
    action = next((word for word in words if word in ACTIONS), "")
    if not action:
        fault = f"unknown option {words[0]}" if words else "need an action option"
        proc.err(f"{name_of(proc)}: error: {fault}\n{HELP}")
        return 2
    rest = [word for word in words if word != action]
    if action in CHANGING and proc.uid:
        proc.err("dpkg: error: requested operation requires superuser privilege\n")
        return 2
    if action in CHANGING and not rest and action != "--configure":
        proc.err(f"dpkg: error: {action} needs at least one package archive file argument\n{HELP}")
        return 2
    return ACTIONS[action](proc, Database(proc.fs), rest)
