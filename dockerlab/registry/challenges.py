"""Challenges: what a registry asks of those whom it refuses, and why (RFC 9110, 11.6.1; RFC 6750, 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SCHEME = re.compile(r"\s*,?\s*([A-Za-z][A-Za-z0-9-]*)(?=\s+[A-Za-z_]+\s*=|\s*(?:,|$))")
_PARAMETER = re.compile(r'\s*,?\s*([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


@dataclass(frozen=True)
class Challenge:
    """One way to say who asks."""

    scheme: str
    parameters: Mapping[str, str]


def parse_challenges(header: str) -> Iterator[Challenge]:
    """What a Www-Authenticate header asks for: 'Bearer realm="…",service="…"', several of them in a row."""
    place = 0
    while scheme := _SCHEME.match(header, place):
        place = scheme.end()
        parameters = {}
        while found := _PARAMETER.match(header, place):
            parameters[found[1].lower()] = found[3] or re.sub(r"\\(.)", r"\1", found[2] or "")
            place = found.end()
        yield Challenge(scheme[1].lower(), parameters)
