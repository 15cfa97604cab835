"""`docker system df`, in one table or, with -v, in one for each kind of object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.format import Column, Formatter, View
from dockerlab.cli.listing import CONTAINERS, VOLUMES, ago
from dockerlab.cli.listing_images import IMAGES, image_rows
from dockerlab.cli.listing_usage import disk_usage
from dockerlab.cli.parser import Invocation
from dockerlab.cli.units import human_size
from dockerlab.errors import CommandError
from dockerlab.world import NANOSECOND, parse_instant

_IMAGE_TABLE = (
    "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}"
    "\t{{.Containers}}"
)
_CONTAINER_TABLE = (
    "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}"
)
_VOLUME_TABLE = "table {{.Name}}\t{{.Links}}\t{{.Size}}"
_CACHE_TABLE = (
    "table {{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}"
)


def _since(key: str) -> Any:
    def value(row: Mapping[str, Any], view: View) -> str:
        return ago(parse_instant(row[key]) // NANOSECOND, view) if row.get(key) else ""

    return value


_CACHE = Formatter(
    "*formatter.buildCacheContext",
    (
        Column("ID", "CACHE ID", lambda row, view: row["ID"][:12] + ("*" if row["InUse"] else "")),
        Column("CacheType", "CACHE TYPE", lambda row, view: row["Type"]),
        Column("Size", "SIZE", lambda row, view: human_size(row["Size"])),
        Column("CreatedSince", "CREATED", _since("CreatedAt")),
        Column("LastUsedSince", "LAST USED", _since("LastUsedAt")),
        Column("UsageCount", "USAGE", lambda row, view: str(row["UsageCount"])),
        Column("Shared", "SHARED", lambda row, view: "true" if row["Shared"] else "false"),
    ),
)


def usage(ctx: Context, args: Invocation) -> int:
    """`docker system df`."""
    view, report = View(now=ctx.now), ctx.engine.system.df()
    if not args["verbose"]:
        ctx.out(disk_usage(report, args["format"], view))
        return 0
    if args["format"]:
        raise CommandError("the verbose and the format options conflict")
    for title, table in _tables(report, view):
        ctx.out(f"{title}\n\n{table}")
    return 0


def _tables(report: Mapping[str, Any], view: View) -> Iterable[tuple[str, str]]:
    images = image_rows(report.get("Images") or (), digests=False)
    yield "Images space usage:", IMAGES.text(images, _IMAGE_TABLE, view)
    # The whole image's size is left out here: what a container itself takes is meant.
    containers = [{**row, "SizeRootFs": 0} for row in report.get("Containers") or ()]
    yield "\nContainers space usage:", CONTAINERS.text(containers, _CONTAINER_TABLE, view)
    yield "\nLocal Volumes space usage:", VOLUMES.text(report.get("Volumes") or (), _VOLUME_TABLE, view)
    cache: Sequence[Mapping[str, Any]] = report.get("BuildCache") or ()
    size = human_size(sum(record["Size"] for record in cache if not record["Shared"]))
    yield f"\nBuild cache usage: {size}", _CACHE.text(cache, _CACHE_TABLE, view)


COMMANDS: dict[str, Handler] = {"system df": usage}
