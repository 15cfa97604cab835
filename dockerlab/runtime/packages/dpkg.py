"""dpkg: the database of installed packages (/var/lib/dpkg), and the programs that ask it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from dockerlab.fs.filesystem import FileSystem
from dockerlab.runtime.packages.catalogue import Package
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text, write_text
from dockerlab.runtime.programs.messages import complain
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

STATUS = "/var/lib/dpkg/status"
INFO = "/var/lib/dpkg/info"
BASE_FILES = 4_381
"""Files and directories that the packages of a minimal image have, as dpkg counts them."""
LIST_HEAD = (
    "Desired=Unknown/Install/Remove/Purge/Hold\n"
    "| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n"
    "|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n"
)


class Database:
    """The status file: a paragraph for each package."""

    def __init__(self, fs: FileSystem) -> None:
        self.fs = fs
        self.text = read_text(fs, STATUS)
        self.paragraphs = {
            found[1]: paragraph
            for paragraph in re.split(r"\n\n+", self.text)
            if (found := re.search(r"^Package: (\S+)$", paragraph, re.M))
        }

    def __contains__(self, name: str) -> bool:
        return name in self.paragraphs

    def field(self, name: str, key: str) -> str:
        """A field of a package's paragraph."""
        found = re.search(rf"^{key}: (.*)$", self.paragraphs.get(name, ""), re.M)
        return found[1] if found else ""

    def add(self, package: Package) -> None:
        """Note a package as installed."""
        self.paragraphs[package.name] = (
            f"Package: {package.name}\nStatus: install ok installed\nPriority: optional\n"
            f"Installed-Size: {package.size >> 10}\nArchitecture: {package.architecture}\nVersion: {package.version}\n"
            + (f"Depends: {', '.join(package.depends)}\n" if package.depends else "")
            + f"Description: {package.summary}"
        )

    def remove(self, name: str) -> None:
        """Forget a package."""
        self.paragraphs.pop(name, None)

    def save(self) -> None:
        """Write the status file."""
        self.fs.mkdir(posixpath.dirname(STATUS), parents=True)
        write_text(self.fs, STATUS, "".join(f"{paragraph.strip()}\n\n" for paragraph in self.paragraphs.values()))

    def files(self, name: str) -> list[str]:
        """The files that a package brought."""
        for path in (f"{INFO}/{name}.list", f"{INFO}/{name}:amd64.list"):
            if self.fs.exists(path):
                return read_text(self.fs, path).splitlines()
        return []

    def count(self) -> int:
        """How many files and directories are installed, as '(Reading database ...' says."""
        added = 0
        for name in self.fs.listdir(INFO) if self.fs.is_dir(INFO) else []:
            if name.endswith(".list"):
                added += len(read_text(self.fs, f"{INFO}/{name}").splitlines())
        return BASE_FILES + added


def unpack(proc: Process, package: Package) -> None:
    """Put a package's files in place, and remember which they are."""
    fs = proc.fs
    paths: list[str] = []
    for path, content, mode in package.files():
        fs.mkdir(posixpath.dirname(path), parents=True)
        if fs.find(path, follow=False):
            fs.unlink(path)
        fs.write(path, content, mode=mode)
        paths.append(path)
    for path, target in package.links.items():
        fs.mkdir(posixpath.dirname(path), parents=True)
        if not fs.find(path, follow=False):
            fs.symlink(target, path)
        paths.append(path)
    fs.mkdir(INFO, parents=True)
    write_text(fs, f"{INFO}/{package.name}.list", "".join(f"{path}\n" for path in paths))


def erase(proc: Process, database: Database, name: str) -> None:
    """Remove a package's files and its paragraph."""
    for path in database.files(name):
        if proc.fs.find(path, follow=False) and not proc.fs.is_dir(path):
            proc.fs.unlink(path)
    for path in (f"{INFO}/{name}.list", f"{INFO}/{name}:amd64.list"):
        if proc.fs.exists(path):
            proc.fs.unlink(path)
    database.remove(name)


def _rows(database: Database, patterns: list[str]) -> Iterator[list[str]]:
    for name in sorted(database.paragraphs):
        if not patterns or any(fnmatchcase(name, form) for form in patterns):
            fields = (database.field(name, key) for key in ("Version", "Architecture", "Description"))
            yield ["ii", name, *fields]


def _list(proc: Process, database: Database, patterns: list[str]) -> int:
    rows = list(_rows(database, patterns))
    if not rows:
        for pattern in patterns:
            proc.err(f"dpkg-query: no packages found matching {pattern}\n")
        return 1
    head = ["||/", "Name", "Version", "Architecture", "Description"]
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(4)]
    proc.out(LIST_HEAD)
    proc.out(_line(head, widths) + "\n+++" + "".join(f"-{'=' * width}" for width in widths[1:]) + "-" + "=" * 32 + "\n")
    proc.out("".join(f"{_line(row, widths)}\n" for row in rows))
    return 0


def _line(row: list[str], widths: list[int]) -> str:
    return " ".join([*(f"{cell:<{width}}" for cell, width in zip(row[:4], widths, strict=True)), row[4]]).rstrip()


def _status(proc: Process, database: Database, names: list[str]) -> int:
    code = 0
    for name in names:
        if name in database:
            proc.out(f"{database.paragraphs[name].strip()}\n")
        else:
            proc.err(f"dpkg-query: package '{name}' is not installed and no information is available\n")
            proc.err("Use dpkg --info (= dpkg-deb --info) to examine archive files.\n")
            code = 1
    return code


def _files(proc: Process, database: Database, names: list[str]) -> int:
    for name in names:
        if name not in database:
            proc.err(f"dpkg-query: package '{name}' is not installed\n")
            return 1
        proc.out("/.\n" + "".join(f"{path}\n" for path in database.files(name)))
    return 0


def _search(proc: Process, database: Database, names: list[str]) -> int:
    code = 0
    for wanted in names:
        owner = [name for name in sorted(database.paragraphs) if any(wanted in path for path in database.files(name))]
        if not owner:
            proc.err(f"dpkg-query: no path found matching pattern {wanted}\n")
            code = 1
        for name in owner:
            paths = [path for path in database.files(name) if wanted in path]
            proc.out("".join(f"{name}: {path}\n" for path in paths))
    return code


def _show(proc: Process, database: Database, words: list[str]) -> int:
    """dpkg-query -W, with -f's '${Package}' fields."""
    form = "${Package}\\t${Version}\\n"
    patterns: list[str] = []
    for word in words:
        if word.startswith(("-f=", "--showformat=", "-f")):
            form = word.partition("=")[2] or word[2:]
        else:
            patterns.append(word)
    for row in _rows(database, patterns):
        text = re.sub(r"\$\{([\w-]+)(?:;-?\d+)?\}", lambda found, name=row[1]: database.field(name, found[1]), form)  # type: ignore[misc]
        proc.out(text.replace("\\n", "\n").replace("\\t", "\t"))
    return 0


ASKING = {"-l": _list, "--list": _list, "-s": _status, "--status": _status, "-L": _files, "--listfiles": _files}
ASKING |= {"-S": _search, "--search": _search, "-W": _show, "--show": _show}


@program("dpkg", "dpkg-query", raw=True)
def dpkg(proc: Process, args: Arguments) -> int:
    """Ask the database, or remove a package."""
    words = args.operands
    if not words:
        proc.err(
            "dpkg: error: need an action option\n\n"
            "Type dpkg --help for help about installing and deinstalling packages [*];\n"
        )
        return 2
    action, rest = words[0], words[1:]
    database = Database(proc.fs)
    if action in ASKING:
        return ASKING[action](proc, database, rest)
    if action == "--print-architecture":
        proc.out("amd64\n")
        return 0
    if action in ("-r", "--remove", "-P", "--purge"):
        return _remove(proc, database, rest)
    if action in ("-i", "--install") and rest:
        return _no_archive(proc, rest[0])
    return 0 if action in ("--configure", "--audit") else complain(proc, f"error: unknown option {action}", 2)


def _remove(proc: Process, database: Database, names: list[str]) -> int:
    for name in names:
        if name not in database:
            proc.err(f"dpkg: warning: ignoring request to remove {name} which isn't installed\n")
            continue
        proc.out(f"(Reading database ... {database.count()} files and directories currently installed.)\n")
        proc.out(f"Removing {name} ({database.field(name, 'Version')}) ...\n")
        erase(proc, database, name)
        database.save()
    return 0


def _no_archive(proc: Process, name: str) -> int:
    there = proc.fs.exists(proc.path(name))
    reason = "is not a Debian format archive" if there else "cannot access archive: No such file or directory"
    text = (
        f"dpkg-deb: error: '{name}' {reason}"
        if there
        else f"dpkg: error: cannot access archive '{name}': No such file or directory"
    )
    proc.err(text + "\n")
    return 2 if not there else 1
