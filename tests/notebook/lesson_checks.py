"""What every lesson has, and how long it may be: a check is a function of a lesson that returns its complaints."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from typing import Any

from dockerlab.notebook.learning.course_data import EXERCISES, QUESTIONS
from dockerlab.notebook.learning.sections import SECTIONS

SETUP = "%load_ext dockerlab\n%lab reset"
MOST_CELLS, MOST_LINES, MEDIAN_LINES = 40, 8, 5
ORDER = [section.number for section in SECTIONS]
NAMED = re.compile(r'"((?:[^"\\]|\\.)+)"')
BEGUN = re.compile(r'\bexercise\("([^"]+)"\)')
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(")
PARTS = ("## Exercises", "## Quick questions", "## Key points", "**New words:**", "**On your own machine**")
LISTED = re.compile(r"\s*(\||[-*] |\d+\. )|\s{2,}\S")


@dataclass(frozen=True)
class Sheet:
    """A lesson's notebook."""

    path: Path

    @property
    def number(self) -> str:
        return self.path.name.partition("_")[0]

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        found = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
        return [{**cell, "source": "".join(cell["source"])} for cell in found]

    @property
    def learners_cells(self) -> list[dict[str, Any]]:
        """Those that are not the instructor's."""
        return [cell for cell in self.cells if "instructor" not in cell["metadata"].get("tags", [])]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [cell for cell in self.cells if cell["cell_type"] == kind]

    @property
    def markdown(self) -> str:
        return "\n".join(cell["source"] for cell in self.of_kind("markdown"))

    @property
    def code(self) -> list[str]:
        return [cell["source"] for cell in self.of_kind("code")]

    def html(self) -> Iterator[str]:
        for cell in self.of_kind("code"):
            for output in cell["outputs"]:
                yield "".join(output.get("data", {}).get("text/html", ""))


def begins_afresh(sheet: Sheet) -> list[str]:
    return [] if sheet.code and sheet.code[0].startswith(SETUP) else ["the first code cell is not the set-up"]


def says_what_it_is_for(sheet: Sheet) -> list[str]:
    head = sheet.cells[0]["source"]
    section = next((section for section in SECTIONS if section.number == sheet.number), None)
    title = f"# {sheet.number} {section.title}" if section else f"# {sheet.number} "
    goals = re.findall(r"^\d\. ", head.partition("**You will be able to**")[2], re.M)
    minutes = re.search(r"\*\*Time:\*\* about (\d+) minutes", head)
    found = {
        f"the title is not {title!r}": head.startswith(title),
        f"{len(goals)} objectives, not 3 to 5": 3 <= len(goals) <= 5,
        "no **You need**": "**You need** " in head,
        "no **Time:** about 15 to 30 minutes": minutes is not None and 15 <= int(minutes[1]) <= 30,
    }
    return [complaint for complaint, fine in found.items() if not fine]


def has_three_exercises_with_checks(sheet: Sheet) -> list[str]:
    begun = [(at, name) for at, source in enumerate(sheet.code) for name in BEGUN.findall(source)]
    ends = [*(at for at, _ in begun[1:]), len(sheet.code)]
    unchecked = [
        f"exercise {name!r} has no check"
        for (at, name), end in zip(begun, ends, strict=False)
        if not any(".check()" in source for source in sheet.code[at:end])
    ]
    unknown = [f"no exercise {name!r}" for _, name in begun if name not in EXERCISES]
    return [*([] if len(begun) >= 3 else [f"{len(begun)} exercises"]), *unchecked, *unknown]


def asks_four_quick_questions_one_from_an_earlier_lesson(sheet: Sheet) -> list[str]:
    asked = [name for source in sheet.code if source.startswith("quiz(") for name in NAMED.findall(source)]
    earlier = [name for name in asked if "earlier" in name or is_before(name.partition(" ")[0], sheet.number)]
    unknown = [f"no question {name!r}" for name in asked if name not in QUESTIONS]
    few = [] if len(asked) >= 4 else [f"{len(asked)} quick questions"]
    return [*few, *unknown, *([] if earlier or sheet.number == ORDER[0] else ["none from an earlier lesson"])]


def is_before(section: str, other: str) -> bool:
    return section in ORDER and (other not in ORDER or ORDER.index(section) < ORDER.index(other))


def has_a_prediction_and_a_widget(sheet: Sheet) -> list[str]:
    wanted = {"no prediction": ("predict(",), "no widget": ("explore(", "terminal(", "watch(")}
    return [it for it, starts in wanted.items() if not any(source.startswith(starts) for source in sheet.code)]


def ends_with_what_to_keep(sheet: Sheet) -> list[str]:
    text = sheet.markdown
    missing = [f"no {part}" for part in PARTS if part not in text]
    if "**Where the simulation differs" not in text:
        missing.append("no **Where the simulation differs**")
    if not re.search(r"^Next: .*\]\([\w.]+\.ipynb\)", text, re.M):
        missing.append("no link to what is next")
    return missing


def is_short(sheet: Sheet) -> list[str]:
    cells = sheet.learners_cells
    lines = [len(cell["source"].splitlines()) for cell in cells]
    complaints = [] if len(cells) <= MOST_CELLS else [f"{len(cells)} cells, at most {MOST_CELLS}"]
    complaints += [] if median(lines) <= MEDIAN_LINES else [f"median of {median(lines)} lines in a cell"]
    return complaints + [
        f"{count} lines of prose in {cell['source'][:40]!r}"
        for cell in cells
        if cell["cell_type"] == "markdown" and (count := prose(cell["source"])) > MOST_LINES
    ]


def prose(source: str) -> int:
    """Lines of text, without those of tables, lists and headings."""
    return sum(not LISTED.match(line) and not line.startswith("#") for line in source.splitlines() if line.strip())


def was_run_and_shows_what_came_of_it(sheet: Sheet) -> list[str]:
    cells = sheet.of_kind("code")
    return [
        *(f"not run: {cell['source'][:40]!r}" for cell in cells if not cell["execution_count"]),
        *(f"no output: {cell['source'][:40]!r}" for cell in cells if speaks(cell["source"]) and not cell["outputs"]),
    ]


def speaks(source: str) -> bool:
    """Whether running a cell should print or show something."""
    lines = source.splitlines()
    if source.startswith("%%"):
        return any(line.strip() and not line.startswith("#") for line in lines[1:])
    if any(line.startswith("%") for line in lines):
        return True
    return isinstance(ast.parse(source).body[-1], ast.Expr)


def has_no_traceback(sheet: Sheet) -> list[str]:
    outputs = [output for cell in sheet.of_kind("code") for output in cell["outputs"]]
    return [
        "a traceback"
        for output in outputs
        if output["output_type"] == "error" or "Traceback (most recent" in "".join(output.get("text", ""))
    ]


def links_lead_somewhere(sheet: Sheet) -> list[str]:
    targets = [target for target in LINK.findall(sheet.markdown) if not re.match(r"[a-z]+:", target)]
    return [f"a link to {target}" for target in targets if not is_there(sheet.path, target)]


def is_there(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = page.parent / name if name else page
    return path.exists() and (not anchor or anchor in anchors(path))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings: GitHub's of Markdown, JupyterLab's (blanks become hyphens) of notebooks."""
    notebook = path.suffix == ".ipynb"
    text = Sheet(path).markdown if notebook else path.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ +(.+?)\s*$", text, re.M)
    named = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    if notebook:
        return named | {heading.replace(" ", "-") for heading in headings}
    return named | {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def pictures_have_words(sheet: Sheet) -> list[str]:
    silent = ["a picture in the text without words" for words in IMAGE.findall(sheet.markdown) if not words.strip()]
    for html in sheet.html():
        reader = Images()
        reader.feed(html)
        silent += ["a picture without words"] * reader.silent
    return silent


class Images(HTMLParser):
    """Counts the pictures that have no words."""

    silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "img" and not (dict(attributes).get("alt") or "").strip():
            self.silent += 1


def notes_for_instructors_are_marked(sheet: Sheet) -> list[str]:
    tagged = [cell["source"] for cell in sheet.cells if cell not in sheet.learners_cells]
    loose = [cell["source"] for cell in sheet.learners_cells if "For the instructor" in cell["source"]]
    return [
        *(f"begins otherwise: {it[:40]!r}" for it in tagged if not it.startswith("> **For the instructor.**")),
        *(f"has no tag: {it[:40]!r}" for it in loose),
    ]


def talks_down_to_nobody(sheet: Sheet) -> list[str]:
    return [f"the word {word!r}" for word in re.findall(r"\b(simply|obviously|trivial(?:ly)?)\b", sheet.markdown, re.I)]


Check = Callable[[Sheet], list[str]]
OF_ALL: tuple[Check, ...] = (
    begins_afresh,
    was_run_and_shows_what_came_of_it,
    has_no_traceback,
    links_lead_somewhere,
    pictures_have_words,
    notes_for_instructors_are_marked,
    talks_down_to_nobody,
)
OF_LESSONS: tuple[Check, ...] = (
    says_what_it_is_for,
    has_three_exercises_with_checks,
    asks_four_quick_questions_one_from_an_earlier_lesson,
    has_a_prediction_and_a_widget,
    ends_with_what_to_keep,
    is_short,
)


def complaints(sheet: Sheet, checks: tuple[Check, ...]) -> Mapping[str, list[str]]:
    """What is not in order, by the check's name."""
    found = {check.__name__: check(sheet) for check in checks}
    return {name: said for name, said in found.items() if said}
