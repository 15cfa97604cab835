"""Being connected to a container's streams: what run, start -a and attach have in common."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.cli.commands.base import Running, run_through
from dockerlab.cli.context import Context
from dockerlab.errors import CommandError, DockerlabError, NotModifiedError
from dockerlab.events import Event, Wait
from dockerlab.runtime.streams import Stream


def check_tty(ctx: Context, stdin: bool, tty: bool) -> None:
    """-i with -t wants a terminal to read from."""
    if stdin and tty and not ctx.stdin_is_terminal:
        raise CommandError("the input device is not a TTY")


def connect(
    ctx: Context, name: str, *, stdin: bool, stdout: bool = True, stderr: bool = True
) -> Generator[Event, Any, int]:
    """Connect this command's streams to a container at once; the conversation lasts until its process 1 ends."""
    proc = ctx.proc

    def wanted(on: bool, stream: Stream | None) -> Stream | None:
        return stream if on else None

    conversation: Generator[Event, Any, int] = ctx.engine.containers.attach(
        name, wanted(stdin, proc.stdin), wanted(stdout, proc.stdout), wanted(stderr, proc.stderr)
    )
    return conversation


def start(ctx: Context, name: str) -> Generator[Wait, Any, None]:
    """Start a container; one that runs already is fine."""
    try:
        yield from run_through(ctx.engine.containers.start(name))
    except NotModifiedError:
        return


def start_attached(ctx: Context, name: str, *, stdin: bool) -> Running:
    """`docker start -a`: streams first, so that nothing is missed."""
    details = ctx.engine.containers.inspect(name)
    config = details["Config"]
    check_tty(ctx, stdin and config["OpenStdin"], config["Tty"])
    conversation = connect(ctx, name, stdin=stdin and config["OpenStdin"])
    yield from _started_or_closed(ctx, name, conversation)
    return (yield from run_through(conversation))


def _started_or_closed(ctx: Context, name: str, conversation: Generator[Event, Any, int]) -> Generator[Wait, Any, None]:
    try:
        yield from start(ctx, name)
    except DockerlabError as error:
        conversation.close()
        raise error


def attach(ctx: Context, name: str, *, stdin: bool) -> Running:
    """`docker attach`: to a container that runs."""
    details = ctx.engine.containers.inspect(name)
    for state, advice in _UNATTACHABLE.items():
        if bool(details["State"][state[1:]]) == state.startswith("+"):
            raise CommandError(advice)
    config = details["Config"]
    check_tty(ctx, stdin and config["OpenStdin"], config["Tty"])
    return (yield from run_through(connect(ctx, name, stdin=stdin and config["OpenStdin"])))


_UNATTACHABLE: dict[str, str] = {
    "-Running": "You cannot attach to a stopped container, start it first",
    "+Paused": "You cannot attach to a paused container, unpause it first",
    "+Restarting": "You cannot attach to a restarting container, wait until it is running",
}
