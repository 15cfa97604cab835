"""`Process`: one running program, and all that a program sees of the machine.

A `Program` is a function of a process. A plain one returns its exit code; one that has to wait (for input, for time,
for a child) is a generator function that yields `Wait`s and returns the code. Output never waits, it only piles up;
who produces without end calls `writable` each time, to let the readers catch up.
"""

from __future__ import annotations

import contextlib
import errno
import posixpath
from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.descriptors import Death, Descriptors
from dockerlab.runtime.executables import Executable, Program, Who
from dockerlab.runtime.kernel import Kernel, Running, Turn, Until
from dockerlab.runtime.rlimits import UNLIMITED, Limit
from dockerlab.runtime.signals import (
    IGNORED_BY_DEFAULT,
    SIGCHLD,
    SIGCONT,
    SIGKILL,
    SIGXCPU,
    STOPPING,
    UNCATCHABLE,
)
from dockerlab.runtime.streams import Stream

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem
    from dockerlab.runtime.machine import Machine


FORK_TURNS = 5
"""Turns of the budget that starting a process costs."""


class Process(Descriptors):
    """A process. Machines and other processes make it; see `Machine.start` and `Process.spawn`."""

    def __init__(
        self,
        machine: Machine,
        found: Executable,
        *,
        env: Mapping[str, str],
        cwd: str,
        user: Who,
        fds: Mapping[int, Stream],
        umask: int,
        tty: bool,
        parent: Process | None,
        bounding: int,
    ) -> None:
        super().__init__(cwd, umask, fds)
        self.machine = machine
        self.parent = parent
        self.children: list[Process] = []
        self.pid = machine.next_pid()
        self.pgid: int = parent.pgid if parent else self.pid
        self.argv = list(found.argv)
        self.program_path = found.path
        self.flavour = found.flavour
        self.env = dict(env)
        self.uid, self.gid, self.groups = user.uid, user.gid, tuple(user.groups)
        self.root: FileSystem | None = parent.root if parent else None
        self.bounding = bounding
        self.limits: Mapping[str, Limit] = parent.limits if parent else machine.confinement.limits
        self.tty = tty
        self.started = self.kernel.clock.now
        self.stopped = False
        self.exit_code: int | None = None
        self.signum: int | None = None
        """The signal that ended it."""
        self.fault: Exception | None = None
        """A bug of the program's simulation that ended it."""
        self._doom: int | None = None
        self.body = self._live(found.program)
        self.host_pid = self.kernel.add(self)
        if parent:
            parent.children.append(self)
            self.handlers = {number: "ignore" for number, handler in parent.handlers.items() if handler == "ignore"}

    # What a program sees.

    @property
    def kernel(self) -> Kernel:
        """The scheduler."""
        return self.machine.kernel

    @property
    def fs(self) -> FileSystem:
        """The file system that it sees: the machine's, or the part of it that chroot(2) left."""
        return self.root or self.machine.fs

    @property
    def hostname(self) -> str:
        """The machine's name."""
        return self.machine.hostname

    @property
    def ppid(self) -> int:
        """The parent's pid; 0 when it is outside of the namespace."""
        return self.parent.pid if self.parent else 0

    @property
    def state(self) -> str:
        """The letter that ps(1) prints: R, S, T or Z."""
        if self.exit_code is not None:
            return "Z"
        if self.stopped:
            return "T"
        return "R" if self.executing or isinstance(self.waiting, Turn) else "S"

    # Time and children.

    def sleep(self, seconds: float) -> Generator[Wait, Any, None]:
        """Wait for a span of virtual time."""
        return self.kernel.sleep(seconds)

    def turn(self) -> Generator[Wait, Any, None]:
        """Let others have their turn; long loops call it."""
        yield Turn()

    def spawn(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        stdin: Stream | None = None,
        stdout: Stream | None = None,
        stderr: Stream | None = None,
        user: Who | None = None,
        fds: Mapping[int, Stream] | None = None,
    ) -> Process:
        """Start a child; what is not given it inherits. Raises ProgramError, or FileSystemError where none fits."""
        env = self.env if env is None else env
        cwd = self.cwd if cwd is None else cwd
        found = self.machine.find(argv, env=env, cwd=cwd, user=user or self, fs=self.root)
        given = {0: stdin and stdin.reader, 1: stdout and stdout.writer, 2: stderr and stderr.writer}
        streams = {**(self.fds if fds is None else fds), **{fd: stream for fd, stream in given.items() if stream}}
        return self.launch(found, env=env, cwd=cwd, user=user or self, fds=streams)

    def fork(self, program: Program, *, fds: Mapping[int, Stream] | None = None) -> Process:
        """A copy of this process that goes on as `program` (a shell's subshell)."""
        found = Executable(self.program_path, program, tuple(self.argv), self.flavour)
        streams = self.fds if fds is None else fds
        return self.launch(found, env=self.env, cwd=self.cwd, user=self, fds=streams)

    def launch(
        self, found: Executable, *, env: Mapping[str, str], cwd: str, user: Who, fds: Mapping[int, Stream]
    ) -> Process:
        """Start what was found as a child; FileSystemError EAGAIN when the machine has too many processes."""
        if self.machine.full or self._limit_reached(user):
            self.machine.refuse(self)
            raise FileSystemError(errno.EAGAIN)
        self.turns += FORK_TURNS
        return self.machine.launch(
            found, env=env, cwd=cwd, user=user, fds=fds, tty=self.tty, umask=self.umask, parent=self
        )

    def _limit_reached(self, user: Who) -> bool:
        """Whether a user has as many processes as RLIMIT_NPROC allows; it does not hold root."""
        most = self.limits.get("nproc", (UNLIMITED, UNLIMITED))[0]
        if most == UNLIMITED or user.uid == 0:
            return False
        return sum(each.uid == user.uid for each in self.machine.alive()) >= most

    def wait(self, child: Process) -> Generator[Wait, Any, int]:
        """Wait for a child's end; returns its exit code (128 + n for signal n), and the zombie is gone."""
        if child.exit_code is None:
            yield Until(child.is_over, on=child)
        return self.reap(child)

    def reap(self, child: Process) -> int:
        """Take the exit code of a child that has ended."""
        assert child.exit_code is not None
        if child in self.children:
            self.children.remove(child)
        self.machine.forget(child)
        return child.exit_code

    def run(self, argv: Sequence[str], **how: Any) -> Generator[Wait, Any, int]:
        """Start a child and wait for it; `how` is as for `spawn`."""
        return (yield from self.wait(self.spawn(argv, **how)))

    def is_over(self) -> bool:
        """Whether it has ended; as a method, for `Until`."""
        return self.exit_code is not None

    # Signals.

    def kill(self, signum: int, sender: Process | None = None) -> None:
        """Send a signal; `sender` None means from outside of the namespace. Raises FileSystemError EPERM."""
        if sender is not None and sender.uid != self.uid and not sender.capable(Capability.KILL):
            raise FileSystemError(errno.EPERM)
        if signum == 0 or self.exit_code is not None:
            return
        handler = None if signum in UNCATCHABLE else self.handlers.get(signum)
        if signum == SIGCONT:
            self.stopped = False
        if callable(handler):
            handler(signum)
        elif handler is None and not self._passes_by(signum, sender):
            self._default_action(signum)
        self.kernel.notify()

    def _passes_by(self, signum: int, sender: Process | None) -> bool:
        """Whether the kernel drops the signal: pid 1 only gets what it handles, or a KILL or STOP from outside."""
        return self.pid == 1 and not (sender is None and signum in UNCATCHABLE)

    def _default_action(self, signum: int) -> None:
        if signum in IGNORED_BY_DEFAULT:
            return
        if signum in STOPPING:
            self.stopped = True
        elif self.kernel.current is self:
            raise Death(signum)
        elif self.executing:
            self._doom = signum
        else:
            self._end_by(signum)

    def _end_by(self, signum: int) -> None:
        body, self.body = self.body, None
        self.signum = signum
        if body is not None:
            # A program that goes on after it was told to end is ended all the same.
            with contextlib.suppress(RuntimeError):
                body.close()
        self.ended(128 + signum)

    # Life and death, as the kernel sees them.

    @property
    def frozen(self) -> bool:
        """Whether it may not run now: stopped, or its machine paused."""
        return self.stopped or self.machine.frozen

    def _live(self, program: Program) -> Running:
        try:
            result = program(self)
            code = (yield from result) if isinstance(result, Generator) else result
        except Death as death:
            self.signum = death.signum
            return 128 + death.signum
        except DockerlabError as error:
            self._last_words(f"{self._name}: {error}\n")
            return error.exit_code
        except RecursionError:
            self._last_words(f"{self._name}: nested too deep for dockerlab\n")
            return 134
        except Exception as error:  # a bug here must not take the lab down
            self.fault = error
            self._last_words(f"{self._name}: dockerlab has a bug here: {type(error).__name__}: {error}\n")
            return 134
        return code & 0xFF

    def _last_words(self, text: str) -> None:
        with contextlib.suppress(Death, DockerlabError):
            self.err(text)

    @property
    def _name(self) -> str:
        return posixpath.basename(self.argv[0]) if self.argv else "?"

    def ended(self, code: int) -> None:
        """The program is over: close what is open, leave the children to pid 1, tell the parent."""
        if self._doom is not None:
            self.signum, code = self._doom, 128 + self._doom
        for fd in list(self.fds):
            self.close_fd(fd)
        self.exit_code = code
        self.kernel.remove(self.host_pid)
        self._leave_children()
        if self.parent is None or self.parent.exit_code is not None:
            self.machine.forget(self)
        else:
            self.parent._child_ended()
        self.machine.ended(self)

    def _leave_children(self) -> None:
        init = self.machine.init
        for child in self.children:
            child.parent = init if init is not self else None
            if child.exit_code is not None:
                self.machine.forget(child)
        self.children.clear()

    def _child_ended(self) -> None:
        handler = self.handlers.get(SIGCHLD)
        if callable(handler):
            handler(SIGCHLD)

    def exhausted(self, text: str) -> None:
        """As RLIMIT_CPU has it (getrlimit(2)): SIGXCPU for who handles it, else the end, with a line that says why."""
        self.turns = 0
        handler = self.handlers.get(SIGXCPU)
        if callable(handler):
            handler(SIGXCPU)
            return
        self._last_words(f"{self._name}: {text}\n")
        self._end_by(SIGKILL)

    def __repr__(self) -> str:
        end = "" if self.exit_code is None else f" exit={self.exit_code}"
        return f"<Process {self.pid} {' '.join(self.argv)!r}{end}>"
