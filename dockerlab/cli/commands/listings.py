"""The commands that print tables: ps, history, volume ls, network ls, search, stats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.cli import listing, listing_images, listing_usage
from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.format import View
from dockerlab.cli.options_platform import check_platforms
from dockerlab.cli.parser import Invocation
from dockerlab.cli.preferences import preferred_format
from dockerlab.cli.units import natural_order
from dockerlab.engine.names import check_route


def _view(ctx: Context, args: Invocation, *, human: bool = True) -> View:
    trunc, columns = not args.flags.get("no-trunc"), ctx.release.list_columns
    return View(trunc=trunc, now=ctx.now, human=human, columns=columns)


def containers(ctx: Context, args: Invocation) -> int:
    """`docker ps`."""
    source, limit = preferred_format(ctx, args, "psFormat"), int(args["last"])
    if args["latest"] and "last" not in args.changed:
        limit = 1
    size, quiet = bool(args["size"]), bool(args["quiet"])
    if quiet and source:
        ctx.complain("WARNING: Ignoring custom format, because both --format and --quiet are set.")
    sized = size or ("size" not in args.changed and source != "json" and listing.needs_size(source))
    rows = ctx.engine.containers.list(all=bool(args["all"]), filters=args["filter"], limit=limit, size=sized)
    ctx.out(listing.containers(rows, source, _view(ctx, args), quiet=quiet, size=size))
    return 0


def history(ctx: Context, args: Invocation) -> int:
    """`docker history`."""
    check_platforms(args["platform"])
    check_route(args.args[0])
    rows = ctx.engine.images.history(args.args[0])
    view = _view(ctx, args, human=bool(args["human"]))
    ctx.out(listing_images.history(rows, args["format"], view, quiet=bool(args["quiet"])))
    return 0


def by_name(row: Mapping[str, Any]) -> list[tuple[int, str]]:
    """The client's order of names: v2 before v10."""
    return natural_order(row["Name"])


def volumes(ctx: Context, args: Invocation) -> int:
    """`docker volume ls`."""
    rows = sorted(ctx.engine.volumes.list(args["filter"]), key=by_name)
    source = preferred_format(ctx, args, "volumesFormat")
    ctx.out(listing.volumes(rows, source, _view(ctx, args), quiet=bool(args["quiet"])))
    return 0


def networks(ctx: Context, args: Invocation) -> int:
    """`docker network ls`."""
    rows = sorted(ctx.engine.networks.list(args["filter"]), key=by_name)
    source = preferred_format(ctx, args, "networksFormat")
    ctx.out(listing.networks(rows, source, _view(ctx, args), quiet=bool(args["quiet"])))
    return 0


_NO_AUTOMATED = (
    'WARNING: the "is-automated" filter is deprecated, and searching for "is-automated=true" '
    "will not yield any results in future."
)


def search(ctx: Context, args: Invocation) -> int:
    """`docker search`."""
    if "is-automated" in args["filter"]:
        ctx.complain(_NO_AUTOMATED)
    # The client leaves out a limit that is not above 0.
    rows = ctx.engine.images.search(args.args[0], filters=args["filter"], limit=max(0, int(args["limit"])))
    ctx.out(listing.search(rows, args["format"], _view(ctx, args)))
    return 0


def stats(ctx: Context, args: Invocation) -> int:
    """`docker stats`: one look, since in the lab nothing changes while one looks."""
    names = args.args or [row["Id"] for row in ctx.engine.containers.list(all=bool(args["all"]))]
    rows = [_stats_row(name, ctx.engine.containers.stats(name)) for name in names]
    ctx.out(listing_usage.stats(rows, preferred_format(ctx, args, "statsFormat"), _view(ctx, args)))
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
    "image history": history,
    "volume ls": volumes,
    "network ls": networks,
    "search": search,
    "container stats": stats,
}
