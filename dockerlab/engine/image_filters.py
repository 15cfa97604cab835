"""Filters on images: which names and values there are, and what moby says of others (daemon/images)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from dockerlab.engine.image_context import Filters
from dockerlab.engine.volumes import label_matches
from dockerlab.errors import InvalidParameterError
from dockerlab.oci.config import ContainerConfig
from dockerlab.world import NANOSECOND, parse_instant

LIST = frozenset({"dangling", "label", "before", "since", "reference", "until"})
PRUNE = frozenset({"dangling", "label", "label!", "until"})
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": NANOSECOND,
    "m": 60 * NANOSECOND,
    "h": 3600 * NANOSECOND,
}
_DURATION = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+")
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?)?(?P<zone>Z|[+-]\d\d:\d\d)?")


def check_names(filters: Filters, known: AbstractSet[str]) -> None:
    """Refuse filters that nobody knows."""
    for name in filters:
        if name not in known:
            raise InvalidParameterError(f"Invalid filter '{name}'")


def truth(filters: Filters, name: str) -> bool | None:
    """A filter that is true or false; None where it isn't given."""
    values = filters.get(name)
    if not values:
        return None
    known = [_TRUTH[value] for value in values if value in _TRUTH]
    if not known:
        raise InvalidParameterError(f"Invalid filter '{name}=[{' '.join(values)}]'")
    return known[0]


def has_labels(config: ContainerConfig, wanted: Sequence[str]) -> bool:
    """Whether a configuration has all of these labels."""
    return all(label_matches(config.labels, value) for value in wanted)


def prunable(config: ContainerConfig, filters: Filters) -> bool:
    """Whether the filters `label` and `label!` let an image be pruned."""
    spared = any(label_matches(config.labels, value) for value in filters.get("label!", ()))
    return not spared and has_labels(config, filters.get("label", ()))


def until(filters: Filters, now: int) -> int | None:
    """The instant that the filter `until` means: an age or a time; None where it isn't given."""
    values = filters.get("until", ())
    if len(values) > 1:
        raise InvalidParameterError("more than one until filter specified")
    return parse_time(values[0], now) if values else None


def parse_time(text: str, now: int) -> int:
    """Nanoseconds since 1970 of a Go duration before now, of a date, or of a Unix time stamp."""
    if _DURATION.fullmatch(text):
        sign = -1 if text.startswith("-") else 1
        return now - sign * sum(int(float(number) * _UNITS[unit]) for number, unit in _PART.findall(text))
    if re.fullmatch(r"\d+(\.\d{1,9})?", text):
        seconds, _, fraction = text.partition(".")
        return int(seconds) * NANOSECOND + int((fraction + "0" * 9)[:9])
    match = _DATE.fullmatch(text)
    try:
        return parse_instant(_complete(text, match["zone"] or "")) if match else _refuse(text)
    except ValueError:
        return _refuse(text)


def _complete(text: str, zone: str) -> str:
    """A date with all that RFC 3339 wants of it."""
    date, _, clock = text.removesuffix(zone).partition("T")
    parts = [*(clock.split(":") if clock else []), "00", "00", "00"][: max(3, clock.count(":") + 1)]
    return f"{date}T{':'.join(parts)}{zone or 'Z'}"


def _refuse(text: str) -> int:
    raise InvalidParameterError(f'failed to parse value as time or duration: "{text}"')
