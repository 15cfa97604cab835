"""A copy of a lab, on which something can be tried while the learner's own stays as it is.

A lab is copied by doing the same again on another one. That takes as long as all that was done, so the copy is made
while nobody waits, and led onwards when the learner has gone on.
"""

from __future__ import annotations

from dockerlab.lab import Lab
from dockerlab.lab.journal import Entry, Moment


class Twin:
    """A copy that is kept ready for `lab`."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._copy: Lab | None = None
        self._moment: Moment | None = None
        self._entry: Entry | None = None

    def prepare(self) -> Lab | None:
        """Make the copy be as the lab is now; None where that can't be done twice (a real registry was reached)."""
        here = self.lab.history.here
        copy, path = self._copy, here.path()
        self._copy = None  # what is interrupted has left it nobody knows where
        if copy is not None and self._moment in path and self._moment.entry is self._entry:  # waiting grows in place
            path = path[path.index(self._moment) + 1 :]
        else:
            copy, self._moment = None, None
        for moment, reached in self.lab.rehearse(path, copy):
            copy, self._moment = reached, moment
        self._copy = copy if self._moment is here else None
        self._entry = here.entry
        return self._copy

    def take(self) -> Lab | None:
        """The copy, to do with it what one likes: it is made anew the next time."""
        copy = self.prepare()
        self._copy = None
        return copy
