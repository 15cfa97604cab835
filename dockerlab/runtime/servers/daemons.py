"""What the database servers have in common: listen, talk to many clients at once, and end when a signal says so.

A server waits for connections like any other program: it costs nothing as long as nobody calls (daemon(7)).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net.crew import Work, crew
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.signals import SIGINT, SIGTERM
from dockerlab.world import NANOSECOND


@dataclass
class Ending:
    """Whether a server has been told to end, and by which signal (0: by a client)."""

    asked: bool = False
    signum: int = 0

    def ask(self, signum: int = 0) -> None:
        """End as soon as what is being done now is done."""
        if not self.asked:
            self.asked, self.signum = True, signum

    def is_asked(self) -> bool:
        """Whether it is time to go; as a method, for `Until`."""
        return self.asked


def ending_of(proc: Process, signals: Sequence[int] = (SIGTERM, SIGINT)) -> Ending:
    """Let signals ask a process to end; it then tidies up by itself."""
    ending = Ending()
    for signum in signals:
        proc.handlers[signum] = ending.ask
    return ending


def attend(
    proc: Process, listener: Listener, talk: Callable[[Socket], Work], ending: Ending, beside: Sequence[Work] = ()
) -> Generator[Wait, Any, None]:
    """Talk to all who connect, side by side and beside other work, until the server is asked to end."""

    def leading(start: Callable[[Work], None]) -> Work:
        start(_accept(listener, talk, start))
        for work in beside:
            start(work)
        yield from proc.kernel.until(ending.is_asked)

    try:
        yield from crew(proc.kernel, leading, until_first_ends=True)
    finally:
        listener.close()


def _accept(listener: Listener, talk: Callable[[Socket], Work], start: Callable[[Work], None]) -> Work:
    while (socket := (yield from listener.accept())) is not None:
        start(_until_hung_up(socket, talk))


def _until_hung_up(socket: Socket, talk: Callable[[Socket], Work]) -> Work:
    try:
        yield from talk(socket)
    except BrokenPipeError:
        pass  # the client went away in the middle
    finally:
        socket.close()


def milliseconds(proc: Process) -> int:
    """The lab's time in milliseconds since 1970."""
    return proc.kernel.clock.now // (NANOSECOND // 1000)


def date_of(proc: Process) -> datetime.datetime:
    """The lab's time with microseconds, UTC."""
    moment = proc.kernel.clock.now // 1000
    return datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=moment)
