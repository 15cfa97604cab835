"""Tab completion: commands, flags and their values, and the names of images, containers, volumes and networks.

The table of commands says what may follow (`offers`); how names are got from an engine stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.cli.table import Command, Flag, Table, commands_of
from dockerlab.errors import DockerlabError

Source = Callable[[Any], Iterable[str]]
"""An engine to the names that one may type."""


def complete(words: Sequence[str], engine: Any) -> list[str]:
    """What the last of the words after `docker` may become, in alphabetical order."""
    *before, part = words or [""]
    table = commands_of(engine.release)
    command, arguments, pending = _walk(before, table)
    if command is None:
        return []
    offered = _Offered(table, engine)
    if pending is not None:
        candidates: Iterable[str] = offered.all(pending.offers)
    elif part.startswith("-"):
        return _flags(command, part, offered)
    elif command.path == ("help",):
        candidates = _topics(arguments, table)
    elif command.group:
        candidates = (child.path[-1] for child in table.under(command.path))
    else:
        candidates = offered.all(_argument_offers(command, arguments))
    return sorted({each for each in candidates if each.startswith(part)})


def _walk(words: Sequence[str], table: Table) -> tuple[Command | None, list[str], Flag | None]:
    """The command that words lead to (None: nowhere), its arguments, and the flag that still lacks its value."""
    command, pending = table[()], None
    arguments: list[str] = []
    for word in words:
        if pending is not None:
            pending = None
        elif word.startswith("-") and not (arguments and not command.interspersed):
            pending = _lacks_value(command, word)
        elif command.group:
            child = table.find((*command.path, word))
            if child is None:
                return None, [], None
            command = child
        else:
            arguments.append(word)
    return command, arguments, pending


def _lacks_value(command: Command, word: str) -> Flag | None:
    if "=" in word:
        return None
    flag = command.by_name.get(word[2:]) if word.startswith("--") else command.by_short.get(word[-1])
    return flag if flag and flag.type != "bool" else None


def _topics(words: Sequence[str], table: Table) -> Iterable[str]:
    """What may follow `docker help WORDS`."""
    command = table.find(tuple(words))
    return (child.path[-1] for child in table.under(command.path)) if command else ()


def _argument_offers(command: Command, arguments: Sequence[str]) -> tuple[str, ...]:
    """What the next argument may be; a '+' behind the last offer means all further ones, too."""
    full = command.max_args is not None and len(arguments) >= command.max_args
    place = len(arguments)
    if full or not command.offers:
        return ()
    if place < len(command.offers):
        return (command.offers[place].removesuffix("+"),)
    return (command.offers[-1].removesuffix("+"),) if command.offers[-1].endswith("+") else ()


def _flags(command: Command, part: str, offered: _Offered) -> list[str]:
    name, equals, value = part.partition("=")
    if equals:
        flag = command.by_name.get(name.removeprefix("--"))
        values = offered.all(flag.offers) if flag else ()
        return sorted(f"{name}={each}" for each in values if each.startswith(value))
    names = [f"--{flag.name}" for flag in command.flags if not flag.hidden]
    return sorted(each for each in {*names, "--help"} if each.startswith(part))


def _names_of(rows: Iterable[Mapping[str, Any]], key: str) -> list[str]:
    return [str(row[key]) for row in rows]


def _images(engine: Any) -> list[str]:
    tags = [tag for row in engine.images.list() for tag in row.get("RepoTags") or () if "<none>" not in tag]
    return [*tags, *(tag.removesuffix(":latest") for tag in tags if tag.endswith(":latest"))]


def _containers(*states: str) -> Source:
    def names(engine: Any) -> list[str]:
        rows = [row for row in engine.containers.list(all=True) if not states or row["State"] in states]
        return [name.removeprefix("/") for row in rows for name in row["Names"]]

    return names


def _volumes(engine: Any) -> list[str]:
    return _names_of(engine.volumes.list(), "Name")


def _networks(engine: Any) -> list[str]:
    return _names_of(engine.networks.list(), "Name")


_ALL = _containers()
_RUNNING = _containers("running")
_STOPPED = _containers("created", "exited")
_PAUSED = _containers("paused")
_ALIVE = _containers("running", "paused")


def _anything(engine: Any) -> list[str]:
    return [*_ALL(engine), *_images(engine), *_volumes(engine), *_networks(engine)]


def _places(engine: Any) -> list[str]:
    """Of `docker cp`: a path may follow."""
    return [f"{name}:" for name in _ALL(engine)]


_SOURCES: Mapping[str, Source] = {
    "alive": _ALIVE,
    "containers": _ALL,
    "contexts": lambda engine: ["default"],
    "images": _images,
    "networks": _networks,
    "objects": _anything,
    "paused": _PAUSED,
    "places": _places,
    "running": _RUNNING,
    "stopped": _STOPPED,
    "volumes": _volumes,
}
"""What an offer that begins with '@' stands for; what isn't here is among the table's words."""


@dataclass(frozen=True)
class _Offered:
    """Turns a table's offers into words."""

    table: Table
    engine: Any

    def all(self, offers: Iterable[str]) -> list[str]:
        """The words that some offers stand for."""
        return [word for offer in offers for word in self._one(offer)]

    def _one(self, offer: str) -> Iterable[str]:
        if not offer.startswith("@"):
            return (offer,)
        name = offer.removeprefix("@")
        return self._asked(_SOURCES[name]) if name in _SOURCES else self.table.words(name)

    def _asked(self, source: Source) -> Iterable[str]:
        """Completion never complains."""
        try:
            return list(source(self.engine))
        except DockerlabError:
            return ()
