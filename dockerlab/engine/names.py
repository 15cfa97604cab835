"""Names as parts of an API path: what no client sends, and what no route of the daemon matches."""

from __future__ import annotations

from dockerlab.errors import EmptyNameError, NotFoundError


def check_path_name(kind: str, name: str) -> None:
    """Refuse an empty name (the client does) and one of several lines (a route's `.*` ends at a newline)."""
    if not name.strip():
        raise EmptyNameError(kind)
    check_route(name)


def check_route(name: str) -> None:
    """Refuse what leads to no route; an empty name does so too, since the client cleans its path of the last slash."""
    if not name or "\n" in name:
        raise NotFoundError("page not found")
