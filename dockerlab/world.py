"""Time and chance. Nothing else in dockerlab asks the machine for either, so the same lesson gives the same bytes.

The clock is virtual: it stands still until something waits or somebody calls `advance`. Instants are whole
nanoseconds since 1970-01-01 UTC, because that is what Docker's timestamps resolve to.

Only what serves the real world (`dockerlab registry serve`, eyes that follow a bar) takes the machine's own time, and
names that nobody can guess: `real_now`, `real_pause` and `unguessable`.
"""

from __future__ import annotations

import datetime as _dt
import hashlib
import random as _random
import time as _time
import uuid as _uuid
from dataclasses import dataclass, field

START = "2026-11-23T15:00:00Z"
"""When every lab begins, unless told otherwise."""

NANOSECOND = 1_000_000_000


def parse_instant(text: str) -> int:
    """Nanoseconds since 1970 of an RFC 3339 text (fractions up to nine digits)."""
    text = text.strip().replace("z", "Z")
    zone = "+00:00"
    if text.endswith("Z"):
        text = text[:-1]
    elif text[-6:-5] in {"+", "-"}:
        text, zone = text[:-6], text[-6:]
    whole, _, fraction = text.partition(".")
    seconds = int(_dt.datetime.fromisoformat(whole + zone).timestamp())
    return seconds * NANOSECOND + int((fraction + "0" * 9)[:9])


def format_instant(instant: int) -> str:
    """RFC 3339 with as many digits as needed, as Go's time.RFC3339Nano prints it: '2026-11-23T09:00:00.5Z'."""
    seconds, nanoseconds = divmod(instant, NANOSECOND)
    text = (_dt.datetime(1970, 1, 1) + _dt.timedelta(seconds=seconds)).isoformat()
    fraction = f".{nanoseconds:09d}".rstrip("0") if nanoseconds else ""
    return f"{text}{fraction}Z"


@dataclass
class Clock:
    """The lab's clock; `now` is in nanoseconds since 1970."""

    now: int = field(default_factory=lambda: parse_instant(START))

    def tick(self) -> int:
        """Let the least time pass that keeps two instants apart (about a tenth of a second), and return now."""
        self.now += 104_729_001  # a prime, so that timestamps look like timestamps
        return self.now

    def advance(
        self, *, weeks: float = 0, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> int:
        """Move time forward and return the new instant."""
        span = _dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        nanoseconds = (span.days * 86_400 + span.seconds) * NANOSECOND + span.microseconds * 1_000
        if nanoseconds < 0:
            raise ValueError("the lab's clock only moves forward")
        self.now += nanoseconds
        return self.now

    def date(self) -> _dt.datetime:
        """Now as an aware datetime (UTC, microseconds)."""
        return _dt.datetime.fromtimestamp(self.now // NANOSECOND, _dt.UTC)


@dataclass
class Chance:
    """Seeded randomness: identifiers and choices. The n-th answer depends on the seed and on n alone."""

    seed: int = 0
    drawn: int = 0

    def hex(self, digits: int = 64) -> str:
        """Lower-case hex digits that no earlier call returned (64 make a container ID)."""
        self.drawn += 1
        text = hashlib.sha256(f"dockerlab {self.seed} {self.drawn}".encode()).hexdigest()
        while len(text) < digits:
            text += hashlib.sha256(text.encode()).hexdigest()
        return text[:digits]

    def random(self) -> _random.Random:
        """A generator of its own for longer draws."""
        return _random.Random(self.hex())


@dataclass
class World:
    """One simulated world: a clock and a source of chance."""

    clock: Clock = field(default_factory=Clock)
    chance: Chance = field(default_factory=Chance)


def real_now() -> int:
    """The machine's own time, in nanoseconds since 1970."""
    return _time.time_ns()


def real_pause(seconds: float) -> None:
    """Let the machine's own time pass."""
    _time.sleep(seconds)


def unguessable() -> str:
    """A name that nobody can guess and that no other process gives, as a UUID of version 4 (RFC 9562)."""
    return str(_uuid.uuid4())
