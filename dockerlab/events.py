"""What long work says as it goes: typed records that build, pull, push, load and containers yield.

A conversation with the engine is a generator of `Event`s. The `docker` command prints them, widgets animate
them, checks read them. Between events it may yield a `Wait`: "I am blocked until something happens"; whoever
drives the generator lets the simulated machine run and then goes on (`runtime.process.Kernel.drive` does both).

The shapes follow the Engine API's JSON message stream (`{"status", "id", "progressDetail", "stream", "aux"}`).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Every record below is one."""


@dataclass(frozen=True, slots=True)
class Wait(Event):
    """Blocked until something happens: not news, but a request to let the simulated machine run."""


@dataclass(frozen=True, slots=True)
class Status(Event):
    """A line of text about the whole work, e.g. 'Digest: sha256:…' or 'Status: Downloaded newer image …'."""

    text: str


@dataclass(frozen=True, slots=True)
class LayerProgress(Event):
    """What happens to one layer in a pull, push or load.

    `id` is the 12-digit short digest (pull: of the compressed blob; push: of the diff ID), `status` is Docker's
    word ('Pulling fs layer', 'Downloading', 'Verifying Checksum', 'Download complete', 'Extracting',
    'Pull complete', 'Already exists'; 'Preparing', 'Waiting', 'Pushing', 'Pushed', 'Layer already exists',
    'Mounted from x'; 'Loading layer'), `current` and `total` are bytes, 0 where there is nothing to count.
    """

    id: str
    status: str
    current: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class ImageLoaded(Event):
    """`docker load` has taken over an image: its ID, and its name where the archive gave one."""

    image_id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class StepStarted(Event):
    """A build step begins. `number` of `total` counts from 1; `text` is the instruction as written.

    `stage` is the stage's name or index as text, '' where a build has one unnamed stage; `key` tells two steps
    apart (BuildKit runs them side by side).
    """

    number: int
    total: int
    text: str
    stage: str = ""
    key: str = ""

    @property
    def title(self) -> str:
        """How BuildKit heads the step: '[a 1/2] RUN x'; a vertex without a number is its text alone."""
        if not self.total:
            return self.text
        place = f"{self.number:{len(str(self.total))}}/{self.total}"
        return f"[{self.stage} {place}] {self.text}" if self.stage else f"[{place}] {self.text}"


@dataclass(frozen=True, slots=True)
class CacheDecision(Event):
    """Whether a step was taken from the cache, and why: e.g. 'parent changed', 'a file of COPY changed: app.py'."""

    key: str
    hit: bool
    reason: str
    image_id: str | None = None


@dataclass(frozen=True, slots=True)
class StepOutput(Event):
    """Text that a RUN step printed; `stream` is 'stdout' or 'stderr'."""

    key: str
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class StepFinished(Event):
    """A build step is done. `image_id` is the image that the legacy builder made for it, else None."""

    key: str
    image_id: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class StepFailed(Event):
    """A build step failed with `message`; the generator raises right after it."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class BuildProgress(Event):
    """A line of a builder's own progress that belongs to no step; `key` groups lines (BuildKit's vertex)."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class BuildWarning(Event):
    """What a builder warns about, e.g. unused build arguments or a build check's finding; `key` is the vertex's."""

    text: str
    rule: str = ""
    line: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class BuildAnswer(Event):
    """What `docker build --call` was asked for: a document as BuildKit gives it (checks, outline, targets)."""

    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImageBuilt(Event):
    """The build's result, with the names that it was given (familiar form)."""

    image_id: str
    names: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ContainerEvent(Event):
    """What `docker events` lists: an action on an object at a time (nanoseconds since 1970)."""

    type: str
    action: str
    id: str
    time_ns: int
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LogLine(Event):
    """A line that a container printed, as its log keeps it.

    `stream` is 'stdout' or 'stderr'; `data` is the line with its newline (none where the program died in the
    middle of one), behind a timestamp where one was asked for; `time_ns` is when it was printed. Where nobody
    asked for single lines, `data` may be several that were printed at once.
    """

    stream: str
    data: bytes
    time_ns: int


T = TypeVar("T")
Conversation: TypeAlias = Generator[Event, None, T]
"""A generator of events (and waits) that returns a T."""
