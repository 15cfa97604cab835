"""Every question has one right choice and a reply of its own for each; a static view shows all of them."""

from __future__ import annotations

import pytest

from dockerlab.notebook.learning.course_data import QUESTIONS
from dockerlab.notebook.learning.question import Choice, Question
from dockerlab.notebook.widgets.ask import Ask, Quiz


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_each_choice_has_its_own_reply(question: Question) -> None:
    replies = [choice.reply for choice in question.choices]
    assert len(set(replies)) == len(replies) >= 3
    assert question.answer.right


def test_a_question_without_a_right_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly one right choice"):
        Question("x", "?", (Choice("a", "no"), Choice("b", "no")))


def test_a_choice_is_committed_once_and_answered_by_its_own_reply() -> None:
    ask = Ask(QUESTIONS["3.1 disk"])
    assert ask.commit.disabled
    ask.options.index = 0
    ask.commit.click()
    assert "No container gets a copy" in ask.reply.value
    assert ask.options.disabled
    ask.options.index = 1
    ask.commit.click()
    assert "No container gets a copy" in ask.reply.value


def test_without_a_kernel_the_choices_are_folds() -> None:
    bundle = Ask(QUESTIONS["3.1 disk"])._repr_mimebundle_()
    assert bundle["text/html"].count("<details>") == 3
    assert bundle["text/plain"].startswith("Three containers")


def test_a_quiz_shows_several_questions() -> None:
    quiz = Quiz([QUESTIONS["3.1 disk"], QUESTIONS["3.1 machine"]])
    assert quiz.static_text().count("( )") == 6
