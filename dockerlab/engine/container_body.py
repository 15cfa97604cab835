"""What a client asks for when it creates a container, completed (Engine API, "Create a container").

What the body leaves open comes from the image (moby, `daemon/commit.go: merge`) and from the engine's defaults.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dockerlab.engine.capabilities import normalised
from dockerlab.errors import InvalidParameterError
from dockerlab.oci.config import NIL, ContainerConfig, Healthcheck

MEBIBYTE = 1 << 20

HOST_DEFAULTS: Mapping[str, Any] = {
    "Binds": None,
    "ContainerIDFile": "",
    "LogConfig": {"Type": "json-file", "Config": {}},
    "NetworkMode": "default",
    "PortBindings": {},
    "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
    "AutoRemove": False,
    "VolumeDriver": "",
    "VolumesFrom": None,
    "ConsoleSize": [0, 0],
    "CapAdd": None,
    "CapDrop": None,
    "CgroupnsMode": "private",
    "Dns": [],
    "DnsOptions": [],
    "DnsSearch": [],
    "ExtraHosts": None,
    "GroupAdd": None,
    "IpcMode": "private",
    "Cgroup": "",
    "Links": None,
    "OomScoreAdj": 0,
    "PidMode": "",
    "Privileged": False,
    "PublishAllPorts": False,
    "ReadonlyRootfs": False,
    "SecurityOpt": None,
    "UTSMode": "",
    "UsernsMode": "",
    "ShmSize": 64 * MEBIBYTE,
    "Runtime": "runc",
    "Isolation": "",
    "CpuShares": 0,
    "Memory": 0,
    "NanoCpus": 0,
    "CgroupParent": "",
    "BlkioWeight": 0,
    "BlkioWeightDevice": [],
    "BlkioDeviceReadBps": [],
    "BlkioDeviceWriteBps": [],
    "BlkioDeviceReadIOps": [],
    "BlkioDeviceWriteIOps": [],
    "CpuPeriod": 0,
    "CpuQuota": 0,
    "CpuRealtimePeriod": 0,
    "CpuRealtimeRuntime": 0,
    "CpusetCpus": "",
    "CpusetMems": "",
    "Devices": [],
    "DeviceCgroupRules": None,
    "DeviceRequests": None,
    "MemoryReservation": 0,
    "MemorySwap": 0,
    "MemorySwappiness": None,
    "OomKillDisable": None,
    "PidsLimit": None,
    "Ulimits": [],
    "CpuCount": 0,
    "CpuPercent": 0,
    "IOMaximumIOps": 0,
    "IOMaximumBandwidth": 0,
    "MaskedPaths": [
        "/proc/asound",
        "/proc/acpi",
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/sys/firmware",
        "/sys/devices/virtual/powercap",
    ],
    "ReadonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
}
_OPTIONAL = ("Mounts", "Tmpfs", "StorageOpt", "Sysctls", "Annotations", "Init")
"""Shown by inspect only where they were given."""


def host_config(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The HostConfig of a new container: what was given over the defaults, in the order of moby's struct."""
    asked = given or {}
    host = {name: copy.deepcopy(asked.get(name, default)) for name, default in HOST_DEFAULTS.items()}
    for name, default in HOST_DEFAULTS.items():
        if host[name] is None or (isinstance(default, str | int) and not host[name]):
            host[name] = copy.deepcopy(default)
    host |= {name: copy.deepcopy(asked[name]) for name in _OPTIONAL if asked.get(name)}
    policy = host["RestartPolicy"]
    host["RestartPolicy"] = {
        "Name": policy.get("Name") or "no",
        "MaximumRetryCount": policy.get("MaximumRetryCount", 0),
    }
    if host["Memory"] and not host["MemorySwap"]:
        host["MemorySwap"] = 2 * host["Memory"]
    return host | _normalised(host)


def _normalised(host: Mapping[str, Any]) -> dict[str, Any]:
    """What moby says in another way than it was told: words for a default become the default, or null."""
    logging = host["LogConfig"]
    return {
        "LogConfig": {"Type": logging.get("Type") or "json-file", "Config": logging.get("Config") or {}},
        "CapAdd": normalised("CapAdd", host["CapAdd"]),
        "CapDrop": normalised("CapDrop", host["CapDrop"]),
        "MemorySwappiness": None if host["MemorySwappiness"] == -1 else host["MemorySwappiness"],
        "PidsLimit": host["PidsLimit"] if (host["PidsLimit"] or 0) > 0 else None,
    }


def container_config(body: Mapping[str, Any], image: ContainerConfig | None) -> ContainerConfig:
    """The configuration of a new container: the body's, completed from the image's."""
    fields = {key: value for key, value in body.items() if key not in {"HostConfig", "NetworkingConfig"}}
    config = ContainerConfig.from_json(fields)
    if image is not None:
        config = merge(config, image)
    if config.entrypoint == ("",):
        config = replace(config, entrypoint=None)
    if not config.entrypoint and not config.cmd:
        raise InvalidParameterError("No command specified")
    return config


def merge(config: ContainerConfig, image: ContainerConfig) -> ContainerConfig:
    """Take from the image what the user left open."""
    cmd, entrypoint = config.cmd, config.entrypoint
    if not entrypoint:
        if not cmd:
            cmd = image.cmd
        if entrypoint is None:
            entrypoint = image.entrypoint
    return replace(
        config,
        user=config.user or image.user,
        exposed_ports=tuple(_union(config.exposed_ports, image.exposed_ports)),
        env=_merged_env(config.env, image.env),
        labels={**(image.labels or {}), **(config.labels or {})},
        cmd=cmd,
        entrypoint=entrypoint,
        healthcheck=_merged_health(config.healthcheck, image.healthcheck),
        working_dir=config.working_dir or image.working_dir,
        volumes=_union(config.volumes, image.volumes),
        stop_signal=config.stop_signal or image.stop_signal,
        shell=config.shell or image.shell,
    )


def _union(first: Sequence[str] | None, second: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(sorted({*(first or ()), *(second or ())})) or NIL


def _merged_env(own: tuple[str, ...], image: tuple[str, ...]) -> tuple[str, ...]:
    if not own:
        return image
    names = {pair.partition("=")[0] for pair in own}
    return (*own, *(pair for pair in image if pair.partition("=")[0] not in names))


def _merged_health(own: Healthcheck | None, image: Healthcheck | None) -> Healthcheck | None:
    if own is None or image is None:
        return own or image
    return replace(
        own,
        test=own.test or image.test,
        interval=own.interval or image.interval,
        timeout=own.timeout or image.timeout,
        start_period=own.start_period or image.start_period,
        start_interval=own.start_interval or image.start_interval,
        retries=own.retries or image.retries,
    )
