"""A class without a server: codes of what was predicted, and the room's codes as a show of hands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dockerlab.errors import DockerlabError
from dockerlab.notebook import room as room_module
from dockerlab.notebook.face import predict
from dockerlab.notebook.learning import classroom
from dockerlab.notebook.learning.classroom import (
    ALPHABET,
    SEATS,
    Ballot,
    ballot,
    checked,
    checksum,
    count_hands,
    decode,
    encode,
    lesson_questions,
    lessons,
)
from dockerlab.notebook.learning.course_data import QUESTIONS
from dockerlab.notebook.learning.prediction import PREDICTIONS, SECOND, Prediction, Predictions
from dockerlab.notebook.room import my_code, show_of_hands

LESSON = "3.1"
ASKED = lesson_questions(LESSON)
DISK = [question.name for question in ASKED].index("3.1 disk")


def test_no_two_lessons_have_one_tag() -> None:
    tags = [classroom.tag(lesson) for lesson in lessons()]
    assert len(set(tags)) == len(tags)


def answered(seat: int, choice: int | None, round: int = 1, lesson: str = LESSON) -> str:
    """The code of a learner who answered one question, the one about the disk."""
    count = len(lesson_questions(lesson))
    answers = [choice if at == DISK else None for at in range(count)]
    return encode(Ballot(lesson, seat, tuple(answers), round))


@pytest.mark.parametrize("lesson", lessons())
def test_a_code_holds_all_answers_of_a_lesson_and_is_short(lesson: str) -> None:
    questions = lesson_questions(lesson)
    for choose in (lambda it: None, lambda it: 0, lambda it: len(it.choices) - 1):
        made = Ballot(lesson, SEATS - 1, tuple(map(choose, questions)), 2)
        assert decode(encode(made)) == made
    code = encode(made)
    assert set(code) <= set(ALPHABET) | {"-"}
    assert len(code) <= 24
    assert not set("ILOU") & set(ALPHABET)


def test_a_code_is_what_was_predicted() -> None:
    made = Predictions()
    made.commit(Prediction(QUESTIONS["3.1 disk"], 1))
    assert ballot(made, LESSON, 7).answers[DISK] == 1
    assert encode(ballot(made, LESSON, 7)) == answered(7, 1)


@pytest.mark.parametrize(
    "written",
    [str.lower, lambda it: it.replace("-", ""), lambda it: it.replace("-", "\u2013"), lambda it: it.replace("-", " ")],
    ids=["lower case", "no hyphens", "dashes", "blanks"],
)
def test_a_code_may_be_written_in_many_ways(written: Callable[[str], str]) -> None:
    code = answered(12_345, 2)
    assert list(count_hands(LESSON, f"[10:31] Ada L.:  **{written(code)}**  !").ballots) == [12_345]


def test_letters_that_look_like_digits_are_those_digits() -> None:
    code = answered(0, 1)
    assert "0" in code
    assert decode(code.replace("0", "O").replace("1", "l")) == decode(code)


def test_no_slip_of_one_character_and_no_swap_of_two_goes_unnoticed() -> None:
    body = "K3V7Q0M5XYZ"
    code = body + checksum(body)
    wrong = [body[:at] + other + body[at + 1 :] for at in range(len(body)) for other in ALPHABET]
    swapped = [body[:at] + body[at + 1] + body[at] + body[at + 2 :] for at in range(len(body) - 1)]
    slips = {slip + checksum(body) for slip in (*wrong, *swapped, body[:-1])} - {code}
    assert checked(code) == code
    assert len(slips) == 31 * len(body) + len(body)
    assert [slip for slip in slips if checked(slip)] == []


def test_a_code_of_another_version_of_the_lesson_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    code = answered(1, 1)
    monkeypatch.setattr(classroom, "QUESTIONS", {name: it for name, it in QUESTIONS.items() if name != "3.1 machine"})
    assert count_hands(LESSON, code).problems == [
        "line 1: the code was made with other questions than these: another version of the course"
    ]


def test_what_cannot_be_counted_is_told_in_a_line_each() -> None:
    text = "\n".join(
        [
            f"Ada: {answered(1, 0)}",
            "",
            "I am late, sorry",
            f"Bob: {answered(2, 1)} {answered(3, 1)}",
            f"Ada again: {answered(1, 0)}",
            f"Bob: {answered(2, 2)}",
            answered(4, 1, lesson="3.1.1"),
            answered(5, 1, round=2),
            answered(6, 1)[:-1],
        ]
    )
    hands = count_hands(LESSON, text)
    assert hands.problems == [
        "line 3: 'I am late, sorry' is no code, or has a slip in it",
        "line 5: the code of who sent line 1: counted once",
        "line 6: the code of who sent line 4: the later one counts",
        "line 7: the code is of lesson 3.1.1",
        "line 8: the code is of round 2",
        f"line 9: {answered(6, 1)[:-1]!r} is no code, or has a slip in it",
    ]
    assert hands.counts(DISK, 3) == (1, 1, 1)


def test_hands_are_shown_before_and_after_and_the_answer_only_when_revealed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = "\n".join(answered(seat, 0 if seat < 9 else 1) for seat in range(12))
    after = "\n".join(answered(seat, 1, round=2) for seat in range(11))
    hidden = show_of_hands(LESSON, before)
    assert capsys.readouterr().out == ""
    assert "A, About 12 MB, a copy each: 9 hands; B, About 4 MB: 3 hands;" in hidden.alt
    assert "right" not in hidden.text + hidden.alt
    assert "belief" not in hidden.text + hidden.alt
    shown = show_of_hands(LESSON, before, after, only="3.1 disk", reveal=True)
    assert "12 codes before the discussion, 11 after it" in shown.text
    assert "9 hands then 0 hands, a common belief; B, About 4 MB: 3 hands then 11 hands, ✓ right" in shown.alt


def test_names_that_are_not_known_are_answered_in_one_line() -> None:
    with pytest.raises(DockerlabError, match=r"^no lesson '9\.9' that asks anything; there are 3\.1, "):
        show_of_hands("9.9", "")
    with pytest.raises(DockerlabError, match=r"^lesson 3\.1 has no question 'x'; 3\.1 what is left, "):
        show_of_hands(LESSON, "", only="x")


def test_nobody_has_answered() -> None:
    assert "No answers to show" in show_of_hands(LESSON, "").dot


def test_my_code_says_what_is_in_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = Predictions()
    monkeypatch.setattr(room_module, "PREDICTIONS", made)
    my_code()
    assert capsys.readouterr().out == (
        'Nothing is predicted yet: answer with predict("…") first, then my_code() gives a code to send.\n'
    )
    made.commit(Prediction(QUESTIONS["3.1 disk"], 0))
    my_code()
    code, rest = capsys.readouterr().out.split("   ")
    assert decode(code).answers[DISK] == 0
    assert rest == f"(lesson 3.1: 1 of {len(ASKED)} questions answered)\n"
    my_code()
    assert capsys.readouterr().out.split()[0] == code


def test_the_second_round_is_answered_afresh() -> None:
    first, second = predict("3.1 disk"), predict("3.1 disk", again=True)
    assert (first.record, second.record) == (PREDICTIONS, SECOND)
    made = Predictions()
    made.commit(Prediction(QUESTIONS["3.1 disk"], 1))
    assert decode(encode(ballot(made, LESSON, 7, 2))).round == 2
