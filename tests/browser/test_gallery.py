"""The page as a whole: the gallery runs without a complaint, and once more after a restart."""

from __future__ import annotations

from tests.browser.gallery import Gallery
from tests.browser.screenshots import POSES
from tools.look_at_notebooks import RUN_ALL

RESTART = """async () => {
  const context = window.jupyterapp.shell.currentWidget.sessionContext;
  await context.session.kernel.restart();
  await context.ready;
}"""


def test_the_console_has_no_error_while_the_gallery_runs(gallery: Gallery) -> None:
    """Neither an error that a script logs nor one that nobody catches."""
    assert gallery.page.while_it_ran == []


def test_restart_and_run_all_brings_every_widget_back(gallery: Gallery) -> None:
    gallery.page.evaluate(RESTART)
    result = gallery.page.evaluate(RUN_ALL)
    assert (result["failed"], result["ran"]) == ([], result["cells"])
    assert gallery.page.get_by_text("Error displaying widget").count() == 0
    for name in POSES:
        assert gallery.widget(name).count(".dl-head") == 1
    overlay = gallery.widget("overlay")
    overlay.click("button", "Read")
    assert "Reading never copies" in overlay.text(".dl-summary")
    overlay.click("button", "As at first")
    complaints = gallery.page.complaints
    complaints[:] = [text for text in complaints if "debugger state" not in text]  # JupyterLab's own, of its debugger
