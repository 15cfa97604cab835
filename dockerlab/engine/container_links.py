"""Links between containers on the default bridge: `--link` (moby, daemon/links; docs.docker.com, "Legacy links").

The linked container's address stands in /etc/hosts, its ports and variables in the environment.
"""

from __future__ import annotations

from dockerlab.engine.container_context import Context
from dockerlab.engine.container_networks import endpoints_of, mode_of
from dockerlab.engine.container_ports import split_port
from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError, SystemError_
from dockerlab.runtime.container import Container

_OWN = ("HOME", "PATH")
"""Variables of the linked container that are not passed on."""


def register(context: Context, container: Container) -> None:
    """Find the containers that a new one links to. On networks with names of their own, a link is only a name."""
    asked, container.host["Links"] = container.host.get("Links") or (), None
    mode = mode_of(container)
    if not asked:
        return
    for kind in ("host", "container"):
        if mode.partition(":")[0] == kind:
            kind_text = "host type networking" if kind == "host" else "container type network"
            raise InvalidParameterError(
                f"conflicting options: {kind_text} can't be used with links. This would result in undefined behavior"
            )
    if mode != "bridge":
        return
    for text in asked:
        name, _, alias = text.partition(":")
        try:
            child = context.registry.find(name)
        except NotFoundError as error:
            raise NotFoundError(f"could not get container for {name}: {error}") from error
        context.links.setdefault(container.id, {})[alias or name.rpartition("/")[2]] = child


def remove(context: Context, name: str) -> None:
    """`docker rm --link PARENT/ALIAS` (moby, daemon/delete.go: rmLink)."""
    parent, slash, alias = name.partition("/")
    if not slash:
        context.registry.find(name)
        raise ConflictError("Conflict, cannot remove the default link name of the container")
    try:
        owner = context.registry.find(parent)
    except NotFoundError as error:
        raise NotFoundError(f"Cannot get parent /{parent} for link /{name}") from error
    context.links.get(owner.id, {}).pop(alias, None)


def shown(context: Context, container: Container) -> list[str] | None:
    """HostConfig.Links as inspect prints them."""
    links = context.links.get(container.id, {})
    return [f"/{child.name}:/{container.name}/{alias}" for alias, child in links.items()] or None


def checked(context: Context, container: Container) -> dict[str, tuple[Container, str]]:
    """The linked containers with their addresses, by alias; all of them must run."""
    found = {}
    for alias, child in context.links.get(container.id, {}).items():
        if not child.state.running:
            text = f"Cannot link to a non running container: /{child.name} AS /{container.name}/{alias}"
            raise SystemError_(text)
        endpoint = endpoints_of(context, child).get("bridge")
        if endpoint is None:
            raise SystemError_(f"Cannot link to /{child.name}, as it does not belong to the default network")
        found[alias] = (child, endpoint.address)
    return found


def host_lines(context: Context, container: Container) -> tuple[str, ...]:
    """The lines of /etc/hosts for the linked containers."""
    return tuple(
        f"{address}\t{' '.join(dict.fromkeys([alias, child.config.hostname, child.name]))}"
        for alias, (child, address) in checked(context, container).items()
    )


def environment(context: Context, container: Container) -> dict[str, str]:
    """The variables that tell a container about those that it is linked to."""
    variables: dict[str, str] = {}
    for alias, (child, address) in checked(context, container).items():
        prefix = alias.upper().replace("-", "_")
        ports = sorted(map(split_port, child.config.exposed_ports or ()), key=lambda port: (port[1] != "tcp", port))
        if ports:
            number, kind = ports[0]
            variables[f"{prefix}_PORT"] = f"{kind}://{address}:{number}"
        for number, kind in ports:
            name = f"{prefix}_PORT_{number}_{kind.upper()}"
            variables |= {
                name: f"{kind}://{address}:{number}",
                f"{name}_ADDR": address,
                f"{name}_PORT": str(number),
                f"{name}_PROTO": kind,
            }
        variables[f"{prefix}_NAME"] = f"/{container.name}/{alias}"
        pairs = (pair.partition("=") for pair in child.config.env)
        variables |= {f"{prefix}_ENV_{key}": value for key, equals, value in pairs if equals and key not in _OWN}
    return variables


def address_changed(context: Context, child: Container) -> None:
    """A container that others link to has started: their /etc/hosts must name its address of today."""
    endpoint = endpoints_of(context, child).get("bridge")
    for container in context.registry:
        for alias, linked in context.links.get(container.id, {}).items():
            if linked is child and endpoint is not None and container.machine is not None:
                _rewrite(container, alias, endpoint.address)


def _rewrite(container: Container, alias: str, address: str) -> None:
    assert container.machine is not None
    files = container.machine.fs
    lines = files.read("/etc/hosts").decode("utf-8", "replace").splitlines()
    fresh = [
        f"{address}\t{names}" if names.split(" ")[0] == alias else line
        for line, names in ((line, line.partition("\t")[2]) for line in lines)
    ]
    files.write("/etc/hosts", "".join(f"{line}\n" for line in fresh).encode())
