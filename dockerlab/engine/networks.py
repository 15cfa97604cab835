"""The three networks that every engine has, and the addresses that containers get on `bridge`.

Behind a bridge is a `runtime.net.Link`, which joins the network namespaces of containers and of the host. Moby's
default bridge hands out addresses in order from 172.17.0.2 on, and the lowest free one comes next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.runtime.net import Link, Stack
from dockerlab.world import Chance, Clock, format_instant

GATEWAY = "172.17.0.1"
_BRIDGE_OPTIONS = {
    "com.docker.network.bridge.default_bridge": "true",
    "com.docker.network.bridge.enable_icc": "true",
    "com.docker.network.bridge.enable_ip_masquerade": "true",
    "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
    "com.docker.network.bridge.name": "docker0",
    "com.docker.network.driver.mtu": "1500",
}


@dataclass
class Endpoint:
    """A container's place on a network; without an address when it does not run."""

    network: str
    network_id: str
    id: str = ""
    address: str = ""
    name: str = ""

    @property
    def mac(self) -> str:
        """The hardware address that moby derives from the IP address."""
        if not self.address:
            return ""
        return "02:42:" + ":".join(f"{int(part):02x}" for part in self.address.split("."))

    @property
    def gateway(self) -> str:
        """The bridge's own address, while connected."""
        return GATEWAY if self.address else ""

    def to_json(self) -> dict[str, Any]:
        """The entry of `.NetworkSettings.Networks`."""
        return {
            "IPAMConfig": None,
            "Links": None,
            "Aliases": None,
            "NetworkID": self.network_id,
            "EndpointID": self.id,
            "Gateway": self.gateway,
            "IPAddress": self.address,
            "IPPrefixLen": 16 if self.address else 0,
            "IPv6Gateway": "",
            "GlobalIPv6Address": "",
            "GlobalIPv6PrefixLen": 0,
            "MacAddress": self.mac,
            "DriverOpts": None,
        }


@dataclass
class NetworkRecord:
    """One network, and who is connected to it (container ID to endpoint)."""

    name: str
    id: str
    driver: str
    created: int
    subnet: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    link: Link | None = None

    def to_json(self) -> dict[str, Any]:
        """What `docker network inspect` prints."""
        return {
            "Name": self.name,
            "Id": self.id,
            "Created": format_instant(self.created),
            "Scope": "local",
            "Driver": self.driver,
            "EnableIPv6": False,
            "IPAM": {
                "Driver": "default",
                "Options": None,
                "Config": [{"Subnet": self.subnet}] if self.subnet else [],
            },
            "Internal": False,
            "Attachable": False,
            "Ingress": False,
            "ConfigFrom": {"Network": ""},
            "ConfigOnly": False,
            "Containers": {key: _connected(endpoint) for key, endpoint in sorted(self.endpoints.items())},
            "Options": dict(self.options),
            "Labels": {},
        }


def _connected(endpoint: Endpoint) -> dict[str, str]:
    return {
        "Name": endpoint.name,
        "EndpointID": endpoint.id,
        "MacAddress": endpoint.mac,
        "IPv4Address": f"{endpoint.address}/16" if endpoint.address else "",
        "IPv6Address": "",
    }


class Networks:
    """`bridge`, `host` and `none`."""

    def __init__(self, clock: Clock, chance: Chance, host: Stack) -> None:
        self._chance = chance
        self._host = host
        self._records = {
            name: NetworkRecord(name, chance.hex(), driver, clock.now, subnet, options)
            for name, driver, subnet, options in (
                ("bridge", "bridge", "172.17.0.0/16", _BRIDGE_OPTIONS),
                ("host", "host", "", {}),
                ("none", "null", "", {}),
            )
        }
        link = self._records["bridge"].link = Link("docker0", "172.17.0.0/16")
        host.attach(link, GATEWAY, "docker0", "02:42:ac:11:00:01")

    def find(self, name: str) -> NetworkRecord:
        """A network by name, ID or prefix of an ID; 'default' is `bridge`."""
        wanted = "bridge" if name == "default" else name
        if wanted in self._records:
            return self._records[wanted]
        found = [record for record in self._records.values() if wanted and record.id.startswith(wanted)]
        if len(found) != 1:
            raise NotFoundError(f"network {name} not found")
        return found[0]

    def namespace(self, name: str) -> Stack:
        """The network namespace for a container that starts on a network: its own, but for `host`."""
        driver = self.find(name).driver
        return self._host if driver == "host" else Stack(gateway=self._host, offline=driver == "null")

    def connect(self, name: str, container: str, container_name: str, stack: Stack) -> Endpoint:
        """Give a container that starts its endpoint; only `bridge` has addresses."""
        record = self.find(name)
        address = self._free_address(record) if record.subnet else ""
        endpoint = Endpoint(record.name, record.id, self._chance.hex(), address, container_name)
        record.endpoints[container] = endpoint
        if record.link is not None:
            stack.attach(record.link, address, mac=endpoint.mac)
        return endpoint

    def disconnect(self, name: str, container: str, stack: Stack) -> None:
        """Take the endpoint away."""
        record = self.find(name)
        record.endpoints.pop(container, None)
        if record.link is not None:
            stack.detach(record.link)

    @staticmethod
    def _free_address(record: NetworkRecord) -> str:
        used = {endpoint.address for endpoint in record.endpoints.values()}
        for number in range(2, 65_535):
            address = f"172.17.{number >> 8}.{number & 255}"
            if address not in used:
                return address
        return ""

    def inspect(self, name: str) -> dict[str, Any]:
        """`docker network inspect`."""
        return self.find(name).to_json()

    def list(self, filters: Mapping[str, Sequence[str]] | None = None) -> list[dict[str, Any]]:
        """`docker network ls`: by name; filters name, id and driver."""
        rows = [self._records[name].to_json() for name in sorted(self._records)]
        keys = {"name": "Name", "id": "Id", "driver": "Driver", "scope": "Scope"}
        for name, values in (filters or {}).items():
            key = keys.get(name)
            if key:
                rows = [row for row in rows if any(value in row[key] for value in values)]
        return rows
