"""What those who travel over a wire tell of it: bytes that went out, bytes that came in, and waiting to try again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

Sent: TypeAlias = Callable[[int], None]
"""Told how many bytes of a body have gone out so far; what it raises ends the exchange."""


class Sink(Protocol):
    """Takes the body of a good answer as it arrives; what it raises ends the exchange."""

    def begin(self, status: int) -> None:
        """An answer begins: 200 the whole body, 206 a part of it."""

    def write(self, piece: bytes) -> None:
        """Take some bytes."""


class Follower(Protocol):
    """Follows a blob on its way; what it raises ends the transfer."""

    def moved(self, count: int) -> None:
        """So many bytes of the blob are over."""

    def retrying(self, seconds: int) -> None:
        """In so many seconds it is tried again."""


class Nobody:
    """The `Follower` of a blob that nobody follows."""

    def moved(self, count: int) -> None:
        """Nobody wants to know."""

    def retrying(self, seconds: int) -> None:
        """Nobody wants to know."""


NOBODY = Nobody()


def ignored(count: int) -> None:
    """For bodies that nobody follows."""


class Broken(Exception):
    """An exchange that the lab itself broke off; the text is Go's."""

    stalled = False


class Stalled(Broken):
    """Nothing moved for too long."""

    stalled = True

    def __init__(self, *, in_body: bool) -> None:
        what = "(Client.Timeout or context cancellation while reading body)"
        super().__init__(
            f"net/http: request canceled {what if in_body else '(Client.Timeout exceeded while awaiting headers)'}"
        )
