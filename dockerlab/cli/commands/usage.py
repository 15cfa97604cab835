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
from dockerlab.cli.rendering import parse_format
from dockerlab.cli.template import TemplateRunError
from dockerlab.cli.template.values import Struct
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


def _time(key: str) -> Any:
    return lambda row, view: str(row.get(key) or "").replace("T", " ").replace("Z", " +0000 UTC")


def _cache_id(row: Mapping[str, Any], view: View) -> str:
    return str(row["ID"][:12] if view.trunc else row["ID"]) + ("*" if row["InUse"] else "")


_CACHE = Formatter(
    "*formatter.buildCacheContext",
    (
        Column("ID", "CACHE ID", _cache_id),
        Column("Parent", "PARENT", lambda row, view: " ".join(row.get("Parents") or ())),
        Column("Description", "DESCRIPTION", lambda row, view: row.get("Description", "")),
        Column("InUse", "IN USE", lambda row, view: "true" if row["InUse"] else "false"),
        Column("CreatedAt", "CREATED AT", _time("CreatedAt")),
        Column("LastUsedAt", "LAST USED AT", _time("LastUsedAt")),
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
    if args["format"] not in {"", "table"}:
        ctx.out(_through(args["format"], report, View(trunc=False, now=ctx.now)))
        return 0
    for title, table in _tables(report, view):
        ctx.out(f"{title}\n\n{table}")
    return 0


def _through(format_: str, report: Mapping[str, Any], view: View) -> str:
    """All kinds of objects through one template; each row has what its own listing shows."""
    template = parse_format(format_, exit_code=1)
    kinds: Mapping[str, tuple[Formatter, Iterable[Mapping[str, Any]]]] = {
        "Images": (IMAGES, list(_image_rows(report))),
        "Containers": (CONTAINERS, _without_images(report)),
        "Volumes": (VOLUMES, report.get("Volumes") or ()),
        "BuildCache": (_CACHE, report.get("BuildCache") or ()),
    }
    fields = {name: [formatter.row(row, view) for row in rows] for name, (formatter, rows) in kinds.items()}
    try:
        return template.render(Struct("*formatter.diskUsageContext", fields))
    except TemplateRunError as error:
        raise CommandError(str(error)) from error


def _image_rows(report: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """A row for each image, with its first name alone (docker/cli, formatter/disk_usage.go)."""
    images = report.get("Images") or ()
    firsts = ({**image, "RepoTags": (image.get("RepoTags") or [])[:1], "RepoDigests": []} for image in images)
    return image_rows(firsts, digests=False)


def _without_images(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The whole image's size is left out here: what a container itself takes is meant."""
    return [{**row, "SizeRootFs": 0} for row in report.get("Containers") or ()]


def _tables(report: Mapping[str, Any], view: View) -> Iterable[tuple[str, str]]:
    images = _image_rows(report)
    yield "Images space usage:", IMAGES.text(images, _IMAGE_TABLE, view)
    yield "\nContainers space usage:", CONTAINERS.text(_without_images(report), _CONTAINER_TABLE, view)
    yield "\nLocal Volumes space usage:", VOLUMES.text(report.get("Volumes") or (), _VOLUME_TABLE, view)
    cache: Sequence[Mapping[str, Any]] = report.get("BuildCache") or ()
    size = human_size(sum(record["Size"] for record in cache if not record["Shared"]))
    yield f"\nBuild cache usage: {size}", _CACHE.text(cache, _CACHE_TABLE, view)


COMMANDS: dict[str, Handler] = {"system df": usage}
