"""Predict with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_who_ran_on_without_a_choice_may_still_answer(gallery: Gallery) -> None:
    predict = gallery.widget("predict")
    assert "Not predicted this time" in predict.text(".dl-hint")
    predict.photograph("predict-missed")


def test_a_choice_made_by_keys_is_committed_and_the_run_answers_it(gallery: Gallery) -> None:
    gallery.run_cell("predict(")
    predict = gallery.widget("predict")
    predict.locate("[role=radio]").first.focus()
    predict.press("ArrowDown", "1")
    assert predict.count('[aria-checked="true"]') == 1
    predict.press("Enter")
    assert predict.text(".dl-hint").startswith("Committed")
    assert predict.count(".dl-reply") == 0
    predict.photograph("predict-committed")
    gallery.run("1 + 1")
    predict.locate(".dl-reply").first.wait_for()
    predict.photograph("predict-answered")


def test_a_committed_choice_is_still_there_when_the_cell_runs_again(gallery: Gallery) -> None:
    gallery.run_cell("predict(")
    predict = gallery.widget("predict")
    predict.locate(".dl-reply").first.wait_for()
    assert predict.count("button", "Commit") == 0


def test_a_quiz_replies_at_once(gallery: Gallery) -> None:
    quiz = gallery.widget("predict", 1)
    quiz.click("[role=radio]")
    quiz.click("button", "Commit")
    assert quiz.said().startswith(("Right", "Not so"))
    assert quiz.count(".dl-reply") >= 1
    quiz.photograph("quiz-answered")
