"""Every question has one right choice and a reply of its own for each."""

from __future__ import annotations

import pytest

from dockerlab.notebook.learning.course_data import QUESTIONS
from dockerlab.notebook.learning.question import Choice, Question


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_each_choice_has_its_own_reply(question: Question) -> None:
    replies = [choice.reply for choice in question.choices]
    assert len(set(replies)) == len(replies) >= 3
    assert question.answer.right


def test_a_question_without_a_right_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly one right choice"):
        Question("x", "?", (Choice("a", "no"), Choice("b", "no")))
