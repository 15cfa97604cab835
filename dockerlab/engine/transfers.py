"""Blobs on their way, several at once: what each of them does is told in one stream of events.

Over a real wire each has a thread. Within the lab nothing has to be waited for, so they go one after the other, with
the same events; so it is in a browser, where there are no threads.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from dockerlab.events import Event, LayerProgress

K = TypeVar("K")
T = TypeVar("T")

STEP, LEAST = 1 << 19, 1 << 15
"""After how many bytes progress is told: a hundredth of all, within these (moby, pkg/progress/progressreader.go)."""

_POLL = 0.2
"""Seconds after which a wait for news is begun anew, so that Ctrl-C is heard on every system."""

Tell: TypeAlias = Callable[[Event], None]
Job: TypeAlias = Callable[[Tell], T]
"""Work that tells events while it goes on, and returns what comes of it."""


class _GivenUpError(Exception):
    """Nobody wants the result any more; ends the thread."""


@dataclass(frozen=True)
class Done(Generic[K, T]):
    """A job has come to its end."""

    key: K
    value: T


@dataclass(frozen=True)
class _Failed:
    error: BaseException


def side_by_side(jobs: Mapping[K, Job[T]], at_once: int, *, threads: bool) -> Iterator[Event | Done[K, T]]:
    """What the jobs tell, and what comes of each; the first error ends them all."""
    return _Crew(jobs).run(at_once) if threads else _one_by_one(jobs)


def _one_by_one(jobs: Mapping[K, Job[T]]) -> Iterator[Event | Done[K, T]]:
    for key, job in jobs.items():
        told: list[Event] = []
        try:
            value = job(told.append)
        finally:
            yield from told
        yield Done(key, value)


class _Crew(Generic[K, T]):
    """Threads that take one job after the other."""

    def __init__(self, jobs: Mapping[K, Job[T]]) -> None:
        self._jobs: queue.SimpleQueue[tuple[K, Job[T]]] = queue.SimpleQueue()
        for item in jobs.items():
            self._jobs.put(item)
        self._left = len(jobs)
        self._news: queue.SimpleQueue[Event | Done[K, T] | _Failed] = queue.SimpleQueue()
        self._given_up = threading.Event()

    def run(self, at_once: int) -> Iterator[Event | Done[K, T]]:
        for _ in range(min(at_once, self._left)):
            threading.Thread(target=self._work, daemon=True).start()
        try:
            while self._left:
                news = self._next()
                if isinstance(news, _Failed):
                    raise news.error
                self._left -= isinstance(news, Done)
                yield news
        finally:
            # Threads that are on their way stop at their next word; what they bring goes nowhere.
            self._given_up.set()

    def _next(self) -> Event | Done[K, T] | _Failed:
        while True:
            try:
                return self._news.get(timeout=_POLL)
            except queue.Empty:
                continue

    def _work(self) -> None:
        try:
            while not self._given_up.is_set():
                key, job = self._jobs.get_nowait()
                self._news.put(Done(key, job(self._tell)))
        except (queue.Empty, _GivenUpError):
            return
        except BaseException as error:  # it is raised where the news are read
            self._news.put(_Failed(error))

    def _tell(self, event: Event) -> None:
        if self._given_up.is_set():
            raise _GivenUpError
        self._news.put(event)


def step_of(total: int) -> int:
    """After how many of so many bytes progress is told."""
    return max(LEAST, min(STEP, total // 100))


def gone_through(id: str, status: str, total: int) -> Iterator[LayerProgress]:
    """The progress of what the lab does at once."""
    for count in (*range(step_of(total), total, step_of(total)), total):
        yield LayerProgress(id, status, count, total)


@dataclass
class Progress:
    """Follows one blob (`registry.wire.Follower`) and tells of it as a layer's progress.

    Where the blob is the packed form of what is counted, `packed` is its size.
    """

    tell: Tell
    id: str
    status: str
    total: int
    packed: int = 0
    _told: int = field(default=0)

    def moved(self, count: int) -> None:
        """So many bytes are over."""
        count = min(count * self.total // self.packed if self.packed else count, self.total)
        step = step_of(self.total)
        while self._told + step < count:
            self._told += step
            self.tell(LayerProgress(self.id, self.status, self._told, self.total))
        if count == self.total != self._told or not self.total:
            self._told = count
            self.tell(LayerProgress(self.id, self.status, count, self.total))

    def retrying(self, seconds: int) -> None:
        """In so many seconds it is tried again."""
        self._told = 0
        self.tell(LayerProgress(self.id, f"Retrying in {seconds} second{'s' if seconds != 1 else ''}"))
