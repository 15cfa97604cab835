"""`Lab`: a whole simulated host: a Docker Engine, registries, files, and a shell in which `docker` is a program.

The same seed and the same commands give the same bytes. A lab can be undone one step at a time, and begun afresh.
"""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from dockerlab.engine import Engine
from dockerlab.engine.config import PATH as CONFIG_PATH
from dockerlab.engine.config import DaemonConfig
from dockerlab.events import Event
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Directory
from dockerlab.lab import host as hosts
from dockerlab.lab.comparison import Comparison, Work, compare_drivers
from dockerlab.lab.hub import LabHub
from dockerlab.lab.journal import (
    Advanced,
    Connected,
    Entry,
    HubSet,
    HungUp,
    Journal,
    Line,
    Moment,
    Opened,
    Served,
    ServedNotary,
    Typed,
    Waited,
    Written,
)
from dockerlab.lab.network import connected_registry, host_stack, reach, serve_registry
from dockerlab.lab.outside import HostFiles, LabClock
from dockerlab.lab.services import Services
from dockerlab.lab.terminal import LabTerminal, Window
from dockerlab.registry import Client, Network, Server, hub
from dockerlab.registry.trust import Notary
from dockerlab.registry.trust.notary import HUB as HUB_NOTARY
from dockerlab.release import DOCKER_28, Release
from dockerlab.runtime.kernel import Kernel, StoppedError, Until
from dockerlab.runtime.machine import Machine
from dockerlab.runtime.programs import PROGRAMS
from dockerlab.runtime.shell import Session
from dockerlab.runtime.streams import Callback, Feed
from dockerlab.world import Chance, Clock, World

T = TypeVar("T")
Onlooker: TypeAlias = Callable[[Event], object]
DEFAULT_HUB = "default"
FIRST_PID = 2_113
"""The host's shell is not the first process of its machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a line printed, and how it ended."""

    stdout: str
    stderr: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Printed(Event):
    """Text that a line of the host's shell printed: on 'stdout' or 'stderr'."""

    stream: str
    text: str


class Lab:
    """A fresh host. `hub` is 'default' for the simulated Docker Hub, None where no hub can be reached.

    `release` says which Docker it has: 28, or 29 with what is new there; UnknownReleaseError for any other.
    `users` (name to password) are the hub's only accounts; without them every name signs in.
    """

    def __init__(
        self,
        hub: str | Server | None = DEFAULT_HUB,
        experimental: bool = False,
        seed: int = 0,
        release: int = DOCKER_28.number,
        users: Mapping[str, str] | None = None,
    ) -> None:
        self._hub, self._experimental, self._seed, self._users = hub, experimental, seed, users
        self._release = Release.of(release)
        self._journal = Journal()
        self._boot()

    def _boot(self) -> None:
        """Switch a new machine on."""
        self._world = World(Clock(), Chance(self._seed))
        self.kernel = Kernel(self._world.clock)
        self._registries = Network()
        services = Services(lambda: self.engine, self._registries)
        programs = PROGRAMS | services.programs()
        files = OverlayFs(hosts.host_tree(programs, self._world.clock.now), self._world.clock)
        config = DaemonConfig(experimental=self._experimental)
        if self._experimental:
            files.write(CONFIG_PATH, b'{"experimental": true}\n')
        server = hub(self._world.clock, self._users) if isinstance(self._hub, str) else self._hub
        if server is not None:
            self._registries.add("docker.io", server)
            self._registries.add(HUB_NOTARY, Notary(self._world, server.access))
        self.hub = LabHub(server, self._journal)
        client = Client(self._registries)
        network = self._network = host_stack()
        self._registries.locate = lambda host, port: reach(network, host, port)
        self.engine = Engine(
            self._world,
            self.kernel,
            files,
            client,
            PROGRAMS,
            network=self._network,
            hostname=hosts.HOSTNAME,
            operating_system=hosts.OPERATING_SYSTEM,
            config=config,
            release=self._release,
        )
        seen = hosts.with_data_root(files, self.engine)
        machine = Machine(self.kernel, seen, hosts.HOSTNAME, programs, network=self._network, first_pid=FIRST_PID)
        self._session = Session(machine, hosts.environment(), hosts.WORKPLACE)
        self._terminals: dict[int, LabTerminal] = {}
        self.host = HostFiles(seen, self._journal)
        self.clock = LabClock(self.kernel, self._journal)

    # Running lines.

    def run(self, line: str, stdin: str = "") -> Result:
        """Run a line (or several) in the host's shell; its folder, variables and files last."""
        texts = {"stdout": [""], "stderr": [""]}
        conversation = self.typed(line, stdin)
        while True:
            try:
                printed = next(conversation)
            except StopIteration as stop:
                return Result("".join(texts["stdout"]), "".join(texts["stderr"]), stop.value)
            texts[printed.stream].append(printed.text)

    def stream(self, line: str, stdin: str = "", onlooker: Onlooker | None = None) -> Iterator[tuple[str, str]]:
        """Run a line and yield ('stdout' or 'stderr', text) while it prints; `onlooker` is told of long work."""
        for printed in self.typed(line, stdin, onlooker):
            yield printed.stream, printed.text

    def typed(self, line: str, stdin: str = "", onlooker: Onlooker | None = None) -> Generator[Printed, None, int]:
        """Run a line and yield what it prints; returns its exit code."""
        self._journal.add(Line(line, stdin))
        self._world.clock.tick()
        spoken = _Spoken(onlooker)
        steps = self._session.run(
            line, Feed(stdin.encode("utf-8", "surrogateescape")), spoken.stream("stdout"), spoken.stream("stderr")
        )
        try:
            code = yield from self.kernel.drive(spoken.between(steps))  # type: ignore[misc]  # only Printed comes out
        finally:
            # After Ctrl-C the line is given up now, not when Python happens to collect it.
            steps.close()
            self.kernel.settle()
        return code

    def watch(self, conversation: Generator[Event, Any, T]) -> Generator[Event, None, T]:
        """Drive a conversation with the engine (`lab.engine.images.pull('alpine')`) and yield its events."""
        return self.kernel.drive(conversation)

    def finish(self, conversation: Generator[Event, Any, T]) -> T:
        """Drive a conversation to its end and return its value."""
        return self.kernel.finish(conversation)

    # Terminals.

    @property
    def terminals(self) -> Mapping[int, LabTerminal]:
        """The terminals that were opened, by number."""
        return self._terminals

    def open_terminal(self, number: int | None = None, window: Window | None = None) -> LabTerminal:
        """One more terminal on the host, with a shell of its own; `number` takes the place of one that was closed."""
        number = len(self._terminals) if number is None else number
        self._journal.add(Opened(number))
        machine = self._session.machine
        terminal = LabTerminal(number, machine, hosts.environment(), hosts.WORKPLACE, self._journal, window)
        self._terminals[number] = terminal
        return terminal

    # The host.

    @property
    def cwd(self) -> str:
        """The folder that the host's shell is in."""
        return self._session.cwd

    @property
    def commands(self) -> int:
        """How many lines were run since the lab was new."""
        return self._journal.lines

    def path(self, path: str) -> str:
        """A path of the host, absolute and clean; what is relative starts at the shell's folder."""
        return posixpath.normpath(posixpath.join(self.cwd, path))

    def serve_registry(self, name: str, users: Mapping[str, str] | None = None) -> Server:
        """An OCI registry at that name, e.g. 'localhost:5000': open, or with basic authentication."""
        self._journal.add(Served(name, tuple(users.items()) if users is not None else None))
        server = Server(users=dict(users) if users is not None else None)
        self._registries.add(name, server)
        serve_registry(self.kernel, self._network, name, server)
        return server

    def serve_notary(self, name: str) -> Notary:
        """A Notary server at that address, e.g. '127.0.0.1:4443', for DOCKER_CONTENT_TRUST_SERVER=https://…"""
        self._journal.add(ServedNotary(name))
        server = Notary(self._world)
        self._registries.add(name, server)
        return server

    @property
    def notary(self) -> Notary | None:
        """Docker Hub's Notary server, for whoever wants to look into it or to play an attacker."""
        found = self._registries.find(HUB_NOTARY)
        return found if isinstance(found, Notary) else None

    # Storage drivers.

    def compare_drivers(self, work: Work, setup: Work | None = None, drivers: Iterable[str] = ()) -> Comparison:
        """Do one piece of work on a fresh lab like this for each storage driver, and count what it costs.

        `work` is lines for the shell or a function of a lab; `setup` comes before it and isn't counted. Labs of Docker
        28 are used, which has storage drivers.
        """
        return compare_drivers(
            lambda: Lab(self._hub, self._experimental, self._seed, DOCKER_28.number, self._users), work, setup, drivers
        )

    def driver_layout(self) -> Directory:
        """What lies in the storage driver's own directory, e.g. /var/lib/docker/overlay2."""
        return self.engine.layout()

    @property
    def registries(self) -> Mapping[str, Server]:
        """The registries of the lab itself by name; those that run in containers are not among them."""
        return self._registries.servers(Server)

    def connect_registry(self, name: str, url: str) -> None:
        """Let a name, e.g. 'localhost:5000', lead to a real registry, e.g. 'http://127.0.0.1:5000'.

        A wrong name or URL is an InvalidParameterError. Commands that `undo` does again are done there again, too.
        """
        remote = connected_registry(name, url)
        self._journal.add(Connected(name, url))
        self._registries.connect(name, remote)

    # Back and afresh.

    def reset(self, *, release: int | None = None) -> None:
        """A fresh host; with `release` one of another Docker."""
        if release is not None:
            self._release = Release.of(release)
        self._journal.clear()
        self._boot()

    @property
    def history(self) -> Journal:
        """All moments that this lab has been through, those of other branches too, and the one that it is at."""
        return self._journal

    def undo(self) -> str | None:
        """Take the last command back, and say which; None where nothing was done yet."""
        undone = self._journal.here
        if undone.parent is None:
            return None
        self.go_to(undone.parent)
        return undone.words

    def redo(self) -> str | None:
        """Do again what was taken back last, and say what; None where there is nothing."""
        again = self._journal.here.forward
        if again is None:
            return None
        self.go_to(again)
        return again.words

    def go_to(self, moment: Moment) -> None:
        """Take up any moment of the history again; what is done next begins a branch there.

        Onwards from here only the rest is done; everywhere else all of it, on a fresh host.
        """
        here = self._journal.here
        onwards = here in moment.path()[:-1]
        self._journal.go_to(moment)
        if not onwards:
            self._boot()
        for entry in self._journal.again(here if onwards else None):
            REPEAT[type(entry)](self, entry)

    def rehearse(self, path: Iterable[Moment], twin: Lab | None = None) -> Iterator[tuple[Moment, Lab]]:
        """Go a path of moments on another lab, which is like this one, and show it after each.

        The path begins at the root, or after the moment at which the `twin` of an earlier rehearsal is.
        It ends before a moment that is about the world outside (a registry of one's own), which nobody may do twice.
        """
        if isinstance(self._hub, Server):
            return
        twin = twin or Lab(self._hub, self._experimental, self._seed, self._release.number, self._users)
        for moment in path:
            if isinstance(moment.entry, Connected):
                return
            if moment.entry is not None:
                REPEAT[type(moment.entry)](twin, moment.entry)
            yield moment, twin

    def __repr__(self) -> str:
        images, containers = len(self.engine.images.list()), len(self.engine.containers.list(all=True))
        return f"<Lab: {images} images, {containers} containers, folder {self.cwd}>"


REPEAT: Mapping[type[Entry], Callable[[Lab, Any], Any]] = {
    Line: lambda lab, entry: lab.run(entry.line, entry.stdin),
    Written: lambda lab, entry: lab.host.write(entry.path, entry.data),
    Advanced: lambda lab, entry: lab.clock.advance(seconds=entry.span / 1e9),
    Connected: lambda lab, entry: lab.connect_registry(entry.name, entry.url),
    HubSet: lambda lab, entry: getattr(lab.hub, entry.method)(*entry.arguments),
    ServedNotary: lambda lab, entry: lab.serve_notary(entry.name),
    Opened: lambda lab, entry: lab.open_terminal(entry.terminal),
    Typed: lambda lab, entry: lab.terminals[entry.terminal].type(entry.text),
    Waited: lambda lab, entry: lab.terminals[entry.terminal].wait(entry.steps),
    HungUp: lambda lab, entry: lab.terminals[entry.terminal].close(),
    Served: lambda lab, entry: lab.serve_registry(entry.name, None if entry.users is None else dict(entry.users)),
}


class _Spoken:
    """Collects what a line prints, and tells it between the steps of the shell."""

    def __init__(self, onlooker: Onlooker | None) -> None:
        self._waiting: deque[Printed] = deque()
        self._onlooker = onlooker

    def stream(self, name: str) -> Callback:
        """Where standard output or standard error leads."""

        def write(data: bytes) -> None:
            self._waiting.append(Printed(name, data.decode("utf-8", "surrogateescape")))

        return Callback(write, onlooker=self._onlooker)

    def between(self, steps: Generator[Any, Any, int]) -> Generator[Event, Any, int]:
        """The shell's steps with what was printed in between; a wait ends early when there is something to tell."""
        error: StoppedError | None = None
        while True:
            try:
                wait = steps.throw(error) if error else next(steps)
            except StopIteration as stop:
                yield from self._drain()
                code: int = stop.value
                return code
            error = None
            while error is None:
                yield from self._drain()
                try:
                    yield self._impatient(wait)
                except StoppedError as stopped:
                    error = stopped
                if not self._waiting or not isinstance(wait, Until):
                    break

    def _impatient(self, wait: Any) -> Any:
        if not isinstance(wait, Until):
            return wait
        ready = wait.ready
        return replace(wait, ready=lambda: bool(self._waiting) or ready())

    def _drain(self) -> Iterator[Printed]:
        while self._waiting:
            yield self._waiting.popleft()
