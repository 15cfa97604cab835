"""Every command of the chapter is typed in some lesson, as far as the lessons of its section are written.

A section counts as soon as its notebook is there. A line of the chapter is found in a line of a code cell that has its
words in the same order, with others between them or not: `docker inspect {image}` in `docker inspect -f '…' busybox`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dockerlab.notebook.learning.course_data import ASKED, QUESTIONS
from dockerlab.notebook.learning.errata import ERRATA
from dockerlab.notebook.learning.misconceptions import MISCONCEPTIONS
from dockerlab.notebook.learning.sections import SECTIONS
from tools import write_course

CHAPTER = Path(__file__).parent / "data" / "chapter_commands.txt"
NUMBERS = [section.number for section in SECTIONS]
LESSONS = {number: lesson for number in NUMBERS if (lesson := write_course.lesson_of(number))}


@dataclass(frozen=True)
class Command:
    """A line of the chapter; with a reason it is left out of the lessons."""

    section: str
    line: str
    reason: str


def chapter(text: str) -> Iterator[Command]:
    section = ""
    for row in text.splitlines():
        if heading := re.fullmatch(r"\[(.+)\]", row):
            section = heading[1]
        elif row and not row.startswith("# "):
            line, _, reason = row.partition(" ## ")
            yield Command(section, line.strip(), reason.strip())


def code(lesson: Path) -> Iterator[str]:
    for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            yield from "".join(cell["source"]).splitlines()


def is_typed(command: str, line: str) -> bool:
    """Whether the words of `command` stand in `line` in this order."""
    words = iter(line.lstrip("%").split())
    return all(any(fits(wanted, word) for word in words) for wanted in command.split())


def fits(wanted: str, word: str) -> bool:
    pattern = re.sub(r"\\\{\w+\\\}", r".+", re.escape(wanted))
    return re.fullmatch(pattern, word) is not None


COMMANDS = list(chapter(CHAPTER.read_text(encoding="utf-8")))
WRITTEN = [command for command in COMMANDS if command.section in LESSONS]
TYPED = [line for lesson in LESSONS.values() for line in code(lesson)]


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: f"{command.section}: {command.line}")
def test_a_lesson_types_each_command_of_its_section_or_says_why_not(command: Command) -> None:
    found = any(is_typed(command.line, line) for line in TYPED)
    assert found or command.reason, f"no lesson types {command.line!r}"
    assert not (found and command.reason), f"{command.line!r} is typed, so it needs no reason"


@pytest.mark.parametrize(
    ("command", "line", "found"),
    [
        ("docker inspect {image}", "%docker inspect -f '{{.Id}}' busybox", True),
        ("docker inspect {image}", "docker inspect", False),
        ("docker inspect {image}", "docker history busybox", False),
        ("docker image tag {image} {repository}:{version}", "docker image tag busybox me/box:1", True),
        ("docker image tag {image} {repository}:{version}", "docker image tag busybox me/box", False),
        ("docker search --filter=star=3 {image}", "docker search --filter=stars=3 nginx", False),
    ],
)
def test_a_command_is_known_by_its_words(command: str, line: str, found: bool) -> None:
    assert is_typed(command, line) is found


def test_sections_of_the_data_are_sections_of_the_course() -> None:
    sections = {command.section for command in COMMANDS}
    sections |= {each.section for each in MISCONCEPTIONS.values()} | {erratum.section for erratum in ERRATA}
    assert sections <= set(NUMBERS)


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_asks_about_each_misconception_that_it_refutes(number: str) -> None:
    text = "\n".join(code(LESSONS[number]))
    refuted = [each.question.name for each in MISCONCEPTIONS.values() if each.section == number]
    assert [name for name in refuted if f'"{name}"' not in text] == []


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_asks_only_what_there_is(number: str) -> None:
    asked = re.findall(r'^\s*(?:predict\()?"(\d[^"]*)"[,)]', "\n".join(code(LESSONS[number])), re.M)
    assert asked
    assert [name for name in asked if name not in QUESTIONS] == []


def test_no_two_questions_have_one_name() -> None:
    assert len(QUESTIONS) == len(ASKED)


def test_the_page_says_what_the_data_say() -> None:
    assert write_course.PAGE.read_text(encoding="utf-8") == write_course.page(), "run tools/write_course.py"
