"""A network as the engine keeps it, and the places that containers have on it (Engine API, "Network")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.engine.network_pool import Pool
from dockerlab.runtime.container import Container
from dockerlab.runtime.net import Link
from dockerlab.world import format_instant

PREDEFINED = ("bridge", "host", "none")
LINKED = ("bridge", "macvlan", "ipvlan")
"""The drivers whose networks join containers; those of `host` and `null` don't."""


@dataclass
class Endpoint:
    """A container's place on a network: what was asked for, and, while the container runs, what it got."""

    network: str
    owner: Container
    ipam: Mapping[str, Any] | None = None
    links: Sequence[str] | None = None
    aliases: Sequence[str] | None = None
    driver_options: Mapping[str, str] | None = None
    asked_mac: str = ""
    network_id: str = ""
    """Empty until it was connected for the first time; from then on the network's ID counts, not its name."""
    id: str = ""
    address: str = ""
    prefix: int = 0
    gateway: str = ""

    @classmethod
    def of(cls, network: str, owner: Container, settings: Mapping[str, Any]) -> Endpoint:
        """What a request's EndpointSettings ask for."""
        return cls(
            network,
            owner,
            ipam=settings.get("IPAMConfig"),
            links=settings.get("Links"),
            aliases=settings.get("Aliases"),
            driver_options=settings.get("DriverOpts"),
            asked_mac=settings.get("MacAddress") or "",
        )

    @property
    def asked_address(self) -> str:
        """The address of `--ip`."""
        return str((self.ipam or {}).get("IPv4Address", ""))

    @property
    def mac(self) -> str:
        """The hardware address, which moby derives from the IP address."""
        if not self.address:
            return ""
        return self.asked_mac or mac_of(self.address)

    def clear(self) -> None:
        """The container has left the network, and will ask for an address again when it comes back."""
        self.id = self.address = self.gateway = ""
        self.prefix = 0

    def to_json(self) -> dict[str, Any]:
        """The entry of `.NetworkSettings.Networks`."""
        return {
            "IPAMConfig": None if self.ipam is None else dict(self.ipam),
            "Links": None if self.links is None else list(self.links),
            "Aliases": None if self.aliases is None else list(self.aliases),
            "NetworkID": self.network_id,
            "EndpointID": self.id,
            "Gateway": self.gateway,
            "IPAddress": self.address,
            "IPPrefixLen": self.prefix,
            "IPv6Gateway": "",
            "GlobalIPv6Address": "",
            "GlobalIPv6PrefixLen": 0,
            "MacAddress": self.mac,
            "DriverOpts": None if self.driver_options is None else dict(self.driver_options),
        }


def mac_of(address: str) -> str:
    """The hardware address that goes with an IP address: 02:42, then its four numbers."""
    return "02:42:" + ":".join(f"{int(part):02x}" for part in address.split("."))


@dataclass
class NetworkRecord:
    """One network, and who is connected to it (container ID to endpoint)."""

    name: str
    id: str
    driver: str
    created: int
    pool: Pool | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    internal: bool = False
    attachable: bool = False
    ipv6: bool = False
    ipam: Mapping[str, Any] | None = None
    """IPAM as it was configured; what `inspect` shows of it."""
    link: Link | None = None
    endpoints: dict[str, Endpoint] = field(default_factory=dict)

    @property
    def predefined(self) -> bool:
        """Whether it is one of the three that are always there."""
        return self.name in PREDEFINED

    @property
    def serves_names(self) -> bool:
        """Whether containers find each other by name on it: on every network but the predefined ones."""
        return not self.predefined

    @property
    def publishes(self) -> bool:
        """Whether ports of its containers can be published."""
        return self.driver == "bridge" and not self.internal

    @property
    def event(self) -> dict[str, str]:
        """The attributes of its events."""
        return {"name": self.name, "type": self.driver}

    def to_json(self) -> dict[str, Any]:
        """What `docker network inspect` prints."""
        return {
            "Name": self.name,
            "Id": self.id,
            "Created": format_instant(self.created),
            "Scope": "local",
            "Driver": self.driver,
            "EnableIPv6": self.ipv6,
            "IPAM": self.ipam or {"Driver": "default", "Options": None, "Config": []},
            "Internal": self.internal,
            "Attachable": self.attachable,
            "Ingress": False,
            "ConfigFrom": {"Network": ""},
            "ConfigOnly": False,
            "Containers": {key: _connected(endpoint) for key, endpoint in sorted(self.endpoints.items())},
            "Options": dict(self.options),
            "Labels": dict(self.labels),
        }


def _connected(endpoint: Endpoint) -> dict[str, str]:
    return {
        "Name": endpoint.owner.name,
        "EndpointID": endpoint.id,
        "MacAddress": endpoint.mac,
        "IPv4Address": f"{endpoint.address}/{endpoint.prefix}" if endpoint.address else "",
        "IPv6Address": "",
    }
