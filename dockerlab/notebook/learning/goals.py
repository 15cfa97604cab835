"""Goals of exercises: sentences about the lab's state, each of which can look whether it is so.

A goal never reads what a student typed, only what is there now, so any way that leads there passes.
`look` returns whether the goal is met and what there is instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.fs.overlay import OverlayFs
from dockerlab.lab import Lab
from dockerlab.world import Clock


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


def look_up(get: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What the engine knows of an object, None if there is no such object."""
    try:
        return get()
    except DockerlabError:
        return None


def dig(value: Any, path: str) -> Any:
    """The value at a dotted path of API fields: dig(inspect, 'Config.Cmd')."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


@dataclass(frozen=True, slots=True)
class ImageExists:
    """There is an image of that name."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Look for the name."""
        image = look_up(lambda: lab.engine.images.inspect(self.name))
        names = sorted(name for row in lab.engine.images.list() for name in row["RepoTags"] or [])
        have = f"the image {self.name}" if image else f"images named {', '.join(names) or '(none)'}"
        return Finding(image is not None, f"there is an image {self.name}", have)


@dataclass(frozen=True, slots=True)
class ImageSetting:
    """A field of `docker image inspect` has a value, e.g. ('Config.Cmd', ['echo', 'hi'])."""

    name: str
    field: str
    value: Any

    def look(self, lab: Lab) -> Finding:
        """Compare the field."""
        wanted = f"{self.field} of image {self.name} is {self.value!r}"
        image = look_up(lambda: lab.engine.images.inspect(self.name))
        if image is None:
            return Finding(False, wanted, f"no image {self.name}")
        found = dig(image, self.field)
        return Finding(found == self.value, wanted, f"{found!r}")


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file of an image holds a text; with `text` None the file must not be there."""

    name: str
    path: str
    text: str | None

    def look(self, lab: Lab) -> Finding:
        """Read the file in the merged layers."""
        wanted = f"image {self.name} has no file {self.path}"
        if self.text is not None:
            wanted = f"the file {self.path} of image {self.name} holds {self.text!r}"
        try:
            tree = lab.engine.images.find(self.name).tree
        except DockerlabError:
            return Finding(False, wanted, f"no image {self.name}")
        found = read(OverlayFs(tree, Clock()), self.path)
        have = f"no file {self.path}" if found is None else repr(found[:60])
        met = found is None if self.text is None else found is not None and self.text in found
        return Finding(met, wanted, have)


@dataclass(frozen=True, slots=True)
class LayersAtMost:
    """An image has at most so many layers more than another one, its base."""

    name: str
    base: str
    count: int

    def look(self, lab: Lab) -> Finding:
        """Count the layers."""
        wanted = f"image {self.name} adds at most {self.count} to the layers of {self.base}"
        image = look_up(lambda: lab.engine.images.inspect(self.name))
        base = look_up(lambda: lab.engine.images.inspect(self.base))
        if image is None or base is None:
            return Finding(False, wanted, f"no image {self.name if image is None else self.base}")
        own, below = dig(image, "RootFS.Layers"), dig(base, "RootFS.Layers")
        added = len(own) - len(below) if own[: len(below)] == below else len(own)
        return Finding(added <= self.count, wanted, f"it adds {added}")


@dataclass(frozen=True, slots=True)
class SizeBelow:
    """An image is smaller than so many bytes more than its base."""

    name: str
    base: str
    size: int

    def look(self, lab: Lab) -> Finding:
        """Compare the sizes."""
        wanted = f"image {self.name} adds less than {self.size} bytes to {self.base}"
        image = look_up(lambda: lab.engine.images.inspect(self.name))
        base = look_up(lambda: lab.engine.images.inspect(self.base))
        if image is None or base is None:
            return Finding(False, wanted, f"no image {self.name if image is None else self.base}")
        added = image["Size"] - base["Size"]
        return Finding(added < self.size, wanted, f"it adds {added} bytes")


@dataclass(frozen=True, slots=True)
class ContainerStatus:
    """A container of that name is in that state; with `status` None there is no such container."""

    name: str
    status: str | None

    def look(self, lab: Lab) -> Finding:
        """Look at the container's state."""
        wanted = (
            f"there is no container {self.name}" if self.status is None else f"container {self.name} is {self.status}"
        )
        container = look_up(lambda: lab.engine.containers.inspect(self.name))
        status = None if container is None else dig(container, "State.Status")
        have = f"no container {self.name}" if status is None else f"container {self.name} is {status}"
        return Finding(status == self.status, wanted, have)


@dataclass(frozen=True, slots=True)
class ContainerOf:
    """A container was made from that image."""

    name: str
    image: str

    def look(self, lab: Lab) -> Finding:
        """Compare the image that the container names."""
        wanted = f"container {self.name} was made from {self.image}"
        container = look_up(lambda: lab.engine.containers.inspect(self.name))
        found = None if container is None else dig(container, "Config.Image")
        return Finding(
            found == self.image, wanted, f"no container {self.name}" if found is None else f"made from {found}"
        )


@dataclass(frozen=True, slots=True)
class ContainerChange:
    """`docker diff` of a container lists that line, e.g. ('box', 'C', '/etc/motd')."""

    name: str
    kind: str
    path: str

    def look(self, lab: Lab) -> Finding:
        """Look for the line."""
        wanted = f"docker diff {self.name} lists '{self.kind} {self.path}'"
        try:
            changes = lab.engine.containers.changes(self.name)
        except DockerlabError:
            return Finding(False, wanted, f"no container {self.name}")
        lines = [f"{'CAD'[change['Kind']]} {change['Path']}" for change in changes]
        return Finding(f"{self.kind} {self.path}" in lines, wanted, ", ".join(lines[:6]) or "no changes")


@dataclass(frozen=True, slots=True)
class HostFile:
    """A file of the host holds a text."""

    path: str
    text: str

    def look(self, lab: Lab) -> Finding:
        """Read the file."""
        found = read(lab.host, self.path)
        have = f"no file {self.path}" if found is None else repr(found[:60])
        return Finding(
            found is not None and self.text in found, f"the host's file {self.path} holds {self.text!r}", have
        )


def read(files: Any, path: str) -> str | None:
    """A file's text, None where there is no such file."""
    try:
        return bytes(files.read(path)).decode(errors="replace")
    except FileSystemError:
        return None
