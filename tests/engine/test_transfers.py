"""Several blobs at once: the same events with threads and without, and an end for all when one fails."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from dockerlab.engine.transfers import STEP, Done, Progress, Tell, side_by_side
from dockerlab.events import Event, LayerProgress, Status


def work(name: str, tell: Tell) -> str:
    tell(Status(f"{name} begins"))
    tell(Status(f"{name} ends"))
    return name.upper()


@pytest.mark.parametrize("threads", [False, True])
def test_each_job_tells_and_returns(threads: bool) -> None:
    news = list(side_by_side({name: partial(work, name) for name in "abcde"}, 2, threads=threads))
    assert {each.key: each.value for each in news if isinstance(each, Done)} == {name: name.upper() for name in "abcde"}
    for name in "abcde":
        own = [Status(f"{name} begins"), Status(f"{name} ends"), Done(name, name.upper())]
        assert [each for each in news if each in own] == own


@pytest.mark.parametrize("threads", [False, True])
def test_the_first_error_is_raised(threads: bool) -> None:
    def fail(tell: Tell) -> str:
        tell(Status("about to fail"))
        raise LookupError("no")

    told: list[object] = []
    with pytest.raises(LookupError):
        told.extend(side_by_side({"a": fail}, 2, threads=threads))


def test_whoever_gives_up_ends_the_threads() -> None:
    ended = threading.Event()

    def endless(tell: Tell) -> str:
        try:
            while True:
                tell(Status("still here"))
        finally:
            ended.set()

    news = side_by_side({"a": endless}, 1, threads=True)
    next(news)
    news.close()  # type: ignore[attr-defined]
    assert ended.wait(10)


def test_progress_is_told_in_steps_and_at_the_end() -> None:
    told: list[Event] = []
    progress = Progress(told.append, "abc", "Pushing", 300 * STEP, packed=100 * STEP)
    for count in (10, STEP // 2, STEP, 100 * STEP, 100 * STEP):
        progress.moved(count)
    counts = [each.current for each in told if isinstance(each, LayerProgress)]
    assert counts == [count * STEP for count in range(1, 301)]
    progress.retrying(1)
    assert told[-1] == LayerProgress("abc", "Retrying in 1 second")
