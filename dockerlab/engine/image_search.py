"""`docker search` (moby, registry/search.go)."""

from __future__ import annotations

from typing import Any

from dockerlab.engine.image_context import Filters, RegistryClient
from dockerlab.engine.image_filters import check_names, truth
from dockerlab.errors import InvalidParameterError

FILTERS = frozenset({"is-automated", "is-official", "stars"})
DEFAULT_LIMIT = 25
MAX_LIMIT = 100


def search_images(client: RegistryClient, term: str, filters: Filters, limit: int) -> list[dict[str, Any]]:
    """Repositories that a registry finds for a term, as far as the filters let them pass."""
    check_names(filters, FILTERS)
    wanted = {name.replace("-", "_"): truth(filters, name) for name in ("is-automated", "is-official")}
    stars = _stars(filters)
    limit = limit or DEFAULT_LIMIT
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidParameterError(f"Limit {limit} is outside the range of [1, {MAX_LIMIT}]")
    found = client.search(term, limit)
    return [row for row in found if row["star_count"] >= stars and _passes(row, wanted)]


def _passes(row: dict[str, Any], wanted: dict[str, bool | None]) -> bool:
    return all(answer is None or bool(row[name]) == answer for name, answer in wanted.items())


def _stars(filters: Filters) -> int:
    """The least number of stars that is asked for."""
    values = filters.get("stars", ())
    for value in values:
        if not value.isdigit():
            raise InvalidParameterError(f"Invalid filter 'stars={value}'")
    return max(map(int, values), default=0)
