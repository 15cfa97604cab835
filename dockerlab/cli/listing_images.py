"""`docker images` and `docker history` (docker/cli, cli/command/formatter/image.go and image/formatter_history.go)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dockerlab.cli.format import Column, Formatter, Layout, View
from dockerlab.cli.listing import YEAR_ONE, Row, ago, go_time, identifier, text
from dockerlab.cli.units import ellipsis, human_size, human_size_with_precision
from dockerlab.world import NANOSECOND, format_instant

NONE = "<none>"

_MILLENNIUM = 946_684_800
"""2000-01-01 in seconds since 1970: nothing in a history is older."""


def _optional(key: str, show: Any) -> Any:
    return lambda row, view: "N/A" if row.get(key, -1) == -1 else show(row[key])


def _unique_size(row: Row, view: View) -> str:
    size, shared = row.get("Size", -1), row.get("SharedSize", -1)
    return "N/A" if -1 in {size, shared} else human_size(size - shared)


def _image_created_since(row: Row, view: View) -> str:
    return "" if row["Created"] <= YEAR_ONE else ago(row["Created"], view)


IMAGES = Formatter(
    "*formatter.imageContext",
    (
        Column("ID", "IMAGE ID", identifier()),
        Column("Repository", "REPOSITORY", text("Repository")),
        Column("Tag", "TAG", text("Tag")),
        Column("Digest", "DIGEST", text("Digest")),
        Column("CreatedSince", "CREATED", _image_created_since),
        Column("CreatedAt", "CREATED AT", lambda r, v: go_time(r["Created"])),
        Column("Size", "SIZE", lambda r, v: human_size_with_precision(r["Size"], 3)),
        Column("Containers", "CONTAINERS", _optional("Containers", str)),
        Column("VirtualSize", "SIZE", lambda r, v: human_size(r["Size"]), optional=True),
        Column("SharedSize", "SHARED SIZE", _optional("SharedSize", human_size)),
        Column("UniqueSize", "UNIQUE SIZE", _unique_size),
    ),
)
_CREATED = "{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}"
_PLAIN = f"table {{{{.Repository}}}}\t{{{{.Tag}}}}\t{{{{.ID}}}}\t{_CREATED}\t{{{{.Size}}}}"
_WITH_DIGEST = f"table {{{{.Repository}}}}\t{{{{.Tag}}}}\t{{{{.Digest}}}}\t{{{{.ID}}}}\t{_CREATED}\t{{{{.Size}}}}"
_RAW = (
    "repository: {{.Repository}}\ntag: {{.Tag}}\n%simage_id: {{.ID}}\n"
    "created_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n"
)
IMAGE_LAYOUT = Layout(_PLAIN, raw=_RAW % "", raw_quiet="image_id: {{.ID}}")


def image_template(source: str, *, quiet: bool = False, digests: bool = False) -> str:
    """The template of `docker images`."""
    if source == "raw" and digests and not quiet:
        return _RAW % "{{- if .Digest}}digest: {{.Digest}}\n{{- end}}"
    template = IMAGE_LAYOUT.template(source, quiet=quiet, table=_WITH_DIGEST if digests else "")
    if digests and template.startswith("table") and "{{.Digest}}" not in template:
        return template + "\t{{.Digest}}"
    return template


def image_rows(images: Iterable[Row], *, digests: bool) -> Iterator[Row]:
    """A row for each name of each image; those without any are <none>."""
    for image in images:
        for repository, tag, digest in _names(image, digests):
            yield {**image, "Repository": repository, "Tag": tag, "Digest": digest}


def _names(image: Row, digests: bool) -> Iterator[tuple[str, str, str]]:
    tags = _by_repository((name for name in image.get("RepoTags") or () if "@" not in name), ":")
    pinned = _by_repository(image.get("RepoDigests") or (), "@")
    if not any(repository != NONE for repository in {*tags, *pinned}):
        yield NONE, NONE, NONE
        return
    for repository, names in tags.items():
        known = pinned.pop(repository, []) if digests else []
        for tag in names:
            yield from ((repository, tag, digest) for digest in known or [NONE])
    for repository, names in pinned.items():
        if repository not in tags:
            yield from ((repository, NONE, digest) for digest in (names if digests else names[:1]))


def _by_repository(references: Iterable[str], mark: str) -> dict[str, list[str]]:
    """'localhost:5000/a:1' -> {'localhost:5000/a': ['1']}"""
    found: dict[str, list[str]] = {}
    for reference in references:
        repository, _, name = reference.rpartition(mark)
        found.setdefault(repository, []).append(name)
    return found


def images(rows: Iterable[Row], source: str, view: View, *, quiet: bool = False, digests: bool = False) -> str:
    """`docker images`."""
    template = image_template(source, quiet=quiet, digests=digests)
    return IMAGES.text(image_rows(rows, digests=digests or "{{.Digest}}" in template), template, view)


def _history_size(row: Row, view: View) -> str:
    return human_size_with_precision(row["Size"], 3) if view.human else str(row["Size"])


def _history_created_since(row: Row, view: View) -> str:
    if not view.human:
        return format_instant(row["Created"] * NANOSECOND)
    return ago(row["Created"], view) if row["Created"] >= _MILLENNIUM else "N/A"


def _created_by(row: Row, view: View) -> str:
    command = str(row["CreatedBy"]).replace("\t", " ")
    return ellipsis(command, 45) if view.trunc else command


HISTORY = Formatter(
    "*image.historyContext",
    (
        Column("ID", "IMAGE", identifier()),
        Column("CreatedSince", "CREATED", _history_created_since),
        Column("CreatedAt", "CREATED AT", lambda r, v: format_instant(r["Created"] * NANOSECOND)),
        Column("CreatedBy", "CREATED BY", _created_by),
        Column("Size", "SIZE", _history_size),
        Column("Comment", "COMMENT", text("Comment")),
    ),
)
HISTORY_LAYOUT = Layout("table {{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}")
_EXACT = "table {{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}"


def history(rows: Iterable[Row], source: str, view: View, *, quiet: bool = False) -> str:
    """`docker history`; `view.human` is its --human."""
    template = HISTORY_LAYOUT.template(source, quiet=quiet, table="" if view.human else _EXACT)
    return HISTORY.text(rows, template, view)
