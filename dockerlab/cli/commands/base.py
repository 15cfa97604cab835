"""What all commands share: the shape of a handler, and how several objects are worked through."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeAlias, TypeVar

from dockerlab.cli.context import Context
from dockerlab.cli.errors import worded
from dockerlab.cli.parser import Invocation
from dockerlab.errors import DockerlabError, NotModifiedError
from dockerlab.events import Event, Wait

T = TypeVar("T")

Running: TypeAlias = Generator[Wait, Any, int]
Handler: TypeAlias = Callable[[Context, Invocation], "Running | int"]
"""Carries out a command: a plain function that returns the exit code, or a generator that yields while it waits."""


def run_through(conversation: Generator[Event, Any, T]) -> Generator[Wait, Any, T]:
    """Run a conversation whose news nobody wants; only its waits are passed on."""
    while True:
        try:
            event = next(conversation)
        except StopIteration as stop:
            value: T = stop.value
            return value
        if isinstance(event, Wait):
            yield event


def act_on_each(
    ctx: Context, names: Iterable[str], act: Callable[[str], Generator[Event, Any, object] | object]
) -> Running:
    """Do something to each object and print its name; errors come last, and make the exit code 1."""
    errors = []
    for name in names:
        try:
            result = act(name)
            if isinstance(result, Generator):
                yield from run_through(result)
        except NotModifiedError:
            ctx.line(name)
        except DockerlabError as error:
            errors.append(worded(error))
        else:
            ctx.line(name)
    for text in errors:
        ctx.complain(text)
    return 1 if errors else 0
