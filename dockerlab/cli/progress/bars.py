"""The lines of pull, push and load on a terminal: one for each layer, drawn anew as it moves on.

As docker/cli draws them (pkg/jsonmessage; asked of client 28.2.2 on terminals of 80 and of 120 columns): the cursor
goes up to the layer's line, which is erased and written again, and back down.
"""

from __future__ import annotations

from dockerlab.cli.progress.transfer import transfer_line
from dockerlab.cli.units import human_size
from dockerlab.events import Event, LayerProgress

WIDE = 110
"""Terminals of more columns have room for a bar beside the numbers."""

_LENGTH = 50


class Bars:
    """Makes a transfer's events into text with moves of the cursor; `columns` is how wide the terminal is."""

    def __init__(self, columns: int) -> None:
        self._wide = columns > WIDE
        self._rows: dict[str, int] = {}

    def feed(self, event: Event) -> str:
        """What an event changes on the screen."""
        if isinstance(event, LayerProgress):
            return self._redrawn(event)
        line = transfer_line(event)
        if line is None:
            return ""
        self._rows.clear()  # what stands above another line is not drawn again
        return f"{line}\n"

    def _redrawn(self, event: LayerProgress) -> str:
        fresh = "" if event.id in self._rows else "\n"
        row = self._rows.setdefault(event.id, len(self._rows))
        away = len(self._rows) - row
        return f"{fresh}\x1b[{away}A\x1b[2K\r{event.id}: {event.status} {self._amount(event)}\r\x1b[{away}B"

    def _amount(self, event: LayerProgress) -> str:
        """'[====>     ]  12.3MB/45MB'; nothing where nothing is counted."""
        if event.current <= 0 and event.total <= 0:
            return ""
        current = f"{human_size(event.current):>8}"
        if event.total <= 0:
            return current
        known = event.current <= event.total
        return self._bar(event) + (f"{current}/{human_size(event.total)}" if known else current)

    def _bar(self, event: LayerProgress) -> str:
        if not self._wide:
            return ""
        done = min(_LENGTH, event.current * 100 // event.total // 2)
        return f"[{'=' * done}>{' ' * (_LENGTH - done)}] "
