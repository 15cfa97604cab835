"""`docker search` (moby, registry/search.go)."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.engine.image_context import Filters, RegistryClient
from dockerlab.engine.image_filters import check_names, truth
from dockerlab.errors import InvalidParameterError

FILTERS = frozenset({"is-automated", "is-official", "stars"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")


def search_images(client: RegistryClient, term: str, filters: Filters, limit: int) -> list[dict[str, Any]]:
    """Repositories that a registry finds for a term, as far as the filters let them pass."""
    check_names(filters, FILTERS)
    wanted = {name.replace("-", "_"): _one(filters, name) for name in ("is-automated", "is-official")}
    stars = _stars(filters)
    found = client.search(term, limit)
    return [row for row in found if row["star_count"] >= stars and _passes(row, wanted)]


def _passes(row: dict[str, Any], wanted: dict[str, bool | None]) -> bool:
    return all(answer is None or bool(row[name]) == answer for name, answer in wanted.items())


def _one(filters: Filters, name: str) -> bool | None:
    """A filter that is true or false, and not both."""
    values = filters.get(name, ())
    if {truth({name: [value]}, name) for value in values} == {True, False}:
        raise InvalidParameterError(f"Invalid filter '{name}=[{' '.join(values)}]'")
    return truth(filters, name)


def _stars(filters: Filters) -> int:
    """The least number of stars that is asked for."""
    values = filters.get("stars", ())
    for value in values:
        if not _NUMBER.fullmatch(value) or abs(int(value)) >= 1 << 63:
            raise InvalidParameterError(f"Invalid filter 'stars={value}'")
    return max(map(int, values), default=0)
