"""A class without a server: a learner's predictions as a short code, and the room's codes as a count of hands.

A code is written in Crockford's base 32 (https://www.crockford.com/base32.html), which has no letters that look like
digits: three characters for the lesson and its questions as they are now, four that tell two learners apart, the
answers, and two that catch slips. It says nothing of who sent it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dockerlab.errors import InvalidParameterError
from dockerlab.notebook.learning.course_data import QUESTIONS
from dockerlab.notebook.learning.prediction import Predictions
from dockerlab.notebook.learning.question import Question

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TAG, SEAT, CHECK, GROUP = 3, 4, 2, 4
SEATS = len(ALPHABET) ** SEAT
PRIME = 1021
"""The greatest that two characters can hold."""
LOOKALIKES = str.maketrans("OIL", "011")
SEPARATORS = re.compile(r"[\W_]")
"""Whatever a chat program puts into a code: hyphens of all kinds, asterisks, blanks."""
MOST_PIECES, MOST_WORDS = 12, 60
"""Into how many words a code may have been torn, and how many words of a line are read."""

OTHER_QUESTIONS = "was made with other questions than these: another version of the course"


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a code says: for each question of its lesson the choice's number, None without an answer.

    `seat` tells learners apart; round 2 is after the discussion.
    """

    lesson: str
    seat: int
    answers: tuple[int | None, ...]
    round: int = 1


@dataclass(slots=True)
class Hands:
    """The ballots of a room by seat, and a line for each that could not be counted or was counted once only."""

    ballots: dict[int, Ballot] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def counts(self, number: int, choices: int) -> tuple[int, ...]:
        """How many hands each choice of a question has."""
        given = [ballot.answers[number] for ballot in self.ballots.values()]
        return tuple(given.count(choice) for choice in range(choices))


def lesson_questions(lesson: str) -> tuple[Question, ...]:
    """The questions of a lesson, which make its codes."""
    return tuple(question for name, question in QUESTIONS.items() if name.partition(" ")[0] == lesson)


def lessons() -> tuple[str, ...]:
    """All lessons that ask something."""
    return tuple(dict.fromkeys(name.partition(" ")[0] for name in QUESTIONS))


def ballot(made: Predictions, lesson: str, seat: int, round: int = 1) -> Ballot:
    """What a learner has answered in a lesson."""
    found = (made.find(question) for question in lesson_questions(lesson))
    return Ballot(lesson, seat, tuple(it.chosen if it else None for it in found), round)


def encode(ballot: Ballot) -> str:
    """The code of a ballot: 'K3V-7Q0M-…', in groups."""
    questions = lesson_questions(ballot.lesson)
    number = ballot.round - 1
    for question, answer in zip(questions, ballot.answers, strict=True):
        number = number * (len(question.choices) + 1) + (0 if answer is None else answer + 1)
    text = tag(ballot.lesson) + digits(ballot.seat, SEAT) + digits(number, answer_length(questions))
    text += checksum(text)
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def decode(text: str) -> Ballot:
    """The ballot of a code, however it is written; InvalidParameterError says what is wrong with it."""
    code = checked(text)
    if not code:
        raise InvalidParameterError("is no code, or has a slip in it")
    lesson = next((lesson for lesson in lessons() if tag(lesson) == code[:TAG]), "")
    questions, rest = lesson_questions(lesson), code[TAG + SEAT : -CHECK]
    if not questions or len(rest) != answer_length(questions):
        raise InvalidParameterError(OTHER_QUESTIONS)
    number = value(rest)
    answers: list[int | None] = []
    for question in reversed(questions):
        number, answer = divmod(number, len(question.choices) + 1)
        answers.insert(0, answer - 1 if answer else None)
    return Ballot(lesson, value(code[TAG : TAG + SEAT]), tuple(answers), number + 1)


def checked(text: str) -> str:
    """A code as it was made, without what a chat or a hand has put into it; '' where its last characters don't fit."""
    code = SEPARATORS.sub("", text).upper().translate(LOOKALIKES)
    fits = len(code) > TAG + SEAT + CHECK and set(code) <= set(ALPHABET) and code[-CHECK:] == checksum(code[:-CHECK])
    return code if fits else ""


def count_hands(lesson: str, text: str, round: int = 1) -> Hands:
    """All codes in a text as it was copied from a chat: names, times and other words beside them do no harm."""
    hands, lines = Hands(), dict[int, int]()
    for number, line in enumerate(text.splitlines(), 1):
        found = list(ballots_of(line))
        if line.strip() and not found:
            hands.problems.append(f"line {number}: {line.strip()[:40]!r} is no code, or has a slip in it")
        for each in found:
            reason = each if isinstance(each, str) else refusal(each, lesson, round)
            if isinstance(each, str) or reason:
                hands.problems.append(f"line {number}: the code {reason}")
                continue
            if each.seat in lines:
                again = "counted once" if hands.ballots[each.seat] == each else "the later one counts"
                hands.problems.append(f"line {number}: the code of who sent line {lines[each.seat]}: {again}")
            hands.ballots[each.seat], lines[each.seat] = each, number
    return hands


def refusal(ballot: Ballot, lesson: str, round: int) -> str:
    """Why a ballot does not count here, '' where it does."""
    if ballot.lesson != lesson:
        return f"is of lesson {ballot.lesson}"
    return f"is of round {ballot.round}" if ballot.round != round else ""


def ballots_of(line: str) -> Iterator[Ballot | str]:
    """The codes in a line, each as what it says; where there is none, what is wrong with one that no slip is in."""
    words = line.split()[:MOST_WORDS]
    found = list(_ballots(words))
    if found:
        yield from found
    else:
        yield from (OTHER_QUESTIONS for word in words if checked(word))


def _ballots(words: Sequence[str]) -> Iterator[Ballot]:
    """The codes among words; one may be torn into several."""
    at = 0
    while at < len(words):
        for end in range(at + 1, min(len(words), at + MOST_PIECES) + 1):
            try:
                yield decode("".join(words[at:end]))
            except InvalidParameterError:
                continue
            at = end - 1
            break
        at += 1


def tag(lesson: str) -> str:
    """Three characters that change whenever a question of the lesson does."""
    asked = [(it.name, it.text, [choice.text for choice in it.choices]) for it in lesson_questions(lesson)]
    hashed = hashlib.sha256(f"{lesson} {asked}".encode()).digest()
    return digits(int.from_bytes(hashed[:8]) % len(ALPHABET) ** TAG, TAG)


def checksum(text: str) -> str:
    """Two characters that fit no longer when one character is wrong, or when two neighbours have changed places."""
    return digits(value(text) % PRIME, CHECK)


def answer_length(questions: Sequence[Question]) -> int:
    """How many characters hold the answers to some questions, and the round."""
    most, length = 2, 1
    for question in questions:
        most *= len(question.choices) + 1
    while len(ALPHABET) ** length < most:
        length += 1
    return length


def digits(number: int, length: int) -> str:
    """A number in base 32."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def value(text: str) -> int:
    """The number that digits of base 32 stand for."""
    number = 0
    for character in text:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return number
