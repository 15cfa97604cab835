"""The lines of pull, push and load (docker/cli, pkg/jsonmessage): what is printed where there is no terminal.

A message with a progress bar is only for terminals (`bars`), so 'Downloading' and 'Pushing' are never seen here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

from dockerlab.errors import CommandError, DockerlabError
from dockerlab.events import Event, ImageLoaded, LayerProgress, Status, Wait

T = TypeVar("T")
Show: TypeAlias = Callable[[Event], object]
"""Shows an event of a transfer to whoever waits for it."""

_WITH_A_BAR = frozenset({"Downloading", "Extracting", "Pushing", "Loading layer"})


def transfer_line(event: Event) -> str | None:
    """The line that an event of a transfer makes, None where it makes none."""
    if isinstance(event, Status):
        return event.text
    if isinstance(event, LayerProgress):
        return None if event.status in _WITH_A_BAR else f"{event.id}: {event.status}"
    if isinstance(event, ImageLoaded):
        return f"Loaded image: {event.name}" if event.name else f"Loaded image ID: {event.image_id}"
    return None


def lines(write: Callable[[str], object]) -> Show:
    """Write an event's line, where it has one."""

    def show(event: Event) -> None:
        if (line := transfer_line(event)) is not None:
            write(f"{line}\n")

    return show


def nothing(event: Event) -> None:
    """Show nothing."""


def relay(conversation: Generator[Event, None, T], show: Show) -> Generator[Wait, None, T]:
    """Show a transfer's events while it runs, and return its value.

    The daemon answers with a status code until it has sent its first line; what fails later stands in the
    stream itself, and the client prints it without a prefix.
    """
    begun = False
    while True:
        try:
            event = next(conversation)
        except StopIteration as stop:
            value: T = stop.value
            return value
        except DockerlabError as error:
            raise (CommandError(str(error)) if begun else error) from error
        if isinstance(event, Wait):
            yield event
        else:
            begun = True
            show(event)
