"""Goals about what surrounds a container: published ports, volumes and folders mounted into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, dig, find_container


@dataclass(frozen=True, slots=True)
class Published:
    """A port of a running container is reached at a port of the host, e.g. ('web', '80/tcp', '8080')."""

    name: str
    port: str
    host_port: str

    def look(self, lab: Lab) -> Finding:
        """Look at the container's ports."""
        wanted = f"port {self.host_port} of the host leads to port {self.port} of container {self.name}"
        container = find_container(lab, self.name)
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        bindings = dig(container, "NetworkSettings.Ports")
        ports = {port: _once(each["HostPort"] for each in to or ()) for port, to in bindings.items()}
        have = ", ".join(f"{port} at {', '.join(to) or 'no port'}" for port, to in ports.items()) or "no published port"
        return Finding(self.host_port in ports.get(self.port, []), wanted, have)


@dataclass(frozen=True, slots=True)
class MountedAt:
    """A volume with a name, or a folder of the host, is mounted at a path of a container."""

    name: str
    path: str

    def look(self, lab: Lab) -> Finding:
        """Look at the container's mounts; an anonymous volume, whose name is 64 digits, does not count."""
        wanted = f"container {self.name} has a named volume or a folder of the host at {self.path}"
        container = find_container(lab, self.name)
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        kinds = {mount["Destination"]: mount_kind(mount) for mount in container["Mounts"]}
        have = ", ".join(f"{kind} at {path}" for path, kind in kinds.items()) or "no mounts"
        return Finding(kinds.get(self.path) in ("named volume", "bind"), wanted, have)


def _once(host_ports: Iterable[str]) -> list[str]:
    """Each port of the host once, though it is bound for IPv4 and for IPv6."""
    return list(dict.fromkeys(host_ports))


def mount_kind(mount: Mapping[str, Any]) -> str:
    """What a mount is: a volume without a name of its own has 64 digits for one."""
    if mount["Type"] != "volume":
        return str(mount["Type"])
    return "anonymous volume" if len(mount["Name"]) == 64 else "named volume"
