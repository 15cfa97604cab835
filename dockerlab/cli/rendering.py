"""`--format` of the commands that show one object (version, info, events): 'json' or a template."""

from __future__ import annotations

from typing import Any

from dockerlab.cli.shapes import ordered
from dockerlab.cli.template import Template, TemplateRunError, TemplateSyntaxError
from dockerlab.errors import CommandError


def render(format_: str, value: Any) -> str:
    """The text of a value through a format; 64 for one that can't be read."""
    try:
        template = Template.parse("{{json .}}" if format_ == "json" else format_)
        return template.render(ordered(value))
    except TemplateSyntaxError as error:
        raise CommandError(f"template parsing error: {error}", exit_code=64) from error
    except TemplateRunError as error:
        raise CommandError(f"template parsing error: {error}") from error
