"""apt, apt-get, apt-cache: what they print is what they print in a docker build, where there is no terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dockerlab.runtime.packages.apt_install import Installer, installed_size
from dockerlab.runtime.packages.apt_plan import AptError, Plan, base_name, plan_install
from dockerlab.runtime.packages.catalogue import Package, debian
from dockerlab.runtime.packages.dpkg import Database, erase
from dockerlab.runtime.packages.sources import (
    LISTS,
    family_of,
    is_fresh,
    lists_date,
    read_sources,
    store_lists,
    suite_of,
)
from dockerlab.runtime.packages.units import size_text
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

SPEED = 8_000_000
"""Bytes a second that the simulated line carries."""
TROUBLE = 100
WARNING = "\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n"
READING = "Reading package lists...\n"
BUILDING = f"{READING}Building dependency tree...\nReading state information...\n"
NO_PERMISSION = "E: Could not open lock file {0} - open (13: Permission denied)\nE: Unable to {1}, are you root?\n"
FLAGS = {
    "--no-install-recommends",
    "--yes",
    "--assume-yes",
    "--quiet",
    "--purge",
    "--allow-unauthenticated",
    "--auto-remove",
}
FLAGS |= {"--fix-missing", "--fix-broken", "--no-upgrade", "--dry-run", "--simulate", "--installed", "--upgradable"}
FLAGS |= {
    "--reinstall",
    "--download-only",
    "--only-upgrade",
    "--install-recommends",
    "--force-yes",
    "--allow-downgrades",
}


class Apt:
    """One run of an apt command."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        self.flags: set[str] = set()
        self.quiet = 0
        self.words = self._read(words)
        self.sources = read_sources(proc.fs)
        self.database = Database(proc.fs)

    def _read(self, words: list[str]) -> list[str]:
        operands = []
        rest = iter(words)
        for word in rest:
            if word in ("-o", "-t", "-c"):
                next(rest, "")
            elif word.startswith("-o") or ("=" in word and word.startswith("--")):
                self.flags.add(word)
            elif word.startswith("--"):
                self._known(word)
            elif word.startswith("-") and len(word) > 1:
                self._letters(word[1:])
            else:
                operands.append(word)
        return operands

    def _known(self, word: str) -> None:
        if word not in FLAGS:
            raise AptError(f"Command line option {word} is not understood in combination with the other options")
        self.flags.add(
            {"--assume-yes": "-y", "--yes": "-y", "--quiet": "-q", "--simulate": "-s", "--dry-run": "-s"}.get(
                word, word
            )
        )

    def _letters(self, letters: str) -> None:
        for letter in letters:
            if letter not in "yqsdfmuVh":
                text = f"Command line option '{letter}' [from -{letters}] is not known."
                raise AptError(text)
            self.quiet += letter == "q"
            self.flags.add(f"-{letter}")

    @property
    def known(self) -> Mapping[str, Package]:
        """What the lists say there is: nothing before an update, old versions when they are old."""
        moment = lists_date(self.proc.fs, self.sources)
        if moment is None:
            return {}
        return {name: package.at(moment) for name, package in debian(suite_of(self.proc.fs)).items()}

    @property
    def offered(self) -> Mapping[str, Package]:
        """What the repository has now."""
        now = self.proc.kernel.clock.now
        return {name: package.at(now) for name, package in debian(suite_of(self.proc.fs)).items()}

    def say(self, text: str) -> None:
        """Print, unless -qq."""
        if self.quiet < 2:
            self.proc.out(text)

    def must_be_root(self, file: str, what: str) -> None:
        """Only root may change what is installed."""
        if self.proc.uid:
            raise AptError(
                f"Could not open lock file {file} - open (13: Permission denied)\nUnable to {what}, are you root?"
            )

    # Commands.

    def update(self) -> Waiting:
        """Fetch the lists."""
        self.must_be_root(f"{LISTS}/lock", f"lock directory {LISTS}/")
        if getattr(self.proc.machine.network, "offline", False):
            return self._unreachable()
        now = self.proc.kernel.clock.now
        family = family_of(self.proc.fs)
        fetched, number = 0, 0
        stale = [source for source in self.sources if not is_fresh(self.proc.fs, source, now)]
        for source in self.sources:
            number += 1
            size = source.releases()[1]
            word = f"Get:{number}" if source in stale else f"Hit:{number}"
            amount = f" [{size_text(size)}]" if source in stale else ""
            self.say(f"{word} {source.uri} {source.suite} InRelease{amount}\n")
            fetched += size if source in stale else 0
        for source in stale:
            for component, _, size in source.indexes(family):
                number += 1
                where = f"{source.uri} {source.suite}/{component} amd64 Packages"
                self.say(f"Get:{number} {where} [{size_text(size)}]\n")
                fetched += size
        yield from self.download(fetched)
        for source in stale:
            store_lists(self.proc.fs, source, family, now)
        self.say(READING)
        if name_of(self.proc) == "apt":
            self.say("Building dependency tree...\nReading state information...\n" + self._state())
        return 0

    def _state(self) -> str:
        old = self._upgradable()
        if not old:
            return "All packages are up to date.\n"
        many = f"{len(old)} packages" if len(old) > 1 else "1 package"
        return f"{many} can be upgraded. Run 'apt list --upgradable' to see {'them' if len(old) > 1 else 'it'}.\n"

    def _upgradable(self) -> list[Package]:
        versions = {name: self.database.field(name, "Version") for name in self.database.paragraphs}
        known = self.known
        return [
            known[name]
            for name, version in sorted(versions.items())
            if name in known and known[name].version != version
        ]

    def _unreachable(self) -> int:
        for at, source in enumerate(self.sources, start=1):
            host = re.sub(r"^\w+://|/.*", "", source.uri)
            self.say(f"Ign:{at} {source.uri} {source.suite} InRelease\n  Temporary failure resolving '{host}'\n")
        self.say(READING)
        for source in self.sources:
            host = re.sub(r"^\w+://|/.*", "", source.uri)
            where = f"{source.uri}/dists/{source.suite}/InRelease"
            self.proc.err(f"W: Failed to fetch {where}  Temporary failure resolving '{host}'\n")
        self.proc.err("W: Some index files failed to download. They have been ignored, or old ones used instead.\n")
        return 0

    def download(self, size: int) -> Waiting:
        """Let the time of a download pass, and say how long it took."""
        if not size:
            return 0
        seconds = max(1, round(size / SPEED))
        yield from self.proc.sleep(seconds)
        self.say(f"Fetched {size_text(size)} in {seconds}s ({size_text(size // seconds)}/s)\n")
        return 0

    def install(self) -> Waiting:
        """Install packages with all that they need."""
        self.must_be_root("/var/lib/dpkg/lock-frontend", "acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend)")
        self.say(BUILDING)
        names = [word for word in self.words[1:] if not word.endswith("-")]
        recommends = "--no-install-recommends" not in self.flags and not any(
            "Install-Recommends=false" in flag for flag in self.flags
        )
        plan = plan_install(names, self.known, self.database, recommends=recommends)
        for name in plan.present:
            self.say(f"{name} is already the newest version ({self.database.field(name, 'Version')}).\n")
        return (yield from Installer(self, plan, self.offered).run())

    def upgrade(self) -> Waiting:
        """Bring all that is installed to the versions of the lists."""
        self.say(f"{BUILDING}Calculating upgrade...\n")
        return (yield from Installer(self, Plan(upgraded=self._upgradable()), self.offered).run())

    def remove(self) -> Waiting:
        """Remove packages."""
        self.must_be_root("/var/lib/dpkg/lock-frontend", "acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend)")
        self.say(BUILDING)
        names = [base_name(word) for word in self.words[1:]]
        for name in names:
            if name not in self.database and name not in self.known:
                raise AptError(f"Unable to locate package {name}")
        there = [name for name in names if name in self.database]
        for name in names:
            if name not in there:
                self.say(f"Package '{name}' is not installed, so not removed\n")
        return (yield from self._remove(there))

    def _remove(self, names: list[str]) -> Waiting:
        mark = "*" if self.words[0] == "purge" or "--purge" in self.flags else ""
        if names:
            listed = " ".join(name + mark for name in sorted(names))
            self.say(f"The following packages will be REMOVED:\n  {listed}\n")
        self.say(f"0 upgraded, 0 newly installed, {len(names)} to remove and 0 not upgraded.\n")
        if not names:
            return 0
        size = sum(installed_size(self.database, name) for name in names)
        self.say(f"After this operation, {size_text(size)} disk space will be freed.\n")
        if not (yield from Installer(self, Plan(), {}).agreed()):
            return 1
        self.proc.out(f"(Reading database ... {self.database.count()} files and directories currently installed.)\n")
        for name in names:
            self.proc.out(f"Removing {name} ({self.database.field(name, 'Version')}) ...\n")
            erase(self.proc, self.database, name)
        self.database.save()
        return 0

    def autoremove(self) -> Waiting:
        """Remove what nothing needs any more: nothing here is known to be unneeded."""
        self.say(f"{BUILDING}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n")
        return 0
        yield  # a command that never waits

    def clean(self) -> Waiting:
        """Remove downloaded archives; they are not kept anyway."""
        return 0
        yield  # a command that never waits

    def search(self) -> Waiting:
        """Find packages whose name or summary has a word."""
        words = [re.compile(word, re.I) for word in self.words[1:]]
        found = [
            package
            for name, package in sorted(self.known.items())
            if all(word.search(f"{name} {package.summary}") for word in words)
        ]
        if name_of(self.proc) == "apt":
            self.say("Sorting...\nFull Text Search...\n")
            self.say(
                "".join(
                    f"{each.name}/{suite_of(self.proc.fs)} {each.version} {each.architecture}\n  {each.summary}\n\n"
                    for each in found
                )
            )
        else:
            self.say("".join(f"{each.name} - {each.summary}\n" for each in found))
        return 0
        yield  # a command that never waits

    def show(self) -> Waiting:
        """Describe packages."""
        for name in self.words[1:]:
            package = self.known.get(name)
            if package is None:
                raise AptError("No packages found")
            depends = f"Depends: {', '.join(package.depends)}\n" if package.depends else ""
            self.say(
                f"Package: {name}\nVersion: {package.version}\nInstalled-Size: {size_text(package.size)}\n{depends}"
            )
            self.say(f"Download-Size: {size_text(package.download)}\nDescription: {package.summary}\n\n")
        return 0
        yield  # a command that never waits

    def policy(self) -> Waiting:
        """Which version is installed, and which would be."""
        for name in self.words[1:]:
            package = self.known.get(name)
            if package or name in self.database:
                installed = self.database.field(name, "Version") or "(none)"
                self.say(
                    f"{name}:\n  Installed: {installed}\n  Candidate: {package.version if package else installed}\n"
                )
        return 0
        yield  # a command that never waits

    def list_(self) -> Waiting:
        """List packages, installed or all."""
        self.say("Listing...\n")
        suite = suite_of(self.proc.fs)
        names = (
            sorted(self.database.paragraphs)
            if "--installed" in self.flags
            else sorted({*self.known, *self.database.paragraphs})
        )
        if "--upgradable" in self.flags:
            names = [package.name for package in self._upgradable()]
        for name in names:
            if len(self.words) > 1 and name not in self.words[1:]:
                continue
            package = self.known.get(name)
            version = self.database.field(name, "Version") or (package.version if package else "")
            mark = " [installed]" if name in self.database else ""
            self.say(f"{name}/{suite} {version} {self.database.field(name, 'Architecture') or 'amd64'}{mark}\n")
        return 0
        yield  # a command that never waits


COMMANDS: dict[str, Callable[[Apt], Waiting]] = {
    "update": Apt.update, "install": Apt.install, "remove": Apt.remove, "purge": Apt.remove, "upgrade": Apt.upgrade,
    "dist-upgrade": Apt.upgrade, "full-upgrade": Apt.upgrade, "autoremove": Apt.autoremove, "clean": Apt.clean,
    "autoclean": Apt.clean, "search": Apt.search, "show": Apt.show, "policy": Apt.policy, "list": Apt.list_,
    "check": Apt.clean,
}  # fmt: skip


@program("apt", "apt-get", "apt-cache", raw=True)
def apt(proc: Process, args: Arguments) -> Waiting:
    """Manage packages."""
    name = name_of(proc)
    if name == "apt" and not proc.is_terminal(1):
        proc.err(WARNING)
    try:
        run = Apt(proc, args.operands)
        if not run.words:
            proc.out(f"{name} 2.6.1 (amd64)\nUsage: {name} [options] command\n")
            return 0 if name != "apt-get" else 1
        command = COMMANDS.get(run.words[0])
        if command is None:
            raise AptError(f"Invalid operation {run.words[0]}")
        return (yield from command(run))
    except AptError as error:
        proc.err("".join(f"E: {line}\n" for line in str(error).splitlines()))
        return TROUBLE
