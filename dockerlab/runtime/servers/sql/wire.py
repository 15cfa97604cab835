"""How the simulated SQL clients and servers talk: a JSON object on each line, one answer to each question.

It is no real server's protocol: nobody but the programs of this folder has to understand it.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net.sockets import Socket, receive_line

Message = dict[str, Any]


def send(socket: Socket, message: Mapping[str, Any]) -> None:
    """Send one message."""
    socket.write(json.dumps(message).encode() + b"\n")


def hear(socket: Socket) -> Generator[Wait, Any, Message | None]:
    """The next message; None at the end, or where the other side speaks something else."""
    line = yield from receive_line(socket)
    try:
        message = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def ask(socket: Socket, message: Mapping[str, Any]) -> Generator[Wait, Any, Message | None]:
    """Send a message and wait for the answer."""
    send(socket, message)
    return (yield from hear(socket))
