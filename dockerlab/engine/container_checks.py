"""What moby refuses in a new container's configuration (verifyContainerSettings, verifyPlatformContainerResources)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dockerlab.errors import InvalidParameterError, NotFoundError, SystemError_
from dockerlab.oci.config import ContainerConfig, Healthcheck
from dockerlab.oci.golang import quote
from dockerlab.runtime.signals import parse_signal

LEAST_MEMORY = 6 << 20
MILLISECOND = 1_000_000
NANO_CPU = 1_000_000_000
LOG_DRIVERS = frozenset("none awslogs fluentd gcplogs gelf journald json-file local splunk syslog".split())
JSON_LOG_OPTIONS = frozenset(
    "cache-disabled cache-max-file cache-max-size cache-compress compress env env-regex labels labels-regex "
    "max-buffer-size max-file max-size mode tag".split()
)
RUNTIMES = frozenset({"", "runc", "io.containerd.runc.v2"})
MEMORY_NODES = 1
_TRUTHS = frozenset("1 t T TRUE true True 0 f F FALSE false False".split())
_CPUS = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")


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
    """A signal by name or number; any number but 0 passes here (moby/sys/signal, ParseSignal)."""
    number = int(text) if re.fullmatch(r"[+-]?\d+", text, re.ASCII) else parse_signal(text)
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


def _check_storage(options: Mapping[str, str]) -> None:
    """A size for the writable layer needs a file system with quotas, which the lab's host does not have (extfs)."""
    unknown = next((name for name in options if name.lower() != "size"), "")
    if unknown:
        raise SystemError_(f"Unknown option {unknown}")
    if options:
        raise SystemError_("--storage-opt is supported only for overlay over xfs with 'pquota' mount option")


def check_host(host: Mapping[str, Any], cpus: int) -> None:
    """What moby refuses in a HostConfig."""
    _check_storage(host.get("StorageOpt") or {})
    check_restart_policy(host["RestartPolicy"])
    if host["AutoRemove"] and host["RestartPolicy"]["Name"] != "no":
        raise InvalidParameterError("can't create 'AutoRemove' container with restart policy")
    _check_names(host)
    for option in host["SecurityOpt"] or ():
        _check_security(option)
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


def _check_names(host: Mapping[str, Any]) -> None:
    """Words of which moby knows only some."""
    ipc, isolation, runtime = host["IpcMode"], host["Isolation"], host["Runtime"]
    if ipc not in {"", "none", "private", "shareable", "host"} and not ipc.startswith("container:"):
        raise InvalidParameterError(f"Invalid IPC mode: {ipc}")
    if isolation not in {"", "default"}:
        raise InvalidParameterError(f"Invalid isolation: {quote(isolation)} - linux only supports 'default'")
    if runtime not in RUNTIMES:
        raise InvalidParameterError(f"Unknown runtime specified {runtime}")
    _check_logging(host["LogConfig"])


def _check_security(option: str) -> None:
    """Security options: a name, '=' (or ':', of old) and a value (moby, parseSecurityOpt)."""
    if option in {"no-new-privileges", "disable"}:
        return
    name, separator, value = option.partition("=" if "=" in option else ":")
    if not separator:
        raise SystemError_(f"invalid --security-opt 1: {quote(option)}")
    known = name in {"label", "apparmor", "seccomp"} or (name == "no-new-privileges" and value in _TRUTHS)
    if not known:
        raise SystemError_(f"invalid --security-opt 2: {quote(option)}")


def _check_logging(logging: Mapping[str, Any]) -> None:
    driver = logging["Type"]
    if driver not in LOG_DRIVERS:
        raise NotFoundError(f'error looking up logging plugin {driver}: plugin "{driver}" not found')
    if driver == "json-file":
        for option in logging["Config"]:
            if option not in JSON_LOG_OPTIONS:
                raise InvalidParameterError(f"unknown log opt '{option}' for json-file log driver")
        mode = logging["Config"].get("mode", "")
        if mode not in {"", "blocking", "non-blocking"}:
            raise InvalidParameterError(f"logger: logging mode not supported: {mode}")


def check_resources(host: Mapping[str, Any], cpus: int, *, update: bool = False) -> None:
    """Limits that make no sense; an `update` names only those that change."""
    _check_memory(host, update)
    _check_cpu_time(host, cpus)
    _check_set("cpus", host.get("CpusetCpus", ""), "CPUs", cpus)
    _check_set("mems", host.get("CpusetMems", ""), "memory nodes", MEMORY_NODES)
    score = host.get("OomScoreAdj", 0)
    if not -1000 <= score <= 1000:
        raise InvalidParameterError(f"Invalid value {score}, range for oom score adj is [-1000, 1000]")


def _check_memory(host: Mapping[str, Any], update: bool) -> None:
    memory, swap = host.get("Memory", 0), host.get("MemorySwap", 0)
    if 0 < memory < LEAST_MEMORY:
        raise InvalidParameterError("Minimum memory limit allowed is 6MB")
    if memory > 0 and 0 < swap < memory:
        raise InvalidParameterError("Minimum memoryswap limit should be larger than memory limit, see usage")
    if memory == 0 and swap > 0 and not update:
        raise InvalidParameterError("You should always set the Memory limit when using Memoryswap limit, see usage")
    if 0 < host.get("MemoryReservation", 0) < LEAST_MEMORY:
        raise InvalidParameterError("Minimum memory reservation allowed is 6MB")
    if 0 < memory < host.get("MemoryReservation", 0):
        text = "Minimum memory limit can not be less than memory reservation limit, see usage"
        raise InvalidParameterError(text)


def _check_cpu_time(host: Mapping[str, Any], cpus: int) -> None:
    nano, period, quota = host.get("NanoCpus", 0), host.get("CpuPeriod", 0), host.get("CpuQuota", 0)
    for name, value in (("Period", period), ("Quota", quota)):
        if nano > 0 and value > 0:
            raise InvalidParameterError(f"Conflicting options: Nano CPUs and CPU {name} cannot both be set")
    if nano < 0 or nano > cpus * NANO_CPU:
        text = f"Range of CPUs is from 0.01 to {cpus}.00, as there are only {cpus} CPUs available"
        raise InvalidParameterError(text)
    if period and not 1000 <= period <= 1_000_000:
        text = "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"
        raise InvalidParameterError(text)
    if 0 < quota < 1000:
        raise InvalidParameterError("CPU cfs quota can not be less than 1ms (i.e. 1000)")
    if host.get("CpuShares", 0) < 0:
        raise SystemError_(f"invalid CPU shares ({host['CpuShares']}): value must be a positive integer")


def _check_set(kind: str, text: str, what: str, count: int) -> None:
    """'0-2,5': processors or memory nodes that the machine has."""
    if not text:
        return
    numbers = numbers_of(text) if _CPUS.fullmatch(text) else ()
    if not numbers:
        raise InvalidParameterError(f"Invalid value {text} for cpuset {kind}: invalid format: {text}")
    if max(numbers) >= count:
        available = "0" if count == 1 else f"0-{count - 1}"
        raise InvalidParameterError(f"Requested {what} are not available - requested {text}, available: {available}")


def numbers_of(text: str) -> tuple[int, ...]:
    """The numbers of '0-2,5'; none where a range runs backwards."""
    numbers: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        if int(last or first) < int(first):
            return ()
        numbers.update(range(int(first), int(last or first) + 1))
    return tuple(sorted(numbers))
