"""`docker create`: from what a client asks for to a container in the state 'created' (moby, `daemon/create.go`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dockerlab.engine import container_links as links
from dockerlab.engine import container_networks
from dockerlab.engine.container_body import container_config, host_config
from dockerlab.engine.container_checks import check_config, check_host
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_ports import check_ports
from dockerlab.engine.container_volumes import make_mounts
from dockerlab.engine.image_pull import PlatformError
from dockerlab.engine.storage import mount
from dockerlab.errors import InvalidParameterError
from dockerlab.oci.platform import Platform, mismatch
from dockerlab.runtime.container import Container
from dockerlab.runtime.container_rootfs import Surroundings


def create_container(context: Context, body: Mapping[str, Any], name: str | None) -> Container:
    """Make the container; nothing is left behind when something in the request is wrong."""
    host = host_config(body.get("HostConfig"))
    image_name = body.get("Image", "")
    image = context.images.find(image_name)
    wanted = Platform.parse(body["Platform"]) if body.get("Platform") else image.config.platform
    if not image.config.platform.matches(wanted):
        raise PlatformError(image_name, wanted, image.config.platform)
    check_host(host, context.runtime.facts.cpus)
    config = container_config(body, image.config.config)
    check_config(config)
    check_ports(config, host)
    check_mode(body, host)
    container_id = context.world.chance.hex()
    name = context.registry.reserve(name, container_id)
    try:
        files = mount(context, image.tree)
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
        container.around = Surroundings(container.config.hostname)
        container_networks.plan(context, container, body.get("NetworkingConfig") or {})
        links.register(context, container)
        container.mounts = make_mounts(context, host, config.volumes or (), files)
    except Exception:
        context.registry.release(name)
        context.endpoints.pop(container_id, None)
        context.links.pop(container_id, None)
        raise
    context.registry.add(container)
    context.note(container, "create")
    return container


def _hostname(context: Context, asked: str, host: Mapping[str, Any], container_id: str) -> str:
    if asked:
        return asked
    return context.hostname if host["NetworkMode"] == "host" else container_id[:12]


_NAMESPACE_OF_ANOTHER = (
    ("Dns", "dns and the network mode"),
    ("ExtraHosts", "custom host-to-IP mapping and the network mode"),
    ("PortBindings", "port publishing and the container type network mode"),
    ("PublishAllPorts", "port publishing and the container type network mode"),
)
"""What can't be had in a network namespace that belongs to another container (moby, runconfig/hostconfig_unix.go)."""


def check_mode(body: Mapping[str, Any], host: dict[str, Any]) -> None:
    """Refuse what doesn't go with the network mode; published ports of the host's own network are discarded."""
    mode = host["NetworkMode"]
    if host["UTSMode"] == "host" and body.get("Hostname"):
        raise InvalidParameterError("conflicting options: hostname and the UTS mode")
    if mode == "host":
        host["PortBindings"] = {}
    if not mode.startswith("container:"):
        return
    if mode == "container:":
        raise InvalidParameterError("Invalid network mode: invalid container format container:<name|id>")
    if body.get("Hostname"):
        raise InvalidParameterError("conflicting options: hostname and the network mode")
    if host.get("Links"):
        return  # links have their own check
    for key, text in _NAMESPACE_OF_ANOTHER:
        if host.get(key):
            raise InvalidParameterError(f"conflicting options: {text}")
    if body.get("ExposedPorts"):
        raise InvalidParameterError("conflicting options: port exposing and the container type network mode")


def warnings(body: Mapping[str, Any], image: Platform) -> list[str]:
    """What the engine answers beside a new container's ID; `image` is the platform of its image."""
    host = body.get("HostConfig") or {}
    found = []
    if host.get("OomKillDisable"):
        # The second version of cgroups has no such switch (moby, daemon_unix.go).
        found.append("Your kernel does not support OomKillDisable. OomKillDisable discarded.")
    if host.get("NetworkMode") == "host" and host.get("PortBindings"):
        found.append("Published ports are discarded when using host network mode")
    if not body.get("Platform") and (text := mismatch(image)):
        found.append(text)
    return found
