"""Where the addresses of a network come from (moby, libnetwork/ipam, and daemon/config's default address pools).

An engine cuts the subnets of new networks out of its pools, the first that nobody uses. A network hands the lowest
free address of its subnet out, the very first to its gateway.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError, SystemError_

Subnet = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_POOLS: Sequence[Mapping[str, Any]] = (
    {"base": "172.17.0.0/16", "size": 16},
    {"base": "172.18.0.0/16", "size": 16},
    {"base": "172.19.0.0/16", "size": 16},
    {"base": "172.20.0.0/14", "size": 16},
    {"base": "172.24.0.0/14", "size": 16},
    {"base": "172.28.0.0/14", "size": 16},
    {"base": "192.168.0.0/16", "size": 20},
)
"""Replaced by `default-address-pools` in daemon.json."""


@dataclass
class Pool:
    """The addresses of one network; without a gateway it gives the first one to it."""

    subnet: ipaddress.IPv4Network
    gateway: str = ""
    ip_range: ipaddress.IPv4Network | None = None
    reserved: tuple[str, ...] = ()
    taken: set[str] = field(default_factory=set)
    configured: bool = True
    """Whether the user named the subnet; only then containers may ask for an address."""

    def __post_init__(self) -> None:
        self.taken.update(self.reserved)
        self.gateway = self.gateway or self._lowest() or ""
        self.taken.add(self.gateway)

    def take(self, asked: str, network: str) -> str:
        """A free address, or the one that is asked for; `network` is how errors call it."""
        address = asked or self._lowest()
        if address is None:
            raise SystemError_(f"no available IPv4 addresses on this network's address pools: {network}")
        if asked and ipaddress.ip_address(asked) not in self.subnet:
            text = f"Invalid address {asked}: It does not belong to any of this network's subnets"
            raise InvalidParameterError(text)
        if asked in self.taken:
            raise SystemError_("Address already in use")
        self.taken.add(address)
        return address

    def release(self, address: str) -> None:
        """The address is free again."""
        self.taken.discard(address)

    def _lowest(self) -> str | None:
        whole = {str(self.subnet.network_address), str(self.subnet.broadcast_address)}
        addresses = (str(each) for each in self.ip_range or self.subnet)
        return next((each for each in addresses if each not in whole and each not in self.taken), None)


def parse_subnet(text: str) -> Subnet:
    """A subnet of the API's IPAM configuration; bits beyond its prefix don't count."""
    if "/" in text:
        try:
            return ipaddress.ip_network(text, strict=False)
        except ValueError:
            pass
    raise InvalidParameterError(f"Invalid subnet {text} : invalid CIDR address: {text}")


def configured_pool(config: Sequence[Mapping[str, Any]], used: Iterable[Subnet]) -> Pool | None:
    """The pool that a request describes, None where it leaves the choice to the engine."""
    subnets = [(parse_subnet(each["Subnet"]), each) for each in config if each.get("Subnet")]
    version_4 = [(subnet, each) for subnet, each in subnets if isinstance(subnet, ipaddress.IPv4Network)]
    if not version_4:
        return None
    if len(version_4) > 1:
        raise ConflictError("bridge driver doesn't support multiple subnets")
    subnet, each = version_4[0]
    if any(subnet.overlaps(other) for other in used if isinstance(other, ipaddress.IPv4Network)):
        raise SystemError_("Pool overlaps with other one on this address space")
    ip_range = parse_subnet(each["IPRange"]) if each.get("IPRange") else None
    return Pool(
        subnet,
        each.get("Gateway", ""),
        ip_range if isinstance(ip_range, ipaddress.IPv4Network) else None,
        tuple((each.get("AuxiliaryAddresses") or {}).values()),
    )


def default_pool(pools: Sequence[Mapping[str, Any]], used: Iterable[Subnet]) -> Pool:
    """The first subnet of the default pools that nobody uses."""
    taken = [subnet for subnet in used if isinstance(subnet, ipaddress.IPv4Network)]
    for subnet in _subnets(pools):
        if not any(subnet.overlaps(other) for other in taken):
            return Pool(subnet, configured=False)
    raise NotFoundError(
        "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network"
    )


def _subnets(pools: Sequence[Mapping[str, Any]]) -> Iterator[ipaddress.IPv4Network]:
    for pool in pools:
        yield from ipaddress.IPv4Network(pool["base"]).subnets(new_prefix=pool["size"])
