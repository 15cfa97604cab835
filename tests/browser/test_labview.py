"""LabView with the mouse and with the keyboard."""

from __future__ import annotations

from tests.browser.gallery import Gallery


def test_the_last_command_is_lit(gallery: Gallery) -> None:
    view = gallery.widget("labview")
    gallery.run("%docker volume create lit")
    view.locate(".dl-done", "docker volume create lit").wait_for()
    assert view.count(".dl-lit") == 1
    assert "added" in view.text(".dl-lit", "lit")
    view.photograph("labview-first")


def test_the_slider_goes_back_with_the_arrows_and_the_lab_stays(gallery: Gallery) -> None:
    gallery.run("%docker volume create one")
    gallery.run("%docker volume create two")
    view = gallery.widget("labview")
    view.locate(".dl-done", "docker volume create two").wait_for()
    view.locate('[data-key="slider"]').focus()
    view.press("ArrowLeft")
    view.locate(".dl-past").wait_for()
    assert view.text(".dl-done").endswith("docker volume create one")
    assert "one added" in view.said()
    assert view.count(".dl-card", "two") == 0
    assert "two" in gallery.run("%docker volume ls -q")
    view.locate(".dl-past").wait_for(state="detached")


def test_a_moment_is_taken_up_and_another_command_makes_a_branch(gallery: Gallery) -> None:
    view = gallery.widget("labview")
    gallery.run("%docker volume create base")
    gallery.run("%docker volume create left")
    view.locate(".dl-done", "docker volume create left").wait_for()
    view.click('[data-key="moments"] [role=option]', "docker volume create base")
    view.photograph("labview-past")
    view.locate("button", "Take it up").focus()
    view.press("Enter")
    assert "the lab is now after: docker volume create base" in view.said()
    gallery.run("%docker volume create right")
    view.locate(".dl-branch", "docker volume create right").wait_for()
    assert gallery.run("%docker volume ls -q").split().count("left") == 0
    view.locate(".dl-branch", "docker volume ls -q").wait_for()
    view.click(".dl-branch", "docker volume create left")
    assert view.count(".dl-card", "left") == 1
    view.photograph("labview-branch")
    view.click("button", "Take it up")
    assert "left" in gallery.run("%docker volume ls -q")


def test_undo_and_redo_are_buttons(gallery: Gallery) -> None:
    view = gallery.widget("labview")
    gallery.run("%docker volume create undone")
    view.locate(".dl-card", "undone").wait_for()
    view.click("button", "Undo")
    assert view.count(".dl-card", "undone") == 0
    view.click("button", "Redo")
    assert view.count(".dl-card", "undone") == 1


def test_a_card_shows_its_links_with_the_keyboard(gallery: Gallery) -> None:
    view = gallery.widget("labview")
    view.locate(".dl-group-container [role=option]", "web").first.focus()
    view.press("Enter")
    assert view.count(".dl-linked") >= 2
    assert view.said().startswith("linked with: ")
    view.photograph("labview-linked")
    view.press("Enter")
    assert view.count(".dl-linked") == 0


def test_it_stands_beside_the_notebook(gallery: Gallery) -> None:
    gallery.page.evaluate(BESIDE)
    side = gallery.widget("labview", 1)
    assert "All commands" in side.text("summary")
    gallery.page.evaluate("() => window.jupyterapp.shell.activateById(window.dockerlabNotebook)")
    gallery.run("%docker volume create beside")
    for number in range(2):
        gallery.widget("labview", number).locate(".dl-done", "docker volume create beside").wait_for()
    gallery.page.evaluate("() => [...window.jupyterapp.shell.widgets('main')].at(-1).close()")
    gallery.page.wait_for_function("() => document.querySelectorAll('[data-widget=labview]').length === 1")


BESIDE = """async () => {
  const app = window.jupyterapp, panel = app.shell.currentWidget;
  window.dockerlabNotebook = panel.id;
  panel.content.activeCellIndex = panel.content.widgets.findIndex(cell => cell.model.sharedModel.source === 'watch()');
  await app.commands.execute('notebook:create-output-view');
}"""
