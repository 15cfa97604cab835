"""The packages that can be installed: facts as data (the JSON files beside this module), read on first need."""

from __future__ import annotations

import functools
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from dockerlab.fs.content import Bytes, Content, Filler
from dockerlab.world import NANOSECOND, START, parse_instant

DAY = 86_400
OFTEN_DAYS, SELDOM_DAYS = 40, 720
"""How often a package gets a new version, in days of the lab's clock: what security updates concern, and the rest."""
FILLER_PART = 4 << 20
"""Bytes of the largest file that stands for a package's many files."""
DEFAULT_SUITES = {"debian": "bookworm", "ubuntu": "noble"}
_NUMBERED = re.compile(r"(.*(?:deb\d+u|ubuntu[\d.]*\.|-r))(\d+)")


@functools.cache
def _start_day() -> int:
    return parse_instant(START) // NANOSECOND // DAY


def updates_until(source: str, instant: int, *, often: bool) -> int:
    """How many updates of a source package have come between the lab's beginning and an instant."""
    days = max(0, instant // NANOSECOND // DAY - _start_day())
    every = OFTEN_DAYS if often else SELDOM_DAYS
    return (days + zlib.crc32(source.encode()) % every) // every


def newer_version(version: str, updates: int, revision: str = "") -> str:
    """A version after some updates: the number of its last update grows, or it gets one as its distribution writes it.

    Without a revision it is a plain version ('2.31.0'), whose last number grows.
    """
    if not updates:
        return version
    found = _NUMBERED.fullmatch(version)
    if found:
        return f"{found[1]}{int(found[2]) + updates}"
    if revision:
        bare = re.sub(r"(build[\d.]+|\+b\d+)$", "", version)
        ours = re.search(r"ubuntu\d*$", bare) and revision.startswith("ubuntu")
        return f"{bare}.{updates}" if ours else f"{bare}{revision}{updates}"
    return re.sub(r"\d+(?=\D*$)", lambda number: str(int(number[0]) + updates), version)


@dataclass(frozen=True)
class Package:
    """A package: version, sizes in bytes, what it needs, what it brings."""

    name: str
    version: str
    size: int
    download: int
    summary: str = ""
    depends: tuple[str, ...] = ()
    recommends: tuple[str, ...] = ()
    suggests: tuple[str, ...] = ()
    programs: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    architecture: str = "amd64"
    source: str = ""
    section: str = "misc"
    revision: str = ""
    asks: bool = False
    often: bool = False
    universe: bool = False

    def files(self) -> Iterator[tuple[str, Content, int]]:
        """Files as (path, content, mode): the named ones, then as many more as make up the size."""
        left = self.size
        for path, kilobytes in self.programs.items():
            left -= kilobytes << 10
            yield path, Filler(f"{self.name} {self.version} {path}", kilobytes << 10), 0o755
        for path, text in self.texts.items():
            yield path, Bytes(text.encode()), 0o644
        yield f"/usr/share/doc/{self.name}/copyright", Bytes(f"{self.name}: simulated by dockerlab\n".encode()), 0o644
        number = 0
        while left > 4096:
            size = min(left, FILLER_PART)
            yield self._part(number, size)
            left -= size
            number += 1

    def _part(self, number: int, size: int) -> tuple[str, Content, int]:
        path = f"/usr/lib/{self.name}/part{number:02}"
        return path, Filler(f"{self.name} {self.version} {number}", size), 0o644

    def updates(self, instant: int) -> int:
        """How many newer versions there are at an instant; packages of one source get them together."""
        return updates_until(self.source or self.name, instant, often=self.often)

    def at(self, instant: int) -> Package:
        """The package as a repository has it at an instant."""
        updates = self.updates(instant)
        return replace(self, version=newer_version(self.version, updates, self.revision)) if updates else self

    @property
    def is_updated(self) -> bool:
        """Whether the version is one of those that came after the release."""
        return bool(re.search(r"\+deb\d+u\d+$|ubuntu[\d.]*\.\d+$", self.version))

    @property
    def file_name(self) -> str:
        """'curl_7.88.1-10_amd64.deb'; the epoch isn't in it."""
        return f"{self.name}_{self.version.rpartition(':')[2]}_{self.architecture}.deb"


class Repository(Mapping[str, Package]):
    """Packages as they are at one instant; a version is worked out when somebody asks for it."""

    def __init__(self, packages: Mapping[str, Package], instant: int) -> None:
        self._packages = packages
        self._instant = instant

    def __getitem__(self, name: str) -> Package:
        return self._packages[name].at(self._instant)

    def __contains__(self, name: object) -> bool:
        return name in self._packages

    def __iter__(self) -> Iterator[str]:
        return iter(self._packages)

    def __len__(self) -> int:
        return len(self._packages)


@functools.cache
def load(name: str) -> dict[str, Any]:
    """One of the data files."""
    text = files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def suite_facts(suite: str) -> Mapping[str, Any]:
    """What is known of a suite; an unknown one is taken for Debian 12."""
    suites: Mapping[str, Mapping[str, Any]] = load("suites")["suites"]
    return suites.get(suite, suites["bookworm"])


@functools.cache
def debian(suite: str) -> Mapping[str, Package]:
    """The packages of a suite of Debian or Ubuntu: Debian 12's, under other names and versions where they differ."""
    maker = _Suite(suite_facts(suite))
    return {package.name: package for package in maker.packages()}


class _Suite:
    """Derives a suite's packages from Debian 12's."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts
        self.swaps: Mapping[str, str] = facts.get("swap", {})
        self.renames: Mapping[str, str] = facts.get("rename", {})
        self.versions: Mapping[str, str] = facts.get("versions", {})
        self.without = set(facts.get("without", ()))
        self.often = set(load("suites")["often"])
        self.universe = set(load("suites")["universe"]) if facts["family"] == "ubuntu" else set()
        self.form = re.compile("|".join(map(re.escape, sorted(self.swaps, key=len, reverse=True))) or r"(?!)")

    def packages(self) -> Iterator[Package]:
        """All packages of the suite."""
        rows = load("catalogue")["packages"]
        gone = {name for name in rows if self.text(name) in self.without}
        for name, row in rows.items():
            if name not in gone:
                yield self._package(self.name(name), row, gone)
        for name, row in self.facts.get("extra", {}).items():
            yield self._package(name, row, set())

    def text(self, text: str) -> str:
        """A text with this suite's numbers in it: 'python3.11' is 'python3.12'."""
        return self.form.sub(lambda found: self.swaps[found[0]], text)

    def name(self, name: str) -> str:
        """A package's name in this suite."""
        name = self.text(name)
        return self.renames.get(name, name)

    def _package(self, name: str, row: Mapping[str, Any], gone: set[str]) -> Package:
        source = self.text(row.get("source", name))

        def names(key: str) -> tuple[str, ...]:
            return tuple(self.name(other) for other in row.get(key, ()) if other not in gone)

        def paths(key: str) -> dict[str, Any]:
            table = ((self.text(path), value) for path, value in row.get(key, {}).items())
            return {
                path: self.text(value) if isinstance(value, str) else value
                for path, value in table
                if path not in self.without
            }

        return Package(
            name, self._version(name, source, row["version"]), row["kb"] << 10, row["download"],
            self.text(row["summary"]), names("depends"), names("recommends"), names("suggests"), paths("programs"),
            paths("links"), paths("texts"), "all" if row.get("all") else "amd64", source, row.get("section", "misc"),
            self.facts["revision"], row.get("debconf", False), source in self.often, source in self.universe,
        )  # fmt: skip

    def _version(self, name: str, source: str, version: str) -> str:
        """This suite's version of a package, or one that it could have."""
        known = self.versions.get(name) or self.versions.get(source)
        if known or not (self.swaps or self.versions):
            return known or version
        bare = re.sub(r"([+~]deb12u\d+)?(\+b\d+)?$", "", version)
        return f"{bare}build1" if self.facts["family"] == "ubuntu" else bare


@functools.cache
def simple(name: str) -> Mapping[str, Package]:
    """The packages of a file without suites: 'alpine', 'pypi' or 'npm'."""
    data = load(name)
    return {each: _plain(each, row, data.get("revision", "")) for each, row in data["packages"].items()}


def _plain(name: str, row: Mapping[str, Any], revision: str) -> Package:
    size = row["kb"] << 10
    return Package(
        name, row["version"], size, size * 2 // 5, row.get("summary", ""), tuple(row.get("depends", ())),
        programs=row.get("programs", {}), links=row.get("links", {}), texts=row.get("texts", {}),
        source=row.get("source", name), revision=revision, often=True,
    )  # fmt: skip
