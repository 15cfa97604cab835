"""Goals about an image's history: in which order its steps were made."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding


@dataclass(frozen=True, slots=True)
class StepBefore:
    """A step of an image with one text was made before that with the other: ('shop', 'pip install', 'COPY app')."""

    name: str
    first: str
    then: str

    def look(self, lab: Lab) -> Finding:
        """Read the history from the bottom up."""
        wanted = f"in the history of image {self.name}, {self.first!r} comes before {self.then!r}"
        try:
            steps = [step.created_by for step in lab.engine.images.find(self.name).config.history]
        except DockerlabError:
            return Finding(False, wanted, f"no image {self.name}")
        places = [next((at for at, step in enumerate(steps) if text in step), None) for text in (self.first, self.then)]
        missing = [text for text, place in zip((self.first, self.then), places, strict=True) if place is None]
        if missing:
            return Finding(False, wanted, f"no step with {missing[0]!r}")
        first, then = places
        met = first is not None and then is not None and first < then
        return Finding(met, wanted, f"{self.first!r} first" if met else f"{self.then!r} first")
