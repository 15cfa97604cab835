"""`docker logs`: the lines of a container, on the stream that they were printed to."""

from __future__ import annotations

from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.commands.times import timestamp
from dockerlab.cli.context import Context
from dockerlab.cli.parser import Invocation
from dockerlab.events import LogLine, Wait


def logs(ctx: Context, args: Invocation) -> Running:
    """`docker logs`: the container is looked for before the flags are read."""
    container = ctx.engine.containers.inspect(args.args[0])
    lines = ctx.engine.containers.logs(
        container["Id"],
        stdout=True,
        stderr=True,
        follow=bool(args["follow"]),
        tail=args["tail"] or "all",
        since=timestamp(args["since"], ctx.now, "since"),
        until=timestamp(args["until"], ctx.now, "until"),
        timestamps=bool(args["timestamps"]),
        details=bool(args["details"]),
    )
    for event in lines:
        if isinstance(event, LogLine):
            (ctx.out if event.stream == "stdout" else ctx.err)(event.data)
        elif isinstance(event, Wait):
            yield event
    return 0


COMMANDS: dict[str, Handler] = {"container logs": logs}
