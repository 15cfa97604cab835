"""BuildKit's RUN steps: a process in a machine of its own that is gone when the step ends, no container."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlab.build.backend import Outcome, RunSpec
from dockerlab.engine.build_containers import Printed
from dockerlab.engine.build_network import step_network
from dockerlab.engine.build_stubs import remove_stubs, stubs_for
from dockerlab.engine.container_context import Context
from dockerlab.engine.storage import storage_driver
from dockerlab.errors import BuildError, FileSystemError, InvalidParameterError
from dockerlab.events import Conversation, Event, StepOutput
from dockerlab.fs.overlay import OverlayFs
from dockerlab.oci.platform import HOST
from dockerlab.runtime.capabilities import CONTAINERS
from dockerlab.runtime.confinement import Confinement
from dockerlab.runtime.container_mounts import Mount
from dockerlab.runtime.container_rootfs import Surroundings, init_layer, mounted
from dockerlab.runtime.container_user import Account, find_user
from dockerlab.runtime.executables import DEFAULT_PATH, ProgramError
from dockerlab.runtime.kernel_files import KernelFiles
from dockerlab.runtime.machine import RUNC_THREADS, Machine
from dockerlab.runtime.net.stack import Stack
from dockerlab.runtime.program import Process
from dockerlab.runtime.start_error import start_failure

NOT_STARTED = 1
"""What BuildKit's runc ends with when it can't start the program."""

_HOSTS = "127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n"
"""How /etc/hosts begins (asked of engine 28.5.2)."""


class BuildRunner:
    """Implements `build.backend.Runner`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def run_step(self, spec: RunSpec) -> Conversation[Outcome]:
        """Run a step to its end; its machine's other processes end with it."""
        with step_network(self._context, spec.network) as network:
            return (yield from self._run(spec, network))

    def _run(self, spec: RunSpec, network: Stack) -> Conversation[Outcome]:
        context = self._context
        files = storage_driver(context).mount(init_layer(spec.tree, context.now), context.world.clock)
        stubs = stubs_for(files, (each.target for each in spec.mounts))
        machine = self._machine(spec, files, network)
        printed = Printed(spec.key)
        try:
            process = self._start(machine, spec, files, printed)
        except ProgramError as error:
            yield from _refused(spec.key, error)
            return self._outcome(NOT_STARTED, files)
        while process.exit_code is None:
            yield from printed.drain()
            yield from self._context.kernel.until(lambda: bool(printed) or process.exit_code is not None)
        machine.kill_all()
        remove_stubs(files, stubs)
        yield from printed.drain()
        return self._outcome(process.exit_code, files)

    def _outcome(self, code: int, files: OverlayFs) -> Outcome:
        self._context.meter.add(files)
        return Outcome(code, files.upper_layer())

    def _machine(self, spec: RunSpec, files: OverlayFs, network: Stack) -> Machine:
        context = self._context
        around = Surroundings(
            hostname=spec.hostname,
            nameservers=self._nameservers(),
            standard_hosts=_HOSTS,
            hosts=tuple(_swapped(entry) for entry in spec.extra_hosts),
        )
        mounts = [
            Mount("bind", each.target, files=each.files, subpath=each.subpath, rw=not each.read_only)
            for each in spec.mounts
        ]
        kernel_files = KernelFiles(context.world.clock)
        root = mounted(files, mounts, around, kernel_files)
        runtime = context.runtime
        kernel_files.machine = machine = Machine(
            runtime.kernel,
            root,
            spec.hostname,
            runtime.programs,
            network=network,
            facts=runtime.facts,
            starter_threads=RUNC_THREADS,
            foreign=not spec.platform.runs_on(HOST),
            confinement=Confinement(CONTAINERS, filtered=True),
        )
        return machine

    def _nameservers(self) -> str:
        try:
            return self._context.host.read("/etc/resolv.conf").decode("utf-8", "replace")
        except FileSystemError:
            return ""

    def _start(self, machine: Machine, spec: RunSpec, files: OverlayFs, printed: Printed) -> Process:
        try:
            account = find_user(files, spec.user)
        except InvalidParameterError as error:
            command = " ".join(spec.argv)
            raise BuildError(f'process "{command}" did not complete successfully: {error}') from error
        files.mkdir(spec.cwd, parents=True)
        return machine.start(
            spec.argv,
            env=_environment(spec, account),
            cwd=spec.cwd,
            user=account,
            stdout=printed.stream("stdout"),
            stderr=printed.stream("stderr"),
        )


def _environment(spec: RunSpec, account: Account) -> dict[str, str]:
    given = {name: value for name, _, value in (pair.partition("=") for pair in spec.env)}
    return {"PATH": DEFAULT_PATH, **given, "HOME": given.get("HOME", account.home)}


def _refused(key: str, error: ProgramError) -> Iterator[Event]:
    yield StepOutput(key, "stderr", f"runc run failed: unable to start container process: {start_failure(error)}\n")


def _swapped(entry: str) -> str:
    """'host:address' as a line of /etc/hosts."""
    name, _, address = entry.partition(":")
    return f"{address}\t{name}"
