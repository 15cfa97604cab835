"""dpkg's database of installed packages (/var/lib/dpkg), and apt's marks of what came along by itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from dockerlab.fs.content import Filler
from dockerlab.fs.filesystem import FileSystem
from dockerlab.runtime.packages.catalogue import Package
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text, write_text

STATUS = "/var/lib/dpkg/status"
INFO = "/var/lib/dpkg/info"
MARKS = "/var/lib/apt/extended_states"
INSTALLED, LEFT_OVER = "install ok installed", "deinstall ok config-files"
BASE_FILES = 4_381
"""Files and directories that the packages of a minimal image have, as dpkg counts them."""


class Database:
    """The status file: a paragraph for each package. A removed package whose settings stay has one too."""

    def __init__(self, fs: FileSystem) -> None:
        self.fs = fs
        self.paragraphs: dict[str, str] = {}
        for paragraph in re.split(r"\n\n+", read_text(fs, STATUS)):
            found = re.search(r"^Package: (\S+)$", paragraph, re.M)
            if found:
                self.paragraphs[found[1]] = paragraph
        self.automatic = set(re.findall(r"^Package: (\S+)\n(?:.+\n)*?Auto-Installed: 1", read_text(fs, MARKS), re.M))

    def __contains__(self, name: str) -> bool:
        return name in self.paragraphs and f"Status: {LEFT_OVER}" not in self.paragraphs[name]

    @property
    def installed(self) -> list[str]:
        """The names of the installed packages, sorted."""
        return sorted(name for name in self.paragraphs if name in self)

    def field(self, name: str, key: str) -> str:
        """A field of a package's paragraph."""
        found = re.search(rf"^{re.escape(key)}: (.*)$", self.paragraphs.get(name, ""), re.M)
        return found[1] if found else ""

    def version(self, name: str) -> str:
        """The version of an installed package, '' for others."""
        return self.field(name, "Version") if name in self else ""

    def size(self, name: str) -> int:
        """Bytes that an installed package takes."""
        text = self.field(name, "Installed-Size")
        return int(text) << 10 if text.isdigit() else 0

    def depends(self, name: str) -> list[str]:
        """The names of what an installed package needs."""
        parts = self.field(name, "Depends").split(",")
        return [re.split(r"[ (:|]", part.strip())[0] for part in parts if part.strip()]

    def add(self, package: Package) -> None:
        """Note a package as installed."""
        self.paragraphs[package.name] = describe(package, INSTALLED)

    def upgrade(self, name: str, version: str) -> None:
        """Note a new version of a package that the catalogue doesn't describe."""
        self.paragraphs[name] = re.sub(r"^Version: .*$", f"Version: {version}", self.paragraphs[name], flags=re.M)

    def forget(self, name: str, *, left: bool = False) -> None:
        """A package is gone; `left` says that its settings are still there."""
        self.automatic.discard(name)
        if left:
            self.paragraphs[name] = self.paragraphs[name].replace(f"Status: {INSTALLED}", f"Status: {LEFT_OVER}")
        else:
            self.paragraphs.pop(name, None)

    def save(self) -> None:
        """Write the status file and the marks."""
        self.fs.mkdir(posixpath.dirname(STATUS), parents=True)
        write_text(self.fs, STATUS, "".join(f"{paragraph.strip()}\n\n" for paragraph in self.paragraphs.values()))
        if self.automatic or self.fs.exists(MARKS):
            self.fs.mkdir(posixpath.dirname(MARKS), parents=True)
            entries = (
                f"Package: {name}\nArchitecture: amd64\nAuto-Installed: 1\n\n" for name in sorted(self.automatic)
            )
            write_text(self.fs, MARKS, "".join(entries))

    def list_file(self, name: str) -> str:
        """The file that lists a package's files."""
        paths = (f"{INFO}/{name}.list", f"{INFO}/{name}:amd64.list")
        return next((path for path in paths if self.fs.exists(path)), paths[0])

    def files(self, name: str) -> list[str]:
        """The files that a package brought."""
        return [line for line in read_text(self.fs, self.list_file(name)).splitlines() if line != "/."]

    def count(self) -> int:
        """How many files and directories are installed, as '(Reading database ...' says."""
        names = self.fs.listdir(INFO) if self.fs.is_dir(INFO) else []
        lists = (read_text(self.fs, f"{INFO}/{name}") for name in names if name.endswith(".list"))
        return BASE_FILES + sum(text.count("\n") for text in lists)

    def since(self, name: str) -> int:
        """When a package was unpacked (nanoseconds since 1970)."""
        found = self.fs.find(self.list_file(name))
        return found.mtime if found else 0


def describe(package: Package, status: str = "") -> str:
    """A package's paragraph, as the status file (with a status) and an archive have it (deb-control(5))."""
    needs = (("Depends", package.depends), ("Recommends", package.recommends), ("Suggests", package.suggests))
    return (
        f"Package: {package.name}\n"
        + (f"Status: {status}\n" if status else "")
        + f"Priority: optional\nSection: {package.section}\nInstalled-Size: {package.size >> 10}\n"
        + f"Maintainer: dockerlab's simulated repository\nArchitecture: {package.architecture}\n"
        + (f"Source: {package.source}\n" if package.source not in ("", package.name) else "")
        + f"Version: {package.version}\n"
        + "".join(f"{key}: {', '.join(names)}\n" for key, names in needs if names)
        + f"Description: {package.summary}"
    )


def unpack(proc: Process, package: Package) -> None:
    """Put a package's files in place, and remember which they are; settings that are there already stay."""
    fs = proc.fs
    paths: list[str] = []
    made: set[str] = set()
    for path, content, mode in package.files():
        folder = posixpath.dirname(path)
        if folder not in made:
            fs.mkdir(folder, parents=True)
            made.add(folder)
        there = fs.find(path, follow=False)
        paths.append(path)
        if there and path.startswith("/etc/"):
            continue
        if there:
            fs.unlink(path)
        fs.write(path, content, mode=mode)
    for path, target in package.links.items():
        fs.mkdir(posixpath.dirname(path), parents=True)
        if not fs.find(path, follow=False):
            fs.symlink(target, path)
        paths.append(path)
    fs.mkdir(INFO, parents=True)
    write_text(fs, f"{INFO}/{package.name}.list", "/.\n" + "".join(f"{path}\n" for path in paths))


def unpack_again(proc: Process, database: Database, name: str, version: str) -> None:
    """A newer version of a base package: the same files with other bytes."""
    for path in database.files(name):
        found = proc.fs.find(path, follow=False)
        if found and found.kind == "f" and not path.startswith("/etc/"):
            proc.fs.write(path, Filler(f"{name} {version} {path}", found.size), mode=found.mode & 0o7777)
    text = read_text(proc.fs, database.list_file(name))
    write_text(proc.fs, database.list_file(name), text)


def erase(proc: Process, database: Database, name: str, *, purge: bool = False) -> None:
    """Remove a package's files; without `purge` its settings below /etc stay, and dpkg remembers them."""
    files = database.files(name)
    kept = [] if purge else [path for path in files if path.startswith("/etc/") and _is_file(proc.fs, path)]
    for path in files:
        if path not in kept and proc.fs.find(path, follow=False) and not proc.fs.is_dir(path):
            proc.fs.unlink(path)
    _sweep(proc.fs, {posixpath.dirname(path) for path in files})
    list_file = database.list_file(name)
    if kept:
        write_text(proc.fs, list_file, "/.\n" + "".join(f"{path}\n" for path in kept))
    elif proc.fs.exists(list_file):
        proc.fs.unlink(list_file)
    database.forget(name, left=bool(kept))


def _is_file(fs: FileSystem, path: str) -> bool:
    found = fs.find(path, follow=False)
    return found is not None and found.kind == "f"


def _sweep(fs: FileSystem, folders: Iterable[str]) -> None:
    """Remove a package's own folders when nothing is left in them."""
    for folder in sorted(folders, reverse=True):
        if folder.count("/") > 2 and fs.is_dir(folder) and not fs.listdir(folder):
            fs.rmdir(folder)
