"""What the processes of one container (or of the host) share: files, name, programs, and a pid namespace.

The first process of a container is its pid 1 (pid_namespaces(7)): signals that it does not handle pass it by, and
when it ends the kernel kills all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dockerlab.runtime.confinement import Confinement
from dockerlab.runtime.executables import DEFAULT_PATH, Executable, Finder, Program, ProgramError, Who, busybox, refused
from dockerlab.runtime.net.stack import Stack
from dockerlab.runtime.program import Process
from dockerlab.runtime.signals import SIGKILL
from dockerlab.runtime.streams import Null, Stream
from dockerlab.world import NANOSECOND

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem
    from dockerlab.runtime.kernel import Kernel

RUNC_THREADS = 5
"""Threads of runc's init, which has a pid of the container for each of them: the first `docker exec` gets pid 7
(asked of engines 20.10.24 and 28.5.2, where further ones follow at intervals of 5 to 8)."""
PID_LIMIT = 2_000
"""Processes that one machine can have; one more gets EAGAIN, as the pids cgroup does."""
BOMB = 200
"""Refused processes after which whoever asks is taken for a fork bomb."""


@dataclass(frozen=True)
class User:
    """Who a process runs as (credentials(7)); `groups` are the supplementary ones."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()


ROOT = User()


@dataclass(frozen=True)
class Facts:
    """What programs can ask about the hardware and the kernel.

    Memory and processors are those of the machine on which the transcripts were recorded.
    """

    architecture: str = "x86_64"
    kernel_release: str = "6.8.0-45-generic"
    kernel_version: str = "#45-Ubuntu SMP PREEMPT_DYNAMIC"
    memory: int = 24_684_096 << 10
    swap: int = 0
    cpus: int = 2
    booted: int = 0
    """When the host was started, in nanoseconds since 1970; 0 means an hour before the lab began."""


def boot_time(facts: Facts, now: int) -> int:
    """When the host was started, in nanoseconds since 1970."""
    return facts.booted or now - 3600 * NANOSECOND


@dataclass(eq=False)
class Machine:
    """A pid namespace with its files; `start` makes its first process, `exec` more of them."""

    kernel: Kernel
    fs: FileSystem
    hostname: str = "localhost"
    programs: Mapping[str, Program] = field(default_factory=dict)
    flavour: str = "gnu"
    facts: Facts = Facts()
    network: Stack = field(default_factory=Stack)
    """Its network namespace; several machines may share one (`--network container:…`, `--network host`)."""
    first_pid: int = 1
    """A container's is 1; a host's own shell is just some process."""
    starter_threads: int = 0
    """Pids that the threads of whoever starts a process from outside use up: runc's, in a container."""
    foreign: bool = False
    """Whether its image is for another processor, so that its programs can't be executed."""
    memory_limit: int = 0
    pid_limit: int = PID_LIMIT
    domainname: str = ""
    confinement: Confinement = field(default_factory=Confinement)
    """What its processes are held in, where it is a container."""
    frozen: bool = False
    """Whether the freezer cgroup holds all processes (`docker pause`)."""
    pids_of: Machine | None = None
    """The machine whose pid namespace this one has joined (`--pid container:…`), None where it has its own."""
    processes: dict[int, Process] = field(default_factory=dict)
    """Pid → process, zombies included."""
    exit_code: int | None = None
    """How pid 1 ended; None before."""
    on_exit: list[Callable[[Process], None]] = field(default_factory=list)
    """Called with each process that ended."""
    _last_pid: int = 0
    _refused: int = 0

    def start(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str = "/",
        user: Who = ROOT,
        stdin: Stream | None = None,
        stdout: Stream | None = None,
        stderr: Stream | None = None,
        tty: bool = False,
        umask: int = 0o022,
        bounding: int | None = None,
    ) -> Process:
        """Start a process that has no parent inside; the first is pid 1. Raises ProgramError.

        Missing streams are /dev/null; a missing `stderr` is not `stdout`.
        """
        env = dict(env or {})
        fds = {0: (stdin or Null()).reader, 1: (stdout or Null()).writer, 2: (stderr or Null()).writer}
        try:
            found = self._first(argv, env, cwd, user)
            return self.launch(found, env=env, cwd=cwd, user=user, fds=fds, tty=tty, umask=umask, bounding=bounding)
        finally:
            (self.pids_of or self)._last_pid += self.starter_threads

    exec = start
    """Start a further process; the same call, under the name that `docker exec` has for it."""

    def _first(self, argv: Sequence[str], env: Mapping[str, str], cwd: str, user: Who) -> Executable:
        """What is started from outside; what runc's init finds out too late to tell runc, it says as the process."""
        try:
            return self.find(argv, env=env, cwd=cwd, user=user)
        except ProgramError as error:
            if not self.starter_threads or not error.file:
                raise
            return refused(error)

    def find(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: str = "/",
        user: Who = ROOT,
        fs: FileSystem | None = None,
    ) -> Executable:
        """What `argv` would run here, or in another root; raises ProgramError."""
        finder = Finder(fs or self.fs, _WithBusybox(self.programs), user, self.flavour, self.foreign)
        return finder.find(argv, env.get("PATH", DEFAULT_PATH), cwd)

    def launch(
        self,
        found: Executable,
        *,
        env: Mapping[str, str],
        cwd: str,
        user: Who,
        fds: Mapping[int, Stream],
        tty: bool = False,
        umask: int = 0o022,
        parent: Process | None = None,
        bounding: int | None = None,
    ) -> Process:
        """Make a process of what was found; it runs when the kernel next takes turns."""
        if bounding is None:
            bounding = parent.bounding if parent else self.confinement.bounding
        process = Process(
            self, found, env=env, cwd=cwd, user=user, fds=fds, umask=umask, tty=tty, parent=parent, bounding=bounding
        )
        self.processes[process.pid] = process
        return process

    def __post_init__(self) -> None:
        if self.pids_of is not None:
            self.processes = self.pids_of.processes

    def next_pid(self) -> int:
        """A pid that no process here has had."""
        if self.pids_of is not None:
            return self.pids_of.next_pid()
        self._last_pid = max(self._last_pid + 1, self.first_pid)
        return self._last_pid

    @property
    def full(self) -> bool:
        """Whether no further process fits."""
        return len(self.processes) >= self.pid_limit

    def refuse(self, process: Process) -> None:
        """A process could not start another one. Who only tries that, again and again, is a fork bomb and is ended.

        In life somebody would have to reach for the power switch; here the machine goes on.
        """
        self._refused += 1
        if self._refused < BOMB:
            return
        self._refused = 0
        for each in self.alive():
            if each.pgid == process.pgid and each is not process:
                each.kill(SIGKILL)
        process.err("dockerlab: ended a fork bomb, processes that do nothing but start others\n")
        process.kill(SIGKILL)

    @property
    def init(self) -> Process | None:
        """Pid 1, as long as it lives."""
        return self.processes.get(1)

    def alive(self) -> list[Process]:
        """The processes that have not ended, oldest first."""
        return [process for process in self.processes.values() if process.exit_code is None]

    def kill_all(self, signum: int = SIGKILL) -> None:
        """Send a signal to every process, from outside."""
        for process in reversed(self.alive()):
            process.kill(signum)

    def forget(self, process: Process) -> None:
        """Drop a process that nobody will ask for any more."""
        self.processes.pop(process.pid, None)

    def ended(self, process: Process) -> None:
        """A process ended: tell who wants to know; with pid 1 all others go."""
        if process.pid == 1:
            self.exit_code = process.exit_code
            self.kill_all()
        for listener in list(self.on_exit):
            listener(process)


class _WithBusybox(Mapping[str, Program]):
    """The programs of a machine, and busybox itself."""

    def __init__(self, programs: Mapping[str, Program]) -> None:
        self._programs = programs

    def __getitem__(self, name: str) -> Program:
        return busybox if name == "busybox" else self._programs[name]

    def __contains__(self, name: object) -> bool:
        return name == "busybox" or name in self._programs

    def __iter__(self) -> Any:
        return iter((*self._programs, "busybox"))

    def __len__(self) -> int:
        return len(self._programs) + 1
