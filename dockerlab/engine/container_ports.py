"""Published ports: which host port leads to which port of a container (Engine API, `PortMap`).

A published port is a forward in the host's network namespace; two containers can't have the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import InvalidParameterError, SystemError_
from dockerlab.oci.image import ContainerConfig
from dockerlab.runtime.container import Container
from dockerlab.runtime.net import Stack
from dockerlab.runtime.net.stack import Forward

FIRST_EPHEMERAL = 32768
ANY = ("0.0.0.0", "::")


@dataclass(frozen=True, order=True)
class Port:
    """A container's port with the host port that leads to it."""

    private: int
    kind: str
    host_ip: str = ""
    public: int = 0

    @property
    def key(self) -> str:
        """'80/tcp'."""
        return f"{self.private}/{self.kind}"


def split_port(key: str) -> tuple[int, str]:
    """'80/udp' and '80' as number and protocol."""
    number, _, kind = key.partition("/")
    if not number.isdigit() or not 0 < int(number) < 65_536:
        raise InvalidParameterError(f'invalid port specification: "{key}"')
    return int(number), kind or "tcp"


def check_ports(config: ContainerConfig, host: Mapping[str, Any]) -> None:
    """Refuse what is no port."""
    for key in config.exposed_ports or ():
        split_port(key)
    for key, bindings in (host.get("PortBindings") or {}).items():
        split_port(key)
        for binding in bindings or ():
            text = binding.get("HostPort", "")
            for end in text.split("-") if text else ():
                if not end.isdigit() or int(end) > 65_535:
                    raise InvalidParameterError(f'invalid port specification: "{text}"')


@dataclass
class Ports:
    """The ports of the running containers, by container ID, in the host's namespace."""

    host: Stack
    taken: dict[str, list[Port]] = field(default_factory=dict)

    def of(self, container: Container) -> list[Port]:
        """What a container has published; nothing while it does not run."""
        return self.taken.get(container.id, [])

    def allocate(self, container: Container, endpoint: str) -> None:
        """Publish the ports of a container by way of an endpoint, which errors name."""
        wanted = dict(container.host.get("PortBindings") or {})
        if container.host.get("PublishAllPorts"):
            wanted |= {key: [{}] for key in container.config.exposed_ports or () if key not in wanted}
        ports: list[Port] = []
        for key in sorted(wanted, key=split_port):
            for binding in wanted[key] or [{}]:
                ports += self._bind(container.name, endpoint, key, binding, ports)
        self.taken[container.id] = ports
        for port in ports:
            if port.kind == "tcp":
                self.host.forwards[port.host_ip, port.public] = Forward(container.network, port.private)

    def _bind(self, name: str, endpoint: str, key: str, binding: Mapping[str, str], own: list[Port]) -> list[Port]:
        number, kind = split_port(key)
        public = self._public(binding.get("HostPort", ""), kind, own)
        address = binding.get("HostIp", "")
        addresses = (address,) if address else ANY
        for port in self._all(own):
            if (
                port.public == public
                and port.kind == kind
                and set(addresses) & {port.host_ip, *_wildcard(port.host_ip)}
            ):
                raise SystemError_(
                    f"driver failed programming external connectivity on endpoint {name} "
                    f"({endpoint}): Bind for {addresses[0]}:{public} failed: port is already allocated"
                )
        return [Port(number, kind, each, public) for each in addresses]

    def _public(self, text: str, kind: str, own: list[Port]) -> int:
        first, _, last = text.partition("-")
        if first and first != "0" and not last:
            return int(first)
        used = {port.public for port in self._all(own) if port.kind == kind}
        candidates = range(int(first), int(last) + 1) if last else range(FIRST_EPHEMERAL, 61_000)
        return next((number for number in candidates if number not in used), 0)

    def _all(self, own: Iterable[Port]) -> list[Port]:
        return [port for ports in self.taken.values() for port in ports] + list(own)

    def release(self, container: Container) -> None:
        """The container has ended."""
        for port in self.taken.pop(container.id, []):
            self.host.forwards.pop((port.host_ip, port.public), None)

    def mapping(self, container: Container) -> dict[str, list[dict[str, str]] | None]:
        """`.NetworkSettings.Ports`: every exposed port, with its bindings where it has some."""
        if not container.state.running:
            return {}
        exposed = {*(container.config.exposed_ports or ()), *(container.host.get("PortBindings") or {})}
        found: dict[str, list[dict[str, str]] | None] = dict.fromkeys(sorted(exposed))
        for port in self.of(container):
            bindings = found.get(port.key) or []
            found[port.key] = [*bindings, {"HostIp": port.host_ip, "HostPort": str(port.public)}]
        return found

    def rows(self, container: Container) -> list[dict[str, Any]]:
        """The `Ports` of a row of `docker ps`."""
        if not container.state.running:
            return []
        published = self.of(container)
        bound = {port.key for port in published}
        rows: list[dict[str, Any]] = [
            {"IP": port.host_ip, "PrivatePort": port.private, "PublicPort": port.public, "Type": port.kind}
            for port in published
        ]
        for key in sorted(container.config.exposed_ports or ()):
            if key not in bound:
                number, kind = split_port(key)
                rows.append({"PrivatePort": number, "Type": kind})
        return rows


def _wildcard(address: str) -> tuple[str, ...]:
    return ("127.0.0.1",) if address in ANY else ()
