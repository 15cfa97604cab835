"""One run of an apt command: its words, the lists it reads, the locks it takes, and how it speaks."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeAlias

from dockerlab.errors import DockerlabError
from dockerlab.events import Wait
from dockerlab.runtime.packages.catalogue import Package, Repository, debian, newer_version, suite_facts, updates_until
from dockerlab.runtime.packages.dpkg_database import Database
from dockerlab.runtime.packages.sources import Origin, lists_date, origin_of, read_sources, suite_of
from dockerlab.runtime.packages.units import size_text
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of

Command: TypeAlias = "Callable[[Apt], Generator[Wait, Any, int]]"

SPEED = 8_000_000
"""Bytes a second that the simulated line carries."""
LOCK = "/var/lib/dpkg/lock-frontend"
ARCHIVES = "/var/cache/apt/archives"
CHANGING = {"install", "remove", "purge", "upgrade", "dist-upgrade", "full-upgrade", "autoremove", "autopurge"}
CHANGING |= {"reinstall", "build-dep", "auto-remove"}
LETTERS = "yqsdfmuVhb"
SHORT = {
    "--yes": "-y", "--assume-yes": "-y", "--quiet": "-q", "--simulate": "-s", "--dry-run": "-s", "--just-print": "-s",
    "--no-act": "-s", "--download-only": "-d", "--autoremove": "--auto-remove", "--names-only": "-n",
}  # fmt: skip
LONG = set(SHORT) | set(
    "--no-install-recommends --install-recommends --no-install-suggests --purge --allow-unauthenticated --auto-remove "
    "--fix-missing --fix-broken --no-upgrade --only-upgrade --installed --upgradable --upgradeable --reinstall "
    "--force-yes --allow-downgrades --allow-remove-essential --allow-change-held-packages --allow-releaseinfo-change "
    "--allow-insecure-repositories --no-allow-insecure-repositories --print-uris --no-download --assume-no --full "
    "--all-versions --manual-installed --ignore-missing --verbose-versions --no-show-upgraded --trivial-only".split()
)


class AptError(DockerlabError):
    """apt gives up; each line of the text stands behind 'E: '. Exit code 100, as apt has for all errors."""

    exit_code = 100


class Apt:
    """What a command needs to know and say."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        self.name = name_of(proc)
        self.flags: set[str] = set()
        self.settings: dict[str, str] = {}
        self.quiet = 0
        self.words = self._read(words)
        self.suite = suite_of(proc.fs)
        self.sources = read_sources(proc.fs)
        self.database = Database(proc.fs)
        self.local: dict[str, str] = {}
        """Packages that are given as files: name → path."""

    def _read(self, words: list[str]) -> list[str]:
        operands = []
        rest = iter(words)
        for word in rest:
            if word in ("-o", "--option"):
                self._set(next(rest, ""))
            elif word in ("-t", "-c", "--target-release", "-a"):
                next(rest, "")
            elif word.startswith("-o") or ("=" in word and word.startswith("--")):
                self._set(word.removeprefix("-o"))
            elif word.startswith("--"):
                self._flag(word)
            elif word.startswith("-") and len(word) > 1:
                self._letters(word)
            else:
                operands.append(word)
        return operands

    def _set(self, text: str) -> None:
        key, _, value = text.partition("=")
        self.settings[key.lower()] = value.lower()

    def _flag(self, word: str) -> None:
        if word not in LONG:
            raise AptError(f"Command line option {word} is not understood in combination with the other options")
        word = SHORT.get(word, word)
        self.quiet += word == "-q"
        self.flags.add(word)

    def _letters(self, word: str) -> None:
        if word.startswith("-q="):
            self.quiet = int(word[3:]) if word[3:].isdigit() else 1
            return
        letters = word[1:] + ("n" if self.name == "apt-cache" and word == "-n" else "")
        for letter in letters:
            if letter not in LETTERS and not (letter == "n" and self.name != "apt-get"):
                raise AptError(f"Command line option '{letter}' [from {word}] is not known.")
            self.quiet += letter == "q"
            self.flags.add(f"-{letter}")

    @property
    def operands(self) -> list[str]:
        """The words behind the command."""
        return self.words[1:]

    @property
    def wants_recommends(self) -> bool:
        """Whether packages that others recommend come along (APT::Install-Recommends, true by default)."""
        setting = self.settings.get("apt::install-recommends", "true")
        return "--no-install-recommends" not in self.flags and setting not in ("false", "0", "no")

    @functools.cached_property
    def known(self) -> Mapping[str, Package]:
        """What the lists say there is: nothing before an update, old versions when they are old."""
        moment = lists_date(self.proc.fs, self.sources)
        return {} if moment is None else Repository(debian(self.suite), moment)

    @property
    def offered(self) -> Mapping[str, Package]:
        """What the repository has now."""
        return Repository(debian(self.suite), self.proc.kernel.clock.now)

    def origin(self, package: Package) -> Origin:
        """Where a package's archive lies."""
        return origin_of(self.proc.fs, self.sources, package)

    def candidate(self, name: str) -> str:
        """The version that the lists offer of a package, '' for none."""
        return self._candidate(name, lists_date(self.proc.fs, self.sources))

    def _candidate(self, name: str, moment: int | None) -> str:
        if moment is None:
            return ""
        known = Repository(debian(self.suite), moment)
        if name in known:
            return known[name].version
        return self.base_version(name, moment) if name in self.database else ""

    def base_version(self, name: str, moment: int) -> str:
        """The version of a package of the base image: updated as often since it was unpacked as others are."""
        source = self.database.field(name, "Source") or name
        updates = updates_until(source, moment, often=False)
        updates -= updates_until(source, self.database.since(name), often=False)
        version = self.database.version(name)
        return newer_version(version, max(0, updates), suite_facts(self.suite)["revision"])

    def upgradable(self) -> list[str]:
        """The installed packages of which the lists have another version."""
        moment, database = lists_date(self.proc.fs, self.sources), self.database
        return [
            name
            for name in database.installed
            if (found := self._candidate(name, moment)) and found != database.version(name)
        ]

    # Speaking.

    def say(self, text: str) -> None:
        """Print, unless -qq."""
        if self.quiet < 2:
            self.proc.out(text)

    def say_done(self, *steps: str) -> None:
        """Say steps of work; a terminal sees that each is done."""
        end = "... Done\n" if self.proc.is_terminal(1) and not self.quiet else "...\n"
        self.say("".join(f"{step}{end}" for step in steps))

    def say_reading(self) -> None:
        """What every command says that looks at packages."""
        self.say_done("Reading package lists", "Building dependency tree", "Reading state information")

    def download(self, size: int) -> Generator[Wait, Any, int]:
        """Let the time of a download pass, and say how long it took."""
        if size:
            seconds = max(1, round(size / SPEED))
            yield from self.proc.sleep(seconds)
            self.say(f"Fetched {size_text(size)} in {seconds}s ({size_text(size // seconds)}/s)\n")
        return 0

    # Locks.

    def take_lock(self) -> None:
        """Only root may change what is installed, and only one program at a time (APT's frontend lock)."""
        if "-s" in self.flags:
            return
        if self.proc.uid:
            raise AptError(
                f"Could not open lock file {LOCK} - open (13: Permission denied)\n"
                f"Unable to acquire the dpkg frontend lock ({LOCK}), are you root?"
            )
        holder = next((other for other in self.proc.machine.alive() if self._holds_lock(other)), None)
        if holder:
            name = posixpath.basename(holder.argv[0])
            raise AptError(
                f"Could not get lock {LOCK}. It is held by process {holder.pid} ({name})\n"
                f"Unable to acquire the dpkg frontend lock ({LOCK}), is another process using it?"
            )

    def _holds_lock(self, other: Process) -> bool:
        """Whether an older process is an apt that changes packages."""
        is_apt = posixpath.basename(other.argv[0]) in ("apt", "apt-get") and other.pid < self.proc.pid
        return is_apt and not other.uid and bool(CHANGING & set(other.argv[1:]))
