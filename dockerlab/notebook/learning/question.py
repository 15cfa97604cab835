"""Questions as data: what learners believe, and the reply to each belief.

A question is asked before a run (a prediction) or at a lesson's end. Every wrong choice is a belief that
learners really hold; its reply answers that very belief and points at what refutes it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer, and what is said to somebody who chose it; `believed` marks the misconception asked about."""

    text: str
    reply: str
    right: bool = False
    believed: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its choices; `name` is unique in the course, e.g. '3.1.1 reading'."""

    name: str
    text: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if sum(choice.right for choice in self.choices) != 1:
            raise ValueError(f"question {self.name} needs exactly one right choice")

    @property
    def answer(self) -> Choice:
        """The right choice."""
        return next(choice for choice in self.choices if choice.right)
