"""Every exercise, replayed: its start fails the check, its solution passes, each wrong turn gets its own hint."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.course_data import EXERCISES
from dockerlab.notebook.learning.exercise import Attempt, Exercise, WrongTurn

WRONG_TURNS = [(exercise, turn) for exercise in EXERCISES.values() for turn in exercise.wrong_turns]


def begin(exercise: Exercise) -> Attempt:
    """On an empty host: what an exercise needs, its start brings."""
    attempt = Attempt(exercise, Lab())
    attempt.restart()
    return attempt


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
def test_an_untouched_exercise_is_not_attempted(exercise: Exercise) -> None:
    report = begin(exercise).check()
    assert not report.passed
    assert str(report).startswith("Not attempted yet")


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
def test_the_solution_passes_and_can_be_done_again_after_a_restart(exercise: Exercise) -> None:
    attempt = begin(exercise)
    for _ in range(2):
        for line in exercise.solution:
            attempt.lab.run(line)
        assert attempt.check().passed, str(attempt.check())
        attempt.restart()
        assert not attempt.check().passed


@pytest.mark.parametrize(("exercise", "turn"), WRONG_TURNS, ids=[f"{e.name}-{t.hint[:20]}" for e, t in WRONG_TURNS])
def test_a_wrong_turn_gets_its_own_hint(exercise: Exercise, turn: WrongTurn) -> None:
    attempt = begin(exercise)
    for line in turn.lines:
        attempt.lab.run(line)
    report = attempt.check()
    assert not report.passed
    assert report.hint == turn.hint
    assert f"Hint: {turn.hint}" in str(report)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
def test_help_is_complete(exercise: Exercise) -> None:
    assert len(exercise.wrong_turns) >= 2
    assert len(set(exercise.hints)) == 3
