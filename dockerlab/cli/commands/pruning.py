"""What the prune commands have in common: the question, and the last line."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeAlias

from dockerlab.cli.context import Context
from dockerlab.cli.units import human_size
from dockerlab.events import Wait

QUESTION = "Are you sure you want to continue?"

Filters: TypeAlias = Mapping[str, Sequence[str]]


def agreed(ctx: Context, force: object, warning: str) -> Generator[Wait, Any, bool]:
    """Whether to go on: --force was given, or the question is answered with yes."""
    if force:
        return True
    return (yield from ctx.confirm(f"WARNING! This will remove {warning}\n{QUESTION}"))


def reclaimed(space: int) -> str:
    """The last line of every prune."""
    return f"Total reclaimed space: {human_size(space)}"
