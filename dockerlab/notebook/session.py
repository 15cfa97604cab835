"""The one lab that a notebook works in: made when first asked for, replaced by `%lab reset`."""

from __future__ import annotations

from dockerlab.lab import Lab
from dockerlab.notebook.learning.classroom import SEATS
from dockerlab.notebook.learning.exercise import Attempt
from dockerlab.world import unguessable


class Session:
    """Holds the notebook's lab, the exercise that was begun last, and the learner's seat in the room."""

    def __init__(self) -> None:
        self._lab: Lab | None = None
        self.attempt: Attempt | None = None
        self._seat: int | None = None

    @property
    def lab(self) -> Lab:
        """The lab, made now if there is none yet."""
        if self._lab is None:
            self._lab = Lab()
        return self._lab

    @property
    def seat(self) -> int:
        """A number that tells this learner's codes from others': drawn when it is first needed, the same ever after."""
        if self._seat is None:
            self._seat = int(unguessable().replace("-", ""), 16) % SEATS
        return self._seat


SESSION = Session()


def current_lab() -> Lab:
    """The lab that magics and widgets work in."""
    return SESSION.lab
