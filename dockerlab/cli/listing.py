"""What `docker ps`, `images`, `volume ls` and their like show: columns, default templates, --format raw.

Rows are the records of the Engine API's lists. Each listing is a Layout (which template) and a Formatter (which
columns); functions of the same name put the two together.

    listing.containers(engine.containers.list(), "", View(now=clock.now)) -> the table of `docker ps`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dockerlab.cli.format import Column, Formatter, Layout, View
from dockerlab.cli.listing_ports import displayable_ports
from dockerlab.cli.template.values import NilPointer
from dockerlab.cli.units import ellipsis, human_duration, human_size, human_size_with_precision, short_id
from dockerlab.errors import InvalidReferenceError
from dockerlab.oci.golang import quote
from dockerlab.world import NANOSECOND, format_instant, parse_instant

Row = Mapping[str, Any]

YEAR_ONE = -62_135_596_800
"""Go's zero time in seconds since 1970."""


def identifier(key: str = "Id") -> Any:
    """A column's ID, cut to 12 digits."""
    return lambda row, view: short_id(row[key]) if view.trunc else row[key]


def text(key: str) -> Any:
    """A column that is a text or number of the record as it is."""
    return lambda row, view: str(row.get(key, ""))


def labels(row: Row, view: View) -> str:
    """a=1,b=2"""
    return ",".join(f"{name}={value}" for name, value in sorted((row.get("Labels") or {}).items()))


def label(row: Row, name: str) -> str:
    """The method `.Label "name"`."""
    return str((row.get("Labels") or {}).get(name, ""))


def ago(seconds: int, view: View) -> str:
    """'3 hours ago'."""
    return f"{human_duration(view.now / NANOSECOND - seconds)} ago"


def go_time(seconds: int) -> str:
    """Go's time.String of a UTC second: '2026-11-23 09:00:00 +0000 UTC'."""
    return format_instant(seconds * NANOSECOND).replace("T", " ").replace("Z", " +0000 UTC")


# Containers.


def _container_names(row: Row, view: View) -> str:
    names = [name.removeprefix("/") for name in row["Names"] or ()]
    if view.trunc:
        names = next(([name] for name in names if "/" not in name), names)
    return ",".join(names)


def _container_image(row: Row, view: View) -> str:
    image = str(row["Image"])
    if not image:
        return "<no image>"
    if not view.trunc:
        return image
    if row.get("ImageID") and short_id(row["ImageID"]) == short_id(image):
        return short_id(image)
    return _without_digest(image)


def _without_digest(image: str) -> str:
    from dockerlab.oci.reference import Reference

    try:
        reference = Reference.parse(image)
    except InvalidReferenceError:
        return image
    return reference.familiar.partition("@")[0]


def _container_size(row: Row, view: View) -> str:
    size = human_size_with_precision(row.get("SizeRw") or 0, 3)
    whole = row.get("SizeRootFs") or 0
    return f"{size} (virtual {human_size_with_precision(whole, 3)})" if whole > 0 else size


def _container_mounts(row: Row, view: View) -> str:
    names = [mount.get("Name") or mount.get("Source", "") for mount in row.get("Mounts") or ()]
    return ",".join(ellipsis(name, 15) if view.trunc else name for name in names)


def _local_volumes(row: Row, view: View) -> str:
    return str(sum(mount.get("Driver") == "local" for mount in row.get("Mounts") or ()))


def _container_networks(row: Row, view: View) -> str:
    return ",".join((row.get("NetworkSettings") or {}).get("Networks") or ())


def _platform_fields(row: Row) -> Mapping[str, str] | None:
    return (row.get("ImageManifestDescriptor") or {}).get("platform")


def _platform(row: Row, view: View) -> str | NilPointer:
    """'linux/amd64'; a nil pointer where the engine doesn't tell from which manifest a container was made."""
    found = _platform_fields(row)
    if not found:
        return NilPointer("formatter.Platform")
    return "/".join(filter(None, (found["os"], found["architecture"], found.get("variant"))))


def _health_status(row: Row, view: View) -> str:
    """'healthy' of 'Up 2 hours (healthy)', 'starting' of '(health: starting)'."""
    found = str(row["Status"]).partition("(")[2].partition(")")[0].removeprefix("health: ")
    return found if found in {"healthy", "unhealthy", "starting"} else ""


CONTAINERS = Formatter(
    "*formatter.ContainerContext",
    (
        Column("ID", "CONTAINER ID", identifier()),
        Column("Names", "NAMES", _container_names),
        Column("Image", "IMAGE", _container_image),
        Column("Command", "COMMAND", lambda r, v: quote(ellipsis(r["Command"], 20) if v.trunc else r["Command"])),
        Column("CreatedAt", "CREATED AT", lambda r, v: go_time(r["Created"])),
        Column("RunningFor", "CREATED", lambda r, v: ago(r["Created"], v)),
        Column("Ports", "PORTS", lambda r, v: displayable_ports(r["Ports"])),
        Column("State", "STATE", text("State")),
        Column("Status", "STATUS", text("Status")),
        Column("Size", "SIZE", _container_size),
        Column("Labels", "LABELS", labels),
        Column("Mounts", "MOUNTS", _container_mounts),
        Column("LocalVolumes", "LOCAL VOLUMES", _local_volumes),
        Column("Networks", "NETWORKS", _container_networks),
        Column("Platform", "PLATFORM", _platform, json=lambda r, v: _platform_fields(r)),
        Column("HealthStatus", "HEALTH STATUS", _health_status, optional=True),
    ),
    {"Label": label},
)
CONTAINER_LAYOUT = Layout(
    "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}",
    raw="container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\n"
    "state: {{- pad .State 1 0}}\nstatus: {{- pad .Status 1 0}}\nnames: {{.Names}}\n"
    "labels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n",
    raw_quiet="container_id: {{.ID}}",
    quiet_overrides=True,
)


def container_template(source: str, *, quiet: bool = False, size: bool = False) -> str:
    """The template of `docker ps`."""
    template = CONTAINER_LAYOUT.template(source, quiet=quiet)
    if not size or quiet:
        return template
    if source in {"", "table"}:
        return template + "\t{{.Size}}"
    return template + "size: {{.Size}}\n" if source == "raw" else template


def containers(rows: Iterable[Row], source: str, view: View, *, quiet: bool = False, size: bool = False) -> str:
    """`docker ps`."""
    return CONTAINERS.text(rows, container_template(source, quiet=quiet, size=size), view)


def needs_size(source: str) -> bool:
    """Whether a --format of `docker ps` shows sizes; a CommandError if it isn't a template for containers."""
    return source not in {"", "table", "raw"} and CONTAINERS.uses(source, "Size")


# Volumes, networks, search results.


def _usage(key: str) -> Any:
    def value(row: Row, view: View) -> str:
        usage = row.get("UsageData")
        if not usage:
            return "N/A"
        return human_size(usage[key]) if key == "Size" else str(usage[key])

    return value


def _not_available(row: Row, view: View) -> str:
    """Of cluster volumes only."""
    return "N/A"


VOLUMES = Formatter(
    "*formatter.volumeContext",
    (
        Column("Name", "VOLUME NAME", text("Name")),
        Column("Driver", "DRIVER", text("Driver")),
        Column("Scope", "SCOPE", text("Scope")),
        Column("Mountpoint", "MOUNTPOINT", text("Mountpoint")),
        Column("Labels", "LABELS", labels),
        Column("Links", "LINKS", _usage("RefCount")),
        Column("Size", "SIZE", _usage("Size")),
        Column("Group", "GROUP", _not_available),
        Column("Availability", "AVAILABILITY", _not_available),
        Column("Status", "STATUS", _not_available),
    ),
    {"Label": label},
)
VOLUME_LAYOUT = Layout(
    "table {{.Driver}}\t{{.Name}}",
    quiet="{{.Name}}",
    raw="name: {{.Name}}\ndriver: {{.Driver}}\n",
    raw_quiet="name: {{.Name}}",
)


def volumes(rows: Iterable[Row], source: str, view: View, *, quiet: bool = False) -> str:
    """`docker volume ls`."""
    return VOLUMES.text(rows, VOLUME_LAYOUT.template(source, quiet=quiet), view)


def _created_text(row: Row, view: View) -> str:
    created = str(row.get("Created") or "0001-01-01T00:00:00Z")
    if created.startswith("0001-"):
        return "0001-01-01 00:00:00 +0000 UTC"
    return format_instant(parse_instant(created)).replace("T", " ").replace("Z", " +0000 UTC")


def _truth(key: str) -> Any:
    return lambda row, view: "true" if row.get(key) else "false"


NETWORKS = Formatter(
    "*network.networkContext",
    (
        Column("ID", "NETWORK ID", identifier()),
        Column("Name", "NAME", text("Name")),
        Column("Driver", "DRIVER", text("Driver")),
        Column("Scope", "SCOPE", text("Scope")),
        Column("IPv4", "IPV4", _truth("EnableIPv4")),
        Column("IPv6", "IPV6", _truth("EnableIPv6")),
        Column("Internal", "INTERNAL", _truth("Internal")),
        Column("Labels", "LABELS", labels),
        Column("CreatedAt", "CREATED AT", _created_text),
    ),
    {"Label": label},
)
NETWORK_LAYOUT = Layout(
    "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}",
    raw="network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n",
    raw_quiet="network_id: {{.ID}}",
)


def networks(rows: Iterable[Row], source: str, view: View, *, quiet: bool = False) -> str:
    """`docker network ls`."""
    return NETWORKS.text(rows, NETWORK_LAYOUT.template(source, quiet=quiet), view)


def _description(row: Row, view: View) -> str:
    description = str(row.get("description", "")).replace("\n", " ").replace("\r", " ")
    return ellipsis(description, 45) if view.trunc else description


SEARCH = Formatter(
    "*registry.searchContext",
    (
        Column("Name", "NAME", text("name")),
        Column("Description", "DESCRIPTION", _description),
        Column("StarCount", "STARS", text("star_count")),
        Column("IsOfficial", "OFFICIAL", lambda r, v: "[OK]" if r.get("is_official") else "", _truth("is_official")),
    ),
)
SEARCH_LAYOUT = Layout("table {{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}")


def search(rows: Iterable[Row], source: str, view: View) -> str:
    """`docker search`."""
    return SEARCH.text(rows, SEARCH_LAYOUT.template(source), view)
