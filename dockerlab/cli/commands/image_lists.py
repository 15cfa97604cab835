"""`docker images` in the two ways that releases have: the table of old, and the list of names with their usage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dockerlab.cli import images_list, listing_images
from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.format import View
from dockerlab.cli.parser import Invocation
from dockerlab.cli.preferences import preferred_format
from dockerlab.errors import CommandError
from dockerlab.oci.golang import quote
from dockerlab.release import ImageList

_AMBIGUOUS = frozenset("build history import inspect list load ls prune pull push remove rm save tag".split())
"""Words after `docker images` that were meant for `docker image`."""

_HINT = {ImageList.TABLE: "\n", ImageList.NAMES: ""}
"""What stands before the hint that says so."""

_NOT_AS_TREE = {"quiet": "--quiet", "no-trunc": "--no-trunc", "digests": "--show-digest", "format": "--format"}
"""Flags that only the table knows, as the error names them."""

TERMINAL_WIDTH = 80
"""Columns of the lab's terminals."""

Rows = Sequence[Mapping[str, Any]]


def images(ctx: Context, args: Invocation) -> int:
    """`docker images`: with a hint where a word of `docker image` was taken for a name."""
    filters = dict(args["filter"])
    name = args.args[0] if args.args else ""
    if name:
        filters["reference"] = (*filters.get("reference", ()), name)
    text, count = _LISTS[ctx.release.image_list](ctx, args, filters)
    ctx.out(text)
    if name in _AMBIGUOUS and not count and args.command.path == ("images",):
        lead = _HINT[ctx.release.image_list]
        ctx.complain(f'{lead}No images found matching {quote(name)}: did you mean "docker image {name}"?')
    return 0


def _asked(ctx: Context, args: Invocation, filters: Mapping[str, Any], *, manifests: bool = False) -> Rows:
    return ctx.engine.images.list(all=bool(args["all"]), filters=filters, manifests=manifests)


def _table(ctx: Context, args: Invocation, rows: Rows, source: str) -> str:
    view = View(trunc=not args["no-trunc"], now=ctx.now, columns=ctx.release.list_columns)
    quiet, digests = bool(args["quiet"]), bool(args["digests"])
    return listing_images.images(rows, source, view, quiet=quiet, digests=digests)


def _as_table(ctx: Context, args: Invocation, filters: Mapping[str, Any]) -> tuple[str, int]:
    rows = _asked(ctx, args, filters)
    return _table(ctx, args, rows, preferred_format(ctx, args, "imagesFormat")), len(rows)


def _as_names(ctx: Context, args: Invocation, filters: Mapping[str, Any]) -> tuple[str, int]:
    """The list, unless a flag of the table is given; what has no name is only shown where it is asked for."""
    tree = bool(args["tree"])
    for_table = [words for flag, words in _NOT_AS_TREE.items() if args[flag]]
    if tree and for_table:
        raise CommandError(f"{for_table[0]} is not yet supported with --tree")
    source = args["format"] if tree else preferred_format(ctx, args, "imagesFormat")
    rows = _asked(ctx, args, filters, manifests=not (for_table or source))
    if not args["all"] and "false" in filters.get("dangling", ("false",)):
        rows = [row for row in rows if not images_list.dangling(row)]
    if for_table or source:
        return _table(ctx, args, rows, source), len(rows)
    terminal = ctx.terminal and ctx.proc.is_terminal(1)
    paint = images_list.COLOURS if terminal and not ctx.env.get("NO_COLOR") else images_list.NO_PAINT
    return images_list.images(rows, paint, width=TERMINAL_WIDTH if terminal else 0, tree=tree), len(rows)


_LISTS: Mapping[ImageList, Callable[[Context, Invocation, Mapping[str, Any]], tuple[str, int]]] = {
    ImageList.TABLE: _as_table,
    ImageList.NAMES: _as_names,
}

COMMANDS: dict[str, Handler] = {"image ls": images}
