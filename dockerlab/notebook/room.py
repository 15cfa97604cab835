"""Class mode in cells: a learner's `my_code()`, and the instructor's `show_of_hands("3.1.1", codes)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dockerlab.errors import NotFoundError
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.hands import ChoiceHands, QuestionHands, RoomHands
from dockerlab.notebook.diagrams.hands import show_of_hands as picture_of_hands
from dockerlab.notebook.learning.classroom import Hands, ballot, count_hands, encode, lesson_questions, lessons
from dockerlab.notebook.learning.prediction import PREDICTIONS, SECOND
from dockerlab.notebook.learning.question import Question
from dockerlab.notebook.session import SESSION


def my_code(lesson: str = "", again: bool = False) -> None:
    """Print the code of what was predicted here, to be sent to the instructor; `again`: after the discussion.

    Without a lesson's number it is the one of which most was answered.
    """
    made = SECOND if again else PREDICTIONS
    if not len(made):
        how = 'predict("…", again=True)' if again else 'predict("…")'
        print(f"Nothing is predicted yet: answer with {how} first, then my_code() gives a code to send.")
        return
    lesson = lesson or Counter(prediction.lesson for prediction in made).most_common(1)[0][0]
    mine = ballot(made, _known(lesson), SESSION.seat, 2 if again else 1)
    answered = sum(answer is not None for answer in mine.answers)
    print(f"{encode(mine)}   (lesson {lesson}: {answered} of {len(mine.answers)} questions answered)")


def show_of_hands(
    lesson: str, codes: str, after: str = "", *, only: str | Sequence[str] = (), reveal: bool = False
) -> Figure:
    """A bar for each choice of each question that the room has answered; `after` are codes of the second round.

    `codes` may be copied from a chat as they are. What can't be counted is told in a line each. `only` names questions;
    `reveal` marks the right choice, and the belief that many hold, which says that it is wrong.
    """
    rounds = [count_hands(_known(lesson), codes)] + ([count_hands(lesson, after, 2)] if after.strip() else [])
    for hands in rounds:
        for problem in hands.problems:
            print(problem)
    wanted = [only] if isinstance(only, str) else only
    questions = lesson_questions(lesson)
    if unknown := [name for name in wanted if name not in {question.name for question in questions}]:
        raise NotFoundError(f"lesson {lesson} has no question {unknown[0]!r}; {', '.join(it.name for it in questions)}")
    counted = [_counted(question, at, rounds) for at, question in enumerate(questions)]
    shown = [
        hands
        for question, hands in zip(questions, counted, strict=True)
        if question.name in wanted or (not wanted and any(sum(choice.hands) for choice in hands.choices))
    ]
    return picture_of_hands(RoomHands(lesson, tuple(len(it.ballots) for it in rounds), tuple(shown), reveal))


def _counted(question: Question, number: int, rounds: Sequence[Hands]) -> QuestionHands:
    counts = [hands.counts(number, len(question.choices)) for hands in rounds]
    return QuestionHands(
        question.text,
        tuple(
            ChoiceHands(choice.text, tuple(count[at] for count in counts), choice.right, choice.believed)
            for at, choice in enumerate(question.choices)
        ),
    )


def _known(lesson: str) -> str:
    if lesson not in lessons():
        raise NotFoundError(f"no lesson {lesson!r} that asks anything; there are {', '.join(lessons())}")
    return lesson
