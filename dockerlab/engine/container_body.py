"""What a client asks for when it creates a container, checked and completed (Engine API, "Create a container").

What the body leaves open comes from the image (moby, `daemon/commit.go: merge`) and from the engine's defaults. The
checks and their texts are moby's `verifyContainerSettings` and `verifyPlatformContainerResources`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dockerlab.errors import InvalidParameterError, SystemError_
from dockerlab.oci.config import NIL, ContainerConfig, Healthcheck
from dockerlab.runtime.signals import parse_signal

MEBIBYTE = 1 << 20
LEAST_MEMORY = 6 * MEBIBYTE
MILLISECOND = 1_000_000
NANO_CPU = 1_000_000_000

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
    return host


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


def _merged_env(own: Sequence[str], image: Sequence[str]) -> tuple[str, ...]:
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


# Checks.


def check_config(config: ContainerConfig) -> None:
    """What moby refuses in a configuration."""
    directory = config.working_dir
    if directory and not directory.startswith("/"):
        text = f"the working directory '{directory}' is invalid, it needs to be an absolute path"
        raise InvalidParameterError(text)
    for pair in config.env:
        if not pair.partition("=")[0]:
            raise InvalidParameterError(f"invalid environment variable: {pair}")
    if config.stop_signal:
        signal_number(config.stop_signal)
    if config.healthcheck is not None:
        _check_health(config.healthcheck)


def signal_number(text: str) -> int:
    """A signal by name or number."""
    number = parse_signal(text)
    if not number:
        raise InvalidParameterError(f"Invalid signal: {text}")
    return number


def _check_health(health: Healthcheck) -> None:
    spans = {"Interval": health.interval, "Timeout": health.timeout, "StartPeriod": health.start_period}
    for name, span in spans.items():
        if span and span < MILLISECOND:
            raise InvalidParameterError(f"{name} in Healthcheck cannot be less than 1ms")
    if health.retries and health.retries < 0:
        raise InvalidParameterError("Retries in Healthcheck cannot be negative")


def check_host(host: Mapping[str, Any], cpus: int) -> None:
    """What moby refuses in a HostConfig."""
    check_restart_policy(host["RestartPolicy"])
    if host["AutoRemove"] and host["RestartPolicy"]["Name"] != "no":
        raise InvalidParameterError("can't create 'AutoRemove' container with restart policy")
    check_resources(host, cpus)


def check_restart_policy(policy: Mapping[str, Any]) -> None:
    """no, always, unless-stopped, on-failure; only the last may count."""
    name, count = policy.get("Name") or "no", policy.get("MaximumRetryCount", 0)
    if name not in {"no", "always", "unless-stopped", "on-failure"}:
        raise InvalidParameterError(f"invalid restart policy '{name}'")
    if count and name != "on-failure":
        raise InvalidParameterError(f"maximum retry count cannot be used with restart policy '{name}'")
    if count < 0:
        raise InvalidParameterError("maximum retry count cannot be negative")


def check_resources(host: Mapping[str, Any], cpus: int) -> None:
    """Limits that make no sense."""
    memory, swap, nano = host.get("Memory", 0), host.get("MemorySwap", 0), host.get("NanoCpus", 0)
    if 0 < memory < LEAST_MEMORY:
        raise InvalidParameterError("Minimum memory limit allowed is 6MB")
    if memory > 0 and 0 < swap < memory:
        raise InvalidParameterError("Minimum memoryswap limit should be larger than memory limit, see usage")
    if memory == 0 and swap > 0:
        raise InvalidParameterError("You should always set the Memory limit when using Memoryswap limit, see usage")
    if nano < 0 or nano > cpus * NANO_CPU:
        text = f"Range of CPUs is from 0.01 to {cpus}.00, as there are only {cpus} CPUs available"
        raise InvalidParameterError(text)
    if host.get("CpuShares", 0) < 0:
        raise SystemError_(f"invalid CPU shares ({host['CpuShares']}): value must be a positive integer")
