"""`Networks`: what `docker network` asks of an engine (Engine API, "Network"; moby, daemon/network.go).

What networks are stands in `network_store`, who is on them in `container_networks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.engine import container_networks
from dockerlab.engine.container_context import Context
from dockerlab.engine.network_filters import Filters, passes, prunable
from dockerlab.engine.network_record import NetworkRecord
from dockerlab.engine.network_store import check_driver
from dockerlab.errors import ConflictError, ForbiddenError, InvalidParameterError, NotFoundError


class Networks:
    """The networks of one engine."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.networks

    def create(self, body: Mapping[str, Any]) -> dict[str, str]:
        """`docker network create`: the API's request body; returns the ID."""
        name, driver = body.get("Name", ""), body.get("Driver") or "bridge"
        if not name:
            raise ConflictError("network with name  already exists")
        if not name.strip():
            raise InvalidParameterError("invalid name: name is empty")
        if name in {"bridge", "host", "none", "default"}:
            raise ForbiddenError(f"operation is not permitted on predefined {name} network")
        if name in self._store:
            raise ConflictError(f"network with name {name} already exists")
        check_driver(driver)
        record = self._store.create(name, driver, body)
        self._note("create", record)
        return {"Id": record.id, "Warning": ""}

    def remove(self, name: str) -> None:
        """`docker network rm`: nobody may be connected."""
        record = self._store.find(name)
        if record.predefined:
            raise ForbiddenError(f"{record.name} is a pre-defined network and cannot be removed")
        if record.endpoints:
            text = f"network {record.name} id {record.id} has active endpoints"
            raise ForbiddenError(f"error while removing network: {text}")
        self._store.remove(record)
        self._note("destroy", record)

    def connect(self, name: str, container: str, settings: Mapping[str, Any] | None = None) -> None:
        """`docker network connect`: `settings` are the API's EndpointConfig."""
        owner = self._context.registry.find(container)
        if name not in self._store and not owner.state.running:
            container_networks.intend(self._context, owner, name, settings or {})
            return
        container_networks.connect(self._context, owner, self._store.find(name), settings or {})

    def disconnect(self, name: str, container: str, force: bool = False) -> None:
        """`docker network disconnect`."""
        try:
            owner = self._context.registry.find(container)
        except NotFoundError:
            if force and self._store.find(name):
                raise NotFoundError(f"endpoint {container} not found") from None
            raise
        if container_networks.forget(self._context, owner, name):
            return
        container_networks.disconnect(self._context, owner, self._store.find(name))

    def inspect(self, name: str) -> dict[str, Any]:
        """`docker network inspect`."""
        return self._store.find(name).to_json()

    def list(self, filters: Filters | None = None) -> list[dict[str, Any]]:
        """`docker network ls`, by name."""
        found = [record for record in self._store if passes(record, filters or {})]
        return [record.to_json() for record in sorted(found, key=lambda record: record.name)]

    def prune(self, filters: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
        """`docker network prune`: networks of users that nobody is connected to."""
        victims = [record for record in self._store if prunable(record, filters or {}, self._context.now)]
        for record in victims:
            self._store.remove(record)
            self._note("destroy", record)
        self._context.events.add("network", "prune", "", {"reclaimed": "0"})
        return {"NetworksDeleted": [record.name for record in victims] or None}

    def _note(self, action: str, record: NetworkRecord) -> None:
        self._context.events.add("network", action, record.id, record.event)
