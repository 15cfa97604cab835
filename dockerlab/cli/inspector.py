"""What the inspect commands print: indented JSON, JSON in a line, or a template for each object."""

from __future__ import annotations

import json
from typing import Any, Protocol

from dockerlab.cli.shapes import WITHOUT_JSON, decoded, shaped
from dockerlab.cli.template import Template, TemplateError, TemplateRunError, TemplateSyntaxError
from dockerlab.cli.template.docker import escape_html
from dockerlab.errors import CommandError


class Inspector(Protocol):
    """Takes objects in and has a text for all of them."""

    def add(self, kind: str, details: Any) -> None:
        """One more object; raises CommandError where a template fails on it."""

    def text(self) -> str:
        """All that is to be printed."""


class _Indented:
    """A JSON array, indented by four blanks."""

    def __init__(self) -> None:
        self._found: list[Any] = []
        self._escaped = False

    def add(self, kind: str, details: Any) -> None:
        """One more element."""
        self._found.append(details)
        self._escaped = kind in WITHOUT_JSON

    def text(self) -> str:
        """The array; '[]' where nothing was found."""
        return self._finished(json.dumps(self._found, indent=4, ensure_ascii=False))

    def _finished(self, text: str) -> str:
        return (escape_html(text) if self._escaped else text) + "\n"


class _Compact(_Indented):
    """A JSON array in one line (`--format json`)."""

    def text(self) -> str:
        """The array."""
        return self._finished(json.dumps(self._found, ensure_ascii=False, separators=(",", ":")))


class _Templated:
    """A line for each object; a fault leaves what had been printed, an empty line where that is nothing."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._lines: list[str] = []

    def add(self, kind: str, details: Any) -> None:
        """Run the template on the struct, then on the plain JSON where that fails."""
        try:
            text = self._template.render(shaped(kind, details))
        except TemplateRunError as error:
            if kind in WITHOUT_JSON:
                raise CommandError(f"template parsing error: {error}") from error
            try:
                text = self._template.render(decoded(details), missing_key_is_error=True)
            except TemplateError as fault:
                raise CommandError(f"template parsing error: {fault}") from fault
        self._lines.append(text + "\n")

    def text(self) -> str:
        """The lines."""
        return "".join(self._lines) or "\n"


def inspector_of(format_: str) -> Inspector:
    """The inspector for a --format; a template that can't be read exits with 64."""
    if not format_:
        return _Indented()
    if format_ == "json":
        return _Compact()
    try:
        return _Templated(Template.parse(format_))
    except TemplateSyntaxError as error:
        raise CommandError(f"template parsing error: {error}", exit_code=64) from error
