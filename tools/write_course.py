"""Write docs/course.md from the course's data: sections, misconceptions with what refutes them, errata.

python tools/write_course.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from dockerlab.notebook.learning.errata import ERRATA
from dockerlab.notebook.learning.misconceptions import MISCONCEPTIONS
from dockerlab.notebook.learning.sections import SECTIONS, Section

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "course.md"

HEAD = """\
# The course

Written by `python tools/write_course.py` from the data in `dockerlab/notebook/learning/`; a test compares.
"""

BELIEFS = """\
## What learners believe, and what shows otherwise

Each has an experiment of a few lines that a test carries out, and a question, of which the belief is one answer.
Lessons ask it with `predict("…")` before the run, or with `quiz("…")`.
"""

SLIPS = """\
## What the chapter has wrong, or what has changed since

Lessons teach what is so, and say where it is not what the chapter says.
"""


def page() -> str:
    """The whole file."""
    return "\n".join([HEAD, *_sections(), "", BELIEFS, *_misconceptions(), "", SLIPS, *_errata()]) + "\n"


def lesson_of(section: str) -> Path | None:
    """The notebook of a section, None as long as there is none."""
    return next((ROOT / "notebooks").glob(f"{section}_*.ipynb"), None)


def _sections() -> Iterator[str]:
    return _table(("section", "about", "refutes"), map(_section, SECTIONS))


def _section(section: Section) -> tuple[str, ...]:
    refuted = [str(each.number) for each in MISCONCEPTIONS.values() if each.section == section.number]
    title = section.title if lesson_of(section.number) else f"{section.title} (to come)"
    return _link(section.number), title, ", ".join(refuted)


def _misconceptions() -> Iterator[str]:
    heads = ("#", "learners believe", "what is so", "what the experiment shows", "question", "lesson")
    return _table(
        heads,
        (
            (
                str(each.number),
                each.belief,
                each.truth,
                each.believed.reply,
                f"`{each.question.name}`",
                _link(each.section),
            )
            for each in MISCONCEPTIONS.values()
        ),
    )


def _errata() -> Iterator[str]:
    return _table(
        ("section", "the chapter", "what is so"), ((each.section, each.chapter, each.truth) for each in ERRATA)
    )


def _link(section: str) -> str:
    lesson = lesson_of(section)
    return f"[{section}](../notebooks/{lesson.name})" if lesson else section


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(heads)
    yield _row("---" for _ in heads)
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace('<', '&lt;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
