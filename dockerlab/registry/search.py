"""Searching a registry: Docker's old index API (v1), which only Docker Hub still answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.registry.exchange import Exchange, Repositories
from dockerlab.registry.protocol import Response, json_response, text_response

DEFAULT_COUNT = 25


def search(exchange: Exchange) -> Response:
    """GET /v1/search?q=…&n=…: the repositories whose name or description has the term, best first."""
    if exchange.searched is None:
        return text_response(404, "404 page not found\n")
    query = exchange.request.query
    count = query.get("n", "")
    found = matching(exchange.searched(), query.get("q", ""))[: int(count) if count.isdigit() else DEFAULT_COUNT]
    return json_response({"num_results": len(found), "query": query.get("q", ""), "results": found})


def matching(repositories: Repositories, term: str) -> list[dict[str, Any]]:
    """The rows that have all words of a term: its very name first, then names, then descriptions; each by stars."""
    words = term.lower().removeprefix("library/").split()
    ranked = ((_rank(row, words), row) for row in repositories)
    fitting = [(rank, row) for rank, row in ranked if rank is not None]
    return [dict(row) for rank, row in sorted(fitting, key=lambda it: (it[0], -it[1]["star_count"], it[1]["name"]))]


def _rank(row: Mapping[str, Any], words: Sequence[str]) -> int | None:
    """How well a row fits, 0 best; None where it doesn't. Official repositories come before others."""
    name, about = row["name"].lower(), row["description"].lower()
    if words == [name]:
        return 0
    if words and all(word in name for word in words):
        return 1 if row["is_official"] else 2
    return 3 if words and all(word in name or word in about for word in words) else None


__all__ = ["Repositories", "matching", "search"]
