"""`Pace`: the lab brings a layer over before an eye sees it move; where somebody looks on, bars take their time."""

from __future__ import annotations

from dockerlab.events import Event, LayerProgress
from dockerlab.world import NANOSECOND, real_now, real_pause

BAR, LONGEST = 0.35, 3.0
"""Seconds in which a bar fills, and after which nobody is held up any more."""

FRAME = 0.04
"""Seconds between two pictures."""


class Pace:
    """Holds up whoever tells of transfers, as little as makes them visible; what is slow by itself not at all."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Somebody looks at something new."""
        self._began: int | None = None
        self._due = 0.0
        self._counts: dict[tuple[str, str], int] = {}

    def see(self, event: Event) -> None:
        """Wait until a picture of this may be followed by the next one."""
        if not isinstance(event, LayerProgress) or not event.total:
            return
        if self._began is None:
            self._began = real_now()
        key = event.id, event.status
        self._due += BAR * max(0, event.current - self._counts.get(key, 0)) / event.total
        self._counts[key] = event.current
        ahead = min(self._due, LONGEST) - (real_now() - self._began) / NANOSECOND
        if ahead > FRAME:
            real_pause(ahead)
