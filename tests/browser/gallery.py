"""How a test works on a widget in the page: click, press, type, wait for Python's answer, take a screenshot.

explorer = gallery.widget("layers")
explorer.click("RUN rm")
assert explorer.text(".dl-waste").startswith("5MB")
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
WIDTHS = (1280, 800)


class Gallery:
    """The notebook in the page."""

    def __init__(self, page: Any, shots: Path | None, themes: Mapping[str, str]) -> None:
        self.page, self.shots, self.themes = page, shots, themes

    def widget(self, name: str, number: int = 0) -> Widget:
        """The live widget of that name (the front end's), the first one unless a number says otherwise."""
        found = self.page.locator(f'[data-widget="{name}"]').nth(number)
        found.wait_for(state="attached")
        found.scroll_into_view_if_needed()
        return Widget(self, found, name)

    def run_cell(self, text: str) -> None:
        """Run the first code cell that has this text again, and wait for its end."""
        self.page.evaluate(RUN_CELL, text)

    def run(self, code: str) -> str:
        """Run a line of Python in the notebook's kernel, as a cell would; what it prints."""
        return str(self.page.evaluate(RUN, code))


RUN_CELL = """async (text) => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  const has = cell => cell.model.type === 'code' && cell.model.sharedModel.source.includes(text);
  const at = notebook.widgets.findIndex(has);
  const old = [...notebook.widgets[at].node.querySelectorAll('[data-widget]')];
  notebook.activeCellIndex = at;
  await app.commands.execute('notebook:run-cell');
  while (old.some(each => each.isConnected)) await new Promise(resolve => setTimeout(resolve, 20));
}"""
RUN = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  let text = '';
  const future = kernel.requestExecute({code, store_history: true});
  future.onIOPub = (message) => { text += message.content.text ?? ''; };
  await future.done;
  return text;
}"""


class Widget:
    """A widget in the page."""

    def __init__(self, gallery: Gallery, found: Any, name: str) -> None:
        self.gallery, self.found, self.name = gallery, found, name

    def locate(self, selector: str, text: str | None = None) -> Any:
        """An element in it, by CSS and by a text that it has."""
        return self.found.locator(selector, has_text=text) if text else self.found.locator(selector)

    def click(self, selector: str, text: str | None = None) -> None:
        """Click on the first such element, and wait for the answer."""
        self.locate(selector, text).first.click()
        self.answered()

    def press(self, *keys: str) -> None:
        """Press keys one after the other, where the focus is."""
        for key in keys:
            self.gallery.page.keyboard.press(key)
            self.answered()

    def type(self, selector: str, text: str) -> None:
        """Put a text into a field, and wait until Python has answered to it."""
        field = self.locate(selector).first
        field.fill("")
        field.press_sequentially(text)
        self.gallery.page.wait_for_timeout(200)
        self.answered()

    def answered(self) -> None:
        """Wait until Python has answered all messages."""
        self.gallery.page.wait_for_function(ANSWERED, arg=self.found.element_handle())

    def text(self, selector: str = "*", text: str | None = None) -> str:
        """What the first such element says."""
        return str(self.locate(selector, text).first.inner_text())

    def count(self, selector: str, text: str | None = None) -> int:
        """How many such elements there are."""
        return int(self.locate(selector, text).count())

    def focused(self) -> str:
        """The text of the element that has the focus; '' where it is outside of this widget."""
        return str(self.found.evaluate(FOCUSED))

    def said(self) -> str:
        """What a screen reader was last told."""
        return str(self.found.locator(".dl-live").first.text_content())

    def photograph(self, name: str) -> None:
        """Screenshots in both themes and two widths, where somebody wants to look at them."""
        if self.gallery.shots is None:
            return
        page = self.gallery.page
        self.gallery.shots.mkdir(parents=True, exist_ok=True)
        for theme, label in self.gallery.themes.items():
            page.evaluate(THEME, label)
            page.wait_for_function(IS_DARK, arg=theme == "dark")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 1500})
                page.wait_for_timeout(200)
                path = self.gallery.shots / f"{name}-{theme}-{width}.png"
                self.found.screenshot(path=path, animations="disabled")
        page.set_viewport_size({"width": 1280, "height": 900})


ANSWERED = "element => !element.hasAttribute('aria-busy')"
FOCUSED = """root => {
  const here = document.activeElement;
  return root.contains(here) ? here.innerText || here.value || '' : '';
}"""
IS_DARK = "dark => (document.body.dataset.jpThemeLight === 'false') === dark"
