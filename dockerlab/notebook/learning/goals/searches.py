"""Goals about `docker search`: names that were found and written into a file of the host."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, read
from dockerlab.notebook.views.registries import client_of

MOST = 100
"""So many results can be asked for."""


@dataclass(frozen=True, slots=True)
class SearchFound:
    """A file of the host holds the names that Docker Hub finds for a term, and nothing else.

    `official` leaves out the others; `limit` is how many results are looked at.
    """

    path: str
    term: str
    official: bool = False
    limit: int = MOST

    def look(self, lab: Lab) -> Finding:
        """Search, and compare the words."""
        kind = "official repositories" if self.official else "repositories"
        wanted = f"the host's file {self.path} holds the names of all {kind} found for {self.term}"
        found = read(lab.host, self.path)
        if found is None:
            return Finding(False, wanted, f"no file {self.path}")
        try:
            rows = client_of(lab.engine).search(self.term, self.limit)
        except DockerlabError:
            return Finding(False, wanted, "Docker Hub can't be reached")
        names = {row["name"] for row in rows if row["is_official"] or not self.official}
        lines = found.split()
        have = f"{len(lines)} in it, the first {lines[0]}" if lines else "an empty file"
        return Finding(sorted(lines) == sorted(names), wanted, have)
