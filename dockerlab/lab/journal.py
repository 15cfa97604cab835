"""What was done to a lab, so that the last thing can be undone: everything else is done again on a fresh lab.

A lab has one clock and one seed, so doing the same again gives the same bytes; that is cheaper and safer than
keeping copies of running processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `words` says it to a person."""

    @property
    def words(self) -> str:
        """What was done."""
        return type(self).__name__


@dataclass(frozen=True, slots=True)
class Line(Entry):
    """A line that the host's shell ran."""

    line: str
    stdin: str

    @property
    def words(self) -> str:
        """The line itself."""
        return self.line


@dataclass(frozen=True, slots=True)
class Written(Entry):
    """A file that was written from outside the shell."""

    path: str
    data: bytes

    @property
    def words(self) -> str:
        """Which file."""
        return f"writing {self.path}"


@dataclass(frozen=True, slots=True)
class Advanced(Entry):
    """The clock was moved on, by nanoseconds."""

    span: int

    @property
    def words(self) -> str:
        """How far."""
        return f"moving the clock on by {self.span / 1e9:.0f} seconds"


@dataclass(frozen=True, slots=True)
class Served(Entry):
    """A registry was set up."""

    name: str
    users: tuple[tuple[str, str], ...] | None

    @property
    def words(self) -> str:
        """Under which name."""
        return f"serving a registry at {self.name}"


@dataclass(frozen=True, slots=True)
class Connected(Entry):
    """A name was led to a real registry."""

    name: str
    url: str

    @property
    def words(self) -> str:
        """Which name leads where."""
        return f"connecting {self.name} to {self.url}"


@dataclass(frozen=True, slots=True)
class HubSet(Entry):
    """Something was set in the Docker Hub: a method of `lab.hub` and its arguments."""

    method: str
    arguments: tuple[str | float | None, ...]

    @property
    def words(self) -> str:
        """Which method, with what."""
        return f"lab.hub.{self.method}({', '.join(map(repr, self.arguments))})"


@dataclass(frozen=True, slots=True)
class ServedNotary(Entry):
    """A Notary server was set up."""

    name: str

    @property
    def words(self) -> str:
        """At which address."""
        return f"serving a Notary server at {self.name}"


@dataclass
class Journal:
    """The entries, oldest first. While they are done again nothing is written down."""

    entries: list[Entry] = field(default_factory=list)
    replaying: bool = False

    def add(self, entry: Entry) -> None:
        """Write down what is about to be done."""
        if not self.replaying:
            self.entries.append(entry)

    @property
    def lines(self) -> int:
        """How many lines the shell has run."""
        return sum(isinstance(entry, Line) for entry in self.entries)

    def again(self) -> Iterator[Entry]:
        """The entries, to be done once more."""
        self.replaying = True
        try:
            yield from list(self.entries)
        finally:
            self.replaying = False
