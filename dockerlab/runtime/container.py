"""`Container`: an image brought to life: its state, its files, its log, and the machine that its processes run on.

A container is created once and may be started many times (OCI runtime-spec, runtime.md, "Lifecycle"): its writable
layer and its log stay, its machine is new at each start. Who starts it (the engine) says what happens at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dockerlab.errors import FileSystemError, SystemError_
from dockerlab.fs.mounts import MountedFs
from dockerlab.fs.overlay import OverlayFs
from dockerlab.oci.platform import HOST
from dockerlab.runtime.capabilities import EVERY
from dockerlab.runtime.container_log import Log
from dockerlab.runtime.container_mounts import Mount, make_mount_point
from dockerlab.runtime.container_rootfs import INIT, Surroundings, mounted, network_mounts
from dockerlab.runtime.container_state import State
from dockerlab.runtime.container_user import Account, find_user
from dockerlab.runtime.executables import DEFAULT_PATH, Program, ProgramError
from dockerlab.runtime.kernel import Kernel
from dockerlab.runtime.kernel_files import KernelFiles
from dockerlab.runtime.machine import PID_LIMIT, RUNC_THREADS, Facts, Machine
from dockerlab.runtime.net import Stack
from dockerlab.runtime.program import Process
from dockerlab.runtime.signals import SIGKILL
from dockerlab.runtime.start_error import created, executed, start_failure
from dockerlab.runtime.streams import Callback, Pipe, Stream
from dockerlab.runtime.terminals import Tty, group

if TYPE_CHECKING:
    from dockerlab.oci.image import ContainerConfig
    from dockerlab.store.images import Image


@dataclass
class Attachment:
    """Where a client wants a container's output; None where it does not."""

    stdout: Stream | None = None
    stderr: Stream | None = None

    def write(self, name: str, data: bytes) -> None:
        """Pass output on; a client that went away must not stop the container."""
        stream = self.stdout if name == "stdout" else self.stderr
        if stream is not None:
            try:
                stream.writer.write(data)
            except (BrokenPipeError, FileSystemError):
                self.stdout = self.stderr = None


@dataclass(frozen=True)
class Runtime:
    """What all containers of an engine run on."""

    kernel: Kernel
    programs: Mapping[str, Program]
    facts: Facts = field(default_factory=Facts)


@dataclass(eq=False)
class Container:
    """One container. `files` is its writable layer over the image; `host` is the HostConfig of the Engine API."""

    id: str
    name: str
    created: int
    image: Image
    image_name: str
    config: ContainerConfig
    host: dict[str, Any]
    files: OverlayFs
    mounts: list[Mount] = field(default_factory=list)
    state: State = field(default_factory=State)
    log: Log = field(default_factory=Log)
    restart_count: int = 0
    machine: Machine | None = None
    process: Process | None = None
    stdin: Pipe | None = None
    attachments: list[Attachment] = field(default_factory=list)
    exec_ids: list[str] = field(default_factory=list)
    stopped_by_user: bool = False
    around: Surroundings = field(default_factory=Surroundings)
    starts: int = 0
    pids_of: Machine | None = None
    """The machine whose processes its own ones are among; who starts it says so."""
    network: Stack = field(default_factory=Stack)
    """The network namespace of its machine; who starts it sets it up."""

    @property
    def command(self) -> tuple[str, ...]:
        """Entrypoint and command together: what process 1 is started with."""
        return (*(self.config.entrypoint or ()), *(self.config.cmd or ()))

    @property
    def short_id(self) -> str:
        """The twelve digits that tables show."""
        return self.id[:12]

    @property
    def tty(self) -> bool:
        """Whether its process 1 has a terminal."""
        return self.config.tty

    # Files.

    def view(self) -> MountedFs:
        """Its files with volumes and bind mounts in place, running or not: what `docker cp` works on.

        Mount points are made where they are missing, which `docker diff` shows afterwards.
        """
        fs = MountedFs(self.files)
        own = network_mounts(self.around, self.files.clock) if self.state.running else []
        for mount in sorted([*self.mounts, *own], key=lambda mount: mount.depth):
            if mount.files is not None:
                make_mount_point(fs, mount.destination, directory=mount.files.is_dir(mount.subpath))
                fs.mount(mount.destination, mount.files, subpath=mount.subpath, read_only=not mount.rw)
        return fs

    def make_working_directory(self) -> None:
        """WORKDIR is made where it is missing, when the container is created."""
        path = self.config.working_dir
        if not path or self.files.is_dir(path):
            return
        try:
            self.files.mkdir(path, parents=True)
        except FileSystemError:
            raise SystemError_(f"Cannot mkdir: {path} is not a directory") from None

    # Life.

    def environment(self, account: Account) -> dict[str, str]:
        """The variables of process 1: Docker's own, then the configured ones, then HOME (runc) unless set."""
        env = {"PATH": DEFAULT_PATH, "HOSTNAME": self.around.hostname, **self.around.linked}
        if self.tty:
            env["TERM"] = "xterm"
        for pair in self.config.env:
            name, has_value, value = pair.partition("=")
            if has_value:
                env[name] = value
            else:
                env.pop(name, None)
        env.setdefault("HOME", account.home)
        return env

    def start(self, runtime: Runtime, around: Surroundings, on_exit: Callable[[Container, int], None]) -> None:
        """Start process 1. Raises StartError (126, 127), or InvalidParameterError for an unknown user."""
        self.around = around
        clock = runtime.kernel.clock
        account = find_user(self.files, self.config.user, self.host.get("GroupAdd") or ())
        read_only = bool(self.host.get("ReadonlyRootfs"))
        kernel_files = KernelFiles(clock)
        rootfs = mounted(self.files, self.mounts, around, kernel_files, read_only=read_only)
        kernel_files.machine = machine = Machine(
            runtime.kernel,
            rootfs,
            around.hostname,
            runtime.programs,
            network=self.network,
            facts=runtime.facts,
            memory_limit=self.host.get("Memory", 0),
            pid_limit=min(PID_LIMIT, max(0, self.host.get("PidsLimit") or 0) or PID_LIMIT),
            domainname=self.config.domainname,
            starter_threads=RUNC_THREADS,
            foreign=not self.image.config.platform.runs_on(HOST),
            confinement=around.confinement,
            pids_of=self.pids_of,
        )
        self.stdin = self._input(machine) if self.config.open_stdin else None
        process = self._start_process(machine, account)
        self.starts += 1
        self.stopped_by_user = False
        self.state.start(clock.now, process.host_pid)
        self.machine, self.process = machine, process
        machine.on_exit.append(lambda ended: self._process_ended(ended, on_exit))

    def _start_process(self, machine: Machine, account: Account) -> Process:
        cwd = self.config.working_dir or "/"
        try:
            return machine.start(
                (*INIT, *self.command) if self.host.get("Init") else self.command,
                env=self.environment(account),
                cwd=cwd,
                user=account,
                stdin=self.stdin,
                stdout=self._output("stdout"),
                stderr=self._output("stdout" if self.tty else "stderr"),
                tty=self.tty,
            )
        except ProgramError as error:
            raise created(f"unable to start container process: {start_failure(error)}", error.code) from None

    def _input(self, machine: Machine) -> Pipe:
        if not self.tty:
            return Pipe()
        return Tty(lambda data: self.print("stdout", data), lambda: group(machine, 1))

    def _output(self, name: str) -> Stream:
        return Callback(lambda data: self.print(name, data), terminal=self.tty)

    def print(self, name: str, data: bytes) -> None:
        """What a process prints goes to the log and to whoever is attached; a terminal adds carriage returns."""
        if self.tty:
            data = data.replace(b"\n", b"\r\n")
        self.log.write(name, data, self.files.clock.now)
        for attachment in self.attachments:
            attachment.write(name, data)

    def _process_ended(self, ended: Process, on_exit: Callable[[Container, int], None]) -> None:
        if ended is self.process:
            assert ended.exit_code is not None
            for each in ended.machine.alive() if self.pids_of else ():
                if each.machine is ended.machine:
                    each.kill(SIGKILL)  # what its process 1 would have done by its end
            self._ended(ended.exit_code, self.files.clock.now, on_exit)

    def _ended(self, code: int, now: int, on_exit: Callable[[Container, int], None]) -> None:
        self.log.close(now)
        self.machine = self.process = self.stdin = None
        self.state.exit(now, code)
        on_exit(self, code)

    # What is done to it while it runs.

    def signal(self, number: int) -> None:
        """Send a signal to process 1, from outside."""
        if self.process is not None:
            self.process.kill(number)

    def pause(self) -> None:
        """Freeze all its processes."""
        self.state.pause(self.id)
        if self.machine is not None:
            self.machine.frozen = True

    def unpause(self) -> None:
        """Let them go on."""
        self.state.unpause(self.id)
        if self.machine is not None:
            self.machine.frozen = False
            self.machine.kernel.notify()

    def execute(
        self,
        argv: Sequence[str],
        *,
        env: Sequence[str] = (),
        cwd: str = "",
        user: str = "",
        stdin: Stream | None = None,
        stdout: Stream | None = None,
        stderr: Stream | None = None,
        tty: bool = False,
        privileged: bool = False,
    ) -> Process:
        """Start one more process inside. Raises StartError, InvalidParameterError (user)."""
        if self.machine is None:
            raise SystemError_(f"Container {self.id} is not running")
        account = find_user(self.machine.fs, user or self.config.user, self.host.get("GroupAdd") or ())
        variables = self.environment(account)
        variables |= {name: value for name, has_value, value in (pair.partition("=") for pair in env) if has_value}
        where = cwd or self.config.working_dir or "/"
        try:
            self._check_directory(self.machine, where)
            return self.machine.exec(
                argv,
                env=variables,
                cwd=where,
                user=account,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                tty=tty,
                bounding=EVERY if privileged else None,
            )
        except ProgramError as error:
            raise executed(start_failure(error)) from None

    @staticmethod
    def _check_directory(machine: Machine, path: str) -> None:
        if not machine.fs.is_dir(path):
            raise executed(f'chdir to cwd ("{path}") set in config.json failed: no such file or directory')
