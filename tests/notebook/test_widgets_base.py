"""What all widgets share: messages become method calls, errors one line, removed things are said, views are static."""

from __future__ import annotations

import re
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook.widgets import bundle
from dockerlab.notebook.widgets.base import LabWidget, action

FRONTENDS = sorted(path.stem for path in bundle.FOLDER.glob("*.js") if path.stem != "lab")


class Counter(LabWidget):
    """How many images are there? The smallest widget that there can be."""

    _esm = bundle.module("predict")
    title, question = "Counter", "How many?"

    def snapshot(self) -> dict[str, Any]:
        images = len(self.lab.engine.images.list())
        if images > 1:
            raise NotFoundError("No such thing any more")
        return {"images": images}

    def static_html(self) -> str:
        return f"<p>{self.state['images']}</p>"

    def static_text(self) -> str:
        return str(self.state["images"])

    @action
    def pull(self, name: str) -> str:
        """Pull an image."""
        self.lab.finish(self.lab.engine.images.pull(name))
        return f"{name} is here"

    def no_action(self) -> None:
        raise AssertionError


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_a_message_names_an_action_and_the_state_follows(lab: Lab) -> None:
    counter = Counter(lab)
    counter.act("pull", name="busybox")
    assert counter.state == {"title": "Counter", "question": "How many?", "images": 1}
    assert (counter.said, counter.problem) == ("busybox is here", "")


def test_what_a_first_press_needs_is_prepared_when_a_view_was_opened(lab: Lab) -> None:
    told: list[str] = []

    class Ready(Counter):
        def is_shown(self) -> None:
            told.append("shown")

    counter = Ready(lab)
    counter._receive(counter, {"views": 1}, None)
    counter._receive(counter, {"views": -1}, None)
    assert told == ["shown"]


def test_what_goes_wrong_becomes_one_line_and_leaves_with_the_next_action(lab: Lab) -> None:
    counter = Counter(lab)
    counter.act("pull", name="UPPER")
    assert "must be lowercase" in counter.problem
    counter.act("pull", nonsense=1)
    assert counter.problem.startswith("This widget made a mistake: TypeError")
    counter.act("refresh")
    assert counter.problem == ""


def test_only_actions_can_be_called_from_outside(lab: Lab) -> None:
    for name in ("no_action", "close", "nosuch", "state"):
        with pytest.raises(ValueError, match="no action"):
            Counter(lab).act(name)


def test_a_widget_on_something_removed_says_so(lab: Lab) -> None:
    counter = Counter(lab)
    lab.run("docker pull -q busybox; docker pull -q alpine")
    counter.cell_ran()
    assert counter.state["gone"] == "No such thing any more"
    lab.run("docker rmi alpine")
    counter.act("refresh")
    assert counter.state["images"] == 1


def test_a_notebook_keeps_a_picture_beside_the_live_view(lab: Lab) -> None:
    kept = Counter(lab)._repr_mimebundle_()
    assert kept["text/html"] == "<p>0</p>"
    assert kept["text/plain"] == "0"
    assert kept["application/vnd.jupyter.widget-view+json"]["model_id"]


def test_widgets_follow_the_cells_that_run_after_their_own() -> None:
    shell = InteractiveShell.instance()
    try:
        shell.push({"Counter": Counter, "lab": Lab()})
        shell.run_cell("counter = Counter(lab)", store_history=True)
        shell.run_cell("lab.run('docker pull -q busybox')", store_history=True)
        assert shell.user_ns["counter"].state["images"] == 1
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.parametrize("name", FRONTENDS)
def test_a_front_end_is_one_module_that_imports_nothing(name: str) -> None:
    text = bundle.module(name)
    assert not re.search(r"^import ", text, re.M)
    assert len(re.findall(r"^export ", text, re.M)) == 1
    assert "export default widget(" in text


@pytest.mark.parametrize("path", sorted(bundle.FOLDER.iterdir()), ids=lambda path: path.name)
def test_front_ends_take_no_texts_as_markup_and_nothing_from_elsewhere(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert "http" not in text
    assert "insertAdjacentHTML" not in text
    assert "innerHTML" not in text or path.name == "lab.js"


def test_the_style_sheet_has_the_diagrams_colours() -> None:
    assert "--dl-layer-fill: #" in bundle.style("predict")
    assert "prefers-reduced-motion" in bundle.style("predict")
