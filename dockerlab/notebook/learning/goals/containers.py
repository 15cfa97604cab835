"""Goals about containers: their state, the image that they were made from, what they have changed."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, dig, find_container, find_image, read

NEVER = "0001-01-01T00:00:00Z"
"""What the engine says of a moment that has not come (Go's zero time)."""


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
        container = find_container(lab, self.name)
        status = None if container is None else dig(container, "State.Status")
        have = f"no container {self.name}" if status is None else f"container {self.name} is {status}"
        return Finding(status == self.status, wanted, have)


@dataclass(frozen=True, slots=True)
class ContainerOf:
    """A container was made from that image, by whatever name: busybox, busybox:latest, its ID."""

    name: str
    image: str

    def look(self, lab: Lab) -> Finding:
        """Compare the image that the container names, or its ID, as the name may have moved since."""
        wanted = f"container {self.name} was made from {self.image}"
        container = find_container(lab, self.name)
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        found = dig(container, "Config.Image")
        image = find_image(lab, self.image)
        met = found == self.image or (image is not None and image["Id"] == container["Image"])
        return Finding(met, wanted, f"made from {found}")


@dataclass(frozen=True, slots=True)
class StartedAgain:
    """A container runs that has been stopped in between."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Look whether it runs, and whether it ever ended."""
        wanted = f"container {self.name} was stopped and runs again"
        container = find_container(lab, self.name)
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        status, ended = dig(container, "State.Status"), dig(container, "State.FinishedAt") != NEVER
        have = f"it is {status}" if status != "running" else "it has never been stopped"
        return Finding(status == "running" and ended, wanted, have)


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
class ContainerFile:
    """A file of a container holds a text."""

    name: str
    path: str
    text: str

    def look(self, lab: Lab) -> Finding:
        """Read the file in the merged layers, without what is mounted over them."""
        wanted = f"the file {self.path} of container {self.name} holds {self.text!r}"
        try:
            found = read(lab.engine.containers.find(self.name).files, self.path)
        except DockerlabError:
            return Finding(False, wanted, f"no container {self.name}")
        have = f"no file {self.path}" if found is None else repr(found[:60])
        return Finding(found is not None and self.text in found, wanted, have)
