"""What the servers of scripts share: a loop over connections that hears signals, and the date of an access log."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net import Listener, Socket, crew
from dockerlab.runtime.python.trampoline import Evaluator
from dockerlab.world import NANOSECOND


def served(
    interpreter: Any, listener: Listener, conversation: Callable[[Socket], Generator[Wait, Any, None]]
) -> Evaluator:
    """Talk to all who connect, side by side, until the listener is closed or a signal's handler raises."""

    def accepting(start: Callable[[Generator[Wait, Any, Any]], None]) -> Generator[Wait, Any, None]:
        while True:
            yield from interpreter.drive(interpreter.pause(listener.waiting))
            socket = yield from listener.accept()
            if socket is None:
                return
            start(conversation(socket))

    yield crew(interpreter.proc.kernel, accepting)


def calendar(seconds: float) -> datetime.datetime:
    """A moment in seconds since 1970, by the calendar (UTC, as in containers)."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(tzinfo=None)


def logged(now: int) -> str:
    """'2026-11-23 10:00:00,000', as `logging` writes it; `now` in nanoseconds since 1970."""
    return f"{calendar(now // NANOSECOND):%Y-%m-%d %H:%M:%S},{now // 10**6 % 1000:03d}"


def dated(seconds: float) -> str:
    """'23/Nov/2026 10:00:00', as Python's servers write it."""
    return f"{calendar(seconds):%d/%b/%Y %H:%M:%S}"
