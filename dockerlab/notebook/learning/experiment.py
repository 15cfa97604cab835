"""Experiments as data: what is done in a fresh lab, and what it must show.

An experiment is a sequence of steps: lines for the host's shell, files written, time that passes, a comparison of
storage drivers. A step may say what must be seen, as a regular expression over what it prints; `carry_out` looks
whether it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from dockerlab.lab import Lab


@dataclass(frozen=True, slots=True)
class Seen:
    """What a step was, what it printed, and whether that is what it must show."""

    step: str
    output: str
    held: bool


class Step(Protocol):
    """One thing to do in a lab."""

    def take(self, lab: Lab) -> Seen:
        """Do it, and look."""
        ...


Experiment: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A line for the host's shell. `shows` is looked for in all that it prints; ^ and $ are ends of lines, a dot is
    any character, a new line too. The line must succeed, or fail where `fails` says so.
    """

    line: str
    shows: str = ""
    fails: bool = False

    def take(self, lab: Lab) -> Seen:
        """Run the line."""
        result = lab.run(self.line)
        output = result.stdout + result.stderr
        ended = (result.exit_code != 0) == self.fails
        return Seen(f"$ {self.line}", output, ended and re.search(self.shows, output, re.M | re.S) is not None)


@dataclass(frozen=True, slots=True)
class Write:
    """A file of the host is written."""

    path: str
    text: str

    def take(self, lab: Lab) -> Seen:
        """Write the file."""
        lab.host.write(self.path, self.text.encode())
        return Seen(f"write {self.path}", self.text, True)


@dataclass(frozen=True, slots=True)
class Later:
    """Days pass."""

    days: int

    def take(self, lab: Lab) -> Seen:
        """Move the lab's clock."""
        lab.clock.advance(days=self.days)
        return Seen(f"{self.days} days later", "", True)


@dataclass(frozen=True, slots=True)
class CompareDrivers:
    """The same work with several storage drivers, each on a lab of its own; `copied` is how many bytes each copies."""

    setup: str
    work: str
    copied: Mapping[str, int]

    def take(self, lab: Lab) -> Seen:
        """Compare the drivers."""
        comparison = lab.compare_drivers(self.work, self.setup, self.copied)
        held = all(comparison.of(driver).bytes_copied == count for driver, count in self.copied.items())
        return Seen(f"compare drivers: {self.work}", str(comparison), held)


def carry_out(experiment: Experiment, lab: Lab) -> Iterator[Seen]:
    """Take the steps one after the other."""
    for step in experiment:
        yield step.take(lab)
