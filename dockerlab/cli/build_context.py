"""From what `docker build` was given to a build context: a folder, an archive or a Dockerfile on standard input.

The client's own errors are docker/cli's (cli/command/image/build/context.go).
"""

from __future__ import annotations

import posixpath
from collections.abc import Generator
from typing import Any
from urllib.parse import urlsplit

from dockerlab.build.context import DEFAULT_NAME, BuildContext, context_of, context_of_stdin, is_archive
from dockerlab.build.urls import is_git, is_url
from dockerlab.cli.context import Context
from dockerlab.cli.progress.transfer import nothing, relay
from dockerlab.cli.units import human_size
from dockerlab.errors import CommandError, DockerlabError, FileSystemError
from dockerlab.events import Wait
from dockerlab.fs.content import content_of

_REMOTE = ("http://", "https://", "git://", "git@", "github.com/", "ssh://")


class ContextError(CommandError):
    """The context can't be prepared."""

    def __init__(self, message: str) -> None:
        super().__init__(f"unable to prepare context: {message}")


def read_context(
    ctx: Context, place: str, dockerfile: str, *, buildkit: bool, compress: bool = False, quiet: bool = True
) -> Generator[Wait, Any, BuildContext]:
    """The context at `place` ('-' is standard input), with the Dockerfile that -f names ('' for the default one)."""
    if place == "-" and dockerfile == "-":
        raise CommandError("invalid argument: can't use stdin for both build context and dockerfile")
    if place == "-":
        return _context_of_input((yield from ctx.read_stdin()), dockerfile, buildkit=buildkit)
    if is_url(place) and not buildkit and not is_git(place):
        data = yield from _downloaded(ctx, place, quiet=quiet)
        return _context_of_input(data, dockerfile, buildkit=False)
    if is_git(place) and not buildkit:
        raise _not_cloned(place)
    if place.startswith(_REMOTE):
        raise ContextError(f"unable to download remote context {place}: the lab's host has no way to the Internet")
    folder = _folder(ctx, place)
    if dockerfile == "-":
        text = (yield from ctx.read_stdin()).decode("utf-8", "replace")
        return context_of(ctx.fs.tree(folder), outside=text, buildkit=buildkit, compress=compress)
    name, outside = _dockerfile(ctx, folder, dockerfile, buildkit=buildkit)
    return context_of(ctx.fs.tree(folder), name, outside=outside, buildkit=buildkit, compress=compress)


def _context_of_input(data: bytes, dockerfile: str, *, buildkit: bool) -> BuildContext:
    """The context that an archive is, or a Dockerfile alone; then no other may be named."""
    if dockerfile and not buildkit and not is_archive(content_of(data)):
        raise ContextError("ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles")
    return context_of_stdin(data, dockerfile or DEFAULT_NAME, buildkit=buildkit)


def _downloaded(ctx: Context, url: str, *, quiet: bool) -> Generator[Wait, Any, bytes]:
    """What an address gives; the last two states of the bar of progress are told."""
    try:
        download = yield from relay(ctx.engine.builder.backend.fetch_url(url), nothing)
    except DockerlabError as error:
        raise ContextError(f"unable to download remote context {url}: {error}") from error
    size = human_size(download.content.size)
    bar = f"Downloading build context from remote url: {url} [{'=' * 50}>] {f'{size}/{size}':>11}"
    if not quiet:
        ctx.out(f"{bar}\r{bar}\r\r\n")
    return download.content.read()


def _not_cloned(place: str) -> ContextError:
    """Git's own words, through the client's: nobody knows the host."""
    address = place if "://" in place else f"https://{place}"
    host = urlsplit(address).hostname or ""
    reason = f"fatal: unable to access '{address.partition('#')[0].rstrip('/')}/': Could not resolve host: {host}"
    return ContextError(
        f"unable to 'git clone' to temporary context directory: error fetching: {reason}\n: exit status 128"
    )


def _folder(ctx: Context, place: str) -> str:
    folder = ctx.path(place)
    if not ctx.fs.exists(folder):
        raise ContextError(f'path "{place}" not found')
    if not ctx.fs.is_dir(folder):
        raise ContextError(f"context must be a directory: {folder}")
    return ctx.fs.realpath(folder)


def _dockerfile(ctx: Context, folder: str, dockerfile: str, *, buildkit: bool) -> tuple[str, str | None]:
    """The Dockerfile's name in the context; or its name and text, where it stands outside.

    The legacy client refuses a missing one; with BuildKit that is found out by the builder.
    """
    path = ctx.path(dockerfile) if dockerfile else posixpath.join(folder, DEFAULT_NAME)
    if not dockerfile and not ctx.fs.exists(path) and ctx.fs.exists(posixpath.join(folder, DEFAULT_NAME.lower())):
        path = posixpath.join(folder, DEFAULT_NAME.lower())
    if not ctx.fs.exists(path):
        if not buildkit:
            where = f"lstat {_led(ctx, path)}: no such file or directory"
            raise ContextError(f"unable to evaluate symlinks in Dockerfile path: {where}")
        return posixpath.relpath(path, folder), None
    real = ctx.fs.realpath(path)
    if real.startswith(folder.rstrip("/") + "/"):
        return posixpath.relpath(real, folder), None
    if ctx.fs.is_dir(real):
        raise CommandError(f"read {dockerfile}: is a directory")
    return posixpath.basename(path), ctx.fs.read(path).decode("utf-8", "replace")


def _led(ctx: Context, path: str) -> str:
    """Where a path leads that leads to nothing: behind symlinks, as far as there are folders."""
    try:
        return ctx.fs.realpath(path)
    except FileSystemError:
        return path
