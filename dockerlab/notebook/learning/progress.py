"""What a learner has solved, kept from one notebook to the next in a small JSON file of his own.

`place` says which file. Without one nothing is kept; one that can't be read counts as empty,
and one that can't be written is let be: no lesson fails for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dockerlab.notebook.learning.exercise import Report

NOTHING = "off"
"""Instead of a file's name: keep nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an exercise is: passed once, in so many lines, or only tried; `report` is what the check said."""

    passed: bool
    lines: int
    report: str


class Progress:
    """All exercises that were tried, by name; in a file, as long as there is one."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path

    def standings(self) -> Mapping[str, Standing]:
        """What is known of each exercise that was tried."""
        if self.path is None:
            return {}
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        rows = kept.items() if isinstance(kept, dict) else ()
        return {name: standing for name, row in rows if (standing := _parse(row))}

    def note(self, report: Report) -> None:
        """Keep what a check found. What has passed once stays passed, in as few lines as it ever took."""
        if self.path is None or not report.attempted:
            return
        standings = dict(self.standings())
        before, now = standings.get(report.exercise), Standing(report.passed, report.lines, str(report))
        if before and before.passed and not (now.passed and now.lines < before.lines):
            return
        self._write(standings | {report.exercise: now})

    def _write(self, standings: Mapping[str, Standing]) -> None:
        """All at once, so that nobody reads half a file."""
        assert self.path is not None
        fresh = self.path.with_name(f"{self.path.name}.new")
        rows = {name: asdict(standing) for name, standing in standings.items()}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            fresh.replace(self.path)
        except OSError:
            pass  # the lesson matters more


def _parse(row: Any) -> Standing | None:
    try:
        return Standing(bool(row["passed"]), int(row["lines"]), str(row["report"]))
    except (KeyError, TypeError, ValueError, OverflowError):  # the last for Infinity, which Python's JSON knows
        return None


def place(named: str | None) -> Path | None:
    """Where progress is kept: in the file that is named, else in the user's data folder; with 'off' nowhere."""
    if named:
        return None if named == NOTHING else Path(named).expanduser()
    try:
        from platformdirs import user_data_path
    except ImportError:  # in the browser, where no folder lasts either
        return None
    return user_data_path("dockerlab", appauthor=False) / "progress.json"


PROGRESS = Progress()
"""That of whoever works in this notebook."""
