"""Limits and devices of `docker run`, as HostConfig has them (docker/cli, cli/command/container/opts.go)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dockerlab.cli.numbers import OptionError, parse_int
from dockerlab.cli.units import parse_ram_size

Json = dict[str, Any]

_SAME: Mapping[str, str] = {
    "blkio-weight": "BlkioWeight",
    "cgroup-parent": "CgroupParent",
    "cpu-period": "CpuPeriod",
    "cpu-quota": "CpuQuota",
    "cpu-rt-period": "CpuRealtimePeriod",
    "cpu-rt-runtime": "CpuRealtimeRuntime",
    "cpu-shares": "CpuShares",
    "cpus": "NanoCpus",
    "cpuset-cpus": "CpusetCpus",
    "cpuset-mems": "CpusetMems",
    "kernel-memory": "KernelMemory",
    "memory": "Memory",
    "memory-reservation": "MemoryReservation",
    "memory-swap": "MemorySwap",
    "oom-kill-disable": "OomKillDisable",
    "pids-limit": "PidsLimit",
}
"""Flags whose values the Engine API takes as they are."""


def resources(flags: Mapping[str, Any]) -> Json:
    """The limits that `docker run` and `docker update` can set."""
    limits: Json = {name: flags[flag] for flag, name in _SAME.items() if flag in flags}
    if "memory-swappiness" in flags:
        limits["MemorySwappiness"] = _swappiness(flags["memory-swappiness"])
    if "ulimit" in flags:
        limits |= _of_run(flags)
    return limits


def _swappiness(value: int) -> int:
    if value != -1 and not 0 <= value <= 100:
        raise OptionError(f"invalid value: {value}. Valid memory swappiness range is 0-100")
    return value


def _of_run(flags: Mapping[str, Any]) -> Json:
    requests = list(flags["gpus"])
    devices: list[Json] = []
    for text in flags["device"]:
        if _is_cdi(text):
            requests.append({"Driver": "cdi", "DeviceIDs": [text]})
        else:
            devices.append(parse_device(text))
    return {
        "BlkioWeightDevice": [_weight(text) for text in flags["blkio-weight-device"]],
        "BlkioDeviceReadBps": _rates(flags["device-read-bps"]),
        "BlkioDeviceReadIOps": _rates(flags["device-read-iops"]),
        "BlkioDeviceWriteBps": _rates(flags["device-write-bps"]),
        "BlkioDeviceWriteIOps": _rates(flags["device-write-iops"]),
        "Ulimits": [limit.to_json() for limit in flags["ulimit"]],
        "DeviceCgroupRules": list(flags["device-cgroup-rule"]) or None,
        "Devices": devices,
        "DeviceRequests": requests or None,
    }


def _weight(text: str) -> Json:
    path, _, weight = text.partition(":")
    return {"Path": path, "Weight": int(weight)}


def _rates(texts: Iterable[str]) -> list[Json]:
    return [{"Path": path, "Rate": parse_ram_size(rate)} for path, _, rate in (text.partition(":") for text in texts)]


def _is_cdi(text: str) -> bool:
    """A qualified name of the Container Device Interface: vendor.com/class=name."""
    kind, equals, name = text.partition("=")
    vendor, slash, class_ = kind.partition("/")
    return bool(equals and slash and vendor and class_ and name and not text.startswith("/"))


def parse_device(text: str) -> Json:
    """A device of 'host path[:container path][:rwm]'."""
    source, *rest = text.split(":")
    target, permissions = source, "rwm"
    if len(rest) > 2 or not source:
        raise OptionError(f"bad format for path: {text}")
    if len(rest) == 2:
        permissions = rest[1]
    if rest:
        if _is_mode(rest[0]):
            permissions = rest[0]
        else:
            target = rest[0]
    for path in (source, target):
        if not path.startswith("/"):
            raise OptionError(f"{path} is not an absolute path")
    if not _is_mode(permissions):
        raise OptionError(f"bad mode specified: {permissions}")
    return {"PathOnHost": source, "PathInContainer": target, "CgroupPermissions": permissions}


def _is_mode(text: str) -> bool:
    return bool(text) and set(text) <= set("rwm") and len(set(text)) == len(text)


def parse_restart(text: str) -> Json:
    """A restart policy: 'on-failure:3'."""
    if not text:
        return {"Name": ""}
    name, colon, count = text.partition(":")
    if colon and not name:
        raise OptionError("invalid restart policy format: no policy provided before colon")
    if not colon:
        return {"Name": name, "MaximumRetryCount": 0}
    try:
        return {"Name": name, "MaximumRetryCount": parse_int(count, base=10)}
    except OptionError as error:
        raise OptionError("invalid restart policy format: maximum retry count must be an integer") from error


def parse_health(flags: Mapping[str, Any]) -> Json | None:
    """The health check that --health-… and --no-healthcheck ask for, None for the image's own."""
    names = ("health-interval", "health-timeout", "health-retries", "health-start-period", "health-start-interval")
    wanted = flags["health-cmd"] or any(flags[name] for name in names)
    if flags["no-healthcheck"]:
        if wanted:
            raise OptionError("--no-healthcheck conflicts with --health-* options")
        return {"Test": ["NONE"]}
    if not wanted:
        return None
    for name in names:
        if flags[name] < 0:
            raise OptionError(f"--{name} cannot be negative")
    check: Json = {
        "Test": ["CMD-SHELL", flags["health-cmd"]] if flags["health-cmd"] else [],
        "Interval": flags["health-interval"],
        "Timeout": flags["health-timeout"],
        "StartPeriod": flags["health-start-period"],
        "StartInterval": flags["health-start-interval"],
        "Retries": flags["health-retries"],
    }
    return {name: value for name, value in check.items() if value}
