"""The gallery in a real JupyterLab in Chromium: started once, all cells run, then each test works on its own widget.

`make test-browser` runs these; `make test` leaves them out. They need Debian's chromium (or CHROMIUM=path).
A test gets `gallery`, and from it a widget: `gallery.widget("predict")`, which clicks, types and waits for answers.
Errors on the page's console fail the test that caused them. With SCREENSHOTS=FOLDER they take pictures, too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.gallery import Gallery
from tests.browser.lab_page import CHROMIUM, opened, served
from tools.look_at_notebooks import THEMES

SHOTS = Path(os.environ["SCREENSHOTS"]) if os.environ.get("SCREENSHOTS") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    asked = any("browser" in argument for argument in config.invocation_params.args)
    reason = "make test-browser runs these" if not asked else "" if CHROMIUM else "needs chromium"
    for item in here if reason else []:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def jupyter() -> Iterator[str]:
    """The address of a JupyterLab that serves a copy of the gallery."""
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def page(jupyter: str) -> Iterator[Any]:
    """The gallery, open and run."""
    with opened(jupyter) as page:
        yield page


@pytest.fixture
def gallery(page: Any) -> Iterator[Gallery]:
    """The gallery; what the console complains of since the last test fails this one."""
    yield Gallery(page, SHOTS, THEMES)
    complaints = list(page.complaints)
    page.complaints.clear()
    assert complaints == []
