"""The gallery in a real JupyterLab in Chromium: opened, and all of its cells run. For tests and for screenshots."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.look_at_notebooks import FLAGS, RUN_ALL, free_port, start_server, wait_for

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "gallery.ipynb"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def served(notebook: Path = NOTEBOOK) -> Iterator[str]:
    """The address of a JupyterLab that serves a copy of the notebook."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(notebook, folder)
        port = free_port()
        server = start_server(Path(folder), port)
        try:
            wait_for(f"http://127.0.0.1:{port}/api")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


@contextmanager
def opened(address: str, **options: Any) -> Iterator[Any]:
    """The gallery in a page, run; `while_it_ran` are the console's errors so far, `complaints` those that follow."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page: Any = browser.new_page(viewport={"width": 1280, "height": 900}, **options)
        page.set_default_timeout(20_000)
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{address}/lab/tree/{NOTEBOOK.name}?reset")
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
