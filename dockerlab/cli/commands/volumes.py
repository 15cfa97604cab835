"""`docker volume` but for its listing (docker/cli, cli/command/volume)."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.errors import worded
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, NotFoundError


def _pairs(options: Iterable[str]) -> dict[str, str]:
    pairs = (option.partition("=") for option in options)
    return {name: value for name, _, value in pairs}


def create(ctx: Context, args: Invocation) -> int:
    """`docker volume create`."""
    name = args["name"] or ""
    if args.args:
        if name:
            raise CommandError(
                "conflicting options: cannot specify a volume-name through both --name and as a positional arg"
            )
        name = args.args[0]
    volume = ctx.engine.volumes.create(
        name, driver=args["driver"] or "local", labels=_pairs(args["label"]), options=dict(args["opt"])
    )
    ctx.line(volume["Name"])
    return 0


def remove(ctx: Context, args: Invocation) -> int:
    """`docker volume rm`."""
    errors = []
    for name in args.args:
        try:
            ctx.engine.volumes.remove(name, force=bool(args["force"]))
        except DockerlabError as error:
            if not (args["force"] and isinstance(error, NotFoundError)):
                errors.append(worded(error))
                continue
        ctx.line(name)
    for text in errors:
        ctx.complain(text)
    return 1 if errors else 0


COMMANDS: dict[str, Handler] = {"volume create": create, "volume rm": remove}
