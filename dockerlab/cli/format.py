"""`--format`: rows as a table, as JSON, or through a template (docker/cli, cli/command/formatter).

    Formatter("*formatter.volumeContext", COLUMNS).text(rows, "table {{.Driver}}\\t{{.Name}}")

What to show of a row is a matter of its `Column`s; which template to use of its `Layout`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.cli.tabwriter import tabulate
from dockerlab.cli.template import HEADER, Template, TemplateRunError, TemplateSyntaxError
from dockerlab.cli.template.values import Lazy, Map, Method, Struct
from dockerlab.errors import CommandError
from dockerlab.release import DOCKER_28


@dataclass(frozen=True, slots=True)
class View:
    """How values are to be shown: cut short or not, and what 'ago' counts from (nanoseconds since 1970).

    `columns` are those that are there of the columns that not every release has.
    """

    trunc: bool = True
    now: int = 0
    human: bool = True
    columns: frozenset[str] = DOCKER_28.list_columns


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a row can tell: its name in templates, its title in tables (if it has one), and how it is found.

    `json` where `{{json .}}` has something else; `optional`: not every release has it.
    """

    name: str
    title: str | None
    value: Callable[[Any, View], Any]
    json: Callable[[Any, View], Any] | None = None
    optional: bool = False


@dataclass(frozen=True)
class Layout:
    """The templates of one listing: its table, what -q shows, what --format raw shows."""

    table: str
    quiet: str = "{{.ID}}"
    raw: str = ""
    raw_quiet: str = ""
    quiet_overrides: bool = False

    def template(self, source: str, *, quiet: bool = False, table: str = "") -> str:
        """The template for a --format and -q; `table` where the flags ask for another table."""
        if source in {"", "table"}:
            return self.quiet if quiet else table or self.table
        if source == "raw" and self.raw:
            return self.raw_quiet if quiet else self.raw
        return self.quiet if quiet and self.quiet_overrides else source


@dataclass(frozen=True)
class Formatter:
    """Writes rows of one kind. `go_type` is the type that errors name; methods take arguments (`.Label "x"`)."""

    go_type: str
    columns: Sequence[Column]
    methods: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def text(self, rows: Iterable[Any], template: str, view: View = View()) -> str:
        """All rows, a line each; with the titles on top where the template begins with 'table'."""
        is_table = template.startswith("table")
        try:
            parsed = _parse(template)
        except TemplateSyntaxError as error:
            raise CommandError(f"template parsing error: {error}") from error
        lines = [self._render(parsed, self.row(row, view)) + "\n" for row in rows]
        if not is_table:
            return "".join(lines)
        head = parsed.render(self._titles(view), functions=HEADER) + "\n"
        return tabulate(head + "".join(lines))

    def row(self, row: Any, view: View) -> Struct:
        """A row as a template sees it; its values are worked out when asked for."""
        columns = self._shown(view)
        fields: dict[str, Any] = {column.name: _lazy(column, row, view) for column in columns}
        for name, call in self.methods.items():
            fields[name] = Method(name, _bound(call, row), ("string",))
        json = Lazy(lambda: {column.name: (column.json or column.value)(row, view) for column in columns})
        return Struct(self.go_type, fields, json=json, is_row=True)

    def uses(self, template: str, name: str) -> bool:
        """Whether a template looks at a column (`docker ps` asks for sizes only then)."""
        used = False

        def note() -> str:
            nonlocal used
            used = True
            return ""

        fields: dict[str, Any] = {column.name: "" for column in self.columns}
        fields |= {method: Method(method, lambda *arguments: "", ("string",)) for method in self.methods}
        try:
            parsed = Template.parse(template)
        except TemplateSyntaxError as error:
            raise CommandError(f"failed to parse template: {error}") from error
        try:
            parsed.render(Struct(self.go_type, {**fields, name: Lazy(note)}))
        except TemplateRunError as error:
            raise CommandError(f"failed to execute template: {error}") from error
        return used

    def _shown(self, view: View) -> Sequence[Column]:
        return [column for column in self.columns if not column.optional or column.name in view.columns]

    def _titles(self, view: View) -> Map:
        """The head of a table; a label's title is the last part of its name."""
        titles = Map({column.name: column.title for column in self._shown(view)})
        titles.methods = {name: Method(name, _label_title, ("string",)) for name in self.methods}
        return titles

    def _render(self, template: Template, row: Struct) -> str:
        try:
            return template.render(row)
        except TemplateRunError as error:
            raise CommandError(f"template parsing error: {error}") from error


def _label_title(name: str) -> str:
    """'my label' for 'com.example.my-label'."""
    return name.rpartition(".")[2].replace("-", " ").replace("_", " ")


def _parse(template: str) -> Template:
    """Read the template of a --format; the two characters \\t and \\n stand for a tab and a newline."""
    text = "{{json .}}" if template == "json" else template.removeprefix("table")
    return Template.parse(text.strip(" ").replace("\\t", "\t").replace("\\n", "\n"))


def _lazy(column: Column, row: Any, view: View) -> Lazy:
    return Lazy(lambda: column.value(row, view))


def _bound(call: Callable[..., Any], row: Any) -> Callable[..., Any]:
    return lambda *arguments: call(row, *arguments)
