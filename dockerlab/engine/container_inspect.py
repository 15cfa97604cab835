"""A container as `docker inspect` prints it (Engine API, "Inspect a container", in the order of moby's structs)."""

from __future__ import annotations

from typing import Any

from dockerlab.engine import container_links as links
from dockerlab.engine.container_context import Context
from dockerlab.engine.containerd_list import manifest_descriptor
from dockerlab.engine.network_record import Endpoint
from dockerlab.engine.storage import storage_driver
from dockerlab.runtime.container import Container
from dockerlab.store.layers import cache_id
from dockerlab.world import format_instant

RUNTIME_FOLDER = "/var/run/docker/netns"


def sizes(context: Context, container: Container) -> tuple[int, int]:
    """What a container's own files take, and all that it sees."""
    image = container.image
    between = sum(stored.between for stored in image.stack)
    return storage_driver(context).container_sizes(image.layers, image.tree, container.files, between)


def inspect(context: Context, container: Container, *, size: bool = False) -> dict[str, Any]:
    """All that is known about a container; `size` adds what its files take."""
    path, *args = container.command
    folder = context.root("containers", container.id)
    fields: dict[str, Any] = {
        "Id": container.id,
        "Created": format_instant(container.created),
        "Path": path,
        "Args": args,
        "State": container.state.to_json(),
        "Image": str(container.image.id),
        "ResolvConfPath": f"{folder}/resolv.conf" if container.starts else "",
        "HostnamePath": f"{folder}/hostname" if container.starts else "",
        "HostsPath": f"{folder}/hosts" if container.starts else "",
        "LogPath": f"{folder}/{container.id}-json.log" if container.starts else "",
        "Name": f"/{container.name}",
        "RestartCount": container.restart_count,
        "Driver": storage_driver(context).name,
        "Platform": "linux",
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "docker-default" if container.starts else "",
        "ExecIDs": list(container.exec_ids) or None,
        "HostConfig": {**container.host, "Links": links.shown(context, container)},
        "GraphDriver": graph_driver(context, container),
    }
    if size:
        own, whole = sizes(context, container)
        fields |= {"SizeRw": own, "SizeRootFs": whole}
    return fields | {
        "Mounts": [mount.to_json() for mount in container.mounts if mount.listed],
        "Config": container.config.to_json() | {"Labels": dict(container.config.labels)},
        "NetworkSettings": network_settings(context, container),
        **manifest_of(container),
    }


def manifest_of(container: Container) -> dict[str, Any]:
    """The manifest that a container was made of, where the image store knows manifests."""
    image = container.image
    return {"ImageManifestDescriptor": manifest_descriptor(image)} if image.target else {}


def graph_driver(context: Context, container: Container) -> dict[str, Any]:
    """Where the storage driver keeps the container's layer; the directories' names follow from the IDs."""
    driver = storage_driver(context)
    mount_id = cache_id(container.id)
    below = [cache_id(chain) for chain in reversed(container.image.chain_ids)]
    return {"Data": driver.graph_data([mount_id, *below], init=f"{mount_id}-init"), "Name": driver.name}


def networks_of(context: Context, container: Container) -> dict[str, Any]:
    """`.NetworkSettings.Networks`."""
    found = context.endpoints.get(container.id, {})
    return {name: found[name].to_json() for name in sorted(found)}


def network_settings(context: Context, container: Container) -> dict[str, Any]:
    """`.NetworkSettings`."""
    empty = Endpoint("", container)
    shown = context.endpoints.get(container.id, {}).get("bridge", empty)
    sandbox = cache_id(f"sandbox {container.id} {container.starts}") if container.state.running else ""
    return {
        "Bridge": "",
        "SandboxID": sandbox,
        "SandboxKey": f"{RUNTIME_FOLDER}/{sandbox[:12]}" if sandbox else "",
        "Ports": context.ports.mapping(container),
        "HairpinMode": False,
        "LinkLocalIPv6Address": "",
        "LinkLocalIPv6PrefixLen": 0,
        "SecondaryIPAddresses": None,
        "SecondaryIPv6Addresses": None,
        "EndpointID": shown.id,
        "Gateway": shown.gateway,
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "IPAddress": shown.address,
        "IPPrefixLen": shown.prefix,
        "IPv6Gateway": "",
        "MacAddress": shown.mac,
        "Networks": networks_of(context, container),
    }
