"""What each lesson asks and sets as exercises, a module for each: QUESTIONS and EXERCISES.

Questions about misconceptions are beside these, in `misconceptions/`.
"""

from __future__ import annotations

from dockerlab.notebook.learning.lessons import (
    lesson_3_1,
    lesson_3_1_1,
    lesson_3_1_1b,
    lesson_3_1_2,
    lesson_3_1_2b,
    lesson_3_1_3,
    lesson_3_1_4,
    lesson_3_2_1,
    lesson_3_2_2,
    lesson_3_2_3,
    lesson_3_3,
    lesson_3_3_1,
    lesson_3_3_2,
    lesson_3_3_3,
    lesson_3_3_4,
)

LESSONS = (
    lesson_3_1,
    lesson_3_1_1,
    lesson_3_1_1b,
    lesson_3_1_2,
    lesson_3_1_2b,
    lesson_3_1_3,
    lesson_3_1_4,
    lesson_3_2_1,
    lesson_3_2_2,
    lesson_3_2_3,
    lesson_3_3,
    lesson_3_3_1,
    lesson_3_3_2,
    lesson_3_3_3,
    lesson_3_3_4,
)
