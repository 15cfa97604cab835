"""What was done to a lab, so that any moment of it can be taken up again: all up to it is done again on a fresh lab.

A lab has one clock and one seed, so doing the same again gives the same bytes; that is cheaper and safer than
keeping copies of running processes. Moments form a tree: who goes back and does something else begins a branch, and
what was done before stays where it was. Who goes back and does the same again is where he was before.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol


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


@dataclass(frozen=True, slots=True)
class Opened(Entry):
    """A terminal was opened on the host."""

    terminal: int

    @property
    def words(self) -> str:
        """Which."""
        return f"opening terminal {self.terminal + 1}"


@dataclass(frozen=True, slots=True)
class Typed(Entry):
    """Something was typed into a terminal; `hidden` where it did not show it."""

    terminal: int
    text: str = field(repr=False)
    hidden: bool = False

    @property
    def words(self) -> str:
        """What, control characters as `^C`; never a password."""
        if self.hidden:
            return "a password"
        return "".join(each if each >= " " else f"^{chr(ord(each) + 64)}" for each in self.text.rstrip("\n")) or "⏎"


@dataclass(frozen=True, slots=True)
class Waited(Entry):
    """Time passed in a terminal in which something ran, in so many steps."""

    terminal: int
    steps: int = 1

    @property
    def words(self) -> str:
        """In which one."""
        return f"letting terminal {self.terminal + 1} run"


@dataclass(frozen=True, slots=True)
class HungUp(Entry):
    """A terminal was closed."""

    terminal: int

    @property
    def words(self) -> str:
        """Which."""
        return f"closing terminal {self.terminal + 1}"


@dataclass(eq=False)
class Moment:
    """How the lab was once an entry was done; the root is the fresh lab. `number` counts all moments as they came."""

    entry: Entry | None = None
    parent: Moment | None = None
    number: int = 0
    children: list[Moment] = field(default_factory=list)
    forward: Moment | None = None
    """The child that was visited last: where `redo` goes."""

    @property
    def words(self) -> str:
        """What was done last."""
        return self.entry.words if self.entry else "a fresh lab"

    def path(self) -> tuple[Moment, ...]:
        """The moments that lead here, the root first."""
        found: list[Moment] = []
        moment: Moment | None = self
        while moment is not None:
            found.append(moment)
            moment = moment.parent
        return tuple(reversed(found))

    def onward(self) -> tuple[Moment, ...]:
        """The moments that `redo` would lead through, the next one first."""
        found: list[Moment] = []
        moment = self.forward
        while moment is not None:
            found.append(moment)
            moment = moment.forward
        return tuple(found)


class Watcher(Protocol):
    """Somebody who wants to see each moment before the next thing is done."""

    def moment_passed(self, moment: Moment) -> None:
        """The lab still is as it was at that moment."""


class Journal:
    """A tree of moments, and the one that the lab is at. While entries are done again nothing is written down."""

    def __init__(self) -> None:
        self.replaying = False
        self.watchers: weakref.WeakSet[Watcher] = weakref.WeakSet()
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.root = self.here = Moment()
        self.moments: list[Moment] = [self.root]

    def add(self, entry: Entry) -> None:
        """Write down what is about to be done."""
        if self.replaying:
            return
        for watcher in list(self.watchers):
            watcher.moment_passed(self.here)
        same = next((child for child in self.here.children if child.entry == entry), None)
        self.here.forward = same or self._branch(entry)
        self.here = self.here.forward

    def wait(self, terminal: int) -> None:
        """Write down one more step of waiting; many in a row are one moment, as nobody cares for each of them."""
        last = self.here.entry
        if isinstance(last, Waited) and last.terminal == terminal and not (self.replaying or self.here.children):
            self.here.entry = Waited(terminal, last.steps + 1)
        else:
            self.add(Waited(terminal))

    def _branch(self, entry: Entry) -> Moment:
        moment = Moment(entry, self.here, len(self.moments))
        self.here.children.append(moment)
        self.moments.append(moment)
        return moment

    def go_to(self, moment: Moment) -> None:
        """Be at a moment; `redo` from any moment before it leads there."""
        path = moment.path()
        for before, after in pairwise(path):
            before.forward = after
        self.here = moment

    @property
    def entries(self) -> Sequence[Entry]:
        """What led to where the lab is, oldest first."""
        return [moment.entry for moment in self.here.path() if moment.entry]

    @property
    def tips(self) -> Sequence[Moment]:
        """The ends of all branches, oldest first."""
        return [moment for moment in self.moments if not moment.children]

    @property
    def lines(self) -> int:
        """How many lines the shell has run."""
        return sum(isinstance(entry, Line) for entry in self.entries)

    def again(self, since: Moment | None = None) -> Iterator[Entry]:
        """The entries, to be done once more: all of them, or those after a moment that the lab is at."""
        self.replaying = True
        try:
            yield from self.entries[len(since.path()) - 1 if since else 0 :]
        finally:
            self.replaying = False
