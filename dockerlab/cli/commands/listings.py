"""The commands that print tables: ps, images, history, volume ls, network ls, search, stats."""

from __future__ import annotations

from typing import Any

from dockerlab.cli import listing, listing_images, listing_usage
from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.format import View
from dockerlab.cli.parser import Invocation
from dockerlab.engine.names import check_route
from dockerlab.oci.golang import quote

_AMBIGUOUS = frozenset("build history import inspect list load ls prune pull push remove rm save tag".split())
"""Words after `docker images` that were meant for `docker image`."""


def _view(ctx: Context, args: Invocation, *, human: bool = True) -> View:
    return View(trunc=not args.flags.get("no-trunc"), now=ctx.now, human=human)


def containers(ctx: Context, args: Invocation) -> int:
    """`docker ps`."""
    source, limit = args["format"], int(args["last"])
    if args["latest"] and "last" not in args.changed:
        limit = 1
    size = bool(args["size"])
    sized = size or (source != "json" and listing.needs_size(source))
    rows = ctx.engine.containers.list(all=bool(args["all"]), filters=args["filter"], limit=limit, size=sized)
    quiet = bool(args["quiet"])
    if quiet and source:
        ctx.complain("WARNING: Ignoring custom format, because both --format and --quiet are set.")
    ctx.out(listing.containers(rows, source, _view(ctx, args), quiet=quiet, size=size))
    return 0


def images(ctx: Context, args: Invocation) -> int:
    """`docker images`: with a hint where a word of `docker image` was taken for a name."""
    filters = dict(args["filter"])
    name = args.args[0] if args.args else ""
    if name:
        filters["reference"] = (*filters.get("reference", ()), name)
    rows = ctx.engine.images.list(all=bool(args["all"]), filters=filters)
    quiet, digests = bool(args["quiet"]), bool(args["digests"])
    ctx.out(listing_images.images(rows, args["format"], _view(ctx, args), quiet=quiet, digests=digests))
    if name in _AMBIGUOUS and not rows and args.command.path == ("images",):
        ctx.complain(f'\nNo images found matching {quote(name)}: did you mean "docker image {name}"?')
    return 0


def history(ctx: Context, args: Invocation) -> int:
    """`docker history`."""
    check_route(args.args[0])
    rows = ctx.engine.images.history(args.args[0])
    view = _view(ctx, args, human=bool(args["human"]))
    ctx.out(listing_images.history(rows, args["format"], view, quiet=bool(args["quiet"])))
    return 0


def volumes(ctx: Context, args: Invocation) -> int:
    """`docker volume ls`."""
    rows = ctx.engine.volumes.list(args["filter"])
    ctx.out(listing.volumes(rows, args["format"], _view(ctx, args), quiet=bool(args["quiet"])))
    return 0


def networks(ctx: Context, args: Invocation) -> int:
    """`docker network ls`."""
    rows = ctx.engine.networks.list(args["filter"])
    ctx.out(listing.networks(rows, args["format"], _view(ctx, args), quiet=bool(args["quiet"])))
    return 0


def search(ctx: Context, args: Invocation) -> int:
    """`docker search`."""
    rows = ctx.engine.images.search(args.args[0], filters=args["filter"], limit=int(args["limit"]))
    ctx.out(listing.search(rows, args["format"], _view(ctx, args)))
    return 0


def stats(ctx: Context, args: Invocation) -> int:
    """`docker stats`: one look, since in the lab nothing changes while one looks."""
    names = args.args or [row["Id"] for row in ctx.engine.containers.list(all=bool(args["all"]))]
    rows = [_stats_row(name, ctx.engine.containers.stats(name)) for name in names]
    ctx.out(listing_usage.stats(rows, args["format"], _view(ctx, args)))
    return 0


def _stats_row(name: str, stats: dict[str, Any]) -> dict[str, Any]:
    """What `docker stats` makes of the Engine API's statistics (docker/cli, container/stats_helpers.go)."""
    memory = stats.get("memory_stats") or {}
    used, limit = memory.get("usage", 0), memory.get("limit", 0)
    networks = (stats.get("networks") or {}).values()
    return {
        "Container": name,
        "Name": stats.get("name", ""),
        "ID": stats.get("id", ""),
        "CPUPercentage": 0.0,
        "Memory": used,
        "MemoryLimit": limit,
        "MemoryPercentage": used / limit * 100 if limit else 0.0,
        "NetworkRx": sum(network["rx_bytes"] for network in networks),
        "NetworkTx": sum(network["tx_bytes"] for network in networks),
        "BlockRead": 0,
        "BlockWrite": 0,
        "PidsCurrent": (stats.get("pids_stats") or {}).get("current", 0),
    }


COMMANDS: dict[str, Handler] = {
    "container ls": containers,
    "image ls": images,
    "image history": history,
    "volume ls": volumes,
    "network ls": networks,
    "search": search,
    "container stats": stats,
}
