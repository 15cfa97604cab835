"""Tab completion: commands, flags, and the names of images, containers, volumes and networks.

The table of commands says what may follow; what kind of object a command takes stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dockerlab.cli.table import COMMANDS, Command, Flag
from dockerlab.errors import DockerlabError

Source = Callable[[Any], Iterable[str]]
"""An engine to the names that one may type."""


def complete(words: Sequence[str], engine: Any) -> list[str]:
    """What the last of the words after `docker` may become, in alphabetical order."""
    *before, part = words or [""]
    command, arguments, pending = _walk(before)
    if command is None:
        return []
    if pending is not None:
        candidates: Iterable[str] = _values(pending, engine)
    elif part.startswith("-"):
        return _flags(command, part, engine)
    elif command.group:
        candidates = (child.path[-1] for child in COMMANDS.under(command.path))
    else:
        candidates = _objects(command, arguments, engine)
    return sorted({each for each in candidates if each.startswith(part)})


def _walk(words: Sequence[str]) -> tuple[Command | None, list[str], Flag | None]:
    """The command that words lead to (None: nowhere), its arguments, and the flag that still lacks its value."""
    command, pending = COMMANDS[()], None
    arguments: list[str] = []
    for word in words:
        if pending is not None:
            pending = None
        elif word.startswith("-") and not (arguments and not command.interspersed):
            pending = _lacks_value(command, word)
        elif command.group:
            child = COMMANDS.find((*command.path, word))
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


def _flags(command: Command, part: str, engine: Any) -> list[str]:
    name, equals, value = part.partition("=")
    if equals:
        flag = command.by_name.get(name.removeprefix("--"))
        values = _values(flag, engine) if flag else ()
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


_TAKES: Mapping[str, Source] = {
    **dict.fromkeys(("attach", "exec", "pause", "top"), _RUNNING),
    **dict.fromkeys(("commit", "cp", "diff", "export", "inspect", "logs", "port", "rename", "restart", "rm"), _ALL),
    **dict.fromkeys(("stats", "update", "wait"), _ALL),
    **dict.fromkeys(("kill", "stop"), _ALIVE),
    **dict.fromkeys(("create", "run"), _images),
    "start": _STOPPED,
    "unpause": _PAUSED,
}
"""What the subcommands of `docker container` take."""

_ONLY_FIRST = frozenset(("attach", "commit", "create", "exec", "run", "top", "rename", "port"))
"""Whose further arguments are no names of objects."""

_IMAGE_COMMANDS = frozenset(("history", "inspect", "ls", "pull", "push", "rm", "save", "tag"))


def _source(command: Command) -> Source | None:
    if command.key == ("inspect",):
        return _anything
    group, *rest = command.key
    name = rest[0] if rest else ""
    if group == "container":
        return _TAKES.get(name)
    if group == "image" and name in _IMAGE_COMMANDS:
        return _images
    known = {("volume", "inspect"): _volumes, ("volume", "rm"): _volumes, ("network", "inspect"): _networks}
    return known.get((group, name))


def _objects(command: Command, arguments: Sequence[str], engine: Any) -> Iterable[str]:
    source = _source(command)
    full = command.max_args is not None and len(arguments) >= command.max_args
    if source is None or full or (arguments and command.key[-1] in _ONLY_FIRST):
        return ()
    return _asked(source, engine)


def _asked(source: Source, engine: Any) -> Iterable[str]:
    """Completion never complains."""
    try:
        return list(source(engine))
    except DockerlabError:
        return ()


_FLAG_VALUES: Mapping[str, Sequence[str]] = {
    "format": ("json", "table"),
    "progress": ("auto", "plain", "quiet", "rawjson", "tty"),
    "pull": ("always", "missing", "never"),
    "restart": ("always", "no", "on-failure", "unless-stopped"),
    "signal": ("SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"),
    "type": ("container", "image", "network", "volume"),
}
_FLAG_OBJECTS: Mapping[str, Source] = {"network": _networks, "volume": _volumes, "volumes-from": _ALL, "link": _ALL}


def _values(flag: Flag, engine: Any) -> Iterable[str]:
    if flag.name in _FLAG_OBJECTS:
        return _asked(_FLAG_OBJECTS[flag.name], engine)
    return _FLAG_VALUES.get(flag.name, ())
