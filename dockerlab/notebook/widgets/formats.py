"""What a `--format` can be tried on: an object that `docker inspect` shows, or the rows of a list.

A subject says which command it stands for, what a template prints on it, and which fields there are. Texts and errors
are those of `cli`, so the pad prints what the command prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dockerlab.cli import listing, listing_images
from dockerlab.cli.format import Formatter, View
from dockerlab.cli.inspector import inspector_of
from dockerlab.cli.template import TemplateError
from dockerlab.errors import CommandError, DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook.widgets.outline import Branch

MOST_PREVIEW = 60


class Subject(Protocol):
    """Something to format."""

    @property
    def command(self) -> str:
        """The command, with {} where the template stands."""

    @property
    def examples(self) -> Sequence[tuple[str, str]]:
        """What to try: (what it shows, template)."""

    def render(self, lab: Lab, template: str) -> str:
        """What the command prints; CommandError as it prints it."""

    def fields(self, lab: Lab) -> list[Branch]:
        """The fields; the fact `use` of each is how a template names it."""


# Objects.


@dataclass(frozen=True)
class Inspected:
    """An object by its name, as `docker inspect` finds it: a container, an image, a network or a volume."""

    name: str

    @property
    def command(self) -> str:
        """docker inspect."""
        return f"docker inspect --format {{}} {self.name}"

    @property
    def examples(self) -> Sequence[tuple[str, str]]:
        """For a container, and for all else."""
        return INSPECT_EXAMPLES

    def find(self, lab: Lab) -> tuple[str, Any]:
        """Its kind and what the engine tells of it; NotFoundError where there is none of that name."""
        engine = lab.engine
        finders: Mapping[str, Callable[[str], Any]] = {
            "container": engine.containers.inspect,
            "image": engine.images.inspect,
            "network": engine.networks.inspect,
            "volume": engine.volumes.inspect,
        }
        for kind, find in finders.items():
            try:
                return kind, find(self.name)
            except DockerlabError:
                continue
        raise NotFoundError(f"No such object: {self.name}")

    def render(self, lab: Lab, template: str) -> str:
        """A line for the object."""
        inspector = inspector_of(template)
        inspector.add(*self.find(lab))
        return inspector.text()

    def fields(self, lab: Lab) -> list[Branch]:
        """The keys of its JSON."""
        return list(branches(self.find(lab)[1], ""))


INSPECT_EXAMPLES = (
    ("one field", "{{.Id}}"),
    ("a part of it as JSON", "{{json .Config.Cmd}}"),
    ("each of several", "{{range .Config.Env}}{{println .}}{{end}}"),
    ("a key with odd letters", '{{index .Config.Labels "dockerlab.simulated"}}'),
    ("shouted", "{{upper .Config.Image}}"),
)


def branches(value: Any, path: str) -> Iterator[Branch]:
    """What a value of JSON is made of; `path` is the expression for the value itself, '' at the top."""
    pairs = enumerate(value) if isinstance(value, list | tuple) else value.items()
    for name, inner in pairs:
        use = step(path, name)
        deeper = isinstance(inner, Mapping | list | tuple) and len(inner) > 0
        below = (lambda inner=inner, use=use: branches(inner, use)) if deeper else None
        yield Branch(use, str(name), {"use": use, "preview": preview(inner)}, below)


def step(path: str, name: str | int) -> str:
    """The expression for a field of what another one stands for: '.Config.Env', 'index .Mounts 0'."""
    inside = f"({path})" if path.startswith("index ") else path
    if isinstance(name, str) and name.isidentifier():
        return f"{inside}.{name}"
    key = name if isinstance(name, int) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"index {inside or '.'} {key}"


def preview(value: Any) -> str:
    """What a value is, in few letters."""
    if isinstance(value, Mapping):
        return _counted(len(value), "key") if value else "{}"
    if isinstance(value, list | tuple):
        return _counted(len(value), "element") if value else "[]"
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= MOST_PREVIEW else f"{text[: MOST_PREVIEW - 1]}…"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count != 1 else ''}"


# Rows.


@dataclass(frozen=True)
class Listed:
    """The rows of a list, e.g. of `docker ps -a`."""

    line: str
    formatter: Formatter
    rows: Callable[[Lab, str], Sequence[Mapping[str, Any]]]
    text: Callable[[Sequence[Any], str, View], str]
    examples: Sequence[tuple[str, str]] = ()

    @property
    def command(self) -> str:
        """The line with a --format."""
        return f"{self.line} --format {{}}"

    def render(self, lab: Lab, template: str) -> str:
        """A line for each row."""
        rows = self.rows(lab, template)
        try:
            return self.text(rows, template, self._view(lab))
        except CommandError as error:
            if isinstance(error.__cause__, TemplateError):
                error.__cause__.position = in_source(template, error.__cause__.position)
            raise

    def fields(self, lab: Lab) -> list[Branch]:
        """The columns, each with what it is in the first row."""
        view = self._view(lab)
        rows = self.rows(lab, "")
        first = self.formatter.row(rows[0], view) if rows else None
        columns = [column for column in self.formatter.columns if not column.optional or column.name in view.columns]
        return [
            Branch(f".{each.name}", each.name, {"use": f".{each.name}", "preview": _cell(first, each.name)})
            for each in columns
        ]

    def _view(self, lab: Lab) -> View:
        return View(now=lab.clock.now, columns=lab.engine.release.list_columns)


def _cell(row: Any, name: str) -> str:
    return preview(row.get(name)) if row is not None else ""


def _containers(everything: bool) -> Callable[[Lab, str], Any]:
    def rows(lab: Lab, template: str) -> Any:
        sized = bool(template) and listing.needs_size(template)
        return lab.engine.containers.list(all=everything, size=sized)

    return rows


_PS = (
    ("a table of two columns", "table {{.Names}}\\t{{.Status}}"),
    ("with a blank between", "{{.Names}} {{.Image}}"),
    ("all as JSON", "json"),
    ("only some", '{{if eq .State "running"}}{{.Names}}{{end}}'),
)
_TABLE = (("a table", "table {{.%s}}\\t{{.%s}}"), ("all as JSON", "json"))


def _table(first: str, second: str) -> Sequence[tuple[str, str]]:
    return tuple((label, text.replace("%s", first, 1).replace("%s", second, 1)) for label, text in _TABLE)


LISTS: Mapping[str, Listed] = {
    each.line: each
    for each in (
        Listed("docker ps", listing.CONTAINERS, _containers(False), listing.containers, _PS),
        Listed("docker ps -a", listing.CONTAINERS, _containers(True), listing.containers, _PS),
        Listed(
            "docker images",
            listing_images.IMAGES,
            lambda lab, template: list(
                listing_images.image_rows(lab.engine.images.list(), digests="{{.Digest}}" in template)
            ),
            lambda rows, source, view: listing_images.IMAGES.text(rows, listing_images.image_template(source), view),
            _table("Repository", "Size"),
        ),
        Listed(
            "docker volume ls",
            listing.VOLUMES,
            lambda lab, template: lab.engine.volumes.list(),
            listing.volumes,
            _table("Name", "Driver"),
        ),
        Listed(
            "docker network ls",
            listing.NETWORKS,
            lambda lab, template: lab.engine.networks.list(),
            listing.networks,
            _table("Name", "Driver"),
        ),
    )
}


def subject_of(text: str) -> Subject:
    """The subject that a name or a command line means: 'web', 'docker inspect web', 'docker ps -a'."""
    words = text.split()
    line = " ".join(words)
    if line in LISTS:
        return LISTS[line]
    if words[:1] == ["docker"] and words[1:2] != ["inspect"]:
        raise InvalidParameterError(f"{line!r} can't be tried here; there are: {', '.join(LISTS)}, docker inspect NAME")
    return Inspected(words[-1] if words else "")


def in_source(text: str, position: int) -> int:
    """A place in the template as lists read it, in what was typed: 'table ' is left out, '\\t' is one character."""
    body = text.removeprefix("table")
    if body != text:
        position += len(text) - len(body.lstrip(" "))
    for escape in re.finditer(r"\\[tn]", text):
        position += escape.start() < position
    return position
