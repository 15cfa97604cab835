"""Where apt gets its packages: sources.list(5), and the lists of packages under /var/lib/apt/lists."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Bytes, Filler
from dockerlab.fs.filesystem import FileSystem
from dockerlab.runtime.packages.catalogue import DEFAULT_SUITES, Package, debian
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.dates import format_date, parse_date
from dockerlab.world import NANOSECOND

LISTS = "/var/lib/apt/lists"
DATE_FORM = "%a, %d %b %Y %H:%M:%S UTC"
FRESH = 6 * 3600
"""Seconds for which a list counts as unchanged."""

# What is downloaded, in bytes: the index of a component, of a whole suite or of its updates.
INDEX_SIZES = {
    "debian": {"main": 8_792_000, "updates": 6_924, "security": 280_000},
    "ubuntu": {"main": 1_808_000, "universe": 19_331_000, "restricted": 117_000, "multiverse": 331_000},
}
RELEASE_SIZES = {"": 151_000, "updates": 55_400, "security": 48_000}
ON_DISK = 2
"""Lists are kept packed in another way, about twice as large as what was downloaded."""


@dataclass(frozen=True)
class Source:
    """A line of sources.list: one suite at one place."""

    uri: str
    suite: str
    components: tuple[str, ...]

    @property
    def pocket(self) -> str:
        """'' for the suite itself, else 'updates', 'security', 'backports'."""
        return self.suite.partition("-")[2]

    @property
    def stem(self) -> str:
        """How the files of its lists begin."""
        return re.sub(r"^\w+://", "", f"{self.uri.rstrip('/')}/dists/{self.suite}").replace("/", "_")

    def releases(self) -> tuple[str, int]:
        """The file of its InRelease, and its size."""
        return f"{LISTS}/{self.stem}_InRelease", RELEASE_SIZES.get(self.pocket, RELEASE_SIZES["updates"])

    def indexes(self, family: str) -> Iterator[tuple[str, str, int]]:
        """The component, file and size of each index."""
        for component in self.components:
            size = INDEX_SIZES[family].get(component, 300_000)
            if self.pocket:
                size = INDEX_SIZES[family].get(self.pocket, size // 12)
            yield component, f"{LISTS}/{self.stem}_{component}_binary-amd64_Packages.lz4", size


def os_release(fs: FileSystem) -> dict[str, str]:
    """What /etc/os-release says."""
    text = read_text(fs, "/etc/os-release") or read_text(fs, "/usr/lib/os-release")
    return dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.M))


def family_of(fs: FileSystem) -> str:
    """'ubuntu' or 'debian'."""
    return "ubuntu" if os_release(fs).get("ID") == "ubuntu" else "debian"


def suite_of(fs: FileSystem) -> str:
    """The codename of the distribution: 'noble', 'bookworm' …"""
    return os_release(fs).get("VERSION_CODENAME") or DEFAULT_SUITES[family_of(fs)]


def read_sources(fs: FileSystem) -> list[Source]:
    """All sources of the machine, one-line and deb822 style; a machine without any has its distribution's own."""
    found = list(_one_line(read_text(fs, "/etc/apt/sources.list")))
    folder = "/etc/apt/sources.list.d"
    for name in fs.listdir(folder) if fs.is_dir(folder) else []:
        text = read_text(fs, f"{folder}/{name}")
        found += _one_line(text) if name.endswith(".list") else _deb822(text) if name.endswith(".sources") else []
    return found or _own_sources(fs)


def _own_sources(fs: FileSystem) -> list[Source]:
    """What an official image's sources.list has, at hosts that can't exist (RFC 2606)."""
    family, suite = family_of(fs), suite_of(fs)
    if family == "ubuntu":
        parts = ("main", "universe", "restricted", "multiverse")
        own = [Source("http://archive.ubuntu.example/ubuntu", suite + pocket, parts) for pocket in _POCKETS["ubuntu"]]
        return [*own, Source("http://security.ubuntu.example/ubuntu", f"{suite}-security", parts)]
    own = [Source("http://debian.example/debian", suite + pocket, ("main",)) for pocket in _POCKETS["debian"]]
    return [*own, Source("http://debian.example/debian-security", f"{suite}-security", ("main",))]


_POCKETS = {"ubuntu": ("", "-updates", "-backports"), "debian": ("", "-updates")}
_ARCHIVES = {"trixie": "stable", "bookworm": "oldstable", "bullseye": "oldoldstable"}


@dataclass(frozen=True)
class Origin:
    """Where one version of a package lies."""

    uri: str
    suite: str
    component: str

    @property
    def place(self) -> str:
        """'http://… bookworm/main', as apt's lines name it."""
        return f"{self.uri} {self.suite}/{self.component}"

    def address(self, package: Package) -> str:
        """The archive's own address; libraries have a letter more to find them by."""
        source = package.source or package.name
        letter = source[:4] if source.startswith("lib") else source[0]
        return f"{self.uri}/pool/{self.component}/{letter}/{source}/{package.file_name}"

    @property
    def archive(self) -> str:
        """The suite as `apt list` says it: 'oldstable-security', 'noble-updates'."""
        suite, dash, pocket = self.suite.partition("-")
        return f"{_ARCHIVES.get(suite, suite)}{dash}{pocket}"

    @property
    def server(self) -> str:
        """What apt says of whom it asked: an address of the block for documentation (RFC 5737)."""
        return f"[IP: 192.0.2.{zlib.crc32(self.uri.encode()) % 254 + 1} 80]"


def origin_of(fs: FileSystem, sources: Sequence[Source], package: Package) -> Origin:
    """Which source has a package: updates lie in a pocket of their own."""
    suite = suite_of(fs)
    first = debian(suite).get(package.name)
    pocket = ""
    if family_of(fs) == "ubuntu":
        pocket = "-updates" if package.is_updated else ""
    elif first and first.version != package.version:
        pocket = "-security"
    found = next((source for source in sources if source.suite == suite + pocket), sources[0])
    return Origin(found.uri, found.suite, "universe" if package.universe else "main")


def _one_line(text: str) -> Iterator[Source]:
    for line in text.splitlines():
        words = re.sub(r"\[[^]]*\]", "", line.partition("#")[0]).split()
        if len(words) > 3 and words[0] == "deb":
            yield Source(words[1], words[2], tuple(words[3:]))


def _deb822(text: str) -> Iterator[Source]:
    for paragraph in re.split(r"\n\s*\n", text):
        fields = {key.lower(): value.split() for key, value in re.findall(r"^([\w-]+):\s*(.*)$", paragraph, re.M)}
        if "deb" in fields.get("types", []) and "no" not in fields.get("enabled", []):
            for uri in fields.get("uris", []):
                for suite in fields.get("suites", []):
                    yield Source(uri, suite, tuple(fields.get("components", ["main"])))


def lists_date(fs: FileSystem, sources: Sequence[Source]) -> int | None:
    """When the lists were fetched (the newest of them); None where there are none."""
    dates = [moment for source in sources if (moment := release_date(fs, source)) is not None]
    return max(dates, default=None)


def release_date(fs: FileSystem, source: Source) -> int | None:
    """The date in a source's InRelease."""
    try:
        head = fs.content(source.releases()[0]).read(0, 400).decode("ascii", "replace")
    except FileSystemError:
        return None
    found = re.search(r"^Date: (.*)$", head, re.M)
    return _moment(found[1]) if found else None


@cache
def _moment(text: str) -> int:
    """A date of a list; asked once for each package that is looked at."""
    return parse_date(text, 0)


def is_fresh(fs: FileSystem, source: Source, now: int) -> bool:
    """Whether a list needs no fetching: it is there, and nothing new has come since."""
    moment = release_date(fs, source)
    return moment is not None and 0 <= now - moment < FRESH * NANOSECOND


def store_lists(fs: FileSystem, source: Source, family: str, now: int) -> None:
    """Write a source's InRelease and indexes, as large as real ones."""
    fs.mkdir(f"{LISTS}/partial", parents=True)
    path, size = source.releases()
    head = f"Origin: {family.title()}\nSuite: {source.suite}\nDate: {format_date(DATE_FORM, now)}\n".encode()
    seed = zlib.crc32(head)
    fs.write(path, Bytes(head + Filler(f"{source.stem} {seed}", size - len(head)).read()))
    for _, index, length in source.indexes(family):
        fs.write(index, Filler(f"{index} {seed}", length * ON_DISK))
