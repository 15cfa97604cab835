"""What a goal is: a sentence about the lab's state that can look whether it is so.

A goal never reads what a student typed, only what is there now, so any way that leads there passes.
`look` returns whether the goal is met and what there is instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.lab import Lab


@dataclass(frozen=True, slots=True)
class Finding:
    """What a goal saw: met or not, the sentence of the goal, and what there is."""

    met: bool
    wanted: str
    have: str


class Goal(Protocol):
    """Something that should be so in the lab."""

    def look(self, lab: Lab) -> Finding:
        """Look at the lab."""
        ...


def find_image(lab: Lab, name: str) -> dict[str, Any] | None:
    """What `docker image inspect` says of an image, None if there is no such image."""
    try:
        return lab.engine.images.inspect(name)
    except DockerlabError:
        return None


def find_container(lab: Lab, name: str, size: bool = False) -> dict[str, Any] | None:
    """What `docker container inspect` says of a container, None if there is no such container."""
    try:
        return lab.engine.containers.inspect(name, size=size)
    except DockerlabError:
        return None


def dig(value: Any, path: str) -> Any:
    """The value at a dotted path of API fields, None where nothing is: 'Config.Cmd', and in lists 'RootFS.Layers.0'."""
    for name in path.split("."):
        if isinstance(value, list):
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def read(files: Any, path: str) -> str | None:
    """A file's text, None where there is no such file."""
    try:
        return bytes(files.read(path)).decode(errors="replace")
    except FileSystemError:
        return None
