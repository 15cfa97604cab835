"""`docker tag` and `docker rmi`."""

from __future__ import annotations

import re

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.errors import worded
from dockerlab.cli.parser import Invocation
from dockerlab.engine.names import check_route
from dockerlab.errors import CommandError, DockerlabError, InvalidReferenceError, NotFoundError
from dockerlab.oci.golang import quote
from dockerlab.oci.reference import Reference

_ID = re.compile("(sha256:)?[0-9a-f]{64}")


def tag(ctx: Context, args: Invocation) -> int:
    """`docker tag`: the names are read by the client, so that its errors come without the daemon's prefix."""
    source, target = args.args
    if not _ID.fullmatch(source):
        _parsed(source)
    if _parsed(target).digest:
        raise CommandError("refusing to create a tag with a digest reference")
    ctx.engine.images.tag(source, target)
    return 0


def _parsed(text: str) -> Reference:
    try:
        return Reference.parse(text)
    except InvalidReferenceError as error:
        message = f"Error parsing reference: {quote(text)} is not a valid repository/tag: {error}"
        raise CommandError(message) from error


def remove(ctx: Context, args: Invocation) -> int:
    """`docker rmi`: goes on after an error; with -f an image that is not there is no failure."""
    force, failed, errors = bool(args["force"]), False, []
    for name in args.args:
        try:
            check_route(name)
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
