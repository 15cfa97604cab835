"""apk: Alpine's package manager, with /etc/apk/world and /lib/apk/db/installed as it keeps them."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Callable, Mapping

from dockerlab.fs.content import Filler
from dockerlab.runtime.packages.catalogue import Package, simple
from dockerlab.runtime.packages.sources import os_release
from dockerlab.runtime.packages.units import mebibytes
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text, write_text
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.world import NANOSECOND

WORLD, INSTALLED, REPOSITORIES, CACHE = (
    "/etc/apk/world",
    "/lib/apk/db/installed",
    "/etc/apk/repositories",
    "/var/cache/apk",
)
INDEX_SIZE = 1_300_000
BASE_SIZE, BASE_COUNT = 8 << 20, 15
"""What a minimal image has installed."""
ROOT_ONLY = "ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n"


class Apk:
    """One run of apk."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        self.fs = proc.fs
        self.flags = {word for word in words if word.startswith("-")}
        operands = [word for word in words if not word.startswith("-")]
        # `-t NAME` and `--virtual NAME` take a word.
        self.virtual = ""
        for at, word in enumerate(words):
            if word in ("-t", "--virtual") and at + 1 < len(words):
                self.virtual = words[at + 1]
                operands.remove(self.virtual)
        self.words = operands
        self.installed = self._read_installed()

    @property
    def known(self) -> Mapping[str, Package]:
        """What the repositories have now."""
        now = self.proc.kernel.clock.now
        return {name: package.at(now) for name, package in simple("alpine").items()}

    def _read_installed(self) -> dict[str, str]:
        text = read_text(self.fs, INSTALLED)
        return dict(re.findall(r"^P:(\S+)\n(?:D:.*\n)?V:(\S+)$", text, re.M))

    def repositories(self) -> list[str]:
        """The places that /etc/apk/repositories names."""
        lines = read_text(self.fs, REPOSITORIES).splitlines()
        found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        version = ".".join(os_release(self.fs).get("VERSION_ID", "3.22").split(".")[:2])
        return found or [f"https://alpine.example/alpine/v{version}/{part}" for part in ("main", "community")]

    def indexes(self) -> list[str]:
        """The cached index of each repository."""
        return [f"{CACHE}/APKINDEX.{at:08x}.tar.gz" for at in range(len(self.repositories()))]

    # Commands.

    def update(self) -> Waiting:
        """Fetch the indexes."""
        yield from self._fetch(keep=True)
        version = os_release(self.fs).get("VERSION_ID", "3.22.0")
        build = self.proc.kernel.clock.now // NANOSECOND // 86_400 % 900
        for place in self.repositories():
            self.proc.out(f"v{version}-{build}-g{zlib.crc32(place.encode()):08x} [{place}]\n")
        self.proc.out("OK: 26324 distinct packages available\n")
        return 0

    def _fetch(self, *, keep: bool) -> Waiting:
        for place in self.repositories():
            self.proc.out(f"fetch {place}/x86_64/APKINDEX.tar.gz\n")
        yield from self.proc.sleep(1)
        if keep:
            self.fs.mkdir(CACHE, parents=True)
            for index in self.indexes():
                self.fs.write(index, Filler(f"{index} {self.proc.kernel.clock.now}", INDEX_SIZE))
        return 0

    def add(self) -> Waiting:
        """Install packages with all that they need."""
        names = self.words[1:]
        fresh = self.fresh
        if fresh:
            yield from self._fetch(keep="--no-cache" not in self.flags)
        known = self.known if fresh or all(self.fs.exists(index) for index in self.indexes()) else {}
        missing = [name for name in names if re.split("[=<>~]", name)[0] not in known and name not in self.installed]
        if missing:
            return self._unknown(missing, cached=bool(known))
        plan: list[Package] = []
        for name in names:
            self._plan(re.split("[=<>~]", name)[0], known, plan)
        yield from self._install(plan)
        self._keep_world(names)
        if self.virtual:
            self._note_virtual(names)
        return 0

    def _note_virtual(self, names: list[str]) -> None:
        """A virtual package depends on what was named with it, so that `del` of it takes all."""
        text = read_text(self.fs, INSTALLED)
        needs = " ".join(re.split("[=<>~]", name)[0] for name in names)
        write_text(self.fs, INSTALLED, text.replace(f"P:{self.virtual}\n", f"P:{self.virtual}\nD:{needs}\n", 1))

    def _unknown(self, names: list[str], *, cached: bool) -> int:
        if not cached:
            for place in self.repositories():
                self.proc.out(f"WARNING: opening from cache {place}: No such file or directory\n")
        self.proc.out("ERROR: unable to select packages:\n")
        for name in sorted(names):
            self.proc.out(f"  {name} (no such package):\n    required by: {self.virtual or f'world[{name}]'}\n")
        return len(names)

    def _plan(self, name: str, known: Mapping[str, Package], plan: list[Package]) -> None:
        if name in self.installed or name not in known or any(package.name == name for package in plan):
            return
        package = known[name]
        plan.append(package)
        for other in package.depends:
            self._plan(other, known, plan)
        plan.remove(package)
        plan.append(package)

    def _install(self, plan: list[Package]) -> Waiting:
        if self.virtual:
            plan = [*plan, Package(self.virtual, self.proc.kernel.clock.date().strftime("%Y%m%d.%H%M%S"), 0, 0)]
        for number, package in enumerate(plan, start=1):
            self.proc.out(f"({number}/{len(plan)}) Installing {package.name} ({package.version})\n")
            self._unpack(package)
        if plan:
            yield from self.proc.sleep(max(1, sum(package.download for package in plan) // 20_000_000))
            self.proc.out(f"Executing busybox-{self.installed.get('busybox', '1.37.0-r18')}.trigger\n")
        if any(package.name == "ca-certificates" for package in plan):
            self.proc.out(f"Executing ca-certificates-{self.installed['ca-certificates']}.trigger\n")
        self._report()
        return 0

    def _unpack(self, package: Package) -> None:
        paths = []
        for path, content, mode in package.files():
            if path.endswith("/copyright"):
                continue
            self.fs.mkdir(posixpath.dirname(path), parents=True)
            if self.fs.find(path, follow=False):
                self.fs.unlink(path)
            self.fs.write(path, content, mode=mode)
            paths.append(path)
        for path, target in package.links.items():
            if not self.fs.find(path, follow=False):
                self.fs.symlink(target, path)
            paths.append(path)
        entry = f"P:{package.name}\nV:{package.version}\nI:{package.size}\n" + "".join(f"F:{path}\n" for path in paths)
        self.fs.mkdir(posixpath.dirname(INSTALLED), parents=True)
        write_text(self.fs, INSTALLED, f"{read_text(self.fs, INSTALLED)}{entry}\n")
        self.installed[package.name] = package.version

    def _keep_world(self, names: list[str]) -> None:
        world = set(read_text(self.fs, WORLD).split()) | set([self.virtual] if self.virtual else names)
        self.fs.mkdir(posixpath.dirname(WORLD), parents=True)
        write_text(self.fs, WORLD, "".join(f"{name}\n" for name in sorted(world)))

    def _report(self) -> None:
        sizes = [int(size) for size in re.findall(r"^I:(\d+)$", read_text(self.fs, INSTALLED), re.M)]
        base = 0 if "busybox" in self.installed else BASE_SIZE
        count = len(self.installed) + (0 if "busybox" in self.installed else BASE_COUNT)
        self.proc.out(f"OK: {mebibytes(base + sum(sizes))} in {count} packages\n")

    def delete(self) -> Waiting:
        """Remove packages, and what only they needed."""
        names = self.words[1:]
        world = [name for name in read_text(self.fs, WORLD).split() if name not in names]
        needed = self._needed(world)
        gone = [
            name for name in reversed(self.installed) if name in names or (name in self.known and name not in needed)
        ]
        for number, name in enumerate(gone, start=1):
            self.proc.out(f"({number}/{len(gone)}) Purging {name} ({self.installed[name]})\n")
            self._erase(name)
        write_text(self.fs, WORLD, "".join(f"{name}\n" for name in world))
        self._report()
        return 0
        yield  # a command that never waits

    def _needed(self, world: list[str]) -> set[str]:
        needed: set[str] = set()
        virtual = dict(re.findall(r"^P:(\S+)\nD:(.*)$", read_text(self.fs, INSTALLED), re.M))
        todo = list(world)
        while todo:
            name = todo.pop()
            if name not in needed:
                needed.add(name)
                todo += self.known[name].depends if name in self.known else virtual.get(name, "").split()
        return needed

    def _erase(self, name: str) -> None:
        blocks = read_text(self.fs, INSTALLED).split("\n\n")
        for block in blocks:
            if block.startswith(f"P:{name}\n"):
                for path in re.findall(r"^F:(.*)$", block, re.M):
                    if self.fs.find(path, follow=False) and not self.fs.is_dir(path):
                        self.fs.unlink(path)
        kept = [block for block in blocks if block.strip() and not block.startswith(f"P:{name}\n")]
        write_text(self.fs, INSTALLED, "".join(f"{block.strip()}\n\n" for block in kept))
        del self.installed[name]

    def info(self) -> Waiting:
        """List what is installed; -e asks for one package, -L for its files; a name is described."""
        names = self.words[1:]
        if {"-e", "--installed"} & self.flags:
            self.proc.out("".join(f"{name}\n" for name in names if name in self.installed))
            return 0 if all(name in self.installed for name in names) else 1
        if not names:
            verbose = {"-v", "-vv"} & self.flags
            rows = (f"{name}-{version}" if verbose else name for name, version in sorted(self.installed.items()))
            self.proc.out("".join(f"{row}\n" for row in rows))
            return 0
        for name in names:
            self._describe(name)
        return 0 if all(name in self.installed or name in self.known for name in names) else 1
        yield  # a command that never waits

    def _describe(self, name: str) -> None:
        version = self.installed.get(name)
        package = self.known.get(name)
        if version and {"-L", "--contents"} & self.flags:
            files = "".join(f"{path.lstrip('/')}\n" for path in self._files(name))
            self.proc.out(f"{name}-{version} contains:\n{files}\n")
        elif package:
            title = f"{name}-{version or package.version}"
            summary = package.summary or f"{name} for Alpine Linux"
            self.proc.out(f"{title} description:\n{summary}\n\n{title} webpage:\nhttps://alpine.example/{name}\n\n")
            self.proc.out(f"{title} installed size:\n{mebibytes(package.size)}\n\n")

    def _files(self, name: str) -> list[str]:
        blocks = read_text(self.fs, INSTALLED).split("\n\n")
        block = next((block for block in blocks if block.startswith(f"P:{name}\n")), "")
        return re.findall(r"^F:(.*)$", block, re.M)

    def search(self) -> Waiting:
        """Find packages by a part of their name; -e wants the whole name, -v the description too."""
        words = self.words[1:] or [""]
        known = self.known if all(self.fs.exists(index) for index in self.indexes()) or self.fresh else {}
        for name, package in sorted(known.items()):
            if any(name == word if "-e" in self.flags else word in name for word in words):
                more = f" - {package.summary or name}" if {"-v", "-d"} & self.flags else ""
                self.proc.out(f"{name}-{package.version}{more}\n")
        return 0
        yield  # a command that never waits

    @property
    def fresh(self) -> bool:
        """Whether the indexes are fetched for this run."""
        return bool({"--no-cache", "-U", "--update", "--update-cache"} & self.flags)

    def upgrade(self) -> Waiting:
        """Bring everything to the newest version."""
        if self.fresh:
            yield from self._fetch(keep="--no-cache" not in self.flags)
        elif not all(self.fs.exists(index) for index in self.indexes()):
            yield from self._fetch(keep=True)
        old = [self.known[name] for name, version in self.installed.items() if self._is_old(name, version)]
        for number, package in enumerate(old, start=1):
            before = self.installed[package.name]
            self.proc.out(f"({number}/{len(old)}) Upgrading {package.name} ({before} -> {package.version})\n")
            self._erase(package.name)
            self._unpack(package)
        yield from self.proc.sleep(1 if old else 0)
        self._report()
        return 0

    def _is_old(self, name: str, version: str) -> bool:
        """Whether the repository has a newer version: the same upstream one with a higher number behind -r."""
        newest = self.known[name].version if name in self.known else version
        same = newest.rpartition("-r")[0] == version.rpartition("-r")[0]
        return same and int(newest.rpartition("-r")[2]) > int(version.rpartition("-r")[2] or 0)


COMMANDS: dict[str, Callable[[Apk], Waiting]] = {
    "update": Apk.update, "add": Apk.add, "del": Apk.delete, "info": Apk.info, "list": Apk.info, "search": Apk.search,
    "upgrade": Apk.upgrade,
}  # fmt: skip


@program("apk", raw=True)
def apk(proc: Process, args: Arguments) -> Waiting:
    """Manage packages."""
    run = Apk(proc, args.operands)
    command = COMMANDS.get(run.words[0]) if run.words else None
    if command is None:
        proc.out("apk-tools 2.14.9, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n")
        return 1
    if proc.uid and run.words[0] in ("add", "del", "update", "upgrade"):
        proc.out(ROOT_ONLY)
        return 99
    return (yield from command(run))
