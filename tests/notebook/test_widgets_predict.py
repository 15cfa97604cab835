"""Predict: a choice is committed once, the run reveals, and the reply answers that very choice."""

from __future__ import annotations

import pytest

from dockerlab.notebook.learning.course_data import QUESTIONS
from dockerlab.notebook.learning.prediction import Predictions
from dockerlab.notebook.widgets.predict import Predict

DISK, MACHINE = QUESTIONS["3.1 disk"], QUESTIONS["3.1 machine"]


@pytest.fixture
def record() -> Predictions:
    return Predictions()


def entry(predict: Predict, number: int = 0) -> dict[str, object]:
    found: dict[str, object] = predict.state["questions"][number]
    return found


def test_the_run_reveals_the_reply_to_the_choice_that_was_committed(record: Predictions) -> None:
    predict = Predict(DISK, record=record)
    predict.act("choose", number=0, choice=0)
    predict.act("commit", number=0)
    assert entry(predict)["phase"] == "committed"
    assert "reply" not in entry(predict)["choices"][0]  # type: ignore[index]
    predict.cell_ran()
    assert entry(predict)["phase"] == "answered"
    assert "docker ps -s shows 0B for each container" in entry(predict)["choices"][0]["reply"]  # type: ignore[index]


def test_a_committed_choice_stays_even_if_the_question_is_asked_again(record: Predictions) -> None:
    for choice in (0, 1):
        predict = Predict(DISK, record=record)
        predict.act("choose", number=0, choice=choice)
        predict.act("commit", number=0)
        assert entry(predict)["chosen"] == 0
    assert [(made.lesson, made.question.name, made.chosen, made.before) for made in record] == [
        ("3.1", "3.1 disk", 0, True)
    ]


def test_one_run_answers_all_that_was_asked_before_it(record: Predictions) -> None:
    predict = Predict(DISK, MACHINE, record=record)
    for number in (0, 1):
        predict.act("choose", number=number, choice=1)
        predict.act("commit", number=number)
    assert [entry(predict, number)["phase"] for number in (0, 1)] == ["committed", "committed"]
    predict.cell_ran()
    assert [entry(predict, number)["phase"] for number in (0, 1)] == ["answered", "answered"]


def test_who_runs_on_without_a_choice_is_told_kindly_and_may_answer_still(record: Predictions) -> None:
    predict = Predict(DISK, record=record)
    predict.cell_ran()
    assert entry(predict)["phase"] == "missed"
    assert str(entry(predict)["status"]).startswith("Not predicted this time; nothing is lost.")
    predict.act("choose", number=0, choice=1)
    predict.act("commit", number=0)
    assert entry(predict)["phase"] == "answered"
    assert [made.before for made in record] == [False]


def test_committing_nothing_is_answered_in_a_line(record: Predictions) -> None:
    predict = Predict(DISK, record=record)
    predict.act("commit", number=0)
    assert predict.problem == "Choose an answer first."
    assert len(record) == 0


def test_a_quiz_replies_at_once_and_reads_the_reply_out(record: Predictions) -> None:
    quiz = Predict(DISK, MACHINE, at_once=True, record=record)
    right = next(number for number, choice in enumerate(MACHINE.choices) if choice.right)
    quiz.act("choose", number=1, choice=right)
    quiz.act("commit", number=1)
    assert [entry(quiz, number)["phase"] for number in (0, 1)] == ["asking", "answered"]
    assert quiz.said == f"Right: {MACHINE.answer.reply}"


def test_a_wrong_choice_also_shows_what_is_so(record: Predictions) -> None:
    quiz = Predict(DISK, at_once=True, record=record)
    wrong = next(number for number, choice in enumerate(DISK.choices) if not choice.right)
    quiz.act("choose", number=0, choice=wrong)
    quiz.act("commit", number=0)
    shown = [choice.get("right") for choice in entry(quiz)["choices"]]  # type: ignore[attr-defined]
    assert sorted(shown, key=str) == sorted([False, True, *[None] * (len(DISK.choices) - 2)], key=str)


def test_without_a_kernel_the_choices_are_folds() -> None:
    bundle = Predict(DISK)._repr_mimebundle_()
    assert bundle["text/html"].count("<details>") == 3
    assert bundle["text/plain"].startswith("Three containers")
    assert Predict(DISK, MACHINE, at_once=True).static_text().count("( )") == 6
