"""The file systems of type proc and sysfs: read-only trees of now, made only when somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dockerlab.fs.live import LiveFs
from dockerlab.fs.stat import Stat
from dockerlab.fs.tree import EMPTY, Directory, Node
from dockerlab.runtime.kernel_files.devices import sys_folder
from dockerlab.runtime.kernel_files.nodes import folder
from dockerlab.runtime.kernel_files.processes import process_folder
from dockerlab.runtime.kernel_files.system import system_files
from dockerlab.runtime.machine import Machine
from dockerlab.runtime.program import Process
from dockerlab.world import Clock


class KernelFs(LiveFs):
    """A live tree whose root is known without making it: to mount it costs nothing."""

    def _stat(self, path: str) -> Stat | None:
        return Stat("d", 0o555, 0, 0, self._clock.now, 0) if path == "/" else super()._stat(path)

    def _kind(self, path: str) -> str:
        return "d" if path == "/" else super()._kind(path)


@dataclass(eq=False)
class KernelFiles:
    """/proc and /sys of one machine, which is known only after its files are mounted."""

    clock: Clock
    mounts: Callable[[], str] = str
    """Makes the text of /proc/mounts."""
    machine: Machine | None = None

    @property
    def proc(self) -> KernelFs:
        """The file system of /proc."""
        return KernelFs(self._proc, self._mark, self.clock)

    @property
    def sys(self) -> KernelFs:
        """The file system of /sys."""
        return KernelFs(self._sys, self._mark, self.clock)

    def _mark(self) -> object:
        kernel = self.machine.kernel if self.machine else None
        return kernel and (kernel.current, kernel.activity, self.clock.now)

    def _proc(self) -> Directory:
        machine, now = self.machine, self.clock.now
        if machine is None:
            return EMPTY
        entries: dict[str, Node] = system_files(machine, _reader(machine), now)
        mounts = self.mounts()
        for pid, process in list(machine.processes.items()):
            entries[str(pid)] = process_folder(process, mounts, now)
        return folder(entries, now)

    def _sys(self) -> Directory:
        return sys_folder(self.machine, self.clock.now) if self.machine else EMPTY


def _reader(machine: Machine) -> int:
    """The pid of whoever reads; who is not of this namespace is shown process 1."""
    current = machine.kernel.current
    return current.pid if isinstance(current, Process) and current.machine is machine else 1
