"""`docker run` and `docker create` (docker/cli, cli/command/container/{run,create}.go)."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from ipaddress import ip_address
from typing import Any

from dockerlab.cli import trust
from dockerlab.cli.commands import streams
from dockerlab.cli.commands.base import Handler, Running, run_through
from dockerlab.cli.commands.transfer import fetch, parse_name
from dockerlab.cli.context import Context
from dockerlab.cli.errors import RunError, worded
from dockerlab.cli.options import container_body
from dockerlab.cli.parser import Invocation
from dockerlab.cli.progress.transfer import nothing
from dockerlab.engine.image_pull import PlatformError
from dockerlab.errors import CommandError, DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.events import Wait
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.runtime.start_error import StartError

_ID = re.compile("(sha256:)?[0-9a-f]{64}")
_PULL = ("always", "missing", "never")


class IdFileError(CommandError):
    """--cidfile leads nowhere: to `docker run` that is as if the program were missing."""

    exit_code = 127


def run(ctx: Context, args: Invocation) -> Running:
    """`docker run`: the exit code is the program's, or 125 when Docker itself failed."""
    body, detach = _read(ctx, args, "run"), bool(args["detach"])
    if detach:
        body |= _detached(args)
    else:
        streams.check_tty(ctx, body["AttachStdin"], body["Tty"])
    try:
        container_id = yield from _create(ctx, args, body)
        if detach:
            ctx.line(container_id)
            yield from streams.start(ctx, container_id)
            return 0
        return (yield from _run_attached(ctx, container_id, body))
    except DockerlabError as error:
        raise RunError(worded(error), exit_code=_code_of(error)) from error


def _read(ctx: Context, args: Invocation, command: str) -> dict[str, Any]:
    """The body of the API's create request; what is wrong with the flags exits with 125."""
    try:
        if args["pull"] not in _PULL:
            raise CommandError(
                f'invalid pull option: \'{args["pull"]}\': must be one of "always", "missing" or "never"'
            )
        _check_platform(args["platform"])
        body = container_body(args, ctx.read_file, env=ctx.env, cwd=ctx.cwd)
        return {**body, "Platform": args["platform"]} if args["platform"] else body
    except CommandError as error:
        raise RunError(str(error), command=command) from error


def _check_platform(text: str) -> None:
    try:
        Platform.parse(text or "linux")
    except InvalidParameterError as error:
        raise CommandError(f"error parsing specified platform: {error}") from error


def _detached(args: Invocation) -> dict[str, Any]:
    if args["attach"]:
        raise CommandError("conflicting options: cannot specify both --attach and --detach")
    return {"AttachStdin": False, "AttachStdout": False, "AttachStderr": False, "StdinOnce": False}


def _code_of(error: DockerlabError) -> int:
    own = isinstance(error, StartError | IdFileError)
    return error.exit_code if own else RunError.exit_code


def _run_attached(ctx: Context, container_id: str, body: dict[str, Any]) -> Running:
    """Connect first, start, and stay until process 1 ends."""
    wants_stdin, wants_output = body["AttachStdin"], body["AttachStdout"] or body["AttachStderr"]
    if not wants_stdin and not wants_output:
        ctx.line(container_id)
    conversation = streams.connect(
        ctx, container_id, stdin=wants_stdin, stdout=body["AttachStdout"], stderr=body["AttachStderr"]
    )
    try:
        yield from streams.start(ctx, container_id)
        return (yield from run_through(conversation))
    finally:
        conversation.close()


def create(ctx: Context, args: Invocation) -> Running:
    """`docker create`."""
    body = _read(ctx, args, "create")
    container_id = yield from _create(ctx, args, body)
    ctx.line(container_id)
    return 0


def _create(ctx: Context, args: Invocation, body: dict[str, Any]) -> Generator[Wait, Any, str]:
    """Create the container, its image pulled first where it is missing; returns the container's ID."""
    cidfile = args["cidfile"]
    if cidfile and ctx.fs.exists(ctx.path(cidfile)):
        raise CommandError(f"container ID file found, make sure the other container isn't running or delete {cidfile}")
    if cidfile:
        _make_id_file(ctx, cidfile)
    try:
        result = yield from _with_image(ctx, args, body)
    except DockerlabError:
        if cidfile:
            ctx.fs.unlink(ctx.path(cidfile))
        raise
    for warning in result["Warnings"] or ():
        ctx.complain(f"WARNING: {warning}")
    _warn_of_local_dns(ctx, body["HostConfig"]["Dns"])
    if cidfile:
        ctx.write_file(cidfile, result["Id"].encode())
    return str(result["Id"])


def _warn_of_local_dns(ctx: Context, servers: Sequence[str]) -> None:
    """A name server on the host's loopback is another machine's in a container."""
    for server in servers:
        if ip_address(server).is_loopback:
            ctx.complain(f"WARNING: Localhost DNS ({server}) may fail in containers.")
            return


def _make_id_file(ctx: Context, path: str) -> None:
    try:
        ctx.write_file(path, b"")
    except CommandError as error:
        raise IdFileError(f"failed to create the container ID file: {error}") from error


def _with_image(ctx: Context, args: Invocation, body: dict[str, Any]) -> Generator[Wait, Any, dict[str, Any]]:
    name = _image_name(ctx, body["Image"])
    if name and name.tag and not name.digest and trust.is_on(ctx, args):
        body["Image"] = trust.trusted_reference(ctx, name).familiar
    if name and args["pull"] == "always":
        yield from _pull(ctx, args, name, body["Image"])
    return (yield from _create_or_pull(ctx, args, body, name))


def _image_name(ctx: Context, text: str) -> Reference | None:
    """The reference to pull, None for what is an image's ID."""
    if _ID.fullmatch(text):
        return None
    return parse_name(text).with_default_tag()


def _create_or_pull(
    ctx: Context, args: Invocation, body: dict[str, Any], name: Reference | None
) -> Generator[Wait, Any, dict[str, Any]]:
    containers, wanted = ctx.engine.containers, args["name"] or None
    created: dict[str, Any]
    try:
        created = containers.create(body, wanted)
        return created
    except NotFoundError as error:
        other = _is_here(ctx, body["Image"]) and not isinstance(error, PlatformError)
        if name is None or args["pull"] != "missing" or other:
            raise
    if not args["quiet"]:
        ctx.complain(f"Unable to find image '{name.familiar}' locally")
    yield from _pull(ctx, args, name, body["Image"])
    created = containers.create(body, wanted)
    return created


def _is_here(ctx: Context, image: str) -> bool:
    """Whether it was something else than the image that was not found."""
    try:
        ctx.engine.images.find(image)
    except NotFoundError:
        return False
    return True


def _pull(ctx: Context, args: Invocation, name: Reference, image: str) -> Generator[Wait, Any, None]:
    """Pull the image; one that was verified is pulled by its digest, and tagged here."""
    show = nothing if args["quiet"] else ctx.display(2)
    wanted = parse_name(image).with_default_tag()
    yield from fetch(ctx, wanted, all_tags=False, platform=args["platform"] or None, show=show)
    if wanted != name:
        trust.tag_trusted(ctx, wanted, name)


COMMANDS: dict[str, Handler] = {"container run": run, "container create": create}
