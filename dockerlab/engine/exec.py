"""`docker exec`: further processes in a container that runs (Engine API, "Exec"; moby, `daemon/exec.go`)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.engine.container_context import Context
from dockerlab.engine.container_logs import CHUNK
from dockerlab.engine.events import exec_action
from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from dockerlab.events import Conversation, Wait
from dockerlab.runtime.container import Container
from dockerlab.runtime.program import Process
from dockerlab.runtime.start_error import NOT_EXECUTABLE, StartError
from dockerlab.runtime.streams import Pipe, Stream
from dockerlab.runtime.terminals import Tty, group, relayed


@dataclass
class Exec:
    """One exec: what was asked for, and how it went."""

    id: str
    container: Container
    argv: tuple[str, ...]
    body: Mapping[str, Any]
    process: Process | None = None
    exit_code: int | None = None

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.exit_code is None

    def to_json(self) -> dict[str, Any]:
        """What the API's exec inspect shows."""
        entrypoint, *arguments = self.argv
        process = self.process
        code = process.exit_code if process is not None else self.exit_code
        return {
            "ID": self.id,
            "Running": self.running,
            "ExitCode": code,
            "ProcessConfig": {
                "tty": bool(self.body.get("Tty")),
                "entrypoint": entrypoint,
                "arguments": arguments,
                "privileged": bool(self.body.get("Privileged")),
                "user": self.body.get("User", ""),
            },
            "OpenStdin": bool(self.body.get("AttachStdin")),
            "OpenStderr": bool(self.body.get("AttachStderr")),
            "OpenStdout": bool(self.body.get("AttachStdout")),
            "CanRemove": code is not None,
            "ContainerID": self.container.id,
            "DetachKeys": "",
            "Pid": process.host_pid if process is not None and self.running else 0,
        }


class Execs:
    """All execs of an engine."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._by_id: dict[str, Exec] = {}

    def create(self, name: str, body: Mapping[str, Any]) -> str:
        """Prepare an exec; nothing runs yet."""
        container = self._context.registry.find(name)
        if not container.state.running:
            raise ConflictError(f"Container {container.id} is not running")
        if container.state.paused:
            raise ConflictError(f"Container {name} is paused, unpause the container before exec")
        if container.state.restarting:
            raise ConflictError(f"Container {container.id} is restarting, wait until the container is running")
        argv = tuple(body.get("Cmd") or ())
        if not argv:
            raise InvalidParameterError("No exec command specified")
        found = Exec(self._context.world.chance.hex(), container, argv, dict(body))
        self._by_id[found.id] = found
        container.exec_ids.append(found.id)
        self._note(found, exec_action("exec_create", argv))
        return found.id

    def find(self, exec_id: str) -> Exec:
        """An exec by its ID."""
        if exec_id not in self._by_id:
            raise NotFoundError(f"No such exec instance: {exec_id}")
        return self._by_id[exec_id]

    def inspect(self, exec_id: str) -> dict[str, Any]:
        """What is known about an exec."""
        return self.find(exec_id).to_json()

    def start(
        self, exec_id: str, stdin: Stream | None, stdout: Stream | None, stderr: Stream | None, *, detach: bool = False
    ) -> Conversation[int]:
        """Run it and return its exit code; a program that can't be started is told on `stdout`, with 126."""
        found = self.find(exec_id)
        if found.process is not None or found.exit_code is not None:
            raise ConflictError(f"Error: Exec command {exec_id} has already run")
        feed = None if stdin is None else self._input(found, stdout) if found.body.get("Tty") else Pipe()
        try:
            found.process = self._launch(found, feed, stdout, stderr)
        except (StartError, InvalidParameterError) as error:
            found.exit_code = NOT_EXECUTABLE
            self._forget(found)
            if detach or stdout is None:
                raise
            stdout.writer.write(f"{error}\r\n".encode())
            return NOT_EXECUTABLE
        if detach:
            return 0
        yield from self._follow(found.process, stdin, feed)
        return found.process.exit_code or 0

    @staticmethod
    def _input(found: Exec, stdout: Stream | None) -> Pipe:
        """What is typed in its terminal: shown, and at Ctrl-C a signal for its processes."""

        def echo(data: bytes) -> None:
            if stdout is not None:
                stdout.writer.write(data.replace(b"\n", b"\r\n"))

        def foreground() -> list[Process]:
            return group(found.process.machine, found.process.pgid) if found.process else []

        return Tty(echo, foreground)

    def _launch(self, found: Exec, feed: Pipe | None, stdout: Stream | None, stderr: Stream | None) -> Process:
        body, container = found.body, found.container
        tty = bool(body.get("Tty"))
        self._note(found, exec_action("exec_start", found.argv))
        process = container.execute(
            found.argv,
            env=body.get("Env") or (),
            cwd=body.get("WorkingDir") or "",
            user=body.get("User") or "",
            stdin=feed,
            stdout=stdout,
            stderr=stdout if tty else stderr,
            tty=tty,
            privileged=bool(body.get("Privileged")),
        )
        process.machine.on_exit.append(lambda ended: self._ended(found, ended))
        return process

    def _ended(self, found: Exec, ended: Process) -> None:
        if ended is found.process:
            found.exit_code = ended.exit_code
            self._note(found, "exec_die", exitCode=str(ended.exit_code))
            self._forget(found)

    def _forget(self, found: Exec) -> None:
        if found.id in found.container.exec_ids:
            found.container.exec_ids.remove(found.id)

    def _note(self, found: Exec, action: str, **more: str) -> None:
        self._context.note(found.container, action, execID=found.id, **more)

    @staticmethod
    def _follow(process: Process, stdin: Stream | None, feed: Pipe | None) -> Generator[Wait, Any, None]:
        source = stdin.reader if stdin is not None else None
        with relayed(source, feed):
            while process.exit_code is None:
                while source is not None and feed is not None and (data := source.take(CHUNK)) is not None:
                    if not data:
                        feed.close()
                        source = None
                    elif not feed.broken:
                        feed.write(data)
                yield Wait()
