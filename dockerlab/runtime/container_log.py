"""What a container printed, kept line by line as the `json-file` log driver keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dockerlab.events import LogLine

LONGEST_LINE = 16 * 1024
"""The driver cuts longer lines into pieces of this size (moby, `copier.go`)."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that were printed by one write; kept as they came, since a busy container prints millions of them."""

    stream: str
    time_ns: int
    data: bytes

    def is_between(self, since: int, until: int) -> bool:
        """Whether it was printed between two instants; 0 for no limit."""
        return self.time_ns >= since and (not until or self.time_ns <= until)

    def lines(self) -> Iterator[LogLine]:
        """One by one."""
        for line in _split(self.data):
            for start in range(0, len(line), LONGEST_LINE):
                yield LogLine(self.stream, line[start : start + LONGEST_LINE], self.time_ns)


def _split(data: bytes) -> Iterator[bytes]:
    """At newlines only: a terminal's carriage returns, and whatever else Python takes for the end of a line, stay."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end


@dataclass
class Log:
    """Lines in the order in which they were finished; the unfinished rest of each stream is held back."""

    blocks: list[Block] = field(default_factory=list)
    _rest: dict[str, bytes] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many blocks there are; `select` takes such a number as its start."""
        return len(self.blocks)

    def write(self, stream: str, data: bytes, now: int) -> None:
        """Take in what was printed to 'stdout' or 'stderr' at `now`."""
        data = self._rest.pop(stream, b"") + data
        end = data.rfind(b"\n") + 1
        end += (len(data) - end) // LONGEST_LINE * LONGEST_LINE
        if end:
            self.blocks.append(Block(stream, now, data[:end]))
        if data[end:]:
            self._rest[stream] = data[end:]

    def close(self, now: int) -> None:
        """Process 1 is gone: what it left unfinished becomes a line without a newline."""
        for stream, rest in sorted(self._rest.items()):
            self.blocks.append(Block(stream, now, rest))
        self._rest.clear()

    def select(self, start: int, *, since: int = 0, until: int = 0, by_line: bool = True) -> Iterator[LogLine]:
        """Lines from block `start` on that were printed between `since` and `until` (0: no limit).

        Without `by_line` those that were printed at once come at once: millions of lines in a few pieces.
        """
        for block in self.blocks[start:]:
            if block.is_between(since, until):
                if by_line:
                    yield from block.lines()
                else:
                    yield LogLine(block.stream, block.data, block.time_ns)

    def last(self, count: int, *, since: int = 0, until: int = 0) -> list[LogLine]:
        """The newest lines, the oldest of them first; what lies before them is not looked at."""
        found: list[LogLine] = []
        for block in reversed(self.blocks):
            if len(found) >= count:
                break
            if block.is_between(since, until):
                found[:0] = list(block.lines())[len(found) - count :]
        return found
