"""Trees that are shown one level at a time: only what is open is ever asked for, so thousands of files stay quick."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

MOST_ROWS = 400
"""Rows that are shown at once; more say how many they are."""


@dataclass(frozen=True)
class Branch:
    """A node: `key` is its own in the tree, `facts` is what its row tells besides, `inner` makes its nodes."""

    key: str
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    inner: Callable[[], Iterable[Branch]] | None = None


def rows(roots: Iterable[Branch], opened: Collection[str], level: int = 1) -> Iterator[dict[str, Any]]:
    """The rows of a tree, those below an open node after it."""
    for branch in roots:
        is_open = branch.key in opened if branch.inner else None
        yield {"key": branch.key, "name": branch.name, "level": level, "open": is_open, **branch.facts}
        if branch.inner and is_open:
            yield from rows(branch.inner(), opened, level + 1)


def found(roots: Iterable[Branch], needle: str, prefix: str = "") -> Iterator[dict[str, Any]]:
    """All nodes whose path has the needle in it, in a flat list, each by its path."""
    for branch in roots:
        path = f"{prefix}/{branch.name}"
        if needle.lower() in path.lower():
            yield {"key": branch.key, "name": path, "level": 1, "open": None, **branch.facts}
        if branch.inner:
            yield from found(branch.inner(), needle, path)


def shown(roots: Iterable[Branch], opened: Collection[str], needle: str = "") -> dict[str, Any]:
    """The rows for the front end, and how many more there would be."""
    every = found(roots, needle) if needle else rows(roots, opened)
    first = list(islice(every, MOST_ROWS))
    return {"rows": first, "more": sum(1 for _ in every)}


def opened_at_first(roots: Iterable[Branch], most: int = 24) -> set[str]:
    """What is open to begin with: level after level, as long as there are not too many rows."""
    opened: set[str] = set()
    level = list(roots)
    count = len(level)
    while True:
        nodes = [branch for branch in level if branch.inner]
        below = [child for branch in nodes for child in (branch.inner or list)()]
        count += len(below)
        if not below or count > most:
            return opened
        opened |= {branch.key for branch in nodes}
        level = below
