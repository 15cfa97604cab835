"""Connecting by name, with the time that it takes to find out that nobody answers (tcp(7), tcp_syn_retries)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from dockerlab.events import Wait
from dockerlab.runtime.net.errors import NoRouteError, TimedOutError
from dockerlab.runtime.net.names import resolve
from dockerlab.runtime.net.sockets import Socket

if TYPE_CHECKING:
    from dockerlab.runtime.machine import Machine

PATIENCE = 130.0
"""Seconds until Linux gives a connection up to which nobody says anything (six repetitions)."""
ASKING = 3.1
"""Seconds until a neighbour that does not answer to its address (ARP) is taken for absent."""


def dial(machine: Machine, host: str, port: int, *, timeout: float | None = None) -> Generator[Wait, Any, Socket]:
    """A connection to a named machine. Raises NetworkError in all its kinds."""
    address = resolve(machine, host)
    try:
        return machine.network.connect(address, port)
    except (NoRouteError, TimedOutError) as error:
        patience = PATIENCE if isinstance(error, TimedOutError) else ASKING
        if timeout is not None and timeout < patience:
            yield from machine.kernel.sleep(timeout)
            raise TimedOutError(address) from None
        yield from machine.kernel.sleep(patience)
        raise
