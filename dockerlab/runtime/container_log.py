"""What a container printed, kept line by line as the `json-file` log driver keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dockerlab.events import LogLine

LONGEST_LINE = 16 * 1024
"""The driver cuts longer lines into pieces of this size (moby, `copier.go`)."""


@dataclass
class Log:
    """Lines in the order in which they were finished; the unfinished rest of each stream is held back."""

    lines: list[LogLine] = field(default_factory=list)
    _rest: dict[str, bytes] = field(default_factory=dict)

    def write(self, stream: str, data: bytes, now: int) -> None:
        """Take in what was printed to 'stdout' or 'stderr' at `now`."""
        pieces = (self._rest.pop(stream, b"") + data).split(b"\n")
        for piece in pieces[:-1]:
            self.lines.append(LogLine(stream, piece + b"\n", now))
        rest = pieces[-1]
        while len(rest) >= LONGEST_LINE:
            self.lines.append(LogLine(stream, rest[:LONGEST_LINE], now))
            rest = rest[LONGEST_LINE:]
        if rest:
            self._rest[stream] = rest

    def close(self, now: int) -> None:
        """Process 1 is gone: what it left unfinished becomes a line without a newline."""
        for stream, rest in sorted(self._rest.items()):
            self.lines.append(LogLine(stream, rest, now))
        self._rest.clear()

    def select(self, start: int, *, since: int = 0, until: int = 0) -> Iterator[LogLine]:
        """Lines from number `start` on that were printed between `since` and `until` (0: no limit)."""
        for line in self.lines[start:]:
            if line.time_ns >= since and (not until or line.time_ns <= until):
                yield line
