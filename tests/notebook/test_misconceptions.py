"""Each misconception is refuted: its experiment, carried out in a fresh lab, shows what it must."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.experiment import CompareDrivers, Run, carry_out
from dockerlab.notebook.learning.misconception import Misconception
from dockerlab.notebook.learning.misconceptions import GROUPS, MISCONCEPTIONS
from dockerlab.notebook.learning.question import Choice, Question

ALL = list(MISCONCEPTIONS.values())


def named(misconception: Misconception) -> str:
    return f"{misconception.number} {misconception.belief}"


def test_there_are_49_with_a_number_each() -> None:
    assert list(MISCONCEPTIONS) == list(range(1, 50))
    assert sum(len(group.MISCONCEPTIONS) for group in GROUPS) == 49


@pytest.mark.parametrize("misconception", ALL, ids=named)
def test_the_experiment_shows_what_is_so(misconception: Misconception) -> None:
    for seen in carry_out(misconception.experiment, Lab()):
        assert seen.held, f"{seen.step}\n{seen.output}"


@pytest.mark.parametrize("misconception", ALL, ids=named)
def test_the_experiment_looks_at_something(misconception: Misconception) -> None:
    looks = [step for step in misconception.experiment if isinstance(step, CompareDrivers | Run)]
    assert any(isinstance(step, CompareDrivers) or step.shows or step.fails for step in looks)


def test_an_experiment_can_fail() -> None:
    steps = {
        Run("echo no", "yes"): False,
        Run("echo yes", "yes"): True,
        Run("false"): False,
        Run("false", fails=True): True,
        Run("true", fails=True): False,
        Run("printf 'a\\nb\\n'", r"^a$.*^b$"): True,
    }
    assert [seen.held for seen in carry_out(tuple(steps), Lab())] == list(steps.values())


def test_a_comparison_of_drivers_can_fail() -> None:
    setup, work = "docker run -d --name box busybox sleep 60", "docker exec box touch /etc/passwd"
    (seen,) = carry_out((CompareDrivers(setup, work, {"overlay2": 1}),), Lab())
    assert not seen.held
    assert "overlay2" in seen.output


def test_a_misconception_needs_a_question_that_has_the_belief_among_its_wrong_choices() -> None:
    right, wrong = Choice("a", "yes", right=True), Choice("b", "no")
    with pytest.raises(ValueError, match="exactly one choice that is the belief"):
        Misconception(50, "3.1", "b", "a", (), Question("x", "?", (right, wrong)))
