"""`docker stats` and `docker system df` (docker/cli, container/formatter_stats.go and formatter/disk_usage.go)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dockerlab.cli.format import Column, Formatter, Layout, View
from dockerlab.cli.listing import Row
from dockerlab.cli.units import bytes_size, human_size, human_size_with_precision, short_id

# Statistics.


def _unless_invalid(text: Callable[[Row], str], instead: str) -> Callable[[Row, View], str]:
    return lambda row, view: instead if row.get("IsInvalid") else text(row)


def _pair(first: str, second: str) -> Callable[[Row], str]:
    return lambda row: f"{human_size_with_precision(row[first], 3)} / {human_size_with_precision(row[second], 3)}"


STATS = Formatter(
    "*container.statsContext",
    (
        Column("Container", "CONTAINER", lambda row, view: row["Container"]),
        Column("Name", "NAME", lambda row, view: row["Name"].removeprefix("/") or "--"),
        Column("ID", "CONTAINER ID", lambda row, view: short_id(row["ID"]) if view.trunc else row["ID"]),
        Column("CPUPerc", "CPU %", _unless_invalid(lambda row: f"{row['CPUPercentage']:.2f}%", "--")),
        Column(
            "MemUsage",
            "MEM USAGE / LIMIT",
            _unless_invalid(lambda row: f"{bytes_size(row['Memory'])} / {bytes_size(row['MemoryLimit'])}", "-- / --"),
        ),
        Column("MemPerc", "MEM %", _unless_invalid(lambda row: f"{row['MemoryPercentage']:.2f}%", "--")),
        Column("NetIO", "NET I/O", _unless_invalid(_pair("NetworkRx", "NetworkTx"), "--")),
        Column("BlockIO", "BLOCK I/O", _unless_invalid(_pair("BlockRead", "BlockWrite"), "--")),
        Column("PIDs", "PIDS", _unless_invalid(lambda row: str(row["PidsCurrent"]), "--")),
    ),
)
STATS_LAYOUT = Layout(
    "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}"
)


def stats(rows: Iterable[Row], source: str, view: View) -> str:
    """`docker stats`: one table."""
    return STATS.text(rows, STATS_LAYOUT.template(source), view)


# Disk usage.

_DF = Layout("table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}")
_DF_FORMATTER = Formatter(
    "*formatter.diskUsageImagesContext",
    tuple(
        Column(name, title, lambda row, view, name=name: row[name])  # type: ignore[misc]
        for name, title in (
            ("Type", "TYPE"),
            ("TotalCount", "TOTAL"),
            ("Active", "ACTIVE"),
            ("Size", "SIZE"),
            ("Reclaimable", "RECLAIMABLE"),
        )
    ),
)


def disk_usage(usage: Mapping[str, Any], source: str, view: View) -> str:
    """`docker system df`; `usage` is the Engine API's answer."""
    rows = (_images(usage), _containers(usage), _volumes(usage), _build_cache(usage))
    return _DF_FORMATTER.text(rows, _DF.template(source), view)


def _row(kind: str, total: int, active: int, size: int, reclaimable: str) -> Row:
    return {
        "Type": kind,
        "TotalCount": str(total),
        "Active": str(active),
        "Size": human_size(size),
        "Reclaimable": reclaimable,
    }


def _share(part: int, whole: int) -> str:
    return f"{human_size(part)} ({part * 100 // whole}%)" if whole > 0 else human_size(part)


def _images(usage: Mapping[str, Any]) -> Row:
    images: Sequence[Row] = usage.get("Images") or ()
    size = int(usage.get("LayersSize") or 0)
    used = sum(
        image["Size"] - image["SharedSize"]
        for image in images
        if image["Containers"] > 0 and -1 not in {image["Size"], image["SharedSize"]}
    )
    active = sum(image["Containers"] > 0 for image in images)
    return _row("Images", len(images), active, size, _share(size - used, size))


def _is_active(container: Row) -> bool:
    return any(state in str(container["State"]) for state in ("running", "paused", "restarting"))


def _containers(usage: Mapping[str, Any]) -> Row:
    containers: Sequence[Row] = usage.get("Containers") or ()
    size = sum(container.get("SizeRw") or 0 for container in containers)
    idle = sum(container.get("SizeRw") or 0 for container in containers if not _is_active(container))
    active = sum(map(_is_active, containers))
    return _row("Containers", len(containers), active, size, _share(idle, size))


def _volumes(usage: Mapping[str, Any]) -> Row:
    volumes: Sequence[Row] = usage.get("Volumes") or ()
    sizes = [volume["UsageData"] for volume in volumes if volume.get("UsageData")]
    size = sum(each["Size"] for each in sizes if each["Size"] != -1)
    idle = sum(each["Size"] for each in sizes if each["Size"] != -1 and each["RefCount"] == 0)
    active = sum(each["RefCount"] > 0 for each in sizes)
    return _row("Local Volumes", len(volumes), active, size, _share(idle, size))


def _build_cache(usage: Mapping[str, Any]) -> Row:
    records: Sequence[Row] = usage.get("BuildCache") or ()
    size = sum(record["Size"] for record in records if not record["Shared"])
    used = sum(record["Size"] for record in records if record["InUse"] and not record["Shared"])
    active = sum(bool(record["InUse"]) for record in records)
    return _row("Build Cache", len(records), active, size, human_size(size - used))
