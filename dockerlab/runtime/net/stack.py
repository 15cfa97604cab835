"""`Stack`: one network namespace (network_namespaces(7)): interfaces, listening ports, and the way to others.

A `Link` is a bridge that joins namespaces: the wire of one Docker network.

A namespace reaches itself by 127.0.0.0/8 and by its own addresses, its neighbours over the links of its
interfaces, and everything else through its gateway, which is the host. Docker keeps the bridges apart: what goes
from one to another is dropped, so that a connection times out (docs.docker.com, "Packet filtering and firewalls").
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field

from dockerlab.runtime.net.errors import (
    AddressInUseError,
    NoRouteError,
    RefusedError,
    ResetError,
    TimedOutError,
    UnreachableError,
)
from dockerlab.runtime.net.sockets import Listener, Socket, Traffic, connected

ANY = "0.0.0.0"
FIRST_EPHEMERAL = 32_768
"""net.ipv4.ip_local_port_range."""


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


@dataclass(frozen=True)
class Interface:
    """A network card: 'eth0' with its address on a link."""

    name: str
    address: str
    link: Link
    mac: str = ""

    @property
    def prefix(self) -> int:
        """The length of the subnet's prefix."""
        return self.link.prefix


@dataclass(frozen=True)
class Forward:
    """A published port: what connects to it goes on to a container (docker-proxy, and its rule for NAT)."""

    stack: Stack
    port: int


@dataclass(eq=False)
class Stack:
    """A network namespace; a new one has the loopback interface only."""

    name: str = ""
    interfaces: list[Interface] = field(default_factory=list)
    listeners: dict[tuple[str, int], Listener] = field(default_factory=dict)
    forwards: dict[tuple[str, int], Forward] = field(default_factory=dict)
    gateway: Stack | None = None
    lookup: Callable[[str], str | None] = lambda name: None
    """The name server that /etc/resolv.conf names: a name's address, None where it knows none."""
    offline: bool = False
    """Whether even the simulated world outside (the package mirrors) is out of reach."""
    traffic: Traffic = field(default_factory=Traffic)
    _last_port: int = FIRST_EPHEMERAL - 2

    @property
    def addresses(self) -> list[str]:
        """Its own addresses without the loopback one."""
        return [interface.address for interface in self.interfaces]

    # Interfaces.

    def attach(self, link: Link, address: str, name: str = "", mac: str = "") -> Interface:
        """Plug the namespace into a link; without a name it becomes the next eth."""
        interface = Interface(name or self._next_name(), address, link, mac)
        self.interfaces.append(interface)
        link.attach(address, self)
        return interface

    def _next_name(self) -> str:
        taken = {interface.name for interface in self.interfaces}
        return next(name for number in range(len(taken) + 1) if (name := f"eth{number}") not in taken)

    def detach(self, link: Link) -> None:
        """Unplug it from a link."""
        for interface in [each for each in self.interfaces if each.link is link]:
            self.interfaces.remove(interface)
            link.detach(interface.address)

    # Listening.

    def listen(self, port: int, address: str = ANY, *, program: str = "", pid: int = 0) -> Listener:
        """Wait for connections at a port (0: a free one); AddressInUseError when somebody does already."""
        port = port or self.ephemeral_port()
        if self.listener(address, port) or any(address == ANY and taken == port for _, taken in self.listeners):
            raise AddressInUseError(f"{address}:{port}")
        listener = Listener(address, port, program, pid, on_close=self._forget)
        self.listeners[address, port] = listener
        return listener

    def listener(self, address: str, port: int) -> Listener | None:
        """Who listens at an address of this namespace."""
        return self.listeners.get((address, port)) or self.listeners.get((ANY, port))

    def _forget(self, listener: Listener) -> None:
        """A listener was closed."""
        self.listeners = {key: each for key, each in self.listeners.items() if each is not listener}

    def ephemeral_port(self) -> int:
        """A port for the near end of a connection; Linux takes every second one."""
        self._last_port += 2
        if self._last_port > 60_999:
            self._last_port = FIRST_EPHEMERAL
        return self._last_port

    # Connecting.

    def connect(self, address: str, port: int) -> Socket:
        """A connection to an address; raises NetworkError in all its kinds."""
        target, address, source = self._route(address)
        listener, owner = target.listener(address, port), target
        if listener is None:
            forward = target.forward(address, port)
            if forward is None:
                raise RefusedError(f"{address}:{port}")
            owner = forward.stack
            inner = next(iter(owner.addresses), "127.0.0.1")
            # docker-proxy has accepted before it finds that nobody listens inside, and can only hang up.
            listener = owner.listener(inner, forward.port)
            if listener is None:
                raise ResetError(f"{address}:{port}")
            source = target.address_towards(owner)
        near, far = connected(
            ((source, self.ephemeral_port()), self.traffic), ((address, listener.port), owner.traffic)
        )
        near.encrypted = listener.encrypted
        listener.backlog.append(far)
        return near

    def reaches(self, address: str) -> bool:
        """Whether an echo request is answered (ping(8))."""
        try:
            self._route(address)
        except (UnreachableError, NoRouteError, TimedOutError):
            return False
        return True

    def forward(self, address: str, port: int) -> Forward | None:
        """The published port at an address."""
        return self.forwards.get((address, port)) or self.forwards.get((ANY, port))

    def _route(self, address: str) -> tuple[Stack, str, str]:
        """The namespace that answers at an address, the address as it sees it, and the near end's own address."""
        if address == "::1" or address.startswith("127.") or address == ANY:
            return self, "127.0.0.1", "127.0.0.1"
        if address in self.addresses:
            return self, address, address
        for interface in self.interfaces:
            if interface.link.holds(address):
                neighbour = interface.link.members.get(address)
                if neighbour is None:
                    raise NoRouteError(address)
                return neighbour, address, interface.address
        return self._beyond(address)

    def _beyond(self, address: str) -> tuple[Stack, str, str]:
        """Through the gateway: the host's other addresses; what lies behind its other bridges is dropped."""
        ways = [interface for interface in self.interfaces if not interface.link.internal]
        if self.gateway is None or not ways:
            raise UnreachableError(address)
        if address in self.gateway.addresses:
            return self.gateway, address, ways[0].address
        raise TimedOutError(address)

    def address_towards(self, other: Stack) -> str:
        """The address by which a neighbour knows this namespace."""
        for interface in self.interfaces:
            if other in interface.link.members.values():
                return interface.address
        return "127.0.0.1"
