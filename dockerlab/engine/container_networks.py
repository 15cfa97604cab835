"""The networks of a container: planned when it is created, joined when it starts, left when it ends.

Follows moby's daemon/container_operations.go in its checks, their order and their texts. While a container runs,
networks come and go by `connect` and `disconnect`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from dockerlab.engine.container_context import Context
from dockerlab.engine.network_record import Endpoint, NetworkRecord
from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError, SystemError_
from dockerlab.runtime.container import Container

_SHARED = "container sharing network namespace with another container or host cannot be connected to any other network"
_PRIVATE = "container cannot be connected to multiple networks with one of the networks in private (none) mode"
_HOST = "container cannot be disconnected from host network or connected to host network"


def mode_of(container: Container) -> str:
    """HostConfig.NetworkMode; 'default' is `bridge`."""
    mode: str = container.host["NetworkMode"]
    return "bridge" if mode == "default" else mode


def endpoints_of(context: Context, container: Container) -> dict[str, Endpoint]:
    """A container's places on networks, by the networks' names."""
    return context.endpoints.setdefault(container.id, {})


def plan(context: Context, container: Container, networking: Mapping[str, Any]) -> None:
    """Note what a new container asks for; whether the networks are there is found out when it starts."""
    mode = mode_of(container)
    if mode.startswith("container:"):
        return
    asked = {_name(context, key): value or {} for key, value in (networking.get("EndpointsConfig") or {}).items()}
    found = endpoints_of(context, container)
    for name in dict.fromkeys([_name(context, mode), *asked]):
        settings = asked.get(name, {})
        _check_address((settings.get("IPAMConfig") or {}).get("IPv4Address", ""))
        found[name] = Endpoint.of(name, container, settings)


def _name(context: Context, wanted: str) -> str:
    """A network's name, where its ID was given; what nobody knows stays as it is."""
    try:
        return context.networks.find(wanted).name
    except (NotFoundError, InvalidParameterError):
        return wanted


def _check_address(text: str) -> None:
    try:
        ipaddress.IPv4Address(text or "0.0.0.0")
    except ValueError:
        raise InvalidParameterError(f"invalid IPv4 address: {text}") from None


# Start and end.


def join(context: Context, container: Container) -> None:
    """Give a container that starts its network namespace and its endpoints."""
    mode = mode_of(container)
    if mode.startswith("container:"):
        container.network = shared_with(context, container).network
        return
    container.network = context.networks.namespace(mode)
    if mode != "host":
        container.network.lookup = lambda name: resolve(context, container, name)
    for endpoint in endpoints_of(context, container).values():
        _attach(context, container, endpoint)


def shared_with(context: Context, container: Container) -> Container:
    """The container whose network namespace another one shares (`--network container:NAME`); it has to run."""
    other = context.registry.find(mode_of(container).partition(":")[2])
    if other is container:
        raise InvalidParameterError("cannot join own network")
    if not other.state.running:
        raise ConflictError(f"cannot join network of a non running container: {other.id}")
    if other.state.restarting:
        raise ConflictError(f"Container {other.id} is restarting, wait until the container is running")
    return other


def leave(context: Context, container: Container) -> None:
    """The container has ended: its addresses are free."""
    for endpoint in endpoints_of(context, container).values():
        _detach(context, container, endpoint)


def _attach(context: Context, container: Container, endpoint: Endpoint) -> None:
    record = context.networks.find(endpoint.network_id or endpoint.network)
    _complete(record, container, endpoint)
    if record.pool is not None:
        endpoint.address = record.pool.take(endpoint.asked_address, f"{record.name} ({record.id})")
        endpoint.prefix, endpoint.gateway = record.pool.subnet.prefixlen, record.pool.gateway
    endpoint.id, endpoint.network_id = context.world.chance.hex(), record.id
    record.endpoints[container.id] = endpoint
    context.networks.plug(record, container.network, endpoint.address, endpoint.mac)
    _note(context, "connect", container, record)


def _complete(record: NetworkRecord, container: Container, endpoint: Endpoint) -> None:
    """Add the aliases that moby adds, and refuse what the network can't give."""
    if record.serves_names:
        own = [container.short_id, container.config.hostname]
        endpoint.aliases = list(dict.fromkeys([*(endpoint.aliases or ()), *own]))
    elif endpoint.aliases:
        raise InvalidParameterError("network-scoped alias is supported only for containers in user defined networks")
    if not endpoint.asked_address:
        return
    if not record.serves_names:
        raise InvalidParameterError("user specified IP address is supported on user defined networks only")
    if record.pool is None or not record.pool.configured:
        raise InvalidParameterError(
            "user specified IP address is supported only when connecting to networks with user configured subnets"
        )


def _detach(context: Context, container: Container, endpoint: Endpoint) -> bool:
    """Take a container off a network; False where it was not on it."""
    try:
        record = context.networks.find(endpoint.network_id or endpoint.network)
    except (NotFoundError, InvalidParameterError):
        return False
    if record.endpoints.pop(container.id, None) is None:
        return False
    context.networks.unplug(record, container.network)
    if record.pool is not None:
        record.pool.release(endpoint.address)
    endpoint.clear()
    _note(context, "disconnect", container, record)
    return True


def _note(context: Context, action: str, container: Container, record: NetworkRecord) -> None:
    context.events.add("network", action, record.id, {"container": container.id, **record.event})


def publisher(context: Context, container: Container) -> Endpoint | None:
    """The endpoint by which the container's ports are published: that of its first bridge with a way out."""
    for name in sorted(endpoints_of(context, container)):
        endpoint = endpoints_of(context, container)[name]
        if endpoint.id and endpoint.address and context.networks.find(endpoint.network_id).publishes:
            return endpoint
    return None


# Meanwhile.


def connect(context: Context, container: Container, record: NetworkRecord, settings: Mapping[str, Any]) -> None:
    """`docker network connect`: at once where the container runs, else when it starts."""
    found = endpoints_of(context, container)
    _check_address((settings.get("IPAMConfig") or {}).get("IPv4Address", ""))
    if container.state.running and record.name in found:
        raise ConflictError(f"endpoint with name {container.name} already exists in network {record.name}")
    _check_mode(context, container, record)
    if record.name in found:
        return
    endpoint = Endpoint.of(record.name, container, settings)
    if not container.state.running:
        _complete(record, container, endpoint)
    else:
        _attach(context, container, endpoint)
    found[record.name] = endpoint
    if container.state.running:
        _write_files(container, endpoint, record)
        if not context.ports.of(container):
            publish(context, container)


def intend(context: Context, container: Container, name: str, settings: Mapping[str, Any]) -> None:
    """Connect a container that does not run to a network that is not there: its start will look for it."""
    endpoints_of(context, container)[name] = Endpoint.of(name, container, settings)


def _check_mode(context: Context, container: Container, record: NetworkRecord) -> None:
    mode, found = mode_of(container), endpoints_of(context, container)
    if mode == "host" or mode.startswith("container:"):
        raise ConflictError(_SHARED)
    if record.driver == "host":
        raise ConflictError(_HOST)
    others = [name for name in found if name in context.networks]
    if others and "none" in (record.name, *others):
        raise ConflictError(_PRIVATE)


def disconnect(context: Context, container: Container, record: NetworkRecord) -> None:
    """`docker network disconnect`."""
    found = endpoints_of(context, container)
    running = container.state.running
    if mode_of(container) == "host" and record.driver == "host":
        raise ConflictError(_HOST)
    if record.name not in found:
        where = f"network {record.name}" if running else f"the network {record.name}"
        raise SystemError_(f"container {container.id} is not connected to {where}")
    published = publisher(context, container) is found[record.name]
    endpoint = found.pop(record.name)
    address = endpoint.address
    _detach(context, container, endpoint)
    # Of a container that runs moby tells this twice: when the endpoint is gone, and when the request is done.
    _note(context, "disconnect", container, record)
    if running:
        _forget_address(container, address)
        if published:
            context.ports.release(container)
            publish(context, container)


def forget(context: Context, container: Container, name: str) -> bool:
    """Drop a plan for a network that is not there any more; False where there is none."""
    found = endpoints_of(context, container)
    if name in context.networks or name not in found or container.state.running:
        return False
    del found[name]
    return True


def publish(context: Context, container: Container) -> None:
    """Publish the container's ports, if it is on a network that can."""
    endpoint = publisher(context, container)
    if endpoint is not None:
        context.ports.allocate(container, endpoint.id)


# What the container sees of it.

EMBEDDED_DNS = "127.0.0.11"


def own_lines(context: Context, container: Container) -> tuple[str, ...]:
    """The lines of /etc/hosts with the container's own addresses."""
    return tuple(_own_line(container, each) for each in endpoints_of(context, container).values() if each.address)


def _own_line(container: Container, endpoint: Endpoint) -> str:
    name, domain = container.config.hostname, container.config.domainname
    name = f"{name}.{domain}" if domain else name
    return f"{endpoint.address}\t{' '.join(dict.fromkeys([name, name.partition('.')[0]]))}"


def _write_files(container: Container, endpoint: Endpoint, record: NetworkRecord) -> None:
    """A further network gets a line in /etc/hosts; one with names makes Docker's own name server the only one."""
    if container.machine is None:
        return
    files = container.machine.fs
    if endpoint.address:
        files.write("/etc/hosts", f"{_own_line(container, endpoint)}\n".encode(), append=True)
    if record.serves_names:
        text = files.read("/etc/resolv.conf").decode("utf-8", "replace")
        files.write("/etc/resolv.conf", embedded(text).encode())


def embedded(text: str) -> str:
    """A resolv.conf that asks Docker's name server in place of those that it names."""
    lines = [line for line in text.splitlines() if not line.startswith("nameserver")]
    search = [line for line in lines if line.startswith("search")]
    options = [line for line in lines if line.startswith("options")] or ["options"]
    if not any(word.startswith("ndots:") for word in options[-1].split()):
        options[-1] += " ndots:0"
    return "".join(f"{line}\n" for line in [*search, f"nameserver {EMBEDDED_DNS}", *options])


def _forget_address(container: Container, address: str) -> None:
    if container.machine is not None and address:
        lines = container.machine.fs.read("/etc/hosts").decode("utf-8", "replace").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(f"{address}\t")]
        container.machine.fs.write("/etc/hosts", "".join(kept).encode())


def uses_names(context: Context, container: Container) -> bool:
    """Whether Docker's own name server works for a container: on any network that users made."""
    found = endpoints_of(context, container).values()
    return any(each.id and context.networks.find(each.network_id).serves_names for each in found)


def resolve(context: Context, container: Container, name: str) -> str | None:
    """The address that Docker's name server knows for a name; on the default bridge it knows none."""
    for endpoint in endpoints_of(context, container).values():
        if endpoint.id:
            record = context.networks.find(endpoint.network_id)
            if record.serves_names and (address := _resolve_on(context, record, endpoint, name)):
                return address
    return None


def _resolve_on(context: Context, record: NetworkRecord, asking: Endpoint, name: str) -> str | None:
    wanted = name.lower().removesuffix(f".{record.name}".lower())
    for link in asking.links or ():
        target, _, alias = link.partition(":")
        if wanted == (alias or target).lower():
            other = record.endpoints.get(context.registry.find(target).id)
            return other.address if other else None
    for other in record.endpoints.values():
        if wanted in (known.lower() for known in (other.owner.name, *(other.aliases or ()))):
            return other.address
    return None
