"""`Session`: a shell that a person types lines into; variables, functions and folder last from line to line.

The shell is a process of the machine like any other. `run` hands it a line and waits; when the kernel finds that the
line would never end, or who drives it gives up (Ctrl-C), what runs in the foreground is interrupted.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.executables import Executable
from dockerlab.runtime.machine import ROOT
from dockerlab.runtime.process import Feed, Machine, Null, Process, StoppedError, Stream, Until, User
from dockerlab.runtime.shell.dialects import BASH_SHELL, Dialect
from dockerlab.runtime.shell.errors import BreakLoop, Exit, Interrupt, Replaced, Return, ShellError
from dockerlab.runtime.shell.jobs import drop_endless, notify_ended
from dockerlab.runtime.shell.scripts import SYNTAX_STATUS, run_text
from dockerlab.runtime.shell.stack import run_stack, run_to_exit
from dockerlab.runtime.shell.state import Shell, Steps
from dockerlab.runtime.shell.wiring import new_shell
from dockerlab.runtime.signals import SIGINT, SIGKILL, SIGXCPU

INTERRUPTED = 130


@dataclass
class _Request:
    """A line to be run; `status` is None until it has."""

    line: str
    streams: dict[int, Stream]
    status: int | None = None


class Session:
    """A person's shell on a machine."""

    def __init__(
        self,
        machine: Machine,
        env: Mapping[str, str],
        cwd: str = "/",
        *,
        user: User = ROOT,
        dialect: Dialect = BASH_SHELL,
        name: str = "bash",
    ) -> None:
        self.machine = machine
        self._env = dict(env)
        self._cwd = cwd
        self._user = user
        self._dialect = dialect
        self._name = name
        self._request: _Request | None = None
        self._idle = True
        self.shell = self._start()

    @property
    def cwd(self) -> str:
        """The working directory."""
        return self.shell.proc.cwd

    @property
    def variables(self) -> dict[str, str]:
        """The exported variables."""
        return self.shell.variables.environment()

    def _start(self) -> Shell:
        found = Executable(f"/bin/{self._name}", self._live, (self._name,), self.machine.flavour)
        fds: dict[int, Stream] = {0: Null(), 1: Null(), 2: Null()}
        process = self.machine.launch(found, env=self._env, cwd=self._cwd, user=self._user, fds=fds)
        shell = new_shell(process, self._dialect, self._name, "interactive")
        shell.options |= {"interactive", "expand_aliases"}
        process.handlers[SIGINT] = shell.pending.append
        process.handlers[SIGXCPU] = lambda signum: drop_endless(shell)
        return shell

    def _restart(self) -> Shell:
        """A new shell after the end of the old one; what a signal or Ctrl-C ended goes on with the same state."""
        old, new = self.shell, self._start()
        if old.proc.signum is not None or old.proc.exit_code == INTERRUPTED:
            new.variables, new.functions, new.aliases = old.variables, old.functions, old.aliases
            new.proc.cwd = old.proc.cwd
        return new

    def run(
        self, line: str, stdin: bytes | Stream = b"", stdout: Stream | None = None, stderr: Stream | None = None
    ) -> Steps:
        """Run one line, or several; returns its exit status. A syntax error is reported, not raised."""
        if self.shell.proc.exit_code is not None:
            self.shell = self._restart()
        source = Feed(stdin) if isinstance(stdin, bytes) else stdin.reader
        streams = {0: source, 1: (stdout or Null()).writer, 2: (stderr or stdout or Null()).writer}
        request = self._request = _Request(line if line.endswith("\n") else f"{line}\n", streams)
        self.shell.interrupted = False
        try:
            yield from self._until_done(request)
        except StoppedError as error:
            self.interrupt()
            streams[2].write(f"{self._name}: {error}\n".encode())
            yield from self._give_up(request)
        except (GeneratorExit, KeyboardInterrupt):
            self._abandon()
            raise
        return INTERRUPTED if request.status is None else request.status

    def _until_done(self, request: _Request) -> Generator[Wait, Any, None]:
        def done() -> bool:
            return request.status is not None or self.shell.proc.exit_code is not None

        while not done():
            yield Until(done, on=self.shell.proc)
        if request.status is None:
            request.status = self.shell.proc.exit_code

    def _give_up(self, request: _Request) -> Generator[Wait, Any, None]:
        """Wait for the shell to drop the line; one that can't (it reads, say) is replaced."""
        try:
            yield from self._until_done(request)
        except StoppedError:
            self._abandon()
            request.status = INTERRUPTED

    def _abandon(self) -> None:
        """Drop the line without waiting: whoever ran it is gone. The shell must not go on with half of it."""
        self.interrupt()
        self._request = None
        self.machine.kernel.settle()
        if not self._idle and self.shell.proc.exit_code is None:
            self.shell.proc.kill(SIGKILL)

    def interrupt(self) -> None:
        """What Ctrl-C does: drop the line, and end what runs in the foreground; who ignores it is killed."""
        self.shell.interrupted = True
        for process in list(self.shell.foreground):
            for signum in (SIGINT, SIGKILL):
                if process.exit_code is None:
                    process.kill(signum)

    # The shell's process.

    def _live(self, proc: Process) -> Steps:
        while True:
            self._idle = True
            yield Until(lambda: self._request is not None)
            self._idle = False
            request = self._request
            assert request is not None
            for fd, stream in request.streams.items():
                proc.set_fd(fd, stream)
            ended, status = yield from self._one(request)
            if ended:
                return status
            notify_ended(self.shell)
            for fd in list(proc.fds):
                proc.set_fd(fd, Null())
            request.status = status
            if self._request is request:
                self._request = None

    def _one(self, request: _Request) -> Generator[Wait, Any, tuple[bool, int]]:
        """Run a request; whether the shell ends with it, and the status."""
        shell = self.shell
        shell.line = 1
        try:
            return False, (yield from run_stack(run_text(shell, request.line)))
        except Exit as jump:
            if jump.status == SYNTAX_STATUS and shell.status == SYNTAX_STATUS:
                return False, SYNTAX_STATUS
            shell.status = jump.status
        except Interrupt:
            shell.status = INTERRUPTED
            return False, INTERRUPTED
        except Replaced as replaced:
            return True, replaced.status
        except (Return, BreakLoop):
            return False, shell.status
        except ShellError as error:
            shell.status = shell.report(error)
            return False, shell.status
        status = shell.status
        return True, (yield from run_to_exit(shell, lambda: _ended(status)))


def _ended(status: int) -> Steps:
    return status
    yield  # a generator that never waits
