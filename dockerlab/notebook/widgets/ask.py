"""A question that is answered before the answer is shown: choose, commit, read the reply to that very choice."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets

from dockerlab.notebook.learning.question import Question
from dockerlab.notebook.widgets.base import Explorer


class Ask(Explorer):
    """Shows one question; the choice is committed once, then its reply appears."""

    def __init__(self, question: Question) -> None:
        self.question, self.answered = question, False
        self.options = ipywidgets.RadioButtons(
            options=[(choice.text, number) for number, choice in enumerate(question.choices)],
            index=None,
            layout=ipywidgets.Layout(width="auto"),
        )
        self.commit = ipywidgets.Button(description="That is my answer", disabled=True)
        self.reply = ipywidgets.HTML()
        self.options.observe(self._chosen, names="index")
        self.commit.on_click(self._committed)
        text = ipywidgets.HTML(f"<b>{html.escape(question.text)}</b>")
        super().__init__([text, self.options, self.commit, self.reply])

    def _chosen(self, _: Any) -> None:
        self.commit.disabled = self.answered or self.options.index is None

    def _committed(self, _: Any) -> None:
        if self.answered or self.options.index is None:
            return
        self.answered = True
        choice = self.question.choices[self.options.index]
        self.options.disabled = self.commit.disabled = True
        mark = "✓ Yes." if choice.right else "✗ Not so."
        self.reply.value = f"<b>{mark}</b> {html.escape(choice.reply)}"

    def static_html(self) -> str:
        """The question with each choice as a fold that holds its reply."""
        folds = "".join(
            f"<details><summary>{html.escape(choice.text)}</summary>"
            f"<blockquote><b>{'✓' if choice.right else '✗'}</b> {html.escape(choice.reply)}</blockquote></details>"
            for choice in self.question.choices
        )
        return f"<p><b>{html.escape(self.question.text)}</b></p>{folds}"

    def static_text(self) -> str:
        """The question and its choices, without the replies."""
        choices = [f"  ( ) {choice.text}" for choice in self.question.choices]
        return "\n".join([self.question.text, *choices])


class Quiz(Explorer):
    """Several questions, one under the other."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.asked = [Ask(question) for question in questions]
        super().__init__(self.asked)

    def static_html(self) -> str:
        """The questions with folds."""
        return "<hr>".join(ask.static_html() for ask in self.asked)

    def static_text(self) -> str:
        """The questions and their choices."""
        return "\n\n".join(ask.static_text() for ask in self.asked)
