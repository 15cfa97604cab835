"""Exercises as data: where one starts, what must be so in the end, how it can go wrong, and help.

`Attempt` is a learner's work on one exercise in a lab. It checks the lab's state, never the text typed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlab.lab import Lab
from dockerlab.lab.journal import Line, Moment, Typed
from dockerlab.notebook.learning.goals import Finding, Goal

BLANK = "____"
"""What stands in a half-done exercise where something is to be filled in."""


@dataclass(frozen=True, slots=True)
class WrongTurn:
    """A likely mistake: the lines that make it, the sign by which it is known, and its own hint."""

    lines: tuple[str, ...]
    sign: Goal
    hint: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. `start` and `solution` are lines for the host's shell; `par`: so few would do (0: no score)."""

    name: str
    task: str
    goals: tuple[Goal, ...]
    solution: tuple[str, ...]
    wrong_turns: tuple[WrongTurn, ...]
    hints: tuple[str, str, str]
    start: tuple[str, ...] = ()
    par: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: `findings` in the goals' order, the hint for a wrong turn if one was taken, and what it took:
    so many lines, of which `par` would do. `astray`: the lab is on another way than the exercise.
    """

    exercise: str
    attempted: bool
    findings: tuple[Finding, ...]
    hint: str | None = None
    lines: int = 0
    par: int = 0
    astray: bool = False

    @property
    def passed(self) -> bool:
        """Whether every goal is met."""
        return not self.astray and all(finding.met for finding in self.findings)

    @property
    def score(self) -> str:
        """Three stars for par, two for twice as many lines, one for getting there at all."""
        stars = 3 if self.lines <= self.par else 2 if self.lines <= 2 * self.par else 1
        return f"{'★' * stars}{'☆' * (3 - stars)}  {self.lines} lines typed since the start; {self.par} would do."

    def __str__(self) -> str:
        if self.astray:
            return f"The lab was reset, or taken back, since {self.exercise!r} began: todo.restart() begins again."
        if self.passed:
            lines = [f"Done: {self.exercise}"] + [f"  ✓ {finding.wanted}" for finding in self.findings]
            return "\n".join([*lines, *([self.score] if self.par else [])])
        if not self.attempted:
            return "Not attempted yet: type your commands in the cell above, run it, then check again."
        lines = [f"Not yet: {self.exercise}", *(line for finding in self.findings for line in self._told(finding))]
        lines += [f"Hint: {self.hint}"] if self.hint else ["Stuck? hint(1), hint(2) and hint(3) say more and more."]
        return "\n".join(lines)

    @staticmethod
    def _told(finding: Finding) -> list[str]:
        if finding.met:
            return [f"  ✓ {finding.wanted}"]
        return [f"  ✗ wanted: {finding.wanted}", f"    you have: {finding.have}"]


@dataclass(slots=True)
class Attempt:
    """A learner's work on one exercise in one lab."""

    exercise: Exercise
    lab: Lab
    began: int = 0
    start: Moment = field(default_factory=Moment)

    def restart(self) -> None:
        """Bring about the start state; what earlier exercises left behind stays."""
        for line in self.exercise.start:
            self.lab.run(line)
        self.began = self.lab.commands
        self.start = self.lab.history.here

    @property
    def astray(self) -> bool:
        """Whether the exercise's start is no part of the lab's past: it was reset, or taken back too far."""
        return self.start not in self.lab.history.here.path()

    @property
    def attempted(self) -> bool:
        """Whether a line was typed since the start in which no blank, `____`, is left."""
        typed = self.lab.history.entries[len(self.start.path()) - 1 :]
        return any(isinstance(entry, Line | Typed) and BLANK not in entry.words for entry in typed)

    def undo(self) -> str | None:
        """Take the learner's last command back, exactly, and say which; None at the exercise's start."""
        return None if self.astray or self.lab.history.here is self.start else self.lab.undo()

    def check(self) -> Report:
        """Look at the lab's state."""
        name, par = self.exercise.name, self.exercise.par
        if self.astray:
            return Report(name, False, (), par=par, astray=True)
        findings = tuple(goal.look(self.lab) for goal in self.exercise.goals)
        hint = next((turn.hint for turn in self.exercise.wrong_turns if turn.sign.look(self.lab).met), None)
        return Report(name, self.attempted, findings, hint, self.lab.commands - self.began, par)
