"""The packages that can be installed: facts as data (the JSON files beside this module), read on first need."""

from __future__ import annotations

import functools
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from dockerlab.fs.content import Bytes, Content, Filler
from dockerlab.world import NANOSECOND, START, parse_instant

DAY = 86_400
UPDATE_DAYS = 90
"""How often a package gets a new version, in days of the lab's clock."""
FILLER_PART = 4 << 20
"""Bytes of the largest file that stands for a package's many files."""
DEFAULT_SUITES = {"debian": "bookworm", "ubuntu": "noble"}


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
    programs: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    architecture: str = "amd64"

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

    def at(self, instant: int) -> Package:
        """The package as a repository has it at an instant: every few months its version grows."""
        days = max(0, instant - parse_instant(START)) // NANOSECOND // DAY
        updates = (days + zlib.crc32(self.name.encode()) % UPDATE_DAYS) // UPDATE_DAYS
        if not updates:
            return self
        return Package(
            self.name, newer_version(self.version, updates), self.size, self.download, self.summary, self.depends,
            self.recommends, self.programs, self.links, self.texts, self.architecture,
        )  # fmt: skip


def newer_version(version: str, updates: int) -> str:
    """A version after some updates: its last number grows, or it gets one."""
    found = re.fullmatch(r"(.*(?:deb\d+u|ubuntu\d*\.|-r))(\d+)", version)
    return f"{found[1]}{int(found[2]) + updates}" if found else f"{version}+u{updates}"


@functools.cache
def load(name: str) -> dict[str, Any]:
    """One of the data files."""
    text = files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@functools.cache
def debian(suite: str) -> Mapping[str, Package]:
    """The packages of a suite of Debian or Ubuntu: Debian 12's, under other names and versions where they differ."""
    data = load("catalogue")
    facts = data["suites"].get(suite) or data["suites"]["bookworm"]
    ubuntu = suite in ("noble", "jammy", "focal")
    packages = (_derived(name, row, facts, ubuntu) for name, row in data["packages"].items())
    return {package.name: package for package in packages}


def _renamed(text: str, renames: Mapping[str, str]) -> str:
    for old, new in renames.items():
        text = text.replace(old, new)
    return text


def _derived(name: str, row: Mapping[str, Any], facts: Mapping[str, Any], ubuntu: bool) -> Package:
    def named(texts: Any) -> tuple[str, ...]:
        return tuple(_renamed(text, facts["rename"]) for text in texts)

    def mapped(table: Mapping[str, Any]) -> dict[str, Any]:
        renames = facts["rename"]
        return {
            _renamed(key, renames): _renamed(value, renames) if isinstance(value, str) else value
            for key, value in table.items()
        }

    name = _renamed(name, facts["rename"])
    version = facts["versions"].get(name)
    if version is None:
        version = re.sub(r"[+~]deb12u\d+$", "", row["version"]) + "ubuntu0.1" if ubuntu else row["version"]
    return Package(
        name, version, row["kb"] << 10, row["download"], row["summary"], named(row.get("depends", ())),
        named(row.get("recommends", ())), mapped(row.get("programs", {})), mapped(row.get("links", {})),
        mapped(row.get("texts", {})), "all" if row.get("all") else "amd64",
    )  # fmt: skip


@functools.cache
def simple(name: str) -> Mapping[str, Package]:
    """The packages of a file without suites: 'alpine' or 'pypi'."""
    return {
        each: Package(
            each, row["version"], row["kb"] << 10, (row["kb"] << 10) * 2 // 5, "", tuple(row["depends"]), (),
            row.get("programs", {}), row.get("links", {}),
        )
        for each, row in load(name)["packages"].items()
    }  # fmt: skip
