"""ContainersExplorer in the page."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_a_container_more_is_drawn_and_counted(gallery: Gallery) -> None:
    explorer = gallery.widget("containers")
    before = explorer.locate(".dl-picture img").get_attribute("alt")
    explorer.click("button", "One more container")
    assert explorer.text("pre").startswith("$ docker run -d notes:1")
    assert explorer.locate(".dl-picture img").get_attribute("alt") != before
    explorer.photograph("containers-added")
    explorer.click("button", "Remove the newest")
    assert explorer.text("pre").startswith("$ docker rm -f")


def test_its_buttons_are_reached_and_pressed_with_the_keyboard(gallery: Gallery) -> None:
    explorer = gallery.widget("containers")
    explorer.locate("button").first.focus()
    explorer.press("Enter", "Tab", "Space")
    assert explorer.text("pre").startswith("$ docker exec")
    assert explorer.focused() == "Write a file in the newest"
    explorer.press("Tab", "Enter")
    assert explorer.text("pre").startswith("$ docker rm -f")


def test_two_views_of_one_widget_agree(gallery: Gallery) -> None:
    gallery.page.evaluate(SECOND_VIEW)
    other = gallery.widget("containers", 1)
    other.click("button", "One more container")
    said = other.text("pre")
    assert gallery.widget("containers").text("pre") == said
    other.click("button", "Remove the newest")
    gallery.page.evaluate("window.jupyterapp.shell.currentWidget.close()")
    gallery.page.wait_for_function("document.querySelectorAll('[data-widget=containers]').length === 1")


SECOND_VIEW = """async () => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  const has = cell => cell.model.sharedModel.source.startsWith('explore("containers"');
  notebook.activeCellIndex = notebook.widgets.findIndex(has);
  await app.commands.execute('notebook:create-output-view');
}"""
