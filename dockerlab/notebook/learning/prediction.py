"""What a learner predicted, by the question's name: committed once, before the run or after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dockerlab.notebook.learning.question import Choice, Question


@dataclass(frozen=True, slots=True)
class Prediction:
    """A committed choice. `before` the run it is a prediction, after it an answer; `revealed`: the run is over."""

    question: Question
    chosen: int
    before: bool = True
    revealed: bool = False

    @property
    def choice(self) -> Choice:
        """The choice that was made."""
        return self.question.choices[self.chosen]

    @property
    def lesson(self) -> str:
        """The lesson that the question belongs to: '3.1.1' of '3.1.1 reading'."""
        return self.question.name.partition(" ")[0]


class Predictions:
    """All predictions of a session; the first choice for a question stays."""

    def __init__(self) -> None:
        self._made: dict[str, Prediction] = {}

    def commit(self, prediction: Prediction) -> Prediction:
        """Keep a choice; returns the one that counts, which is the first."""
        return self._made.setdefault(prediction.question.name, prediction)

    def find(self, question: Question) -> Prediction | None:
        """What was predicted, None where nothing was."""
        return self._made.get(question.name)

    def reveal(self, question: Question) -> None:
        """The run is over: the reply may be read."""
        if made := self.find(question):
            self._made[question.name] = replace(made, revealed=True)

    def __iter__(self) -> Iterator[Prediction]:
        return iter(self._made.values())

    def __len__(self) -> int:
        return len(self._made)


PREDICTIONS, SECOND = Predictions(), Predictions()
"""Those of this notebook; and what was answered when the room had talked about it."""
