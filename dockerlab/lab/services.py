"""The programs that only the host has: `docker`, `cosign`, `sudo`; `systemctl` and `service` for the Docker daemon."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any

from dockerlab import cli
from dockerlab.engine import Engine
from dockerlab.engine.config import PATH, DaemonConfig
from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.events import Wait
from dockerlab.lab.cosign import Cosign
from dockerlab.lab.host import HOME
from dockerlab.registry import Network
from dockerlab.runtime.executables import Program
from dockerlab.runtime.program import Process
from dockerlab.world import NANOSECOND

Steps = Generator[Wait, Any, int]

FAILED = """\
Job for docker.service failed because the control process exited with error code.
See "systemctl status docker.service" and "journalctl -xeu docker.service" for details.
"""


class Services:
    """The host's own programs, wired to its engine (`engine()` because it is made later) and to its registries."""

    def __init__(self, engine: Callable[[], Engine], registries: Network) -> None:
        self._engine, self._registries = engine, registries
        self._last_error = ""

    def programs(self) -> Mapping[str, Program]:
        """The programs by name."""
        return {
            "docker": self.docker,
            "cosign": self.cosign,
            "systemctl": self.systemctl,
            "service": self.service,
            "sudo": self.sudo,
            "journalctl": self.journalctl,
        }

    def docker(self, proc: Process) -> Steps:
        """The docker client."""
        code = yield from cli.main(proc.argv[1:], self._context(proc))
        # What a command has set in motion happens before the next one begins: time only passes when all are idle.
        yield from proc.kernel.sleep(1 / NANOSECOND)
        return code

    def cosign(self, proc: Process) -> Steps:
        """The program that signs images and verifies their signatures."""
        return (yield from Cosign(self._context(proc)).run(proc.argv[1:]))

    def _context(self, proc: Process) -> cli.Context:
        """What a client on the host sees."""
        home, terminal = proc.env.get("HOME", HOME), proc.is_terminal(1)
        return cli.Context(
            self._engine(), proc, proc.env, proc.fs, proc.cwd, home, terminal, registries=self._registries
        )

    def sudo(self, proc: Process) -> Steps:
        """Everybody is root here, so sudo only passes on the command, without its own options."""
        words = proc.argv[1:]
        while words and words[0].startswith("-"):
            words = words[1:]
        if not words:
            proc.err("usage: sudo command\n")
            return 1
        return (yield from proc.run(words))

    def systemctl(self, proc: Process) -> Steps:
        """Restart the Docker daemon, or say how it is; nothing else is managed here."""
        words = [word for word in proc.argv[1:] if not word.startswith("-")]
        verb, units = (words[0], words[1:]) if words else ("", [])
        if verb == "daemon-reload":
            return 0
        if verb not in {"restart", "reload", "status", "is-active", "start", "stop", "enable"}:
            proc.err(f"Unknown command verb '{verb}'.\n" if verb else "usage: systemctl restart docker\n")
            return 1
        for unit in units:
            if unit.removesuffix(".service") != "docker":
                proc.err(f"Failed to {verb} {unit.removesuffix('.service')}.service: Unit {unit} not found.\n")
                return 5
        if verb in {"restart", "reload"}:
            return (yield from self._restart(proc))
        if verb == "stop":
            proc.err("dockerlab: the daemon can be restarted here, but not stopped\n")
            return 1
        if verb in {"status", "is-active"}:
            proc.out(self._status() if verb == "status" else "active\n")
        return 0

    def service(self, proc: Process) -> Steps:
        """`service docker restart`, the older words, which systemd's `service` hands to systemctl."""
        unit, *verbs = proc.argv[1:] or [""]
        if unit == "docker" and verbs:
            return (yield from proc.run(["systemctl", *verbs, unit]))
        proc.err(f"{unit}: unrecognized service\n" if unit else "usage: service docker restart\n")
        return 1

    def journalctl(self, proc: Process) -> int:
        """What the daemon said last, when a restart failed."""
        proc.out(f"dockerd: {self._last_error}\n" if self._last_error else "-- No entries --\n")
        return 0

    def _restart(self, proc: Process) -> Steps:
        try:
            config = self._engine().chosen(read_config(proc))
        except DockerlabError as error:
            # The real daemon would be down now. Here the old one goes on, and the reason is told at once.
            self._last_error = str(error)
            proc.err(f"{FAILED}dockerd: {error}\ndockerlab: the daemon goes on with its old configuration\n")
            return 1
        self._last_error = ""
        yield from restart(self._engine(), config)
        return 0

    def _status(self) -> str:
        driver = self._engine().system.info()["Driver"]
        lines = [
            "● docker.service - Docker Application Container Engine",
            "     Loaded: loaded (/usr/lib/systemd/system/docker.service; enabled)",
            f"     Active: active (running), storage driver {driver}",
        ]
        lines += [f"     Last failed restart: {self._last_error}"] if self._last_error else []
        return "\n".join(lines) + "\n"


def read_config(proc: Process) -> DaemonConfig:
    """The daemon's configuration file; none is the default configuration."""
    try:
        text = proc.fs.read(PATH).decode("utf-8", "replace")
    except FileSystemError:
        return DaemonConfig()
    return DaemonConfig.parse(text)


def restart(engine: Engine, config: DaemonConfig) -> Generator[Wait, Any, None]:
    """Stop the daemon with its containers, start it again with those whose restart policy wants it.

    `always` means those, too, that somebody had stopped; `unless-stopped` does not.
    """
    running = [row["Id"] for row in engine.containers.list()]
    for container_id in running:
        yield from engine.containers.stop(container_id, 10)
    ran = set(engine.restart(config, running))
    for row in reversed(engine.containers.list(all=True)):
        policy = engine.containers.find(row["Id"]).host["RestartPolicy"]["Name"]
        if (policy == "always" and row["State"] == "exited") or (policy == "unless-stopped" and row["Id"] in ran):
            for step in engine.containers.start(row["Id"]):
                assert isinstance(step, Wait)
                yield step
