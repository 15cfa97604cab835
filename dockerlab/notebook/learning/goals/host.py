"""Goals about files of the host."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, read


@dataclass(frozen=True, slots=True)
class HostFile:
    """A file of the host holds a text; `what` is said of it where the text itself would give the answer away."""

    path: str
    text: str
    what: str = ""

    def look(self, lab: Lab) -> Finding:
        """Read the file."""
        found = read(lab.host, self.path)
        have = f"no file {self.path}" if found is None else repr(found[:60])
        wanted = f"the host's file {self.path} holds {self.what or repr(self.text)}"
        return Finding(found is not None and self.text in found, wanted, have)


@dataclass(frozen=True, slots=True)
class LineBefore:
    """In a file of the host the line with the one text stands above the line with the other."""

    path: str
    first: str
    then: str

    def look(self, lab: Lab) -> Finding:
        """Read the file."""
        wanted = f"in the host's file {self.path} {self.first!r} stands before {self.then!r}"
        found = read(lab.host, self.path)
        if found is None:
            return Finding(False, wanted, f"no file {self.path}")
        first, then = found.find(self.first), found.find(self.then)
        if -1 in (first, then):
            return Finding(False, wanted, f"no {self.first if first == -1 else self.then!r} in it")
        return Finding(first < then, wanted, f"{(self.first if first < then else self.then)!r} first")
