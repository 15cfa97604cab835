"""Predict: what do you expect? Choose, commit, run the next cell, and read the reply to that very choice.

Every wrong choice is a belief that learners hold. A choice can't be changed once it is committed, not by running the
question's cell again either. Somebody who runs on without choosing is told so kindly, and may still answer.
"""

from __future__ import annotations

import html
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.notebook.learning.prediction import PREDICTIONS, Prediction, Predictions
from dockerlab.notebook.learning.question import Choice, Question
from dockerlab.notebook.widgets import bundle
from dockerlab.notebook.widgets.base import LabWidget, action

STATUS = {
    "asking": "Choose with a click or with the keys 1 to {last}, then commit: Enter.",
    "committed": "Committed: {chosen}. Now run the next cell, and come back for the answer.",
    "missed": "Not predicted this time; nothing is lost. Choose now: does it fit what you saw?",
    "answered": "",
}


class Predict(LabWidget):
    """One question, or several; with `at_once` replies come without a run, as in a quiz at a lesson's end."""

    _esm = bundle.module("predict")
    _css = bundle.style("predict")
    title = "Predict"
    question = "What do you expect?"

    def __init__(self, *questions: Question, at_once: bool = False, record: Predictions = PREDICTIONS) -> None:
        self.questions, self.at_once, self.record = questions, at_once, record
        self.picked: dict[int, int] = {}
        self.run_is_over = at_once
        if at_once:
            self.title, self.question = "Quick questions", "What do you know by now?"
        super().__init__()

    # What the front end asks for.

    @action
    def choose(self, number: int, choice: int) -> str:
        """Pick a choice of a question; not yet final."""
        if self._made(number) is None:
            self.picked[number] = choice
        return f"chosen: {self.questions[number].choices[choice].text}"

    @action
    def commit(self, number: int) -> str:
        """Make the choice final."""
        if number not in self.picked:
            raise InvalidParameterError("Choose an answer first.")
        question = self.questions[number]
        made = Prediction(question, self.picked[number], before=not self.run_is_over or self.at_once)
        self.record.commit(made)
        if self.run_is_over:
            self.record.reveal(question)
        return self._entry(number)["status"] or self._verdict(number)

    def cell_ran(self) -> None:
        """The run: it reveals what was committed before it."""
        if not self.at_once and not self.run_is_over:
            self.run_is_over = True
            for question in self.questions:
                self.record.reveal(question)
        self.act("refresh")

    def _verdict(self, number: int) -> str:
        made = self._made(number)
        return f"{'Right' if made.choice.right else 'Not so'}: {made.choice.reply}" if made else ""

    def _made(self, number: int) -> Prediction | None:
        return self.record.find(self.questions[number])

    # What is shown.

    def snapshot(self) -> dict[str, Any]:
        """Each question with its phase: asking, committed, missed or answered."""
        return {"questions": [self._entry(number) for number in range(len(self.questions))]}

    def _entry(self, number: int) -> dict[str, Any]:
        question, made = self.questions[number], self._made(number)
        phase = self._phase(made)
        chosen = made.chosen if made else self.picked.get(number)
        facts = {"last": len(question.choices), "chosen": question.choices[chosen].text if chosen is not None else ""}
        return {
            "text": question.text,
            "phase": phase,
            "open": made is None,
            "chosen": chosen,
            "status": "" if self.at_once and made else STATUS[phase].format(**facts),
            "choices": [self._choice(choice, phase, at == chosen) for at, choice in enumerate(question.choices)],
        }

    def _phase(self, made: Prediction | None) -> str:
        if made is not None:
            return "answered" if made.revealed else "committed"
        return "missed" if self.run_is_over and not self.at_once else "asking"

    def _choice(self, choice: Choice, phase: str, chosen: bool) -> dict[str, Any]:
        """A choice; with its reply when it was chosen and the run is over, or when it is what is so."""
        shown = phase == "answered" and (chosen or choice.right)
        return {"text": choice.text, **({"reply": choice.reply, "right": choice.right} if shown else {})}

    def static_html(self) -> str:
        """Each question with its choices as folds that hold the replies."""
        return "<hr>".join(map(_static_question, self.questions))

    def static_text(self) -> str:
        """The questions and their choices, without the replies."""
        return "\n\n".join(
            "\n".join([question.text, *(f"  ( ) {choice.text}" for choice in question.choices)])
            for question in self.questions
        )


def _static_question(question: Question) -> str:
    folds = "".join(
        f"<details><summary>{html.escape(choice.text)}</summary>"
        f"<blockquote><b>{'✓' if choice.right else '✗'}</b> {html.escape(choice.reply)}</blockquote></details>"
        for choice in question.choices
    )
    return f"<p><b>{html.escape(question.text)}</b></p>{folds}"
