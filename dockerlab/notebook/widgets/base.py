"""What every widget here shares: plain state for the front end, its messages as methods, a picture without a kernel.

A widget is Python: `snapshot` computes, from the engine's values, all that is shown as plain JSON; the front end only
draws it (`frontend/lab.js` says how), and what is clicked or typed comes back as a message that names an `@action`.
So all of a widget can be tried without a browser:

    explorer = LayerExplorer("notes:2", lab=lab)
    explorer.act("choose", step=2)
    explorer.state["rows"], explorer.said, explorer.problem

A saved notebook has no widget state, so each widget brings a static view of its own (`static_html`, `static_text`),
which GitHub, nbviewer and an untrusted JupyterLab show, and which nbval compares.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import anywidget
import traitlets
from IPython.core.getipython import get_ipython

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.session import current_lab

Method = TypeVar("Method", bound=Callable[..., Any])
VIEW = "application/vnd.jupyter.widget-view+json"


def action(method: Method) -> Method:
    """A method that the front end may call by its name; a text that it returns is read out by screen readers."""
    method.is_action = True  # type: ignore[attr-defined]
    return method


class LabWidget(anywidget.AnyWidget):
    """One question about the lab, answered by looking and trying. `title` and `question` stand above it."""

    title: str
    question: str

    state = traitlets.Dict().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, lab: Lab | None = None) -> None:
        self.lab = lab or current_lab()
        self.views: int | None = None
        super().__init__()
        self._moment = self._now()
        self.state = self._shown()
        self.on_msg(self._receive)
        CELLS.follow(self)

    # What a widget says of itself.

    def snapshot(self) -> Mapping[str, Any]:
        """All that is shown, as plain JSON; a DockerlabError says that the object is not there any more."""
        raise NotImplementedError

    def static_html(self) -> str:
        """What a reader without a kernel sees: no scripts, no classes, styles inline."""
        raise NotImplementedError

    def static_text(self) -> str:
        """The same in characters."""
        raise NotImplementedError

    # What happens to it.

    def act(self, name: str, /, **message: Any) -> None:
        """Do what the front end asks for, and show what has come of it; what goes wrong becomes one line."""
        method = getattr(self, name, None)
        if not getattr(method, "is_action", False):
            raise ValueError(f"{type(self).__name__} has no action {name!r}")
        problem, said = "", ""
        try:
            said = method(**message) or ""  # type: ignore[misc]  # checked above
        except DockerlabError as error:
            problem = str(error).strip()
        except Exception as error:  # a traceback would end in the log, where no student looks
            problem = f"This widget made a mistake: {type(error).__name__}: {error}"
        self._renew()
        self.problem, self.said = problem, problem or said

    @action
    def refresh(self) -> None:
        """Look at the lab again."""

    def is_shown(self) -> None:
        """A view was opened, and the learner looks at it first: time to prepare what a first press would wait for."""

    def cell_ran(self) -> None:
        """A cell was run after this widget was made."""
        self.catch_up()

    def catch_up(self) -> None:
        """Show what has become of the lab, if it has moved."""
        if self._moment != self._now():
            self._renew()

    def _now(self) -> tuple[int, ...]:
        return id(self.lab.engine), self.lab.clock.now, self.lab.history.here.number

    def _renew(self) -> None:
        self._moment = self._now()
        try:
            self.state = self._shown()
        except DockerlabError as error:
            self.state = self._heading() | {"gone": str(error)}

    def _shown(self) -> dict[str, Any]:
        return self._heading() | dict(self.snapshot())

    def _heading(self) -> dict[str, Any]:
        return {"title": self.title, "question": self.question}

    def _receive(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        if "views" in content:
            self.views = (self.views or 0) + content["views"]
            self.catch_up()
            if content["views"] > 0:
                self.is_shown()
        else:
            self.act(content["act"], **content["message"])
            self.send({"done": content["act"]})

    # What a notebook keeps of it.

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # type: ignore[override]  # IPython takes both
        view = {"version_major": 2, "version_minor": 1, "model_id": self.model_id}
        try:
            return {VIEW: view, "text/html": self.static_html(), "text/plain": self.static_text()}
        except DockerlabError as error:
            return {VIEW: view, "text/plain": f"{self.title}: {error}"}


class Cells:
    """Tells the living widgets when a cell has run; not of the cell that they were made in."""

    def __init__(self) -> None:
        self._new: list[weakref.ref[LabWidget]] = []
        self._told: list[weakref.ref[LabWidget]] = []
        self._shell: Any = None

    def follow(self, widget: LabWidget) -> None:
        """Tell this one, from the next cell on."""
        shell = get_ipython()
        if shell is None:
            return
        self._new.append(weakref.ref(widget))
        if shell is not self._shell:
            self._shell = shell
            shell.events.register("post_run_cell", self.ran)

    def ran(self, _: Any) -> None:
        """A cell has run. Widgets whose last view was closed hear of it no more; they catch up when they are shown."""
        living = [(reference, widget) for reference in self._told if (widget := reference()) is not None]
        self._told, self._new = [reference for reference, _ in living] + self._new, []
        for _, widget in living:
            if widget.views != 0:
                widget.cell_ran()

    def lab_moved(self, by: LabWidget) -> None:
        """A widget has changed its lab, without a cell: the others show what has become of it."""
        for reference in [*self._told, *self._new]:
            widget = reference()
            if widget is not None and widget is not by and widget.views != 0:
                widget.catch_up()


CELLS = Cells()
