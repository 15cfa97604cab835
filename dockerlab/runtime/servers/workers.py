"""A child of a web server: it answers at ports that its parent listens at, until it is told to go."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net.crew import Work, crew
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.process import Process


def answer_until(
    proc: Process, listeners: Iterable[Listener], talk: Callable[[Socket], Work], is_told: Callable[[], bool]
) -> Generator[Wait, Any, None]:
    """Talk to all who connect, side by side; the listeners stay as they are."""

    def leading(start: Callable[[Work], None]) -> Work:
        for listener in listeners:
            start(_accept(listener, talk, start))
        yield from proc.kernel.until(is_told)

    yield from crew(proc.kernel, leading, until_first_ends=True)


def _accept(listener: Listener, talk: Callable[[Socket], Work], start: Callable[[Work], None]) -> Work:
    while (socket := (yield from listener.accept())) is not None:
        start(talk(socket))
