"""Start, stop, kill, restart, pause, remove, and what follows the end of process 1 (moby, `daemon/*.go`)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from dockerlab.engine import container_links as links
from dockerlab.engine import container_networks
from dockerlab.engine.container_checks import signal_number
from dockerlab.engine.container_context import Context
from dockerlab.engine.container_jobs import later, restart_delay, watch_health
from dockerlab.engine.container_start import check_start, confinement, devices, shared_memory
from dockerlab.engine.container_volumes import note_mounts
from dockerlab.errors import (
    ConflictError,
    DockerlabError,
    FileSystemError,
    InvalidParameterError,
    NotModifiedError,
)
from dockerlab.events import Wait
from dockerlab.runtime.container import Container
from dockerlab.runtime.container_rootfs import Surroundings
from dockerlab.runtime.signals import NAMES as SIGNAL_NAMES
from dockerlab.runtime.signals import SIGKILL
from dockerlab.runtime.start_error import StartError

GRACE = 10
"""Seconds between the stop signal and SIGKILL."""
FAILED_TO_START = 128


class Lifecycle:
    """The transitions of all containers of an engine."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._delays: dict[str, float] = {}

    # Starting.

    def start(self, container: Container) -> None:
        """`docker start`; NotModifiedError when it runs already."""
        state = container.state
        if state.paused:
            raise ConflictError("cannot start a paused container, try unpause instead")
        if state.running and not state.restarting:
            raise NotModifiedError("container is already running")
        if state.removal_in_progress or state.dead:
            raise ConflictError("container is marked for removal and cannot be started")
        container.restart_count = 0
        self._delays.pop(container.id, None)
        self._start(container)

    def _start(self, container: Container) -> None:
        """Process 1, network and ports; nothing of them stays when one fails."""
        try:
            check_start(self._context, container)
            around = self._surroundings(container)
            container_networks.publish(self._context, container)
            note_mounts(self._context, container, mounted=True)
            container.start(self._context.runtime, around, self._ended)
        except DockerlabError as error:
            self._failed(container, error)
            raise
        if container.state.running:
            watch_health(self._context, container)
            links.address_changed(self._context, container)
        self._context.note(container, "start")

    def _failed(self, container: Container, error: DockerlabError) -> None:
        self._disconnect(container)
        note_mounts(self._context, container, mounted=False)
        code = error.exit_code if isinstance(error, StartError) else FAILED_TO_START
        container.state.fail(code, str(error))
        container.attachments.clear()
        if container.host["AutoRemove"]:
            self.destroy(container, volumes=True)

    def _surroundings(self, container: Container) -> Surroundings:
        context = self._context
        container_networks.join(context, container)
        if container_networks.mode_of(container).startswith("container:"):
            # Its hostname, hosts and resolv.conf are the other's, too.
            return container_networks.shared_with(context, container).around
        extra = tuple(self._extra_host(each) for each in container.host.get("ExtraHosts") or ())
        return Surroundings(
            hostname=container.config.hostname,
            hosts=(*extra, *links.host_lines(context, container), *container_networks.own_lines(context, container)),
            nameservers=self._nameservers(container),
            linked=links.environment(context, container),
            confinement=confinement(container.host),
            devices=devices(context, container),
            memory=shared_memory(context, container),
            init=bool(container.host.get("Init")),
        )

    def _nameservers(self, container: Container) -> str:
        """resolv.conf: what was asked for, or the host's; on networks with names Docker's own server alone."""
        text = _resolver(container.host, self._host_resolver())
        return container_networks.embedded(text) if container_networks.uses_names(self._context, container) else text

    def _extra_host(self, entry: str) -> str:
        """--add-host is 'name:address'; /etc/hosts wants the address first. An IPv6 address has colons of its own."""
        name, _, address = entry.partition(":")
        return f"{self._context.networks.host_gateway if address == 'host-gateway' else address}\t{name}"

    def _host_resolver(self) -> str:
        try:
            return self._context.host.read("/etc/resolv.conf").decode("utf-8", "replace")
        except FileSystemError:
            return ""

    def _disconnect(self, container: Container) -> None:
        self._context.ports.release(container)
        container_networks.leave(self._context, container)

    # Ending.

    def _ended(self, container: Container, code: int) -> None:
        """Process 1 is gone."""
        self._context.note(container, "die", exitCode=str(code))
        self._disconnect(container)
        note_mounts(self._context, container, mounted=False)
        if container.state.health is not None:
            container.state.health.status = "unhealthy"
        if self._wants_restart(container, code):
            self._restart_later(container, code)
        elif container.host["AutoRemove"]:
            self.destroy(container, volumes=True)

    def _wants_restart(self, container: Container, code: int) -> bool:
        policy = container.host["RestartPolicy"]
        if container.stopped_by_user:
            return False
        if policy["Name"] == "on-failure":
            most = policy["MaximumRetryCount"]
            return code != 0 and (not most or container.restart_count < most)
        return policy["Name"] in {"always", "unless-stopped"}

    def _restart_later(self, container: Container, code: int) -> None:
        context, start = self._context, container.starts
        state = container.state
        delay = restart_delay(context.now - state.started_at, self._delays.get(container.id, 0.0))
        self._delays[container.id] = delay
        state.restart_later(context.now, code)

        def again() -> None:
            if container.starts == start and state.restarting and container in context.registry:
                container.restart_count += 1
                try:
                    self._start(container)
                except DockerlabError:
                    return  # the reason stands in the container's state

        later(context.kernel, delay, again)

    def stop(
        self, container: Container, timeout: int | None = None, signal: str | None = None
    ) -> Generator[Wait, Any, None]:
        """`docker stop`: the stop signal, then after a grace period SIGKILL. NotModifiedError when it does not run."""
        if not container.state.running:
            raise NotModifiedError("container is already stopped")
        container.stopped_by_user = True
        if container.state.restarting:
            container.state.exit(self._context.now, container.state.exit_code)
            return
        start = container.starts
        number = signal_number(signal or container.config.stop_signal or "TERM")
        self._signal(container, number)
        grace = timeout if timeout is not None else container.config.stop_timeout
        grace = GRACE if grace is None else grace
        gone = yield from self._wait_end(container, start, None if grace < 0 else grace)
        if not gone:
            self._signal(container, SIGKILL)
            yield from self._wait_end(container, start, None)
        self._context.note(container, "stop")

    def _wait_end(self, container: Container, start: int, timeout: float | None) -> Generator[Wait, Any, bool]:
        return (
            yield from self._context.kernel.until(
                lambda: container.starts != start or not container.state.running or container.state.restarting, timeout
            )
        )

    def _signal(self, container: Container, number: int) -> None:
        """A signal reaches a paused container too: it goes on, so that the signal can have its effect."""
        self._context.note(container, "kill", signal=str(number))
        if container.state.paused:
            self.unpause(container)
        container.signal(number)

    def kill(self, container: Container, name: str, signal: str = "KILL") -> None:
        """`docker kill`; `name` is how the client called the container."""
        number = signal_number(signal)
        if not container.state.running or container.state.restarting:
            raise ConflictError(f"Cannot kill container: {name}: Container {container.id} is not running")
        if number not in SIGNAL_NAMES:
            text = f"The linux daemon does not support signal {number}"
            raise InvalidParameterError(f"Cannot kill container: {name}: {text}")
        stop_signal = signal_number(container.config.stop_signal or "TERM")
        if number in {SIGKILL, stop_signal}:
            container.stopped_by_user = True
            self._signal(container, number)
        else:
            self._context.note(container, "kill", signal=str(number))
            container.signal(number)

    def restart(
        self, container: Container, timeout: int | None = None, signal: str | None = None
    ) -> Generator[Wait, Any, None]:
        """`docker restart`: stop if it runs, then start."""
        if container.state.running:
            auto_remove, container.host["AutoRemove"] = container.host["AutoRemove"], False
            try:
                yield from self.stop(container, timeout, signal)
            finally:
                container.host["AutoRemove"] = auto_remove
        self.start(container)
        self._context.note(container, "restart")

    def pause(self, container: Container) -> None:
        """`docker pause`."""
        container.pause()
        self._context.note(container, "pause")

    def unpause(self, container: Container) -> None:
        """`docker unpause`."""
        container.unpause()
        self._context.note(container, "unpause")

    # Removing.

    def remove(self, container: Container, *, force: bool = False, volumes: bool = False) -> None:
        """`docker rm`: what runs must be forced."""
        if container.state.running:
            if not force:
                raise ConflictError(_still_running(container))
            self._end_for_removal(container)
        if container in self._context.registry:
            self.destroy(container, volumes=volumes)

    def _end_for_removal(self, container: Container) -> None:
        container.stopped_by_user = True
        if container.state.restarting:
            container.state.exit(self._context.now, container.state.exit_code)
        else:
            self._signal(container, SIGKILL)

    def destroy(self, container: Container, *, volumes: bool) -> None:
        """Forget a container that does not run."""
        container.state.remove()
        self._context.registry.remove(container)
        self._context.meter.add(container.files)
        self._context.endpoints.pop(container.id, None)
        self._context.links.pop(container.id, None)
        self._delays.pop(container.id, None)
        self._context.note(container, "destroy")
        if volumes:
            names = [mount.name for mount in container.mounts if mount.type == "volume"]
            self._context.volumes.remove_anonymous(names)
        self._context.kernel.notify()


def _resolver(host: Mapping[str, Any], inherited: str) -> str:
    """resolv.conf with --dns, --dns-search and --dns-option; what was not asked for is the host's."""
    words = {"search": host.get("DnsSearch"), "nameserver": host.get("Dns"), "options": host.get("DnsOptions")}
    if not any(words.values()):
        return inherited
    lines: list[str] = []
    for keyword, asked in words.items():
        if not asked:
            lines += [line for line in inherited.splitlines() if line.split()[:1] == [keyword]]
        elif keyword == "nameserver":
            lines += [f"nameserver {each}" for each in asked]
        elif list(asked) != ["."] and any(asked):
            lines.append(f"{keyword} {' '.join(asked)}")
    return "".join(f"{line}\n" for line in lines)


def _still_running(container: Container) -> str:
    state = container.state.status
    advice = "Stop the container before attempting removal or force remove"
    if state == "paused":
        advice = f"Unpause and then {advice[0].lower()}{advice[1:]}"
    return f"You cannot remove a {state} container {container.id}. {advice}"
