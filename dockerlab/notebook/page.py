"""`Page`: what the cell that runs has put out, and pictures on it that move while a transfer lasts and are then gone.

What stays of a pull are the lines that `docker` prints where there is no terminal, so a saved notebook says the same
whether somebody looked on or not. Pictures are only made for somebody who could be asked a question (Jupyter's
protocol: `allow_stdin`), which nobody is when notebooks are run for tests, and only in cells that have no outputs but
the lab's, because a picture is taken away by clearing them and printing them anew.
"""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import clear_output, display

from dockerlab.cli.progress.bars import Bars
from dockerlab.events import Event
from dockerlab.lab.pace import FRAME, Pace
from dockerlab.notebook.screen import Screen
from dockerlab.world import NANOSECOND, real_now

COLUMNS = 120
"""How wide the terminal is that the pictures show."""


class Page:
    """The outputs of one cell, as long as all of them are the lab's."""

    def __init__(self) -> None:
        self._printed: list[str] = []
        self.watched = False
        """Whether somebody looks on."""
        self._messages = -1

    def begin(self, *_: object) -> None:
        """A cell begins."""
        self._printed, self.watched = [], _watched()
        self._messages = _messages()

    @property
    def ours(self) -> bool:
        """Whether somebody looks on, and nothing but the lab has put out anything in this cell."""
        return self.watched and self._messages == _messages()

    def print(self, text: str) -> None:
        """Print at once."""
        ours = self.ours
        print(text, end="", flush=True)
        if ours:
            self._printed.append(text)
            self._messages = _messages()

    def draw(self, picture: str, handle: Any) -> Any:
        """Show a picture, in the place of the one before it; returns what the next one needs."""
        bundle = {"text/plain": picture}
        if handle is None:
            handle = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            handle.update(bundle, raw=True)
        self._messages = _messages()
        return handle

    def clean(self) -> None:
        """Take the pictures away."""
        clear_output(wait=True)  # type: ignore[no-untyped-call]
        print("".join(self._printed), end="", flush=True)
        self._messages = _messages()


PAGE = Page()


class Moving:
    """The picture of one command's transfers."""

    def __init__(self) -> None:
        self._bars, self._screen, self._pace = Bars(COLUMNS), Screen(), Pace()
        self._handle: Any = None
        self._drawn = 0

    def see(self, event: Event) -> None:
        """Draw what has changed, unless the last picture is too fresh."""
        self._screen.feed(self._bars.feed(event).encode())
        if real_now() - self._drawn >= FRAME * NANOSECOND and PAGE.ours:
            self._handle = PAGE.draw(self._screen.text, self._handle)
            self._drawn = real_now()
        self._pace.see(event)

    def end(self) -> None:
        """Leave nothing but what was printed."""
        if self._handle is not None:
            PAGE.clean()
            self._handle = None


def _watched() -> bool:
    """Whether somebody sits before the notebook."""
    ask = getattr(getattr(get_ipython(), "kernel", None), "get_parent", None)
    request = ask() if ask is not None else None
    return isinstance(request, dict) and bool(request.get("content", {}).get("allow_stdin"))


def _messages() -> int:
    """How many messages the kernel has sent so far."""
    sys.stdout.flush()
    sys.stderr.flush()
    session = getattr(getattr(get_ipython(), "kernel", None), "session", None)
    return int(getattr(session, "message_count", 0))
