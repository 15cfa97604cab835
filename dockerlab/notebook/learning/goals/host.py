"""Goals about files of the host."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, read


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
