"""Goals about volumes: what lies in those that a container has."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, read


@dataclass(frozen=True, slots=True)
class VolumeFile:
    """A file in what is mounted in a container holds a text, e.g. ('web', '/data', 'log', 'today')."""

    name: str
    folder: str
    file: str
    text: str

    def look(self, lab: Lab) -> Finding:
        """Read the file in the volume, or in the folder of the host."""
        wanted = f"what is mounted at {self.folder} of container {self.name} has a file {self.file} with {self.text!r}"
        try:
            mounts = lab.engine.containers.find(self.name).mounts
        except DockerlabError:
            return Finding(False, wanted, f"no container {self.name}")
        mount = next((each for each in mounts if each.destination == self.folder), None)
        if mount is None or mount.files is None:
            return Finding(False, wanted, f"nothing is mounted at {self.folder}")
        found = read(mount.files, f"{mount.subpath.rstrip('/')}/{self.file}")
        if found is None:
            return Finding(False, wanted, f"no file {self.file} in it")
        return Finding(self.text in found, wanted, f"{self.text!r} {'is' if self.text in found else 'is not'} in it")
