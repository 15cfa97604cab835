"""Filters on images: which names and values there are, and what moby says of others (daemon/images)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from dockerlab.engine.image_context import Filters
from dockerlab.engine.timestamps import parse_time
from dockerlab.engine.volumes import label_matches
from dockerlab.errors import InvalidParameterError
from dockerlab.oci.config import ContainerConfig

LIST = frozenset({"dangling", "label", "before", "since", "reference", "until"})
PRUNE = frozenset({"dangling", "label", "label!", "until"})
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


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
    """Whether the filters `label` and `label!` let an image be pruned; what has all of the latter is spared."""
    spared = filters.get("label!", ())
    if spared and has_labels(config, spared):
        return False
    return has_labels(config, filters.get("label", ()))


def until(filters: Filters, now: int) -> int | None:
    """The instant that the filter `until` means: an age or a time; None where it isn't given."""
    values = filters.get("until", ())
    if len(values) > 1:
        raise InvalidParameterError("more than one until filter specified")
    return parse_time(values[0], now) if values else None
