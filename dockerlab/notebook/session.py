"""The one lab that a notebook works in: made when first asked for, replaced by `%lab reset`."""

from __future__ import annotations

from dockerlab.lab import Lab
from dockerlab.notebook.learning.exercise import Attempt


class Session:
    """Holds the notebook's lab, and the exercise that was begun last."""

    def __init__(self) -> None:
        self._lab: Lab | None = None
        self.attempt: Attempt | None = None

    @property
    def lab(self) -> Lab:
        """The lab, made now if there is none yet."""
        if self._lab is None:
            self._lab = Lab()
        return self._lab


SESSION = Session()


def current_lab() -> Lab:
    """The lab that magics and widgets work in."""
    return SESSION.lab
