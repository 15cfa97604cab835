"""The networks that there are, and how they lie in the host's network namespace.

Behind a bridge is a `runtime.net.Link`, which joins the network namespaces of containers and of the host; the host
has the gateway's address on it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dockerlab.engine.config import DaemonConfig
from dockerlab.engine.network_pool import DEFAULT_POOLS, Pool, Subnet, configured_pool, default_pool
from dockerlab.engine.network_record import LINKED, NetworkRecord, mac_of
from dockerlab.errors import InvalidParameterError, NotFoundError
from dockerlab.runtime.net import Link, Stack
from dockerlab.world import Chance, Clock

BRIDGE = "172.17.0.0/16"
_BRIDGE_OPTIONS = {
    "com.docker.network.bridge.default_bridge": "true",
    "com.docker.network.bridge.enable_icc": "true",
    "com.docker.network.bridge.enable_ip_masquerade": "true",
    "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
    "com.docker.network.bridge.name": "docker0",
    "com.docker.network.driver.mtu": "1500",
}
_BRIDGE_NAME = "com.docker.network.bridge.name"


class NetworkStore:
    """`bridge`, `host`, `none`, and those that users made."""

    def __init__(
        self, clock: Clock, chance: Chance, host: Stack, config: Callable[[], DaemonConfig] = DaemonConfig
    ) -> None:
        self._clock, self._chance = clock, chance
        self._config = config
        self.host = host
        bridge = NetworkRecord("bridge", chance.hex(), "bridge", clock.now, options=_BRIDGE_OPTIONS)
        bridge.pool = Pool(ipaddress.IPv4Network(BRIDGE), configured=False)
        bridge.ipam = {"Driver": "default", "Options": None, "Config": [{"Subnet": BRIDGE}]}
        host_record = NetworkRecord("host", chance.hex(), "host", clock.now)
        none = NetworkRecord("none", chance.hex(), "null", clock.now)
        self._records = {record.name: record for record in (bridge, host_record, none)}
        self._wire(bridge)

    def __iter__(self) -> Iterator[NetworkRecord]:
        return iter(list(self._records.values()))

    def __contains__(self, name: object) -> bool:
        return name in self._records

    def find(self, name: str) -> NetworkRecord:
        """A network by ID, name, or the beginning of an ID; 'default' is `bridge`."""
        wanted = "bridge" if name == "default" else name
        for record in self._records.values():
            if record.id == wanted:
                return record
        if wanted in self._records:
            return self._records[wanted]
        found = [record for record in self._records.values() if wanted and record.id.startswith(wanted)]
        if len(found) > 1:
            text = f"network {name} is ambiguous ({len(found)} matches found based on ID prefix)"
            raise InvalidParameterError(text)
        if not found:
            raise NotFoundError(f"network {name} not found")
        return found[0]

    def create(self, name: str, driver: str, body: Mapping[str, Any]) -> NetworkRecord:
        """A new network out of a request that has been checked."""
        ipam = body.get("IPAM") or {}
        config: Sequence[Mapping[str, Any]] = ipam.get("Config") or ()
        pool = self._pool(config)
        shown = [dict(each) for each in config]
        if not pool.configured:
            shown.insert(0, {"Subnet": str(pool.subnet), "Gateway": pool.gateway})
        record = NetworkRecord(
            name,
            self._chance.hex(),
            driver,
            self._clock.now,
            pool,
            options=body.get("Options") or {},
            labels=body.get("Labels") or {},
            internal=bool(body.get("Internal")),
            attachable=bool(body.get("Attachable")),
            ipv6=bool(body.get("EnableIPv6")),
            ipam={"Driver": ipam.get("Driver") or "default", "Options": ipam.get("Options") or {}, "Config": shown},
        )
        self._records[name] = record
        self._wire(record)
        return record

    def _pool(self, config: Sequence[Mapping[str, Any]]) -> Pool:
        used: list[Subnet] = [record.pool.subnet for record in self._records.values() if record.pool]
        asked = configured_pool(config, used)
        if asked is not None:
            return asked
        used += [ipaddress.ip_network(interface.link.subnet) for interface in self.host.interfaces]
        return default_pool(self._config().options.get("default-address-pools") or DEFAULT_POOLS, used)

    def _wire(self, record: NetworkRecord) -> None:
        """Make the bridge; of macvlan and ipvlan the host has no end."""
        assert record.pool is not None
        name = record.options.get(_BRIDGE_NAME) or f"br-{record.id[:12]}"
        record.link = Link(name, str(record.pool.subnet), internal=record.internal)
        if record.driver == "bridge":
            self.host.attach(record.link, record.pool.gateway, name, mac_of(record.pool.gateway))

    def remove(self, record: NetworkRecord) -> None:
        """Forget a network that nobody is connected to."""
        del self._records[record.name]
        if record.link is not None:
            self.host.detach(record.link)

    @property
    def host_gateway(self) -> str:
        """What `--add-host NAME:host-gateway` means: the host's address on the default bridge."""
        bridge = self._records["bridge"].pool
        assert bridge is not None
        return bridge.gateway

    def namespace(self, name: str) -> Stack:
        """The network namespace of a container whose first network is `name`: its own, but for `host`."""
        if name == "host":
            return self.host
        return Stack(gateway=self.host, offline=True)

    def plug(self, record: NetworkRecord, stack: Stack, address: str, mac: str) -> None:
        """Give a namespace an interface on a network."""
        if record.link is not None and stack is not self.host:
            stack.attach(record.link, address, mac=mac)
        _check_outside(stack, self.host)

    def unplug(self, record: NetworkRecord, stack: Stack) -> None:
        """Take the interface away."""
        if record.link is not None and stack is not self.host:
            stack.detach(record.link)
        _check_outside(stack, self.host)


def _check_outside(stack: Stack, host: Stack) -> None:
    """The world outside is reached through any network that is not internal."""
    if stack is not host:
        stack.offline = all(interface.link.internal for interface in stack.interfaces)


def check_driver(name: str) -> None:
    """Refuse the drivers that can't make another network here."""
    if name in {"host", "null"}:
        raise InvalidParameterError(f'only one instance of "{name}" network is allowed')
    if name == "overlay":
        raise InvalidParameterError(
            'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node '
            "to swarm and try again."
        )
    if name not in LINKED:
        raise NotFoundError(f'plugin "{name}" not found')
