"""The states of a container and the transitions between them (moby, `container.State`).

Moby keeps flags, not one word: a paused container runs, and so does one that waits for its restart policy. The
word that `docker inspect` shows as `.State.Status` is derived from the flags; there are seven of them.

    created -> running <-> paused        running -> restarting -> running
               running -> exited         any     -> removing   -> (gone) | dead
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import ConflictError, SystemError_
from dockerlab.world import NANOSECOND, format_instant

STATUSES = ("created", "running", "paused", "restarting", "removing", "exited", "dead")
"""The words of `docker ps --filter status=`."""

ZERO_TIME = "0001-01-01T00:00:00Z"
"""Go's zero time: what the engine shows for 'never'."""

HOUR = 3600
_LONG_UNITS = ((336, 24, "days"), (1440, 168, "weeks"), (17520, 720, "months"))


def instant_text(instant: int) -> str:
    """An instant as the engine's JSON shows it; 0 stands for 'never'."""
    return format_instant(instant) if instant else ZERO_TIME


def human_duration(nanoseconds: int) -> str:
    """A span in words, as go-units' HumanDuration says it: '3 seconds', 'About an hour'."""
    seconds = nanoseconds // NANOSECOND
    if seconds < 60:
        return _seconds_in_words(seconds)
    if seconds < HOUR:
        minutes = seconds // 60
        return "About a minute" if minutes == 1 else f"{minutes} minutes"
    return _hours_in_words((seconds + HOUR // 2) // HOUR, seconds // HOUR)


def _seconds_in_words(seconds: int) -> str:
    return {0: "Less than a second", 1: "1 second"}.get(seconds, f"{seconds} seconds")


def _hours_in_words(rounded: int, whole: int) -> str:
    if rounded == 1:
        return "About an hour"
    if rounded < 48:
        return f"{rounded} hours"
    for limit, divisor, unit in _LONG_UNITS:
        if rounded < limit:
            return f"{rounded // divisor} {unit}"
    return f"{whole // 24 // 365} years"


@dataclass(frozen=True)
class Probe:
    """One run of a health check: when it began and ended, its exit code and what it printed."""

    start: int
    end: int
    exit_code: int
    output: str

    def to_json(self) -> dict[str, Any]:
        """The entry of `.State.Health.Log`."""
        return {
            "Start": instant_text(self.start),
            "End": instant_text(self.end),
            "ExitCode": self.exit_code,
            "Output": self.output,
        }


@dataclass
class Health:
    """What the health check has found: 'starting', 'healthy' or 'unhealthy', and the last five probes."""

    status: str = "starting"
    failing_streak: int = 0
    log: list[Probe] = field(default_factory=list)

    def record(self, probe: Probe, retries: int, *, starting: bool) -> bool:
        """Take a probe into account; True when the status changed. `starting`: failures do not count yet."""
        before = self.status
        self.log = [*self.log, probe][-5:]
        if probe.exit_code == 0:
            self.failing_streak = 0
            self.status = "healthy"
        elif not (starting and self.status == "starting"):
            self.failing_streak += 1
            if self.failing_streak >= retries:
                self.status = "unhealthy"
        return self.status != before

    @property
    def words(self) -> str:
        """What stands in brackets in the STATUS column."""
        return "health: starting" if self.status == "starting" else self.status

    def to_json(self) -> dict[str, Any]:
        """`.State.Health` as `docker inspect` shows it."""
        return {
            "Status": self.status,
            "FailingStreak": self.failing_streak,
            "Log": [probe.to_json() for probe in self.log],
        }


@dataclass
class State:
    """Flags, codes and times of one container; instants are nanoseconds since 1970, 0 for never."""

    running: bool = False
    paused: bool = False
    restarting: bool = False
    removal_in_progress: bool = False
    dead: bool = False
    oom_killed: bool = False
    pid: int = 0
    exit_code: int = 0
    error: str = ""
    started_at: int = 0
    finished_at: int = 0
    health: Health | None = None

    @property
    def status(self) -> str:
        """One of `STATUSES`, by moby's order of precedence."""
        if self.running:
            return "paused" if self.paused else "restarting" if self.restarting else "running"
        if self.removal_in_progress:
            return "removing"
        if self.dead:
            return "dead"
        return "exited" if self.started_at else "created"

    # transitions

    def start(self, now: int, pid: int) -> None:
        """created | exited | restarting -> running."""
        self.running, self.paused, self.restarting = True, False, False
        self.pid, self.exit_code, self.error = pid, 0, ""
        self.started_at = now

    def fail(self, exit_code: int, error: str) -> None:
        """A start that did not succeed: the container stays as it was, with the reason noted."""
        self.running = self.paused = self.restarting = False
        self.pid, self.exit_code, self.error = 0, exit_code, error

    def exit(self, now: int, exit_code: int) -> None:
        """running | paused -> exited."""
        self.running = self.paused = self.restarting = False
        self.pid, self.exit_code, self.finished_at = 0, exit_code, now

    def restart_later(self, now: int, exit_code: int) -> None:
        """running -> restarting: process 1 is gone, and the restart policy will start another."""
        self.running, self.paused, self.restarting = True, False, True
        self.pid, self.exit_code, self.finished_at = 0, exit_code, now

    def pause(self, name: str) -> None:
        """running -> paused; `name` is the container's ID, for the text of the error."""
        if not self.running:
            raise ConflictError(f"Container {name} is not running")
        if self.paused:
            raise ConflictError(f"Container {name} is already paused")
        if self.restarting:
            raise ConflictError(f"Container {name} is restarting, wait until the container is running")
        self.paused = True

    def unpause(self, name: str) -> None:
        """paused -> running."""
        if not self.paused:
            raise SystemError_(f"Container {name} is not paused")
        self.paused = False

    def remove(self) -> None:
        """created | exited | dead -> removing."""
        self.removal_in_progress = True

    # what is shown

    def describe(self, now: int) -> str:
        """The STATUS column of `docker ps`: 'Up 3 seconds (Paused)', 'Exited (0) 2 minutes ago'."""
        if self.running:
            return self._describe_running(now)
        if self.removal_in_progress:
            return "Removal In Progress"
        if self.dead:
            return "Dead"
        if not self.started_at:
            return "Created"
        return f"Exited ({self.exit_code}) {human_duration(now - self.finished_at)} ago"

    def _describe_running(self, now: int) -> str:
        if self.restarting and not self.paused:
            return f"Restarting ({self.exit_code}) {human_duration(now - self.finished_at)} ago"
        up = f"Up {human_duration(now - self.started_at)}"
        if self.paused:
            return f"{up} (Paused)"
        return f"{up} ({self.health.words})" if self.health else up

    def to_json(self) -> Mapping[str, Any]:
        """`.State` as `docker inspect` shows it."""
        fields: dict[str, Any] = {
            "Status": self.status,
            "Running": self.running,
            "Paused": self.paused,
            "Restarting": self.restarting,
            "OOMKilled": self.oom_killed,
            "Dead": self.dead,
            "Pid": self.pid,
            "ExitCode": self.exit_code,
            "Error": self.error,
            "StartedAt": instant_text(self.started_at),
            "FinishedAt": instant_text(self.finished_at),
        }
        if self.health is not None:
            fields["Health"] = self.health.to_json()
        return fields
