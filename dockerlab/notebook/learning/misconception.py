"""Misconceptions as data: what learners believe, what is so, the experiment that shows it, the question about it."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.notebook.learning.experiment import Experiment
from dockerlab.notebook.learning.question import Choice, Question


@dataclass(frozen=True, slots=True)
class Misconception:
    """A belief that is not so. `section` is the section of the course whose lesson refutes it, e.g. '3.1.1'.

    One choice of the question is the belief; the reply to it says what the experiment shows.
    """

    number: int
    section: str
    belief: str
    truth: str
    experiment: Experiment
    question: Question

    def __post_init__(self) -> None:
        if [choice.right for choice in self.question.choices if choice.believed] != [False]:
            raise ValueError(f"question {self.question.name} needs exactly one choice that is the belief")

    @property
    def believed(self) -> Choice:
        """The choice that is the belief."""
        return next(choice for choice in self.question.choices if choice.believed)
