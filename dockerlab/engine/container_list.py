"""The rows of `docker ps` and its filters (Engine API, "List containers"; moby, `daemon/list.go`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from dockerlab.engine.container_context import Context
from dockerlab.engine.container_inspect import manifest_of, networks_of, sizes
from dockerlab.engine.volumes import label_matches
from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.oci.golang import quote
from dockerlab.runtime.container import Container
from dockerlab.runtime.container_state import STATUSES
from dockerlab.world import NANOSECOND

Filters: TypeAlias = Mapping[str, Sequence[str]]
Test: TypeAlias = Callable[[Context, Container, str], bool]


def list_containers(
    context: Context, *, all_: bool = False, filters: Filters | None = None, limit: int = -1, size: bool = False
) -> list[dict[str, Any]]:
    """The rows, newest first. A limit, or a filter by status, looks at containers that do not run too."""
    wanted = filters or {}
    check_filters(context, wanted)
    everything = all_ or limit > 0 or "status" in wanted
    found = [
        container
        for container in newest_first(context)
        if (everything or container.state.running) and passes(context, container, wanted)
    ]
    return [_row(context, container, size) for container in (found[:limit] if limit > 0 else found)]


def newest_first(context: Context) -> list[Container]:
    """All containers; of those made at one instant the later comes first."""
    return sorted(context.registry, key=lambda container: container.created)[::-1]


def check_filters(context: Context, filters: Filters) -> None:
    """Refuse filters and values that moby does not know, even where there is no container to try them on."""
    for name, values in filters.items():
        if name not in TESTS:
            raise InvalidParameterError(f"Invalid filter '{name}'")
        for value in values:
            if name in _READERS:
                _READERS[name](context, value)
            known = _VALUES.get(name)
            if known is not None and value not in known:
                text = _REFUSALS.get(name, "Invalid filter '{name}={value}'")
                raise InvalidParameterError(text.format(name=name, value=value))


def passes(context: Context, container: Container, filters: Filters) -> bool:
    """Whether a container passes all filters; several labels must all fit, of the others one suffices."""
    for name, values in filters.items():
        enough = all if name == "label" else any
        if values and not enough(TESTS[name](context, container, value) for value in values):
            return False
    return True


def _quoted(argument: str) -> str:
    """An argument with a blank in it stands in quotes (moby, daemon/list.go)."""
    return f"'{argument}'" if " " in argument else argument


def _row(context: Context, container: Container, size: bool) -> dict[str, Any]:
    path, *args = container.command
    fields: dict[str, Any] = {
        "Id": container.id,
        "Names": [f"/{container.name}"],
        "Image": image_shown(context, container),
        "ImageID": str(container.image.id),
        "Command": " ".join([path, *map(_quoted, args)]),
        "Created": container.created // NANOSECOND,
        "Ports": context.ports.rows(container),
    }
    if size:
        own, whole = sizes(context, container)
        fields |= {"SizeRw": own} if own else {}
        fields |= {"SizeRootFs": whole}
    return fields | {
        "Labels": dict(container.config.labels),
        "State": container.state.status,
        "Status": container.state.describe(context.now),
        "HostConfig": {"NetworkMode": container.host["NetworkMode"]},
        "NetworkSettings": {"Networks": networks_of(context, container)},
        "Mounts": [mount.to_json() for mount in container.mounts if mount.listed],
        **manifest_of(container),
    }


def image_shown(context: Context, container: Container) -> str:
    """The image's name as it was given, or its ID once the name means another image or none."""
    try:
        current = context.images.find(container.image_name)
    except DockerlabError:
        return str(container.image.id)
    return container.image_name if current.id == container.image.id else str(container.image.id)


# Filters.


def _name(context: Context, container: Container, value: str) -> bool:
    try:
        pattern = re.compile(value)
    except re.error:
        return value in container.name
    return bool(pattern.search(container.name) or pattern.search(f"/{container.name}"))


def _before(context: Context, container: Container, value: str) -> bool:
    return _position(context, container) < _position(context, _found(context, value))


def _since(context: Context, container: Container, value: str) -> bool:
    return _position(context, container) > _position(context, _found(context, value))


def _found(context: Context, value: str) -> Container:
    try:
        return context.registry.find(value)
    except NotFoundError as error:
        raise NotFoundError(f"no such container {value}") from error


def _position(context: Context, container: Container) -> int:
    return list(context.registry).index(container)


def _ancestor(context: Context, container: Container, value: str) -> bool:
    """Made from the image, or from one that was built on it."""
    try:
        wanted = context.images.find(value).id
    except DockerlabError:
        return False
    image = container.image
    while image.id != wanted:
        if not image.parent_id:
            return False
        try:
            image = context.images.find(str(image.parent_id))
        except DockerlabError:
            return False
    return True


def _exited(context: Context, container: Container, value: str) -> bool:
    state = container.state
    return bool(state.started_at) and not state.running and state.exit_code == _exit_code(value)


def _exit_code(value: str) -> int:
    if not value.removeprefix("-").isdigit():
        raise InvalidParameterError(f"strconv.Atoi: parsing {quote(value)}: invalid syntax")
    return int(value)


def _volume(context: Context, container: Container, value: str) -> bool:
    """By its name (a host directory's is its path) or by where it is mounted."""
    return any(value in {mount.name or mount.source, mount.destination} for mount in container.mounts)


def _network(context: Context, container: Container, value: str) -> bool:
    return any(value == name or value == each["NetworkID"] for name, each in networks_of(context, container).items())


def _health(context: Context, container: Container, value: str) -> bool:
    health = container.state.health
    return value == (health.status if health else "none")


def _ports(name: str, value: str) -> set[tuple[int, str]]:
    """The ports of '80', '53/udp' or '8000-8010/tcp' (moby, daemon/list.go: portOp)."""
    if ":" in value:
        raise InvalidParameterError(f"filter for '{name}' should not contain ':': {value}")
    numbers, _, kind = value.partition("/")
    ends = numbers.split("-", 1)
    for end in ends:
        if not end.isdigit():
            fault = f"strconv.ParseUint: parsing {quote(end)}: invalid syntax"
            raise InvalidParameterError(f"error while looking up for {name} {value}: {fault}")
    if int(ends[-1]) < int(ends[0]):
        fault = f"invalid range specified for port: {numbers}"
        raise InvalidParameterError(f"error while looking up for {name} {value}: {fault}")
    return {(number, kind or "tcp") for number in range(int(ends[0]), int(ends[-1]) + 1)}


def _publish(context: Context, container: Container, value: str) -> bool:
    wanted = _ports("publish", value)
    return any((port.public, port.kind) in wanted for port in context.ports.of(container))


def _expose(context: Context, container: Container, value: str) -> bool:
    """moby goes by NetworkSettings.Ports, not by the configuration: only who runs has them."""
    wanted = {f"{number}/{kind}" for number, kind in _ports("expose", value)}
    return container.state.running and not wanted.isdisjoint(container.config.exposed_ports or ())


TESTS: Mapping[str, Test] = {
    "id": lambda context, container, value: container.id.startswith(value),
    "name": _name,
    "label": lambda context, container, value: label_matches(container.config.labels, value),
    "status": lambda context, container, value: container.state.status == value,
    "exited": _exited,
    "ancestor": _ancestor,
    "before": _before,
    "since": _since,
    "volume": _volume,
    "network": _network,
    "health": _health,
    "publish": _publish,
    "expose": _expose,
    "isolation": lambda context, container, value: value == "default",
    "is-task": lambda context, container, value: value in {"0", "false"},
}
_VALUES: Mapping[str, Sequence[str]] = {
    "status": STATUSES,
    "health": ("starting", "healthy", "unhealthy", "none"),
    "is-task": ("0", "1", "false", "true"),
}
_READERS: Mapping[str, Callable[[Context, str], object]] = {
    "before": _found,
    "since": _found,
    "exited": lambda context, value: _exit_code(value),
    "publish": lambda context, value: _ports("publish", value),
    "expose": lambda context, value: _ports("expose", value),
}
"""What reads a value, and refuses it where it makes no sense."""
_REFUSALS = {"health": "Unrecognised filter value for health: {value}", "is-task": "Invalid filter 'is-task=[{value}]'"}
"""What is said of other values, where it isn't what is said of most."""
