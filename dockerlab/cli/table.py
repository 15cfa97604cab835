"""The table of `docker`'s commands and flags: parsing, help and completion all read it.

The data is `commands.json`: what Docker's own client 28.2.2 prints as help. What another release has otherwise
stands in a file of changes beside it. Both are read when first asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, TypeAlias

from dockerlab.release import Release

Path: TypeAlias = tuple[str, ...]
"""The words of a command after `docker`: ('image', 'ls'); () is `docker` itself."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. `type` is the word that help prints for it ('bool' has none); `default` only where help prints it.

    One that is `inert` is taken, but changes nothing in the lab. `offers` are its values as completion knows them.
    One that `needs_experimental` is only there where the daemon has its experimental features on.
    """

    name: str
    short: str = ""
    type: str = "bool"
    usage: str = ""
    default: str = ""
    hidden: bool = False
    deprecated: str = ""
    inert: bool = False
    needs_experimental: bool = False
    offers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How an error names it: '-f, --filter'; the short form of a deprecated flag isn't told."""
        return f"-{self.short}, --{self.name}" if self.short and not self.deprecated else f"--{self.name}"


@dataclass(frozen=True)
class Command:
    """One command under one of its names.

    `key` is the name that its work is found under: `docker ps` and `docker container ls` share
    ('container', 'ls'). `max_args` is None for any number. `usage` is the whole usage line.
    `slip` is what the client puts by mistake before the way to the help, where there are too many arguments.
    `offers` says what completion offers for its arguments, by their place. What is `experimental` is so in the client,
    what `needs_experimental` is only there where the daemon has its experimental features on.
    """

    path: Path
    key: Path
    usage: str
    short: str = ""
    long: str = ""
    aliases: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    min_args: int = 0
    max_args: int | None = None
    hidden: bool = False
    group: bool = False
    interspersed: bool = True
    experimental: bool = False
    needs_experimental: bool = False
    swarm: bool = False
    error_usage: str = ""
    slip: str = ""
    offers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How it is typed: 'docker image ls'."""
        return " ".join(("docker", *self.path))

    @cached_property
    def by_name(self) -> Mapping[str, Flag]:
        """Its flags by their long names."""
        return {flag.name: flag for flag in self.flags}

    @cached_property
    def by_short(self) -> Mapping[str, Flag]:
        """Its flags by their letters."""
        return {flag.short: flag for flag in self.flags if flag.short}


class Table(Mapping[Path, Command]):
    """Every command by its path. Other names of one (`image list`) are found by `find`, and aren't listed.

    `changes` names the file with what is not as in 28.2.2; none for that release itself.
    """

    def __init__(self, changes: str = "") -> None:
        self._changes = changes

    @cached_property
    def _data(self) -> dict[str, Any]:
        data = _read("commands.json")
        return _changed(data, _read(self._changes)) if self._changes else data

    @cached_property
    def _commands(self) -> dict[Path, Command]:
        slip = self._data.get("slip", "")
        return {command.path: command for record in self._data["commands"] for command in _commands_of(record, slip)}

    @cached_property
    def _synonyms(self) -> dict[Path, Path]:
        """('image', 'list') -> ('image', 'ls')."""
        found: dict[Path, Path] = {}
        for command in self._commands.values():
            for alias in command.aliases:
                path = tuple(alias.split()[1:])
                if path not in self._commands and path[:-1] == command.path[:-1]:
                    found[path] = command.path
        return found

    @property
    def common(self) -> tuple[str, ...]:
        """The commands that the help of `docker` lists first, in its order."""
        return tuple(self._data["common"])

    def words(self, name: str) -> tuple[str, ...]:
        """Words that completion offers at several places, e.g. the 'signals'."""
        return tuple(self._data["words"].get(name, ()))

    def find(self, path: Path) -> Command | None:
        """The command that these words name, by its own name or another; None if there is none."""
        return self._commands.get(self._synonyms.get(path, path))

    def under(self, path: Path) -> list[Command]:
        """The visible subcommands of a group, by name."""
        commands = [c for p, c in self._commands.items() if p and p[:-1] == path and not c.hidden]
        return sorted(commands, key=lambda command: command.path)

    def __getitem__(self, path: Path) -> Command:
        return self._commands[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._commands)

    def __len__(self) -> int:
        return len(self._commands)


COMMANDS = Table()
"""The commands of 28.2.2."""


@cache
def commands_of(release: Release) -> Table:
    """The commands of a release."""
    return Table(release.command_changes) if release.command_changes else COMMANDS


BUILDX: Path = ("buildx", "build")
"""What `docker build` means while BuildKit is on: the flags of the buildx plugin."""


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("dockerlab.cli").joinpath(name).read_text(encoding="utf-8"))
    return data


def _changed(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The table with the changes of another release: commands that are gone, and flags by command."""
    gone = tuple(changes["without"])
    kept = [record for record in data["commands"] if record["paths"][0].split(" ")[0] not in gone]
    records = [_with_flags(record, changes["flags"].get(record["paths"][0], {})) for record in kept]
    return {**data, "commands": records, "slip": changes["slip"]}


def _with_flags(record: Mapping[str, Any], flags: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record with other flags: null takes one away, fields change it or, where there is none of that name, add it."""
    if not flags:
        return record
    known = {flag["name"]: flag for flag in record.get("flags", ())}
    merged = {name: {**known.get(name, {"name": name}), **(flags.get(name) or {})} for name in {**known, **flags}}
    left = [merged[name] for name in sorted(merged) if flags.get(name, {}) is not None]
    return {**record, "flags": left}


def _commands_of(record: Mapping[str, Any], slip: str) -> Iterator[Command]:
    """A command for each of a record's names."""
    paths = [tuple(path.split()) for path in record["paths"]]
    first = Command(
        path=paths[0],
        key=tuple(record["key"].split()) if "key" in record else paths[0],
        usage="",
        short=record["short"],
        long=record.get("long", record["short"]),
        aliases=tuple(f"docker {alias}" for alias in record.get("aliases", ())),
        flags=tuple(_flag(fields) for fields in record.get("flags", ())),
        min_args=record.get("args", (0, None))[0],
        max_args=record.get("args", (0, None))[1],
        slip=slip,
        offers=tuple(record.get("offers", ())),
        **{key: record[key] for key in _MARKS if key in record},
    )
    for path in paths:
        name = " ".join(("docker", *path))
        usage = f"{name} {record['usage']}" if record["usage"] else name
        error_usage = f"{name} {record.get('error_usage', '')}".rstrip() if first.group else usage
        yield replace(first, path=path, usage=usage, error_usage=error_usage)


_MARKS = ("hidden", "group", "interspersed", "experimental", "needs_experimental", "swarm")


def _flag(fields: Mapping[str, Any]) -> Flag:
    return Flag(**{**fields, "offers": tuple(fields.get("offers", ()))})
