"""A show of hands: what a room answered, a bar for each choice; before and after a discussion side by side.

Which choice is right, and which is a belief that many hold, is shown only when it is to be revealed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dockerlab.notebook.diagrams.dot import SANS_BOLD, bar, cell, column, graph, heading, node, note, plain, row, run
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import LAYER, OUTSIDE, SHARED, WRITABLE
from dockerlab.notebook.diagrams.wording import pad, plural, shorten

CHOICE_WIDTH, QUESTION_WIDTH, BLOCKS = 62, 96, 12
TEXT_ROOM = {1: 460, 2: 340}
"""Points for a choice's text, by rounds: with it the bars are wider than any question, which would move them."""
ROUNDS = ("before", "after")
RIGHT, BELIEF = "✓ right", "a common belief"


@dataclass(frozen=True, slots=True)
class ChoiceHands:
    """One choice with its hands, a number for each round."""

    text: str
    hands: tuple[int, ...]
    right: bool = False
    believed: bool = False


@dataclass(frozen=True, slots=True)
class QuestionHands:
    """A question with its choices."""

    text: str
    choices: tuple[ChoiceHands, ...]


@dataclass(frozen=True, slots=True)
class RoomHands:
    """All that a room has answered in a lesson; `voters` for each round."""

    lesson: str
    voters: tuple[int, ...]
    questions: tuple[QuestionHands, ...]
    reveal: bool = False


def show_of_hands(room: RoomHands) -> Figure:
    """The picture of a room's answers."""
    head = heading(f"Show of hands, lesson {shorten(room.lesson, 20)}", who_voted(room))
    rows = [*titles(room), *(line for question in room.questions for line in question_rows(question, room))]
    asked = plain(rows, spacing=3, padding=1) if room.questions else note("No answers to show.")
    label = column([head, asked], spacing=4)
    title = f"Show of hands in lesson {room.lesson}"
    return Figure.of(graph(node("hands", label)), title, words(room), characters(room))


def who_voted(room: RoomHands) -> str:
    """'12 codes', or '12 codes before, 11 after'."""
    if len(room.voters) == 1:
        return plural(room.voters[0], "code")
    return f"{plural(room.voters[0], 'code')} before the discussion, {room.voters[1]} after it"


def titles(room: RoomHands) -> list[str]:
    """The row above the bars, where there are two rounds."""
    if len(room.voters) == 1:
        return []
    named = [cell(run(name, face=SANS_BOLD, color=OUTSIDE), more='COLSPAN="2"') for name in ROUNDS]
    return [row([cell("", more='COLSPAN="2"'), *named, cell("")])]


def question_rows(question: QuestionHands, room: RoomHands) -> Iterator[str]:
    """A question, line by line, and its choices."""
    for line in wrapped(question.text):
        yield row([cell(note(line), more=f'COLSPAN="{3 + 2 * len(room.voters)}"')])
    for at, choice in enumerate(question.choices):
        yield choice_row(at, choice, question, room)


def choice_row(at: int, choice: ChoiceHands, question: QuestionHands, room: RoomHands) -> str:
    """A choice with a bar for each round."""
    shown = mark(choice, room.reveal)
    color = SHARED.edge if shown == RIGHT else WRITABLE.edge if shown else LAYER.edge
    text = cell(run(shorten(choice.text, CHOICE_WIDTH), color=OUTSIDE), width=TEXT_ROOM[len(choice.hands)])
    cells = [cell(run(letter(at), face=SANS_BOLD, color=OUTSIDE), width=18), text]
    for round, hands in enumerate(choice.hands):
        most = max(1, *(other.hands[round] for other in question.choices))
        cells += [cell(bar(hands / most, color, length=120)), cell(run(str(hands), color=OUTSIDE), width=24)]
    return row([*cells, cell(run(shown, face=SANS_BOLD, color=color) if shown else "")])


def mark(choice: ChoiceHands, reveal: bool) -> str:
    """What is said of a choice when the answer is revealed."""
    if not reveal:
        return ""
    return RIGHT if choice.right else BELIEF if choice.believed else ""


def letter(at: int) -> str:
    """A, B, C …"""
    return chr(ord("A") + at)


def wrapped(text: str) -> list[str]:
    """A question in lines of a picture."""
    return textwrap.wrap(" ".join(text.split()), QUESTION_WIDTH) or [""]


def words(room: RoomHands) -> str:
    """What the picture shows, for a screen reader."""
    return " ".join(
        [f"Show of hands in lesson {room.lesson}: {who_voted(room)}.", *(in_words(it, room) for it in room.questions)]
    )


def in_words(question: QuestionHands, room: RoomHands) -> str:
    """'What is left? A, nothing: 3 hands; B, a container: 9 hands, ✓ right.'"""
    parts = []
    for at, choice in enumerate(question.choices):
        shown = mark(choice, room.reveal)
        said = " then ".join(plural(hands, "hand") for hands in choice.hands)
        parts.append(f"{letter(at)}, {shorten(choice.text, CHOICE_WIDTH)}: {said}{', ' + shown if shown else ''}")
    return f"{question.text} {'; '.join(parts)}."


def characters(room: RoomHands) -> Iterator[str]:
    """The picture in characters."""
    yield f"Show of hands, lesson {room.lesson}: {who_voted(room)}"
    for question in room.questions:
        yield ""
        yield from wrapped(question.text)
        width = max(len(shorten(choice.text, CHOICE_WIDTH)) for choice in question.choices)
        for at, choice in enumerate(question.choices):
            columns = [[it.hands[round] for it in question.choices] for round in range(len(choice.hands))]
            bars = "  ".join(map(blocks, choice.hands, columns))
            text = pad(shorten(choice.text, CHOICE_WIDTH), width)
            yield f"  {letter(at)}  {text}  {bars}  {mark(choice, room.reveal)}"


def blocks(hands: int, all_hands: Sequence[int]) -> str:
    """A bar in characters, with its number."""
    return f"{'█' * round(BLOCKS * hands / max(1, *all_hands)):<{BLOCKS}} {hands:>2}"
