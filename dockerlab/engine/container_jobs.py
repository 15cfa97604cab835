"""What the engine does by itself while time passes: restarts that are due, health checks."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from dockerlab.engine.container_context import Context
from dockerlab.engine.events import exec_action
from dockerlab.errors import DockerlabError
from dockerlab.events import Wait
from dockerlab.oci.image import Healthcheck
from dockerlab.runtime.container import Container
from dockerlab.runtime.container_state import Health, Probe
from dockerlab.runtime.kernel import Kernel, Task
from dockerlab.runtime.streams import Buffer
from dockerlab.world import NANOSECOND

DEFAULT_INTERVAL = DEFAULT_TIMEOUT = 30 * NANOSECOND
DEFAULT_RETRIES = 3
LONGEST_OUTPUT = 4096
FIRST_DELAY, LONGEST_DELAY = 0.1, 60.0
LONG_ENOUGH = 10 * NANOSECOND
"""A container that ran this long has worked; its next restart is quick again (moby, `restartmanager`)."""


class Job(Task):
    """Work of the engine's own that the kernel runs beside the processes."""

    def __init__(self, kernel: Kernel, work: Generator[Wait, Any, None]) -> None:
        super().__init__()
        self._kernel = kernel
        self._number = 0
        self.body = self._run(work)
        self._number = kernel.add(self)

    @staticmethod
    def _run(work: Generator[Wait, Any, None]) -> Generator[Wait, Any, int]:
        yield from work
        return 0

    def ended(self, code: int) -> None:
        """Done."""
        self._kernel.remove(self._number)

    def exhausted(self, text: str) -> None:
        """It went on for too long."""
        self._kernel.remove(self._number)


def restart_delay(ran: int, delay: float) -> float:
    """Seconds until the next start: doubled each time, from a tenth of a second to a minute."""
    if ran >= LONG_ENOUGH or not delay:
        return FIRST_DELAY
    return min(2 * delay, LONGEST_DELAY)


def later(kernel: Kernel, seconds: float, action: Callable[[], None]) -> Job:
    """Do something after a while."""

    def work() -> Generator[Wait, Any, None]:
        yield from kernel.sleep(seconds)
        action()

    return Job(kernel, work())


def watch_health(context: Context, container: Container) -> None:
    """Start probing a container that has just been started, if it has a health check."""
    check = container.config.healthcheck
    if check is None or not check.test or check.test[0] == "NONE":
        container.state.health = None
        return
    container.state.health = Health()
    Job(context.kernel, _probe_for_ever(context, container, check))


def probe_command(container: Container, check: Healthcheck) -> list[str]:
    """The words of a health check: CMD as they are, CMD-SHELL through the container's shell."""
    kind, *words = check.test or ("NONE",)
    if kind == "CMD-SHELL":
        return [*(container.config.shell or ("/bin/sh", "-c")), *words]
    return words


def _probe_for_ever(context: Context, container: Container, check: Healthcheck) -> Generator[Wait, Any, None]:
    start, began = container.starts, context.now
    interval = (check.interval or DEFAULT_INTERVAL) / NANOSECOND
    while True:
        yield from context.kernel.sleep(interval)
        if not container.state.running or container.starts != start:
            return
        if container.state.paused:
            continue
        probe = yield from _probe(context, container, check)
        if container.starts != start or container.state.health is None:
            return
        starting = context.now < began + (check.start_period or 0)
        if container.state.health.record(probe, check.retries or DEFAULT_RETRIES, starting=starting):
            context.note(container, f"health_status: {container.state.health.status}")


def _probe(context: Context, container: Container, check: Healthcheck) -> Generator[Wait, Any, Probe]:
    start, output = context.now, Buffer()
    words = probe_command(container, check)
    exec_id = context.world.chance.hex()
    for action in ("exec_create", "exec_start"):
        context.note(container, exec_action(action, words), execID=exec_id)
    try:
        process = container.execute(words, stdout=output, stderr=output)
    except DockerlabError as error:
        return Probe(start, context.now, -1, str(error))
    timeout = (check.timeout or DEFAULT_TIMEOUT) / NANOSECOND
    finished = yield from context.kernel.until(lambda: process.exit_code is not None, timeout)
    if not finished:
        process.kill(9)
        return Probe(start, context.now, -1, f"Health check exceeded timeout ({timeout:g}s)")
    code = process.exit_code or 0
    context.note(container, "exec_die", execID=exec_id, exitCode=str(code))
    return Probe(start, context.now, code, output.text[:LONGEST_OUTPUT])
