"""The docs' pictures: each is there, small, and says in words what it shows; none lies about unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dockerlab.notebook.widgets.bundle import FOLDER
from tests.browser.screenshots import MOST, POSES

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURE = re.compile(r'!\[([^\]]*)\]\((img/[^)]+)\)|<img src="(img/[^"]+)" alt="([^"]*)">')
PAGES = ("diagrams.md", "widgets.md")


def shown(page: str) -> dict[str, str]:
    """The pictures of a page with what they say in words."""
    found = PICTURE.findall((DOCS / page).read_text(encoding="utf-8"))
    return {path or other: words or said for words, path, other, said in found}


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_is_there_and_says_what_it_shows(page: str) -> None:
    assert shown(page)
    for path, words in shown(page).items():
        assert (DOCS / path).is_file()
        assert len(words) > 30


def test_pictures_are_small_and_all_are_used() -> None:
    files = list((DOCS / "img").iterdir())
    assert [file.name for file in files if file.stat().st_size > MOST] == []
    assert sum(file.stat().st_size for file in files) < 2_000_000
    text = "".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    assert [file.name for file in files if f"img/{file.name}" not in text] == []


def test_every_widget_is_photographed_in_both_themes() -> None:
    widgets = {path.stem for path in FOLDER.glob("*.js")} - {"lab", "present"}
    assert set(POSES) == widgets
    assert all((DOCS / "img" / f"{name}-{theme}.webp").is_file() for name in widgets for theme in ("light", "dark"))
