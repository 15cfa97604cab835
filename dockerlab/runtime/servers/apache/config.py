"""What a configuration of Apache means for a server, a folder and a file (docs/2.4/sections: what overrules what)."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dockerlab.runtime.servers.apache.syntax import ConfigError, Entry

COMMON = '%h %l %u %t "%r" %>s %b'
COUNTS = {
    "servername": "ServerName takes one argument, The hostname and port of the server",
    "documentroot": "DocumentRoot takes one argument, Root directory of the document tree",
    "errorlog": "ErrorLog takes one argument, The filename of the error log",
}
"""Directives with one argument, and what Apache says to other numbers."""


@dataclass(frozen=True, eq=False)
class Host:
    """The main server, or a `<VirtualHost>`: its own directives before those of the main server."""

    entries: tuple[Entry, ...]
    main: Host | None = None
    addresses: tuple[str, ...] = ()

    def own(self, name: str) -> list[Entry]:
        """The directives of a name in this very server."""
        return [entry for entry in self.entries if entry.key == name]

    def find(self, name: str) -> Entry | None:
        """The last directive of a name."""
        found = self.own(name)
        return found[-1] if found else (self.main.find(name) if self.main else None)

    def value(self, name: str, default: str = "") -> str:
        """The first argument of a directive."""
        found = self.find(name)
        return found.args[0] if found and found.args else default

    def all(self, name: str) -> list[Entry]:
        """Those of the main server and of this one."""
        return (self.main.all(name) if self.main else []) + self.own(name)

    def sections(self) -> Iterator[Entry]:
        """All sections, those of the main server first."""
        yield from self.main.sections() if self.main else ()
        yield from (entry for entry in self.entries if entry.block)


@dataclass(eq=False)
class Config:
    """All of it."""

    main: Host
    hosts: list[Host] = field(default_factory=list)
    modules: frozenset[str] = frozenset()
    root: str = "/usr/local/apache2"

    @property
    def ports(self) -> list[tuple[str, int]]:
        """Where to listen."""
        return [_listen(entry) for entry in self.main.own("listen")]

    def host_for(self, port: int, name: str) -> Host:
        """The server that a request is for."""
        bare = re.sub(r":\d+$", "", name).lower()
        fitting = [host for host in self.hosts if any(_fits(each, port) for each in host.addresses)]
        for host in fitting:
            names = [host.value("servername").partition(":")[0]]
            names += [alias for entry in host.own("serveralias") for alias in entry.args]
            if any(fnmatch.fnmatchcase(bare, each.lower()) for each in names if each):
                return host
        return fitting[0] if fitting else self.main


def _fits(address: str, port: int) -> bool:
    end = address.rpartition(":")[2]
    return not end.isdigit() or int(end) == port


def _listen(entry: Entry) -> tuple[str, int]:
    if len(entry.args) not in (1, 2):
        raise entry.error("Listen requires 1 or 2 arguments.")
    address, _, port = entry.args[0].rpartition(":")
    if not port.isdigit():
        raise entry.error("Port must be specified")
    if not 0 < int(port) < 65_536:
        raise entry.error("Port must be specified")
    return {"": "0.0.0.0", "*": "0.0.0.0", "[::]": "0.0.0.0"}.get(address, address), int(port)


def build(entries: Iterable[Entry], modules: Iterable[str], root: str, is_folder: object) -> Config:
    """Make sense of a configuration; raises ConfigError. `is_folder` says whether a path is one."""
    assert callable(is_folder)
    main = Host(tuple(entries))
    hosts = [Host(entry.block, main, entry.args) for entry in main.own("virtualhost")]
    config = Config(main, hosts, frozenset(modules), root)
    for host in (main, *hosts):
        _check(host, is_folder, root)
    if not config.ports:
        raise ConfigError("(2)No such file or directory: AH00073: no listening sockets available, shutting down\n")
    return config


def _check(host: Host, is_folder: object, root: str) -> None:
    assert callable(is_folder)
    for entry in host.entries:
        if entry.key in COUNTS and len(entry.args) != 1:
            raise entry.error(COUNTS[entry.key])
        if entry.key == "documentroot" and not is_folder(posixpath.join(root, entry.args[0])):
            raise entry.error(f"DocumentRoot '{entry.args[0]}' is not a directory, or is not readable")


@dataclass
class Rules:
    """What holds for one file."""

    granted: bool = True
    options: set[str] = field(default_factory=lambda: {"FollowSymLinks"})
    indexes: Sequence[str] = ("index.html",)
    overrides: bool = False
    """Whether .htaccess counts."""
    entries: list[Entry] = field(default_factory=list)
    """All that applies, what counts most last."""

    def apply(self, entries: Iterable[Entry]) -> None:
        """Let the directives of a section count."""
        for entry in entries:
            self.entries.append(entry)
            first = entry.args[0].lower() if entry.args else ""
            if entry.key == "require" and first == "all":
                self.granted = entry.args[1:2] == ("granted",)
            elif entry.key == "deny" and entry.args == ("from", "all"):
                self.granted = False
            elif entry.key == "allow" and entry.args == ("from", "all"):
                self.granted = True
            elif entry.key == "options":
                self._set_options(entry.args)
            elif entry.key == "directoryindex" and first == "disabled":
                self.indexes = ()
            elif entry.key == "directoryindex":
                self.indexes = entry.args
            elif entry.key == "allowoverride":
                self.overrides = first != "none"

    def _set_options(self, args: Sequence[str]) -> None:
        if not any(word[:1] in "+-" for word in args):
            self.options = set()
        for word in args:
            names = {"Indexes", "FollowSymLinks"} if word.lstrip("+-").lower() == "all" else {word.lstrip("+-").title()}
            names = {{"Followsymlinks": "FollowSymLinks"}.get(name, name) for name in names}
            self.options = self.options - names if word.startswith("-") else self.options | names


def rules_for(host: Host, path: str, uri: str) -> Rules:
    """The sections that apply to a file, in the order in which they count: folders, files, locations."""
    rules = Rules()
    rules.apply(entry for entry in (host.main.entries if host.main else ()) if not entry.block)
    rules.apply(entry for entry in host.entries if not entry.block)
    sections = list(host.sections())
    folders = [each for each in sections if each.key in ("directory", "directorymatch")]
    for section in sorted(folders, key=lambda each: (each.key, len(each.args[0]) if each.args else 0)):
        if _matches(section, path, folder=True):
            rules.apply(section.block)
    for section in sections:
        if section.key in ("files", "filesmatch") and _matches(section, posixpath.basename(path)):
            rules.apply(section.block)
    for section in sections:
        if section.key in ("location", "locationmatch") and _matches(section, uri, folder=True):
            rules.apply(section.block)
    return rules


def _matches(section: Entry, text: str, *, folder: bool = False) -> bool:
    args = list(section.args)
    regular = section.key.endswith("match") or args[:1] == ["~"]
    pattern = args[-1] if args else ""
    if regular:
        try:
            return re.search(pattern, text) is not None
        except re.error:
            return False
    if not folder:
        return fnmatch.fnmatchcase(text, pattern)
    bare = pattern.rstrip("/")
    if any(char in bare for char in "*?["):
        return fnmatch.fnmatchcase(text, bare) or fnmatch.fnmatchcase(text, f"{bare}/*")
    return text == bare or text.startswith(f"{bare}/")
