"""Goals about what surrounds a container: published ports, volumes and folders mounted into it."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, dig, look_up


@dataclass(frozen=True, slots=True)
class Published:
    """A port of a running container is reached at a port of the host, e.g. ('web', '80/tcp', '8080')."""

    name: str
    port: str
    host_port: str

    def look(self, lab: Lab) -> Finding:
        """Look at the container's ports."""
        wanted = f"port {self.host_port} of the host leads to port {self.port} of container {self.name}"
        container = look_up(lambda: lab.engine.containers.inspect(self.name))
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        ports = {
            port: [each["HostPort"] for each in to or []]
            for port, to in dig(container, "NetworkSettings.Ports").items()
        }
        have = ", ".join(f"{port} at {', '.join(to) or 'no port'}" for port, to in ports.items()) or "no published port"
        return Finding(self.host_port in ports.get(self.port, []), wanted, have)


@dataclass(frozen=True, slots=True)
class MountedAt:
    """A volume or a folder of the host is mounted at a path of a container."""

    name: str
    path: str

    def look(self, lab: Lab) -> Finding:
        """Look at the container's mounts."""
        wanted = f"container {self.name} has a volume or a folder of the host at {self.path}"
        container = look_up(lambda: lab.engine.containers.inspect(self.name))
        if container is None:
            return Finding(False, wanted, f"no container {self.name}")
        mounts = [f"{mount['Type']} at {mount['Destination']}" for mount in container["Mounts"]]
        there = any(mount["Destination"] == self.path for mount in container["Mounts"])
        return Finding(there, wanted, ", ".join(mounts) or "no mounts")
