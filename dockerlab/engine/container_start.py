"""What moby finds out about a container's settings only when it starts it (daemon/start.go, daemon/oci_linux.go)."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from typing import Any

from dockerlab.engine.container_checks import NANO_CPU, numbers_of
from dockerlab.engine.container_context import Context
from dockerlab.errors import ConflictError, FileSystemError, InvalidParameterError, SystemError_
from dockerlab.fs.tmpfs import Tmpfs
from dockerlab.fs.tree import Device, Metadata
from dockerlab.oci.golang import quote
from dockerlab.runtime import container_rootfs as rootfs
from dockerlab.runtime.capabilities import bounding_set
from dockerlab.runtime.confinement import UNLIMITED, Confinement
from dockerlab.runtime.container import Container
from dockerlab.runtime.kernel_files.sysctl import USUAL, is_number
from dockerlab.runtime.rlimits import MOST_FILES, RESOURCES, Limit, at_most
from dockerlab.runtime.start_error import NOT_FOUND, REFUSED, StartError, created, initialised

LONGEST_HOSTNAME = 64
DEVICES = {f"/dev/{name}": numbers for name, numbers in rootfs.CHARACTER_DEVICES.items()}
"""The host's own memory devices, which have no nodes in its tree."""
_SIZE = re.compile(r"\d+(\.\d+)? ?([kmgtp]i?)?b?", re.IGNORECASE)
PERIOD = 100_000
_DENIED = "operation not permitted"
_IPC_SYSCTLS = ("kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue.")


def check_start(context: Context, container: Container) -> None:
    """Refuse what can't be started, and find whose processes it joins."""
    host = container.host
    joined = host["PidMode"].startswith("container:")
    container.pids_of = partner(context, host["PidMode"]).machine if joined else None
    _check_log(host["LogConfig"])
    _check_requests(host["DeviceRequests"] or ())
    _check_sysctls(host)
    if len(container.config.hostname) > LONGEST_HOSTNAME:
        raise initialised("sethostname: invalid argument")


def partner(context: Context, mode: str) -> Container:
    """The container whose namespace another one joins ('container:NAME'); it has to run."""
    found = context.registry.find(mode.partition(":")[2])
    if not found.state.running:
        raise ConflictError(f"container {found.id} is not running")
    return found


def shared_memory(context: Context, container: Container) -> Tmpfs | None:
    """A container's /dev/shm: its own, another one's (`--ipc container:NAME`), or none."""
    mode: str = container.host["IpcMode"]
    if mode == "none":
        return None
    if not mode.startswith("container:"):
        return rootfs.shared_memory(container.host["ShmSize"], context.world.clock)
    name = mode.partition(":")[2]
    if not name:
        raise InvalidParameterError('can\'t join IPC of container : invalid name or ID supplied: ""')
    found = context.registry.find(name)
    refusal = f"can't join IPC of container {found.id}"
    if not found.state.running:
        raise ConflictError(f"{refusal}: container {found.id} is not running")
    if found.host["IpcMode"] not in {"shareable", "host"}:
        raise SystemError_(f"{refusal}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)")
    return found.around.memory


def _check_log(logging: dict[str, Any]) -> None:
    """The values of a log's options are read when the log is opened (moby, jsonfilelog.New)."""
    options, reason = logging["Config"], ""
    size, count = options.get("max-size", ""), options.get("max-file", "")
    if logging["Type"] != "json-file":
        return
    if size and not _SIZE.fullmatch(size):
        reason = f"invalid size: '{size}'"
    elif count and not re.fullmatch(r"[+-]?\d+", count):
        reason = f"strconv.Atoi: parsing {quote(count)}: invalid syntax"
    elif count and int(count) < 1:
        reason = "max-file cannot be less than 1"
    if reason:
        raise SystemError_(f"failed to initialize logging driver: {reason}")


def _check_requests(requests: Iterable[dict[str, Any]]) -> None:
    """Only drivers that were installed give out devices, and none is."""
    for request in requests:
        capabilities = " ".join(f"[{' '.join(each)}]" for each in request.get("Capabilities") or ())
        driver = request.get("Driver", "")
        raise SystemError_(f'could not select device driver "{driver}" with capabilities: [{capabilities}]')


def _check_sysctls(host: dict[str, Any]) -> None:
    """A parameter of a namespace that is the host's is not the container's to set (runc, configs/validate)."""
    for name, value in (host.get("Sysctls") or {}).items():
        path = f"/proc/sys/{name.replace('.', '/')}"
        if name.startswith("net.") and host["NetworkMode"] == "host":
            raise created(f'sysctl "{name}" not allowed in host network namespace')
        if name.startswith(_IPC_SYSCTLS) and host["IpcMode"] == "host":
            raise created(f'sysctl "{name}" is not allowed in the hosts ipc namespace')
        if name not in USUAL:
            raise initialised(f"open {path}: no such file or directory", NOT_FOUND)
        if is_number(USUAL[name]) and not is_number(value):
            raise initialised(f"write {path}: invalid argument")


def confinement(host: dict[str, Any]) -> Confinement:
    """What the processes of a container are held in, by its HostConfig."""
    privileged = bool(host["Privileged"])
    options = {text.replace(":", "=", 1) for text in host["SecurityOpt"] or ()}
    nano, period = host["NanoCpus"], host["CpuPeriod"] or PERIOD
    quota = host["CpuQuota"] or nano * period // NANO_CPU
    return Confinement(
        bounding=bounding_set(host["CapAdd"] or (), host["CapDrop"] or (), privileged=privileged),
        limits=_limits(host["Ulimits"]),
        no_new_privileges=any(option.startswith("no-new-privileges") and not _off(option) for option in options),
        filtered=not privileged and "seccomp=unconfined" not in options,
        oom_score=host["OomScoreAdj"],
        sysctls=host.get("Sysctls") or {},
        cpus=numbers_of(host["CpusetCpus"]),
        cpu_quota=str(quota) if quota > 0 else UNLIMITED,
        cpu_period=period,
    )


def _off(option: str) -> bool:
    return option.partition("=")[2].lower() in {"0", "f", "false"}


def _limits(asked: Iterable[dict[str, Any]]) -> dict[str, Limit]:
    """The limits of `--ulimit`; the kernel allows no more open files than fs.nr_open."""
    limits = {each["Name"]: (each["Soft"], each["Hard"]) for each in asked}
    for name, (_, hard) in limits.items():
        if name == "nofile" and not at_most(hard, MOST_FILES):
            kind = RESOURCES[name].number
            raise initialised(f"error setting rlimits for ready process: error setting rlimit type {kind}: {_DENIED}")
    return limits


def devices(context: Context, container: Container) -> dict[str, Device]:
    """The nodes that `--device` adds to /dev, by their paths in the container."""
    found: dict[str, Device] = {}
    for asked in container.host["Devices"] or ():
        found[asked["PathInContainer"]] = _device(context, asked["PathOnHost"])
    return found


def _device(context: Context, path: str) -> Device:
    if path in DEVICES:
        return Device(Metadata(0o666, mtime=context.now), "c", *DEVICES[path])
    text = f'error gathering device information while adding custom device "{path}"'
    try:
        stat = context.host.stat(path)
    except FileSystemError as error:
        missing = error.errno == errno.ENOENT
        raise StartError(f"{text}: {error.strerror.lower()}", exit_code=NOT_FOUND if missing else REFUSED) from None
    if stat.device is None:
        raise InvalidParameterError(f"{text}: not a device node")
    return Device(Metadata(stat.mode, stat.uid, stat.gid, stat.mtime), stat.kind, *stat.device)
