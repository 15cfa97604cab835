"""All style sheets share one page with each other and with JupyterLab: each keeps to its own widget."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from dockerlab.notebook.widgets.bundle import FOLDER

SHARED = "lab"
OWN = {SHARED: (".dockerlab", ".dl-"), "present": (".dockerlab.dl-present", ".dl-presenting")}
"""What all widgets share, and instructor's mode, which styles the notebook around it."""
COMMENT = re.compile(r"/\*.*?\*/", re.S)
MOTION = re.compile(r"@keyframes ([\w-]+) \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
NAMES = sorted(path.stem for path in FOLDER.glob("*.css"))


def sheet(name: str) -> str:
    return COMMENT.sub("", (FOLDER / f"{name}.css").read_text(encoding="utf-8"))


def selectors(text: str) -> Iterator[str]:
    """Every selector, those within @media and @container too."""
    rules = re.sub(r"@(?:media|container)[^{]*\{", "", MOTION.sub("", text))
    for head in re.findall(r"([^{}]+)\{", rules):
        yield from (each.strip() for each in re.split(r",(?![^(]*\))", head))


def test_selectors_are_found_within_media_queries_and_lists() -> None:
    text = "@media (width > 9px) { .a :is(b, c), .d { color: red; } }\n@keyframes e { from { top: 0; } }\n.f {}"
    assert list(selectors(text)) == [".a :is(b, c)", ".d", ".f"]


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_styles_its_own_widget_only(name: str) -> None:
    own = OWN.get(name, (f".dockerlab.dl-{name}",))
    assert [selector for selector in selectors(sheet(name)) if not selector.startswith(own)] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != SHARED])
def test_a_sheet_is_named_as_its_widget_calls_itself(name: str) -> None:
    assert f'widget("{name}"' in (FOLDER / f"{name}.js").read_text(encoding="utf-8")


def test_motions_have_names_of_their_own() -> None:
    names = Counter(name for sheet_name in NAMES for name in MOTION.findall(sheet(sheet_name)))
    assert {name: count for name, count in names.items() if count > 1 or not name.startswith("dl-")} == {}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_where_reduced_motion_is_asked_for(name: str) -> None:
    """An animation or a transition stands within `prefers-reduced-motion: no-preference`, and nowhere else."""
    moving = re.compile(r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
    assert re.findall(r"(?:animation|transition)[\w-]*:", MOTION.sub("", moving.sub("", sheet(name)))) == []
