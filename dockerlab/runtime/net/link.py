"""A bridge: the wire that joins the network namespaces of one Docker network (Linux's bridge driver)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockerlab.runtime.net.stack import Stack


@dataclass(eq=False)
class Link:
    """One bridge with a subnet ('172.17.0.0/16'); `members` are the namespaces on it by their addresses."""

    name: str
    subnet: str
    members: dict[str, Stack] = field(default_factory=dict)
    internal: bool = False
    """Whether nothing leads out of it (`docker network create --internal`)."""

    def __post_init__(self) -> None:
        self._network = ipaddress.ip_network(self.subnet)

    @property
    def prefix(self) -> int:
        """The length of the subnet's prefix, e.g. 16."""
        return self._network.prefixlen

    def holds(self, address: str) -> bool:
        """Whether an address belongs to the subnet."""
        try:
            return ipaddress.ip_address(address) in self._network
        except ValueError:
            return False

    def attach(self, address: str, stack: Stack) -> None:
        """Let a namespace answer at an address."""
        self.members[address] = stack

    def detach(self, address: str) -> None:
        """Take an address off the bridge."""
        self.members.pop(address, None)
