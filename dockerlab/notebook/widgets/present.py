"""`%lab present`: the notebook for a room. Larger type, no code in cells that are tagged `demo`, Space runs the next.

The front end only uses what anybody can see: it puts a class on the notebook's element, styles it, and presses the
toolbar's own button. Where a page has no such things, as in VS Code, it says so, and only this output grows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython

from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import LabWidget, action

TAG = "demo"
HOW = "Space runs the next cell, Escape leaves. Cells that are tagged “demo” show no code."


class Presenter(LabWidget):
    """Instructor's mode of the notebook that this is shown in."""

    _esm = bundle.module("present")
    _css = bundle.style("present")
    title = "Presenting"
    question = HOW

    def __init__(self) -> None:
        self.on = True
        self.demos = demo_cells()
        super().__init__()

    @action
    def leave(self) -> str:
        """Back to how the notebook was."""
        self.on = False
        return "no longer presenting"

    def snapshot(self) -> dict[str, Any]:
        """Whether it is on, and the places of the cells whose code is hidden."""
        return {"on": self.on, "demos": self.demos}

    def static_html(self) -> str:
        """What it would do."""
        return static.paragraph(f"Presenting. {HOW}")

    def static_text(self) -> str:
        """The same in characters."""
        return f"Presenting. {HOW}"


def demo_cells() -> list[int]:
    """The places of the cells that are tagged `demo`, in the notebook as it was saved last."""
    shell = get_ipython()
    path = shell.user_ns.get("__session__") if shell is not None else None
    try:
        notebook = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
        return [place for place, cell in enumerate(notebook.get("cells", ())) if TAG in tags_of(cell)]
    except (OSError, ValueError, TypeError, AttributeError):
        return []  # no such file, or none that is a notebook: nothing is hidden then


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """A cell's tags."""
    tags: list[str] = cell.get("metadata", {}).get("tags", [])
    return tags


class Stage:
    """The presenter that is on, if any."""

    def __init__(self) -> None:
        self.presenter: Presenter | None = None

    def enter(self) -> Presenter:
        """Begin; one that was on before gives way."""
        self.leave()
        self.presenter = Presenter()
        return self.presenter

    def leave(self) -> bool:
        """End it; returns whether there was something to end."""
        presenter, self.presenter = self.presenter, None
        if presenter is None or not presenter.on:
            return False
        presenter.act("leave")
        return True


STAGE = Stage()
