"""Goals about storage drivers: which one the daemon uses, what a container has written with it, and where."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dockerlab.engine.config import PATH
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, dig, find_container, read
from dockerlab.notebook.learning.goals.images import ImageExists


@dataclass(frozen=True, slots=True)
class DriverIs:
    """The daemon uses that storage driver."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Ask the daemon."""
        found = lab.engine.driver.name
        return Finding(found == self.name, f"the daemon uses the storage driver {self.name}", f"it uses {found}")


@dataclass(frozen=True, slots=True)
class DriverWaits:
    """The configuration asks for that storage driver, but the daemon still uses another one."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Compare the file with the daemon."""
        asked, used = asked_driver(lab), lab.engine.driver.name
        wanted = f"{PATH} asks for {self.name}, and the daemon does not use it yet"
        have = f"the file asks for {asked or 'none'}, the daemon uses {used}"
        return Finding(asked == self.name != used, wanted, have)


@dataclass(frozen=True, slots=True)
class ImageUnder:
    """The daemon uses that storage driver, and has that image there."""

    driver: str
    name: str

    def look(self, lab: Lab) -> Finding:
        """Ask for the driver, then for the image."""
        driver, image = DriverIs(self.driver).look(lab), ImageExists(self.name).look(lab)
        wanted = f"with the storage driver {self.driver} {image.wanted}"
        return Finding(driver.met and image.met, wanted, image.have if driver.met else driver.have)


@dataclass(frozen=True, slots=True)
class WritableBelow:
    """A container has less than so many bytes in its writable layer."""

    name: str
    size: int

    def look(self, lab: Lab) -> Finding:
        """Ask what `docker ps --size` shows."""
        wanted = f"the writable layer of container {self.name} holds less than {self.size} bytes"
        container = find_container(lab, self.name, size=True)
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        return Finding(container["SizeRw"] < self.size, wanted, f"it holds {container['SizeRw']} bytes")


@dataclass(frozen=True, slots=True)
class DirectoryNoted:
    """A file of the host holds one of the directories that overlay2 has for a container, e.g. its UpperDir."""

    path: str
    container: str
    directory: str

    def look(self, lab: Lab) -> Finding:
        """Compare the file with what `docker inspect` says."""
        wanted = f"{self.path} holds the right one of the directories of container {self.container}"
        container = find_container(lab, self.container)
        noted = read(lab.host, self.path)
        if container is None or noted is None:
            return Finding(False, wanted, f"no {self.path if container else f'container {self.container}'}")
        met = noted.strip() == dig(container, f"GraphDriver.Data.{self.directory}")
        return Finding(met, wanted, repr(noted[-40:]))


def asked_driver(lab: Lab) -> str | None:
    """The storage driver that the daemon's configuration names, None where it names none."""
    try:
        found = dig(json.loads(read(lab.host, PATH) or "{}"), "storage-driver")
    except ValueError:
        return None
    return found if isinstance(found, str) else None
