"""The filters of `docker network ls` and `docker network prune` (moby, daemon/network/filter.go)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from dockerlab.engine.image_filters import until
from dockerlab.engine.network_record import NetworkRecord
from dockerlab.engine.volumes import label_matches, like
from dockerlab.errors import InvalidParameterError

Filters: TypeAlias = Mapping[str, Sequence[str]]
_PRUNE = frozenset({"label", "label!", "until"})


def _type(record: NetworkRecord, value: str) -> bool:
    if value not in {"builtin", "custom"}:
        raise InvalidParameterError(f"invalid filter: 'type'='{value}'")
    return record.predefined == (value == "builtin")


def _dangling(record: NetworkRecord, value: str) -> bool:
    if value not in {"0", "1", "false", "true"}:
        text = 'invalid value for filter \'dangling\', must be "true" (or "1"), or "false" (or "0")'
        raise InvalidParameterError(text)
    return (value in {"1", "true"}) == (not record.predefined and not record.endpoints)


_TESTS: Mapping[str, Callable[[NetworkRecord, str], bool]] = {
    "name": lambda record, value: like(record.name, value),
    "id": lambda record, value: like(record.id, value),
    "driver": lambda record, value: record.driver == value,
    "scope": lambda record, value: value == "local",
    "type": _type,
    "dangling": _dangling,
    "label": lambda record, value: label_matches(record.labels, value),
}


def passes(record: NetworkRecord, filters: Filters) -> bool:
    """Whether a network passes all filters; of several values one suffices, but all labels must fit."""
    for name, values in filters.items():
        if name not in _TESTS:
            raise InvalidParameterError(f"Invalid filter '{name}'")
        enough = all if name == "label" else any
        if not enough(_TESTS[name](record, value) for value in values):
            return False
    return True


def prunable(record: NetworkRecord, filters: Filters, now: int) -> bool:
    """Whether `docker network prune` may take a network away."""
    for name in filters:
        if name not in _PRUNE:
            raise InvalidParameterError(f"Invalid filter '{name}'")
    limit = until(filters, now)
    return (
        not record.predefined
        and not record.endpoints
        and (limit is None or record.created < limit)
        and all(label_matches(record.labels, value) for value in filters.get("label", ()))
        and not any(label_matches(record.labels, value) for value in filters.get("label!", ()))
    )
