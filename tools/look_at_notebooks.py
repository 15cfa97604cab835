"""Run lessons in a real JupyterLab in Chromium and take screenshots, light and dark.

    pip install playwright
    python tools/look_at_notebooks.py OUT notebooks/3.1_images_and_containers.ipynb ...

Needs Debian's chromium (or CHROMIUM=path). Says for each notebook how many cells ran and which ended in an error.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
FLAGS = "--no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-sync".split()
RUN_ALL = """async () => {
  const app = window.jupyterapp; await app.restored;
  const panel = app.shell.currentWidget; await panel.sessionContext.ready;
  await app.commands.execute('notebook:run-all-cells');
  const cells = panel.content.model.toJSON().cells.filter(cell => cell.cell_type === 'code');
  const failed = cells.filter(cell => cell.outputs.some(output => output.output_type === 'error'));
  return {cells: cells.length, ran: cells.filter(cell => cell.execution_count).length,
          failed: failed.map(cell => [].concat(cell.source).join(''))};
}"""
SHOT = """async (part) => {
  const scroller = document.querySelector('.jp-WindowedPanel-outer');
  scroller.scrollTop = part * scroller.clientHeight * 0.9;
  return scroller.scrollTop + scroller.clientHeight < scroller.scrollHeight - 5;
}"""


def main(arguments: list[str]) -> int:
    """The exit code is 1 when a cell failed."""
    out, notebooks = Path(arguments[0]), [Path(name) for name in arguments[1:]]
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(shutil.copy(notebook, folder)) for notebook in notebooks]
        port = free_port()
        server = start_server(Path(folder), port)
        try:
            wait_for(f"http://127.0.0.1:{port}/api")
            return look(f"http://127.0.0.1:{port}", copies, out)
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """JupyterLab with folders of its own, which keeps all cells of a notebook in the page.

    Changing that in an open notebook won't do: JupyterLab 4.6 then watches new cells with an observer that it has
    thrown away ("Cannot read properties of null (reading 'observe')" in the console).
    """
    settings = folder / ".settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"windowingMode": "none"}', encoding="utf-8")
    own = {f"JUPYTER_{name}": str(folder / f".{name.lower()}") for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")}
    options = [
        f"--port={port}", "--no-browser", "--allow-root", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True", f"--LabApp.user_settings_dir={folder}/.settings",
    ]  # fmt: skip
    command = [sys.executable, "-m", "jupyter", "lab", *options]
    return subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(address: str) -> None:
    """Until the server answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(address).close()
            return
        except urllib.error.URLError:
            time.sleep(0.5)
    raise SystemExit("JupyterLab did not start")


def look(address: str, notebooks: list[Path], out: Path) -> int:
    """Run each notebook once, and photograph it in both themes."""
    from playwright.sync_api import sync_playwright

    failed = 0
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1600})
        for notebook in notebooks:
            page.goto(f"{address}/lab/tree/{notebook.name}?reset")
            page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
            result: dict[str, Any] = page.evaluate(RUN_ALL)
            print(notebook.name, result, flush=True)
            failed += len(result["failed"])
            for name, theme in THEMES.items():
                change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
                page.evaluate(change, theme)
                page.wait_for_timeout(1500)
                photograph(page, out / f"{notebook.stem}-{name}")
        browser.close()
    return 1 if failed else 0


def photograph(page: Any, stem: Path) -> None:
    """One screenshot for each screenful."""
    for part in range(12):
        more = page.evaluate(SHOT, part)
        page.wait_for_timeout(600)
        page.screenshot(path=f"{stem}-{part:02}.png")
        if not more:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
