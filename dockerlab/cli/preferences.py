"""What the user's config.json prefers: a context, and formats for the listings (docker/cli, cli/config/configfile)."""

from __future__ import annotations

from dockerlab.cli.context import Context
from dockerlab.cli.credentials import load_config
from dockerlab.cli.parser import Invocation


def current_context(ctx: Context) -> str:
    """The context that `docker context use` chose; '' if none."""
    return str(load_config(ctx).get("currentContext") or "")


def preferred_format(ctx: Context, args: Invocation, setting: str) -> str:
    """The --format of a listing: as it was given, or the file's (`psFormat` …), which -q does without."""
    given = str(args["format"])
    if given or args.flags.get("quiet"):
        return given
    return str(load_config(ctx).get(setting) or "")


def prune_filters(ctx: Context, args: Invocation) -> dict[str, tuple[str, ...]]:
    """The --filter of a prune with the file's `pruneFilters`; never a label's opposite of what was given."""
    filters = dict(args["filter"])
    for text in load_config(ctx).get("pruneFilters") or ():
        name, equals, value = str(text).partition("=")
        opposite = {"label": "label!", "label!": "label"}.get(name, "")
        if equals and value not in filters.get(opposite, ()):
            filters = {**filters, name: (*filters.get(name, ()), value)}
    return filters
