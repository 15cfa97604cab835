"""`--format` of the commands that show one object (version, info, events): 'json' or a template.

Each has its own words for what is wrong (docker/cli, cli/command/system/{version,info,events}.go).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.cli.context import Context
from dockerlab.cli.shapes import shaped
from dockerlab.cli.template import Template, TemplateRunError, TemplateSyntaxError
from dockerlab.errors import CommandError


def parse_format(
    format_: str, *, name: str = "", complaint: str = "template parsing error", exit_code: int = 64
) -> Template:
    """Read a format; what can't be read exits with 64 as a rule."""
    try:
        return Template.parse("{{json .}}" if format_ == "json" else format_, name=name)
    except TemplateSyntaxError as error:
        raise CommandError(f"{complaint}: {error}", exit_code=exit_code) from error


def show(ctx: Context, template: Template, kind: str, details: Mapping[str, Any]) -> int:
    """Print an object in a line; a fault leaves what had been written before it."""
    try:
        ctx.line(template.render(shaped(kind, details)))
    except TemplateRunError as error:
        ctx.line(error.written)
        raise CommandError(str(error)) from error
    return 0
