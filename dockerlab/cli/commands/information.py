"""What the engine tells about itself: version, info, events; and `docker search`."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.commands.times import timestamp
from dockerlab.cli.context import Context
from dockerlab.cli.errors import UnreachableError
from dockerlab.cli.information import client_info, client_version, info_text, version_text
from dockerlab.cli.parser import Invocation
from dockerlab.cli.rendering import parse_format, show
from dockerlab.cli.shapes import shaped
from dockerlab.cli.template import Template, TemplateRunError
from dockerlab.engine.events import to_json
from dockerlab.errors import CommandError
from dockerlab.events import ContainerEvent, Wait
from dockerlab.world import NANOSECOND, format_instant


def version(ctx: Context, args: Invocation) -> int:
    """`docker version`."""
    template = parse_format(args["format"], name="version")
    client, (server, failure) = client_version(ctx.release.client), _told(lambda: ctx.engine.system.version())
    if args["format"]:
        show(ctx, template, "version", {"Client": client, "Server": server})
    else:
        ctx.out(version_text(client, server))
    if failure:
        raise failure
    return 0


def info(ctx: Context, args: Invocation) -> int:
    """`docker info`."""
    client, (details, failure) = client_info(ctx.release.client), _told(lambda: ctx.engine.system.info())
    if args["format"]:
        return show(ctx, parse_format(args["format"]), "info", {**(details or {}), "ClientInfo": client})
    ctx.out(info_text(details, client))
    if failure:
        raise failure
    for warning in (details or {}).get("Warnings") or ():
        ctx.complain(warning)
    return 0


def _told(ask: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any] | None, UnreachableError | None]:
    """What the engine tells; the client's own part is shown even where nobody answers."""
    try:
        return ask(), None
    except UnreachableError as error:
        return None, error


def events(ctx: Context, args: Invocation) -> Running:
    """`docker events`: those of the past from --since on, then what happens until --until."""
    template = parse_format(args["format"], complaint="Error parsing format") if args["format"] else None
    since, until = timestamp(args["since"], ctx.now), timestamp(args["until"], ctx.now)
    stream = ctx.engine.system.events(since=since, until=until, filters=args["filter"])
    if not isinstance(stream, Generator):
        stream = iter(stream)
    for event in stream:
        if isinstance(event, Wait):
            yield event
        elif isinstance(event, ContainerEvent):
            ctx.line(_event_text(event, template))
    return 0


def _event_text(event: ContainerEvent, template: Template | None) -> str:
    if template:
        try:
            return template.render(shaped("event", to_json(event)))
        except TemplateRunError as error:
            raise CommandError(f"Error parsing format: {error}", exit_code=64) from error
    time = format_instant(event.time_ns // NANOSECOND * NANOSECOND).removesuffix("Z")
    head = f"{time}.{event.time_ns % NANOSECOND:09d}Z {event.type} {event.action} {event.id}"
    attributes = ", ".join(f"{name}={value}" for name, value in sorted(dict(event.attributes).items()))
    return f"{head} ({attributes})" if attributes else head


COMMANDS: dict[str, Handler] = {"version": version, "system info": info, "system events": events}
