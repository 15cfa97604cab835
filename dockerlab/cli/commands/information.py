"""What the engine tells about itself: version, info, events; and `docker search`."""

from __future__ import annotations

from collections.abc import Generator

from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.commands.times import timestamp
from dockerlab.cli.context import Context
from dockerlab.cli.information import CLIENT, CLIENT_INFO, info_text, version_text
from dockerlab.cli.parser import Invocation
from dockerlab.cli.rendering import render
from dockerlab.engine.events import to_json
from dockerlab.events import ContainerEvent, Wait
from dockerlab.world import NANOSECOND, format_instant


def version(ctx: Context, args: Invocation) -> int:
    """`docker version`."""
    server = ctx.engine.system.version()
    if args["format"]:
        ctx.line(render(args["format"], {"Client": dict(CLIENT), "Server": server}))
    else:
        ctx.out(version_text(CLIENT, server))
    return 0


def info(ctx: Context, args: Invocation) -> int:
    """`docker info`."""
    details = ctx.engine.system.info()
    if args["format"]:
        ctx.line(render(args["format"], {**details, "ClientInfo": dict(CLIENT_INFO)}))
    else:
        ctx.out(info_text(details))
        for warning in details.get("Warnings") or ():
            ctx.complain(warning)
    return 0


def events(ctx: Context, args: Invocation) -> Running:
    """`docker events`: those of the past from --since on, then what happens until --until."""
    since, until = timestamp(args["since"], ctx.now), timestamp(args["until"], ctx.now)
    stream = ctx.engine.system.events(since=since, until=until, filters=args["filter"])
    if not isinstance(stream, Generator):
        stream = iter(stream)
    for event in stream:
        if isinstance(event, Wait):
            yield event
        elif isinstance(event, ContainerEvent):
            ctx.line(_event_text(event, args["format"]))
    return 0


def _event_text(event: ContainerEvent, format_: str) -> str:
    if format_:
        return render(format_, to_json(event))
    time = format_instant(event.time_ns // NANOSECOND * NANOSECOND).removesuffix("Z")
    head = f"{time}.{event.time_ns % NANOSECOND:09d}Z {event.type} {event.action} {event.id}"
    attributes = ", ".join(f"{name}={value}" for name, value in sorted(dict(event.attributes).items()))
    return f"{head} ({attributes})" if attributes else head


COMMANDS: dict[str, Handler] = {"version": version, "system info": info, "system events": events}
