"""One program that does several things at once."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net.crew import Work, crew
from tests.runtime.net.conftest import Lan


def test_each_sleeps_its_own_time(lan: Lan) -> None:
    woke: list[tuple[str, int]] = []
    began = lan.kernel.clock.now

    def nap(name: str, seconds: float) -> Generator[Wait, Any, None]:
        yield from lan.kernel.sleep(seconds)
        woke.append((name, (lan.kernel.clock.now - began) // 1_000_000_000))

    def first(start: Callable[[Work], None]) -> Generator[Wait, Any, None]:
        start(nap("long", 5))
        start(nap("short", 2))
        yield from nap("first", 3)

    lan.finish(crew(lan.kernel, first))
    assert woke == [("short", 2), ("first", 3), ("long", 5)]


def test_the_others_end_with_it_when_nobody_waits_for_them(lan: Lan) -> None:
    closed: list[str] = []

    def for_ever() -> Generator[Wait, Any, None]:
        try:
            while True:
                yield from lan.kernel.sleep(1)
        finally:
            closed.append("closed")

    def first(start: Callable[[Work], None]) -> Generator[Wait, Any, None]:
        start(for_ever())
        yield from lan.kernel.sleep(3)

    lan.finish(crew(lan.kernel, first, until_first_ends=True))
    assert closed == ["closed"]
