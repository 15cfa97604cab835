"""`docker create`: from what a client asks for to a container in the state 'created' (moby, `daemon/create.go`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dockerlab.engine.container_body import check_config, check_host, container_config, host_config
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_ports import check_ports
from dockerlab.engine.container_volumes import make_mounts
from dockerlab.errors import InvalidParameterError
from dockerlab.fs.overlay import OverlayFs
from dockerlab.runtime.container import Container
from dockerlab.runtime.container_rootfs import Surroundings, init_layer


def create_container(context: Context, body: Mapping[str, Any], name: str | None) -> Container:
    """Make the container; nothing is left behind when something in the request is wrong."""
    host = host_config(body.get("HostConfig"))
    image_name = body.get("Image", "")
    image = context.images.find(image_name)
    check_host(host, context.runtime.facts.cpus)
    config = container_config(body, image.config.config)
    check_config(config)
    check_ports(config, host)
    _check_network(context, host)
    container_id = context.world.chance.hex()
    name = context.registry.reserve(name, container_id)
    try:
        files = OverlayFs(init_layer(image.tree, context.now), context.world.clock)
        container = Container(
            id=container_id,
            name=name,
            created=context.now,
            image=image,
            image_name=image_name,
            config=replace(config, hostname=_hostname(context, config.hostname, host, container_id), image=image_name),
            host=host,
            files=files,
        )
        container.make_working_directory()
        container.mounts = make_mounts(context, host, config.volumes or (), files)
    except Exception:
        context.registry.release(name)
        raise
    container.around = Surroundings(container.config.hostname)
    context.registry.add(container)
    context.note(container, "create")
    return container


def _hostname(context: Context, asked: str, host: Mapping[str, Any], container_id: str) -> str:
    if asked:
        return asked
    return context.hostname if host["NetworkMode"] == "host" else container_id[:12]


def _check_network(context: Context, host: dict[str, Any]) -> None:
    mode = host["NetworkMode"]
    if mode.startswith("container:"):
        context.registry.find(mode.partition(":")[2])
        if host.get("PortBindings"):
            raise InvalidParameterError("conflicting options: port publishing and the container type network mode")
    elif mode == "host":
        # Published ports are discarded when the host's own network is used.
        host["PortBindings"] = {}
