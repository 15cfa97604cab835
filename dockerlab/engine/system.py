"""`System`: the engine about itself: version, info, disk usage, events, logins (Engine API, "System")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from dockerlab.engine.builder import Builder
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_inspect import sizes
from dockerlab.engine.containers import Containers
from dockerlab.engine.images import Images
from dockerlab.engine.storage import storage_driver
from dockerlab.engine.volumes import Volumes
from dockerlab.events import Conversation, Wait
from dockerlab.runtime.container import Container
from dockerlab.world import format_instant

LOG_DRIVERS = "awslogs fluentd gcplogs gelf journald json-file local splunk syslog".split()
NETWORK_DRIVERS = "bridge host ipvlan macvlan null overlay".split()
HUB = "https://index.docker.io/v1/"


class SignsIn(Protocol):
    """What logging in asks of a registry."""

    def login(self, serveraddress: str, credentials: Mapping[str, str]) -> str:
        """Try credentials; UnauthorizedError where they are refused."""


class System:
    """One engine's view of itself."""

    def __init__(
        self,
        context: Context,
        images: Images,
        containers: Containers,
        builder: Builder,
        registries: SignsIn,
        operating_system: str,
    ) -> None:
        self._context = context
        self._images = images
        self._containers = containers
        self._builder = builder
        self._registries = registries
        self._operating_system = operating_system

    @property
    def _volumes(self) -> Volumes:
        return self._context.volumes

    def ping(self) -> str:
        """`GET /_ping`."""
        return "OK"

    def version(self) -> dict[str, Any]:
        """`docker version`, the server's half."""
        facts, release = self._context.runtime.facts, self._context.release
        server, experimental = release.server, self._context.config().experimental
        engine = {
            "ApiVersion": server.api,
            "Arch": "amd64",
            "BuildTime": server.built,
            "Experimental": str(experimental).lower(),
            "GitCommit": server.commit,
            "GoVersion": server.go,
            "KernelVersion": facts.kernel_release,
            "MinAPIVersion": release.oldest_api,
            "Os": "linux",
        }
        helpers = [
            {"Name": name, "Version": version, "Details": {"GitCommit": commit}}
            for name, version, commit in release.helpers
        ]
        return {
            "Platform": {"Name": "dockerlab Engine (simulated)"},
            "Components": [{"Name": "Engine", "Version": server.version, "Details": engine}, *helpers],
            "Version": server.version,
            "ApiVersion": server.api,
            "MinAPIVersion": release.oldest_api,
            "GitCommit": server.commit,
            "GoVersion": server.go,
            "Os": "linux",
            "Arch": "amd64",
            "KernelVersion": facts.kernel_release,
            "Experimental": experimental,
            "BuildTime": server.built,
        }

    def info(self) -> dict[str, Any]:
        """`docker info`."""
        return {**self._counts(), **self._settings(), **self._machine()}

    def _counts(self) -> dict[str, Any]:
        states = [container.state.status for container in self._context.registry]
        running, paused = states.count("running"), states.count("paused")
        return {
            "ID": "5f4c0d1e-dockerlab-simulated",
            "Containers": len(states),
            "ContainersRunning": running,
            "ContainersPaused": paused,
            "ContainersStopped": len(states) - running - paused,
            "Images": len(list(self._images.stores.images)),
        }

    def _settings(self) -> dict[str, Any]:
        config, driver, release = self._context.config(), storage_driver(self._context), self._context.release
        insecure = [*config.insecure_registries, "::1/128", "127.0.0.0/8"]
        return {
            "Driver": driver.name,
            "DriverStatus": None if driver.status is None else [list(row) for row in driver.status],
            "Plugins": {"Volume": ["local"], "Network": NETWORK_DRIVERS, "Authorization": None, "Log": LOG_DRIVERS},
            "Debug": config.debug,
            "LoggingDriver": config.log_driver,
            "CgroupDriver": "systemd",
            "CgroupVersion": "2",
            "ServerVersion": release.server.version,
            "Swarm": {"NodeID": "", "LocalNodeState": "inactive"},
            "Runtimes": {"io.containerd.runc.v2": {"path": "runc"}, "runc": {"path": "runc"}},
            "DefaultRuntime": "runc",
            "LiveRestoreEnabled": False,
            "InitBinary": "docker-init",
            **{
                f"{name}Commit": {"ID": commit}
                for name, (_, _, commit) in zip(("Containerd", "Runc", "Init"), release.helpers, strict=True)
            },
            "SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
            "RegistryConfig": {"InsecureRegistryCIDRs": insecure, "Mirrors": list(config.registry_mirrors)},
            "IndexServerAddress": HUB,
            "Labels": list(config.labels),
            "ExperimentalBuild": config.experimental,
            "DockerRootDir": config.root,
            **({"FirewallBackend": {"Driver": release.firewall}} if release.firewall else {}),
        }

    def _machine(self) -> dict[str, Any]:
        facts = self._context.runtime.facts
        return {
            "SystemTime": format_instant(self._context.now),
            "KernelVersion": facts.kernel_release,
            "OperatingSystem": self._operating_system,
            "OSType": "linux",
            "Architecture": facts.architecture,
            "NCPU": facts.cpus,
            "MemTotal": facts.memory,
            "Name": self._context.hostname,
        }

    def df(self) -> dict[str, Any]:
        """`docker system df`: images, containers, volumes, build cache."""
        images = self._images.usage()
        return {
            **images,
            "LayersSize": images["LayersSize"] + container_layers(self._context, self._context.registry),
            "Containers": self._containers.list(all=True, size=True),
            "Volumes": self._volumes.usage(),
            "BuildCache": self._builder.usage(),
        }

    def auth(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """`docker login`: try the credentials at the registry that they are for."""
        server = credentials.get("serveraddress") or HUB
        return {"Status": "Login Succeeded", "IdentityToken": self._registries.login(server, credentials)}

    def events(
        self, since: int = 0, until: int = 0, filters: Mapping[str, Sequence[str]] | None = None
    ) -> Conversation[None]:
        """`docker events`: those from `since` on, then those to come, up to `until` (nanoseconds, 0: no end)."""
        log = self._context.events
        told: set[int] = set()
        first = since or self._context.now
        while True:
            for event in log.select(first, until, filters):
                if id(event) not in told:
                    told.add(id(event))
                    yield event
            if until and self._context.now >= until:
                return
            yield from self._pause(until)

    def _pause(self, until: int) -> Iterator[Wait]:
        """Let others run until there may be news, or the end has come."""
        if until:
            span = (until - self._context.now) / 1e9
            yield from self._context.kernel.sleep(span)
        else:
            yield Wait()


def container_layers(context: Context, containers: Iterable[Container]) -> int:
    """What containers' own layers take, where the driver counts them with those of the images."""
    driver = storage_driver(context)
    if not driver.counts_containers:
        return 0
    return sum(sizes(context, each)[1] - driver.disk_usage(each.image.layers) for each in containers)
