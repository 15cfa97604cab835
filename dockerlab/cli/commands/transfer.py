"""Images that travel: pull, push, save, load, import (docker/cli, cli/command/image)."""

from __future__ import annotations

import posixpath
from collections.abc import Generator
from typing import Any

from dockerlab.build.urls import is_url
from dockerlab.cli import trust
from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.context import Context
from dockerlab.cli.credentials import credentials_for
from dockerlab.cli.notes import note
from dockerlab.cli.options_platform import check_platforms
from dockerlab.cli.parser import Invocation
from dockerlab.cli.progress.transfer import Show, nothing, relay
from dockerlab.cli.trust_signing import sign_pushed
from dockerlab.errors import CommandError, DockerlabError, InvalidParameterError, InvalidReferenceError
from dockerlab.events import Wait
from dockerlab.fs.content import Content, content_of
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from dockerlab.registry.trust import Target

_ONE_PLATFORM = """\
Using --platform pushes only the specified platform manifest of a multi-platform image index.
Other components, like attestations, will not be included.
To push the complete multi-platform image, remove the --platform flag.
"""


def parse_name(text: str) -> Reference:
    """A reference as the client reads it; what is wrong with it is the client's own error."""
    try:
        return Reference.parse(text)
    except InvalidReferenceError as error:
        raise CommandError(str(error)) from error


def pull(ctx: Context, args: Invocation) -> Running:
    """`docker pull`."""
    quiet, all_tags = bool(args["quiet"]), bool(args["all-tags"])
    name = parse_name(args.args[0])
    if all_tags and (name.tag or name.digest):
        raise CommandError("tag can't be used with --all-tags/-a")
    if not all_tags and not name.tag and not name.digest:
        name = name.with_default_tag()
        if not quiet:
            ctx.line(f"Using default tag: {name.tag}")
    show, platform = _display(ctx, quiet), args["platform"] or None
    if trust.is_on(ctx, args) and not name.digest:
        yield from _pull_trusted(ctx, name, platform, show)
    else:
        yield from fetch(ctx, name, all_tags=all_tags, platform=platform, show=show)
    ctx.line(str(name))
    return 0


def _pull_trusted(ctx: Context, name: Reference, platform: str | None, show: Show) -> Generator[Wait, Any, None]:
    """Pull what is signed by its digest, and give it its tag here."""
    targets = trust.trusted_targets(ctx, name)
    for number, target in enumerate(targets, 1):
        exact = trust.at_digest(name, target)
        shown = f"{name.familiar_name}:{target.name}@{exact.digest}"
        ctx.line(f"Pull ({number} of {len(targets)}): {shown}")
        yield from fetch(ctx, exact, all_tags=False, platform=platform, show=show)
        trust.tag_trusted(ctx, exact, name.with_tag(target.name))


def fetch(
    ctx: Context, name: Reference, *, all_tags: bool, platform: str | None, show: Show
) -> Generator[Wait, Any, object]:
    """Pull with the stored credentials; `show` takes the events."""
    auth = credentials_for(ctx, name.domain)
    conversation = ctx.engine.images.pull(str(name), all_tags=all_tags, platform=platform, auth=auth)
    return (yield from relay(conversation, show))


def _display(ctx: Context, quiet: bool) -> Show:
    return nothing if quiet else ctx.display()


def push(ctx: Context, args: Invocation) -> Running:
    """`docker push`."""
    quiet, all_tags = bool(args["quiet"]), bool(args["all-tags"])
    name = parse_name(args.args[0])
    if all_tags and (name.tag or name.digest):
        raise CommandError("tag can't be used with --all-tags/-a")
    if not all_tags and not name.tag and not name.digest:
        name = name.with_default_tag()
        if not quiet:
            ctx.line(f"Using default tag: {name.tag}")
    if name.digest:
        raise CommandError("cannot push a digest reference")
    platform = _single_platform(ctx, args["platform"])
    if trust.is_on(ctx, args):
        yield from push_and_sign(ctx, name)
        return 0
    auth = credentials_for(ctx, name.domain)
    conversation = ctx.engine.images.push(str(name), all_tags=all_tags, platform=platform, auth=auth)
    yield from relay(conversation, _display(ctx, quiet))
    if quiet:
        ctx.line(name.familiar)
    return 0


def _single_platform(ctx: Context, text: str) -> str | None:
    """The platform that alone is to be pushed; the client says what that means (asked of client 28.2.2)."""
    if not text:
        return None
    try:
        Platform.parse(text)
    except InvalidParameterError as error:
        ctx.err(f"Invalid platform {text}")
        raise CommandError(str(error)) from error
    ctx.out(note(_ONE_PLATFORM, terminal=ctx.terminal))
    return text


def push_and_sign(ctx: Context, name: Reference) -> Generator[Wait, Any, None]:
    """Push a tag and sign what it means then; a push of all tags signs none. It is never quiet."""
    auth = credentials_for(ctx, name.domain)
    conversation = ctx.engine.images.push(str(name), all_tags=not name.tag and not name.digest, auth=auth)
    pushed = yield from relay(conversation, ctx.display())
    if not name.tag:
        ctx.complain("No tag specified, skipping trust metadata push")
        return
    manifest = pushed[name.tag]
    target = Target(name.tag, manifest.digest.hex, manifest.size)
    yield from sign_pushed(ctx, name, target)


def save(ctx: Context, args: Invocation) -> int:
    """`docker save`: a tar to standard output or to the file of -o."""
    output = args["output"]
    check_platforms(args["platform"])
    if not output and ctx.terminal and ctx.proc.is_terminal(1):
        raise CommandError("cowardly refusing to save to a terminal. Use the -o flag or redirect")
    if output:
        check_output(ctx, output, "failed to save image")
    write_content(ctx, ctx.engine.images.save(list(args.args)), output)
    return 0


def check_output(ctx: Context, output: str, what: str) -> None:
    """Refuse a path that no file can be made at, before any work is done."""
    folder = posixpath.dirname(output.rstrip("/")) or "."
    if not ctx.fs.is_dir(ctx.path(folder)):
        raise CommandError(f"{what}: invalid output path: stat {folder}: no such file or directory")
    if ctx.fs.is_dir(ctx.path(output)):
        raise CommandError(f"{what}: cannot write to a directory")


def write_content(ctx: Context, content: Content, output: str) -> None:
    """Put an archive into a host file by reference, or stream it to standard output."""
    if output:
        ctx.fs.write(ctx.path(output), content, mode=0o600)
        return
    for chunk in content.chunks():
        ctx.out(chunk)


def load(ctx: Context, args: Invocation) -> Running:
    """`docker load`."""
    quiet = bool(args["quiet"])
    check_platforms(args["platform"])
    content = yield from _input(ctx, args["input"])
    try:
        yield from relay(ctx.engine.images.load(content, quiet=quiet), ctx.display())
    except DockerlabError as error:
        # The daemon has said "200 OK" before it looks into the archive: what is wrong with it stands in the stream.
        raise CommandError(str(error)) from error
    return 0


def _input(ctx: Context, path: str) -> Generator[Wait, Any, Content]:
    if path:
        return host_content(ctx, path)
    if ctx.stdin_is_terminal:
        raise CommandError("requested load from stdin, but stdin is empty")
    return content_of((yield from ctx.read_stdin()))


def host_content(ctx: Context, path: str) -> Content:
    """The content of a host file, by reference; Go's words where there is none."""
    absolute = ctx.path(path)
    if not ctx.fs.exists(absolute):
        raise CommandError(f"open {path}: no such file or directory")
    if ctx.fs.is_dir(absolute):
        raise CommandError(f"read {path}: is a directory")
    return ctx.fs.content(absolute)


def import_(ctx: Context, args: Invocation) -> Running:
    """`docker import`."""
    source, name = args.args[0], args.args[1] if len(args.args) > 1 else ""
    repository, tag = _repository_and_tag(name)
    content = yield from _imported(ctx, source)
    image = ctx.engine.images.import_(
        content, repository=repository, tag=tag, changes=args["change"], message=args["message"], source=source,
        platform=args["platform"],
    )  # fmt: skip
    ctx.line(image)
    return 0


def _imported(ctx: Context, source: str) -> Generator[Wait, Any, Content]:
    """What is imported: standard input, what the engine gets from a URL, or a host file."""
    if source == "-":
        return content_of((yield from ctx.read_stdin()))
    if not is_url(source):
        return host_content(ctx, source)
    download = yield from relay(ctx.engine.builder.backend.fetch_url(source), nothing)
    ctx.line(f"Downloading from {source}")
    return download.content


def _repository_and_tag(name: str) -> tuple[str, str]:
    if not name:
        return "", ""
    reference = parse_name(name)
    return reference.familiar_name, reference.tag or "latest"


COMMANDS: dict[str, Handler] = {
    "image pull": pull,
    "image push": push,
    "image save": save,
    "image load": load,
    "image import": import_,
}
