"""A few machines on one bridge: servers run on some of them, and clients on others talk to them by name."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.runtime.net import Link
from dockerlab.runtime.process import Buffer, Feed, Kernel, Machine, Process, User
from dockerlab.runtime.programs import PROGRAMS
from dockerlab.world import Clock

PASSWD = "root:x:0:0:root:/root:/bin/sh\n" + "".join(
    f"{name}:x:999:999:{name}:/var/lib/{name}:/bin/sh\n" for name in ("redis", "postgres", "mysql", "mongodb")
)


@dataclass
class Answer:
    """What a program said."""

    stdout: str
    stderr: str
    exit_code: int


@dataclass
class Node:
    """One machine; `run` waits for a program, `start` leaves it running."""

    machine: Machine
    env: dict[str, str] = field(default_factory=dict)

    def start(self, line: str | list[str], *, cwd: str = "/data", uid: int = 0) -> Running:
        """Start a program, for instance a server."""
        log = Buffer()
        argv = shlex.split(line) if isinstance(line, str) else line
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", **self.env}
        proc = self.machine.start(argv, env=env, cwd=cwd, stdout=log, stderr=log, user=User(uid, uid))
        self.machine.kernel.settle()
        return Running(proc, log)

    def run(self, line: str | list[str], stdin: str = "", *, tty: bool = False, env: Mapping[str, str] = {}) -> Answer:
        """Run a program to its end."""
        out, err = Buffer(terminal=tty), Buffer(terminal=tty)
        argv = shlex.split(line) if isinstance(line, str) else line
        everything = {"PATH": "/usr/local/bin:/usr/bin:/bin", **self.env, **env}
        proc = self.machine.start(argv, env=everything, cwd="/data", stdin=Feed(stdin), stdout=out, stderr=err)
        self.machine.kernel.finish(self.machine.kernel.until(lambda: proc.exit_code is not None))
        assert proc.fault is None, proc.fault
        return Answer(out.text, err.text, proc.exit_code or 0)

    def says(self, line: str, stdin: str = "") -> str:
        """What a program prints on a terminal, errors included."""
        answer = self.run(line, stdin, tty=True)
        return answer.stdout + answer.stderr


@dataclass
class Running:
    """A program that goes on, with all that it has printed."""

    proc: Process
    log: Buffer

    @property
    def lines(self) -> list[str]:
        """The lines so far."""
        return self.log.text.splitlines()

    def stop(self, signum: int = 15) -> int:
        """Send a signal from outside and wait for the end; the exit code."""
        self.proc.kill(signum)
        self.proc.kernel.finish(self.proc.kernel.until(lambda: self.proc.exit_code is not None))
        assert self.proc.fault is None, self.proc.fault
        return self.proc.exit_code or 0


@dataclass
class Site:
    """A bridge with machines on it; they know each other by name."""

    clock: Clock = field(default_factory=Clock)
    nodes: dict[str, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kernel = Kernel(self.clock)
        self.link = Link("br0", "172.20.0.0/16")
        self.addresses: dict[str, str] = {}

    def node(self, name: str, *, files: OverlayFs | None = None, **env: str) -> Node:
        """A machine; with the files of an earlier one it has kept its volumes."""
        machine = Machine(self.kernel, files or self._files(), name, PROGRAMS)
        address = f"172.20.0.{len(self.addresses) + 2}"
        machine.network.attach(self.link, address)
        machine.network.lookup = self.addresses.get
        self.addresses[name] = address
        self.nodes[name] = Node(machine, env)
        return self.nodes[name]

    def _files(self) -> OverlayFs:
        files = OverlayFs(EMPTY, self.clock)
        for folder in ("/bin", "/etc", "/tmp", "/data", "/var/lib/mysql", "/run", "/root"):
            files.mkdir(folder, parents=True)
        files.chmod("/tmp", 0o1777)
        files.chmod("/run", 0o1777)
        files.symlink("/run", "/var/run")
        for folder in ("/data", "/var/lib/mysql"):
            files.chown(folder, 999, 999)
        files.write("/etc/passwd", PASSWD.encode())
        for name in PROGRAMS:
            files.write(f"/bin/{name}", b"\0", mode=0o755)
        return files
