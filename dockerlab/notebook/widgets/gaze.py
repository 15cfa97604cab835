"""How a path is found, as rows to look at: the container's own part, then the layers, top down, each with its looks.

On a union mount the gaze falls through the layers; with a snapshot or a full copy it stays in its own tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dockerlab.fs.drivers import Look, Search, Trial
from dockerlab.fs.drivers.search import OWN
from dockerlab.fs.snapshot import SnapshotFs
from dockerlab.notebook.diagrams.paths import Result, Step, holds
from dockerlab.notebook.diagrams.views import PlaceView
from dockerlab.notebook.views.paths import in_layer, in_upper

MOST_ROWS = 20
KINDS: Mapping[Step, str] = {
    Step.PASSED: "passed",
    Step.FOUND: "found",
    Step.MERGED: "found",
    Step.STOPPED: "stopped",
    Step.HIDDEN: "hidden",
    Step.UNSEEN: "unseen",
}
FOUND: Mapping[str, tuple[str, str]] = {
    "": ("·", "not here"),
    "file": ("●", "here"),
    "directory": ("▸", "a directory"),
    "opaque": ("◼", "an opaque directory: nothing below is asked"),
    "whiteout": ("✕", "a whiteout: the name is gone"),
}
"""What a look found, as a sign and in words."""


class Gaze:
    """The search for a path in a container, as it is at this moment."""

    def __init__(self, trial: Trial, path: str, names: Sequence[str]) -> None:
        self.path = path
        self.search: Search = trial.driver.search(trial.layers, trial.files, path)
        below = [in_layer(layer, path, name) for layer, name in zip(trial.layers, names, strict=True)]
        self.places = [own_place(trial, path), *reversed(below)]
        self.numbers = [OWN, *range(len(trial.layers) - 1, -1, -1)]
        self.shares = isinstance(trial.files, SnapshotFs)
        self.steps = Result.of(self.places).steps

    def rows(self) -> list[dict[str, Any]]:
        """A row for each place; runs of layers that have nothing to say are one row where there are too many."""
        rows = [self._row(at) for at in range(len(self.places))]
        if len(rows) <= MOST_ROWS:
            return rows
        telling = [row for row in rows if row["kind"] not in ("passed", "unseen")][:MOST_ROWS]
        shown: list[dict[str, Any]] = []
        for at, row in enumerate(rows):
            if at in (0, len(rows) - 1) or row in telling:
                shown.append(row)
            elif "folded" in shown[-1]:
                shown[-1]["folded"] += 1
            else:
                shown.append({"number": row["number"], "folded": 1, "kind": row["kind"]})
        return shown

    def _row(self, at: int) -> dict[str, Any]:
        place, number = self.places[at], self.numbers[at]
        looks = [(turn, look) for turn, look in enumerate(self.search.looks, 1) if look.layer == number]
        kind, sign = self._shared(number) if self.shares else (KINDS[self.steps[at]], self.steps[at].value)
        if kind == "unseen" and looks:
            sign = f"asked for {looks[-1][1].name}"
        return {
            "number": number,
            "name": place.name,
            "kind": kind,
            "sign": sign,
            "holds": holds(place),
            "looks": [look_facts(turn, look) for turn, look in looks],
        }

    def _shared(self, number: int) -> tuple[str, str]:
        """Where a container has a whole tree of its own, the layers are not asked; one of them may own the blocks."""
        if number == OWN:
            return ("stopped", "✕ no such name") if self.search.layer is None else ("found", "► found")
        return ("blocks", "its blocks") if number == self.search.layer else ("unseen", "not asked")


def own_place(trial: Trial, path: str) -> PlaceView:
    """What the container's own part has at a path: of its upper directory, or of a tree that has everything."""
    if not isinstance(trial.files, SnapshotFs):
        return in_upper(trial.files.upper, path, "its own layer")
    place, stat = PlaceView("its own tree", writable=True), trial.files.find(path, follow=False)
    if stat is None:
        return place
    kind = {"d": "directory", "l": "link"}.get(stat.kind, "file")
    return replace(place, kind=kind, size=0 if kind == "directory" else stat.size)


def look_facts(turn: int, look: Look) -> dict[str, Any]:
    """One look."""
    sign, words = FOUND[look.found]
    return {"turn": turn, "name": look.name, "sign": sign, "words": f"look {turn}: {look.name} is {words}"}
