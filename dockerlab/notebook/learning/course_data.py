"""All questions and exercises of the course by name: the lessons' own, the misconceptions', the incidents'."""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.notebook.learning.exercise import Exercise
from dockerlab.notebook.learning.incidents import EXERCISES as INCIDENTS
from dockerlab.notebook.learning.lessons import LESSONS
from dockerlab.notebook.learning.misconceptions import MISCONCEPTIONS
from dockerlab.notebook.learning.question import Question

ASKED = (
    *(question for lesson in LESSONS for question in lesson.QUESTIONS),
    *(misconception.question for misconception in MISCONCEPTIONS.values()),
)
QUESTIONS: Mapping[str, Question] = {question.name: question for question in ASKED}
EXERCISES: Mapping[str, Exercise] = {
    exercise.name: exercise for exercise in (*(each for lesson in LESSONS for each in lesson.EXERCISES), *INCIDENTS)
}
