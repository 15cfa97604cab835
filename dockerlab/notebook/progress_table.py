"""What a learner has solved, as a table: a row for each part of the course, a square for each exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.notebook.learning.parts import Part, parts
from dockerlab.notebook.learning.progress import Standing
from dockerlab.notebook.widgets import static

SOLVED, TRIED, OPEN = "■", "◧", "□"
LEGEND = f"{SOLVED} solved   {TRIED} tried   {OPEN} not yet"


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """The table in HTML and in characters."""

    rows: tuple[tuple[str, str, str], ...]
    total: str

    @classmethod
    def of(cls, standings: Mapping[str, Standing]) -> ProgressTable:
        """The table of what is known."""
        rows = tuple(_row(part, standings) for part in parts() if part.exercises)
        every = [name for part in parts() for name in part.exercises]
        return cls(rows, f"{_solved(every, standings)} of {len(every)} exercises solved")

    def __str__(self) -> str:
        width = max((len(row[0]) for row in self.rows), default=0)
        lines = [f"{label:<{width}}  {squares:<6} {count}" for label, squares, count in self.rows]
        return "\n".join([*lines, "", f"{self.total}   ({LEGEND})"])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        table = static.table(("lesson", "exercises", "solved"), self.rows)
        return {"text/html": table + static.paragraph(f"{self.total}. {LEGEND}"), "text/plain": str(self)}


def _row(part: Part, standings: Mapping[str, Standing]) -> tuple[str, str, str]:
    names = part.exercises
    squares = "".join(_square(standings.get(name)) for name in names)
    return part.label, squares, f"{_solved(names, standings)} of {len(names)}"


def _square(standing: Standing | None) -> str:
    if standing is None:
        return OPEN
    return SOLVED if standing.passed else TRIED


def _solved(names: tuple[str, ...] | list[str], standings: Mapping[str, Standing]) -> int:
    return sum(name in standings and standings[name].passed for name in names)
