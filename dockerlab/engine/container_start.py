"""What moby finds out about a container's settings only when it starts it (daemon/start.go, daemon/oci_linux.go)."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from typing import Any

from dockerlab.engine.container_context import Context
from dockerlab.errors import ConflictError, FileSystemError, InvalidParameterError, SystemError_
from dockerlab.fs.tree import Device, Metadata
from dockerlab.runtime.container import Container
from dockerlab.runtime.start_error import NOT_FOUND, REFUSED, StartError, created, initialised

LONGEST_HOSTNAME = 64
_IPC_SYSCTLS = ("kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue.")


def check_start(context: Context, container: Container) -> None:
    """Refuse what can't be started."""
    host = container.host
    for mode in (host["PidMode"], host["IpcMode"]):
        if mode.startswith("container:"):
            partner(context, mode)
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


def lender_of_memory(context: Context, container: Container) -> Container | None:
    """The container whose /dev/shm another one sees (`--ipc container:NAME`), None where it has its own."""
    mode: str = container.host["IpcMode"]
    if not mode.startswith("container:"):
        return None
    found = context.registry.find(mode.partition(":")[2])
    refusal = f"can't join IPC of container {found.id}"
    if not found.state.running:
        raise ConflictError(f"{refusal}: container {found.id} is not running")
    if found.host["IpcMode"] not in {"shareable", "host"}:
        raise SystemError_(f"{refusal}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)")
    return found


def _check_requests(requests: Iterable[dict[str, Any]]) -> None:
    """Only drivers that were installed give out devices, and none is."""
    for request in requests:
        capabilities = " ".join(f"[{' '.join(each)}]" for each in request.get("Capabilities") or ())
        driver = request.get("Driver", "")
        raise SystemError_(f'could not select device driver "{driver}" with capabilities: [{capabilities}]')


def _check_sysctls(host: dict[str, Any]) -> None:
    """A parameter of a namespace that is the host's is not the container's to set (runc, configs/validate)."""
    for name in host.get("Sysctls") or {}:
        if name.startswith("net.") and host["NetworkMode"] == "host":
            raise created(f'sysctl "{name}" not allowed in host network namespace')
        if name.startswith(_IPC_SYSCTLS) and host["IpcMode"] == "host":
            raise created(f'sysctl "{name}" is not allowed in the hosts ipc namespace')


def devices(context: Context, container: Container) -> dict[str, Device]:
    """The nodes that `--device` adds to /dev, by their paths in the container."""
    found: dict[str, Device] = {}
    for asked in container.host["Devices"] or ():
        found[asked["PathInContainer"]] = _device(context, asked["PathOnHost"])
    return found


def _device(context: Context, path: str) -> Device:
    text = f'error gathering device information while adding custom device "{path}"'
    try:
        stat = context.host.stat(path)
    except FileSystemError as error:
        missing = error.errno == errno.ENOENT
        raise StartError(f"{text}: {error.strerror.lower()}", exit_code=NOT_FOUND if missing else REFUSED) from None
    if stat.device is None:
        raise InvalidParameterError(f"{text}: not a device node")
    return Device(Metadata(stat.mode, stat.uid, stat.gid, stat.mtime), stat.kind, *stat.device)
