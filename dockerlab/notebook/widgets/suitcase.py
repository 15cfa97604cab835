"""Suitcase: what survives the trip? Say what you expect, let it travel, and look at what is there where it arrives.

Each trip is made on labs of its own (`trips`), so the learner's lab stays as it is.
"""

from __future__ import annotations

from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook.diagrams.wording import plural
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import LabWidget, action
from dockerlab.notebook.widgets.trips import DOCKERFILE, ITEMS, PACKING, TRIPS, Journey, Proof, travel

WORDS = {True: "✓ survives", False: "✗ is lost"}


class Suitcase(LabWidget):
    """An image with a container on it, and five ways to take it somewhere else."""

    _esm = bundle.module("suitcase")
    _css = bundle.style("suitcase")
    title = "Suitcase"
    question = "What survives the trip?"

    def __init__(self, lab: Lab | None = None, trip: str = "") -> None:
        self.trip = self._known(trip or next(iter(TRIPS)))
        self.item = next(iter(ITEMS))
        self.expected: dict[str, set[str]] = {name: set() for name in TRIPS}
        self.journeys: dict[str, Journey] = {}
        super().__init__(lab)

    @staticmethod
    def _known(trip: str) -> str:
        if trip not in TRIPS:
            raise NotFoundError(f"no trip named {trip!r}; there are: {', '.join(TRIPS)}")
        return trip

    @action
    def choose(self, trip: str) -> str:
        """Another way to travel."""
        self.trip = self._known(trip)
        return self._summary()

    @action
    def pick(self, item: str) -> str:
        """Before the trip: expect that an item survives, or not. After it: see the proof."""
        if item not in ITEMS:
            raise NotFoundError(f"no item {item!r}; there are: {', '.join(ITEMS)}")
        self.item, label = item, ITEMS[item].label
        journey = self.journeys.get(self.trip)
        if journey is None:
            self.expected[self.trip] ^= {item}
            return f"{label}: expected {'to survive' if item in self.expected[self.trip] else 'to be lost'}"
        proof = journey.proofs[item]
        return f"{label} {WORDS[proof.survives][2:]}. {proof.line}: {proof.printed or 'prints nothing'}"

    @action
    def go(self) -> str:
        """Make the trip."""
        if self.trip not in self.journeys:
            self.journeys[self.trip] = travel(self.trip, self.lab.engine.release.number)
        return self._summary()

    @action
    def pack_again(self) -> str:
        """Forget this trip, to expect something else."""
        self.journeys.pop(self.trip, None)
        self.expected[self.trip].clear()
        return self._summary()

    def _now(self) -> tuple[int, ...]:
        """Nothing here depends on what happens in the learner's lab."""
        return ()

    # What is shown.

    def snapshot(self) -> dict[str, Any]:
        """The trips, the items with what is expected and what came of it, and the proof of one of them."""
        journey = self.journeys.get(self.trip)
        proof = journey.proofs[self.item] if journey else None
        return {
            "packing": DOCKERFILE + "\n" + "\n".join(f"home$ {line}" for line in PACKING),
            "trips": [
                {"trip": name, "label": trip.label, "selected": name == self.trip, "done": name in self.journeys}
                for name, trip in TRIPS.items()
            ],
            "done": journey is not None,
            "items": [self._row(key) for key in ITEMS],
            "typed": journey.transcript if journey else "\n".join(TRIPS[self.trip].lines),
            "summary": self._summary(),
            "proof": None if proof is None else {"label": ITEMS[self.item].label, "text": proof_text(proof)},
        }

    def _row(self, key: str) -> dict[str, Any]:
        journey = self.journeys.get(self.trip)
        expected = key in self.expected[self.trip]
        survives = journey.proofs[key].survives if journey else None
        return {
            "key": key,
            "label": ITEMS[key].label,
            "expected": expected,
            "survives": survives,
            "right": survives in (None, expected) or not self.expected[self.trip],
            "chosen": journey is not None and key == self.item,
            "others": [self.journeys[trip].proofs[key].survives if trip in self.journeys else None for trip in TRIPS],
        }

    def _summary(self) -> str:
        journey = self.journeys.get(self.trip)
        if journey is None:
            return "Mark what you expect to survive, then let it travel."
        right = sum(proof.survives == (key in self.expected[self.trip]) for key, proof in journey.proofs.items())
        kept = sum(proof.survives for proof in journey.proofs.values())
        compared = f"; {right} are as you expected" if self.expected[self.trip] else ""
        return f"{plural(kept, 'item')} of {len(ITEMS)} survive{compared}."

    # Without a kernel.

    def _static_rows(self) -> list[list[str]]:
        journeys = [travel(trip, self.lab.engine.release.number) for trip in TRIPS]
        return [
            [item.label, *(WORDS[journey.proofs[key].survives] for journey in journeys)] for key, item in ITEMS.items()
        ]

    def static_html(self) -> str:
        """All trips, with what survives each."""
        heads = ["", *(trip.label for trip in TRIPS.values())]
        return static.heading(self.title, self.question) + static.table(heads, self._static_rows())

    def static_text(self) -> str:
        """The same in characters."""
        rows = [["", *(trip.label for trip in TRIPS.values())], *self._static_rows()]
        return "\n".join(f"{label:32}{''.join(f'{each:16}' for each in cells)}".rstrip() for label, *cells in rows)


def proof_text(proof: Proof) -> str:
    """A proof as on a terminal."""
    return f"$ {proof.line}\n{proof.printed or '(nothing)'}"
