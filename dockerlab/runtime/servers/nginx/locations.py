"""Which location a path belongs to (nginx.org, "location"): exact, the longest prefix, regular expressions in order."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlab.runtime.servers.nginx.config import Location
from dockerlab.runtime.servers.nginx.rewriting import Given
from dockerlab.runtime.servers.nginx.visit import Visit


def find_location(visit: Visit) -> Location | None:
    """The location for a request's path; captures of a regular expression are kept.

    Where only '/name/' is passed on to another server, '/name' is sent there (Given).
    """
    found = _find(visit, visit.server.locations)
    shorter = found is None or not (found.pattern or found.modifier == "=" or found.name == visit.uri)
    if shorter and any(_wants_slash(visit, each) for each in visit.server.locations):
        raise Given(301, f"{visit.uri}/" + (f"?{visit.args}" if visit.args else ""))
    return found


def _wants_slash(visit: Visit, location: Location) -> bool:
    passed = any(location.scope.own(name) for name in ("proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass"))
    return passed and not location.pattern and location.name == f"{visit.uri}/"


def _find(visit: Visit, locations: Sequence[Location]) -> Location | None:
    best: Location | None = None
    for location in locations:
        if location.modifier == "=" and location.name == visit.uri:
            return location
        is_prefix = location.modifier in ("", "^~") and visit.uri.startswith(location.name)
        if is_prefix and (best is None or len(location.name) > len(best.name)):
            best = location
    inner = _find(visit, best.inner) if best is not None and best.inner else None
    if inner is not None and (inner.modifier != "" or inner.pattern):
        return inner
    if best is None or best.modifier != "^~":
        for location in locations:
            match = location.pattern.search(visit.uri) if location.pattern else None
            if match:
                visit.note_match(match)
                return (_find(visit, location.inner) if location.inner else None) or location
    return inner or best
