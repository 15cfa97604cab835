"""The parts of the course with their exercises: one for each section, then the incidents and the capstone."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.notebook.learning.course_data import EXERCISES
from dockerlab.notebook.learning.sections import SECTIONS

SCORED = {"incident": "Incidents", "capstone": "Capstone"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the course. `key` is the first word of its exercises' names: '3.1.1' of '3.1.1 copy up'."""

    key: str
    title: str

    @property
    def label(self) -> str:
        """How a table names it: '3.1.1 Layered file systems'."""
        return self.title if self.key in SCORED else f"{self.key} {self.title}"

    @property
    def exercises(self) -> tuple[str, ...]:
        """The names of its exercises, in the lesson's order."""
        return tuple(name for name in EXERCISES if name.partition(" ")[0] == self.key)


def parts() -> tuple[Part, ...]:
    """All of them, in the course's order."""
    sections = (Part(section.number, section.title) for section in SECTIONS)
    return (*sections, *(Part(*scored) for scored in SCORED.items()))
