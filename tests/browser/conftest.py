"""The gallery in a real JupyterLab in Chromium: started once, all cells run, then each test works on its own widget.

`make test-browser` runs these; `make test` leaves them out. They need Debian's chromium (or CHROMIUM=path).
A test gets `gallery`, and from it a widget: `gallery.widget("predict")`, which clicks, types and waits for answers.
Errors on the page's console fail the test that caused them. Screenshots go to a folder that is named at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.gallery import Gallery
from tools.look_at_notebooks import FLAGS, RUN_ALL, THEMES, free_port, start_server, wait_for

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "gallery.ipynb"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = Path(os.environ.get("SCREENSHOTS") or tempfile.gettempdir()) / "dockerlab-gallery"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    asked = any("browser" in argument for argument in config.invocation_params.args)
    reason = "make test-browser runs these" if not asked else "" if CHROMIUM else "needs chromium"
    for item in here if reason else []:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def jupyter() -> Iterator[str]:
    """The address of a JupyterLab that serves a copy of the gallery."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(NOTEBOOK, folder)
        port = free_port()
        server = start_server(Path(folder), port)
        try:
            wait_for(f"http://127.0.0.1:{port}/api")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="session")
def page(jupyter: str) -> Iterator[Any]:
    """The gallery, open and run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(20_000)
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{jupyter}/lab/tree/{NOTEBOOK.name}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        page.add_style_tag(content=".Toastify { display: none }")
        page.evaluate(ALONE)
        result = page.evaluate(RUN_ALL)
        assert result["failed"] == []
        page.while_it_ran = list(page.complaints)
        page.complaints.clear()
        yield page
        browser.close()


ALONE = """async () => {
  const app = window.jupyterapp; await app.restored;
  await app.commands.execute('application:toggle-left-area');
}"""
"""The file browser is out of the way."""


@pytest.fixture
def gallery(page: Any) -> Iterator[Gallery]:
    """The gallery; what the console complains of since the last test fails this one."""
    yield Gallery(page, SHOTS, THEMES)
    complaints = list(page.complaints)
    page.complaints.clear()
    assert complaints == []


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if SHOTS.is_dir():
        terminalreporter.write_line(f"screenshots: {SHOTS}")
