"""`docker cp`: files between the host and a container, as a tar either way (docker/cli, container/cp.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.context import Context
from dockerlab.cli.copying import Place, refusal, renamed, target_of
from dockerlab.cli.errors import UnreachableError, file_error
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, FileSystemError
from dockerlab.fs.archive import Entry, entries_of, entry_of, read_tar, tree_of, write_tar
from dockerlab.fs.content import content_of
from dockerlab.fs.tree import Directory
from dockerlab.fs.unpacking import unpack
from dockerlab.world import NANOSECOND, format_instant

_GO_DIRECTORY, _GO_SYMLINK = 1 << 31, 1 << 27
"""Bits of Go's os.FileMode, as the API's path stat has them."""


def copy(ctx: Context, args: Invocation) -> Running:
    """`docker cp`."""
    for text, side in zip(args.args, ("source", "destination"), strict=True):
        if not text:
            raise CommandError(f"{side} can not be empty")
    source_container, source = split_argument(args.args[0])
    container, destination = split_argument(args.args[1])
    if source_container and container:
        raise CommandError("copying between containers is not supported")
    if not source_container and not container:
        raise CommandError("must specify at least one container source")
    if source_container:
        _from_container(ctx, args, source_container, source, destination)
    else:
        yield from _to_container(ctx, args, source, container, destination)
    return 0


def split_argument(argument: str) -> tuple[str, str]:
    """'CONTAINER:PATH' in two; a local path, or one that begins with a dot, has no container."""
    if argument.startswith("/"):
        return "", argument
    container, separator, path = argument.partition(":")
    if not separator or container.startswith("."):
        return "", argument
    return container, path


def _from_container(ctx: Context, args: Invocation, container: str, path: str, destination: str) -> None:
    if destination != "-":
        _check_parent(ctx, destination)
    wanted = posixpath.join("/", path) if path else ""
    content, stat = ctx.engine.containers.get_archive(container, _resolved(ctx, container, wanted, args))
    if destination == "-":
        for chunk in content.chunks():
            ctx.out(chunk)
        return
    source = Place(wanted, True, bool(stat["mode"] & _GO_DIRECTORY))
    target = target_of(source, _host_place(ctx, destination))
    # The archive is named after what was asked for, a followed link's target included.
    base = "" if source.means_contents or source.clean == "/" else str(stat["name"])
    if base and not target.name:
        target = replace(target, name=posixpath.basename(source.clean))
    entries = (replace(entry, uid=0, gid=0) for entry in read_tar(content))
    unpack(tree_of(renamed(entries, base, target)), ctx.fs, target.folder, refusal(target.folder))


def _resolved(ctx: Context, container: str, path: str, args: Invocation) -> str:
    """With -L the path that a symbolic link in the container leads to."""
    if not args["follow-link"]:
        return path
    stat = ctx.engine.containers.stat_path(container, path)
    if not stat["mode"] & _GO_SYMLINK or not stat["linkTarget"]:
        return path
    return posixpath.join(posixpath.dirname(path), stat["linkTarget"])


def _check_parent(ctx: Context, destination: str) -> None:
    folder = posixpath.dirname(ctx.path(destination))
    if not ctx.fs.is_dir(folder):
        raise CommandError(f'invalid output path: directory "{folder}" does not exist')


def _host_place(ctx: Context, path: str) -> Place:
    absolute = ctx.path(path) + ("/" if path.endswith("/") else "/." if path.endswith("/.") else "")
    found = ctx.fs.find(ctx.path(path))
    if found and not found.is_dir and absolute.endswith(("/", "/.")):
        raise CommandError(f"stat {absolute}: not a directory")
    if found is None and absolute.endswith("/."):
        raise CommandError(f"stat {ctx.path(path)}: no such file or directory")
    return Place(absolute, found is not None, bool(found and found.is_dir))


def _to_container(ctx: Context, args: Invocation, source: str, container: str, destination: str) -> Running:
    if source == "-":
        there = _container_place(ctx, container, destination)
        if not there.is_dir:
            raise CommandError(f'destination "{container}:{destination}" must be a directory')
        data = yield from ctx.read_stdin()
        ctx.engine.containers.put_archive(container, there.clean, content_of(data))
        return 0
    entries, place = _host_entries(ctx, source, bool(args["follow-link"]))
    there = _container_place(ctx, container, destination)
    if not destination:
        ctx.engine.containers.inspect(container)
        raise CommandError("no such directory")
    try:
        target = target_of(place, there)
    except CommandError:
        _broken_pipe(ctx, ctx.path(source))
        raise
    base = "" if place.means_contents else posixpath.basename(place.clean)
    ctx.engine.containers.put_archive(container, target.folder, write_tar(renamed(entries, base, target)))
    return 0


def _container_place(ctx: Context, container: str, path: str) -> Place:
    """What stands at a path of a container, through a symbolic link in the end."""
    absolute = posixpath.join("/", path) if path else ""
    try:
        stat = ctx.engine.containers.stat_path(container, absolute)
    except UnreachableError:
        raise
    except DockerlabError:  # of the path or of the container: the client finds out when it sends the archive
        return Place(absolute, exists=False)
    if stat["mode"] & _GO_SYMLINK and stat.get("linkTarget"):
        return _container_place(ctx, container, posixpath.join(posixpath.dirname(absolute), stat["linkTarget"]))
    return Place(absolute, True, bool(stat["mode"] & _GO_DIRECTORY))


def _host_entries(ctx: Context, source: str, follow: bool) -> tuple[Iterator[Entry], Place]:
    absolute = ctx.path(source)
    ending = "/." if source.endswith("/.") or source == "." else "/" if source.endswith("/") else ""
    try:
        node: Any = ctx.fs.node(absolute, follow=follow or bool(ending))
    except FileSystemError as error:
        raise file_error("lstat", absolute, error) from error
    is_dir = isinstance(node, Directory)
    if ending and not is_dir:
        raise CommandError("not a directory")
    name = "" if ending == "/." else posixpath.basename(absolute)
    return _named_entries(name, node), Place(absolute + ending, True, is_dir)


def _named_entries(name: str, node: Any) -> Iterator[Entry]:
    yield entry_of(name, node)
    if isinstance(node, Directory):
        yield from entries_of(node, name)


def _broken_pipe(ctx: Context, path: str) -> None:
    """The client's log of the tar that nobody reads any more."""
    time = format_instant(ctx.now // NANOSECOND * NANOSECOND)
    pipe = "io: read/write on closed pipe"
    ctx.complain(f'time="{time}" level=error msg="Can\'t add file {path} to tar: {pipe}"')
    ctx.complain(f'time="{time}" level=error msg="Can\'t close tar writer: {pipe}"')


COMMANDS: dict[str, Handler] = {"container cp": copy}
