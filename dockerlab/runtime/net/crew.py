"""One program that does several things at once: a server with its connections (what epoll(7) is for)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from dockerlab.events import Wait
from dockerlab.runtime.kernel import Kernel, Turn, Until

Work: TypeAlias = Generator[Wait, Any, Any]


def crew(
    kernel: Kernel, first: Callable[[Callable[[Work], None]], Work], *, until_first_ends: bool = False
) -> Generator[Wait, Any, None]:
    """Run `first(start)` and all that it starts by `start(work)`, side by side, until the last of them ends.

    With `until_first_ends` nobody waits for the others once `first` is done.
    """
    waiting: list[tuple[Work, Wait]] = []

    def start(work: Work) -> None:
        waiting.append((work, Turn()))

    leader = first(start)
    start(leader)
    try:
        while waiting:
            if until_first_ends and not any(work is leader for work, _ in waiting):
                return
            yield _first_of([wait for _, wait in waiting])
            for each in [each for each in waiting if _over(each[1], kernel.clock.now)]:
                waiting.remove(each)
                try:
                    waiting.append((each[0], next(each[0])))
                except StopIteration:
                    continue
    finally:
        for work, _ in waiting:
            work.close()


def _over(wait: Wait, now: int) -> bool:
    if isinstance(wait, Until):
        return (wait.deadline is not None and now >= wait.deadline) or wait.ready()
    return True


def _first_of(waits: list[Wait]) -> Wait:
    """A wait that is over as soon as one of them is."""
    plain = next((wait for wait in waits if not isinstance(wait, Until)), None)
    if plain is not None:
        return plain
    untils = [wait for wait in waits if isinstance(wait, Until)]
    deadlines = [wait.deadline for wait in untils if wait.deadline is not None]
    return Until(lambda: any(wait.ready() for wait in untils), min(deadlines, default=None))
