"""`docker tag` and `docker rmi`."""

from __future__ import annotations

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.errors import worded
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, InvalidReferenceError, NotFoundError
from dockerlab.oci.reference import Reference


def tag(ctx: Context, args: Invocation) -> int:
    """`docker tag`: the target is read by the client, so that its errors come without the daemon's prefix."""
    source, target = args.args
    try:
        reference = Reference.parse(target)
    except InvalidReferenceError as error:
        raise CommandError(f'Error parsing reference: "{target}" is not a valid repository/tag: {error}') from error
    if reference.digest:
        raise CommandError("refusing to create a tag with a digest reference")
    ctx.engine.images.tag(source, target)
    return 0


def remove(ctx: Context, args: Invocation) -> int:
    """`docker rmi`: goes on after an error; with -f an image that is not there is no failure."""
    force, failed, errors = bool(args["force"]), False, []
    for name in args.args:
        try:
            done = ctx.engine.images.remove(name, force=force, prune=not args["no-prune"])
        except DockerlabError as error:
            failed = failed or not (force and isinstance(error, NotFoundError))
            errors.append(worded(error))
            continue
        for record in done:
            for key, value in record.items():
                ctx.line(f"{key}: {value}")
    for text in errors:
        ctx.complain(text)
    return 1 if failed else 0


COMMANDS: dict[str, Handler] = {"image tag": tag, "image rm": remove}
