"""The engine's event log: what `docker events` lists (Engine API, "Monitor events")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.events import ContainerEvent
from dockerlab.world import NANOSECOND, Clock

KEPT = 256
"""Moby remembers as many events for clients that ask for the past."""

FILTERS = frozenset(
    "config container daemon event image label network node plugin scope secret service type volume".split()
)
_BY_TYPE = ("container", "image", "network", "volume", "plugin", "daemon")


class EventLog:
    """The last events, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: list[ContainerEvent] = []

    def add(self, type_: str, action: str, id_: str, attributes: Mapping[str, str] | None = None) -> None:
        """Note that `action` happened to the object `id_` of kind `type_` ('container', 'image', …)."""
        pairs = tuple(sorted((attributes or {}).items()))
        self._events.append(ContainerEvent(type_, action, id_, self._clock.now, pairs))
        del self._events[:-KEPT]

    @property
    def latest(self) -> ContainerEvent | None:
        """What happened last."""
        return self._events[-1] if self._events else None

    def select(
        self, since: int = 0, until: int = 0, filters: Mapping[str, Sequence[str]] | None = None
    ) -> list[ContainerEvent]:
        """Events between two instants (nanoseconds, 0: no limit) that pass the filters; unknown ones pass over."""
        wanted = {name: values for name, values in (filters or {}).items() if name in FILTERS}
        return [
            event
            for event in self._events
            if event.time_ns >= since and (not until or event.time_ns <= until) and _passes(event, wanted)
        ]


def exec_action(action: str, words: Sequence[str]) -> str:
    """'exec_create: ls -l': the program, a blank, and its arguments, which may be none."""
    return f"{action}: {words[0]} {' '.join(words[1:])}"


def _passes(event: ContainerEvent, filters: Mapping[str, Sequence[str]]) -> bool:
    return all(any(_matches(event, name, value) for value in values) for name, values in filters.items())


def _matches(event: ContainerEvent, name: str, value: str) -> bool:
    attributes = dict(event.attributes)
    if name == "event":
        return event.action == value or event.action.split(":")[0] == value
    if name == "type":
        return event.type == value
    if name == "label":
        key, separator, wanted = value.partition("=")
        return key in attributes and (not separator or attributes[key] == wanted)
    if name == "image":
        return value in {attributes.get("image", ""), event.id if event.type == "image" else ""} or (
            event.type == "image" and attributes.get("name") == value
        )
    if name in _BY_TYPE:
        return event.type == name and (event.id.startswith(value) or attributes.get("name") == value)
    return name == "scope" and value == "local"


def to_json(event: ContainerEvent) -> dict[str, Any]:
    """An event as the API sends it; containers and images carry the old fields `status`, `id`, `from` too."""
    attributes = dict(event.attributes)
    fields: dict[str, Any] = {}
    if event.type in {"container", "image"}:
        fields |= {"status": event.action, "id": event.id}
    if event.type == "container":
        fields["from"] = attributes.get("image", "")
    return fields | {
        "Type": event.type,
        "Action": event.action,
        "Actor": {"ID": event.id, "Attributes": attributes},
        "scope": "local",
        "time": event.time_ns // NANOSECOND,
        "timeNano": event.time_ns,
    }
