"""/proc/PID (proc_pid(5)): a process's words, credentials, limits and descriptors."""

from __future__ import annotations

import posixpath

from dockerlab.fs.tree import Directory, Node
from dockerlab.runtime.kernel_files.nodes import folder, link, texts
from dockerlab.runtime.machine import boot_time
from dockerlab.runtime.opening import FileStream
from dockerlab.runtime.program import Process
from dockerlab.runtime.rlimits import table
from dockerlab.runtime.streams import Null, Stream

_STATES = {"R": "running", "S": "sleeping", "T": "stopped", "Z": "zombie"}
_NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "user", "uts")
_FIRST_NAMESPACE = 4_026_532_000
_LONGEST_NAME = 15
_PAGE = 4096
TICK = 10_000_000
"""Nanoseconds of a clock tick (sysconf(3), _SC_CLK_TCK)."""
_MEMORY = 4624 << 10
"""Bytes of a process's memory, as ps shows them."""


def process_folder(process: Process, mounts: str, now: int) -> Directory:
    """Everything about one process."""
    confinement = process.machine.confinement
    contents = {
        "cgroup": "0::/\n",
        "cmdline": "".join(f"{word}\0" for word in process.argv),
        "comm": f"{_name(process)}\n",
        "environ": "".join(f"{name}={value}\0" for name, value in process.env.items()),
        "limits": table(process.limits),
        "mounts": mounts,
        "oom_score_adj": f"{confinement.oom_score}\n",
        "stat": _stat(process, now),
        "statm": f"{_MEMORY // _PAGE} {_MEMORY // _PAGE // 2} {_MEMORY // _PAGE // 2} 1 0 0 0\n",
        "status": _status(process),
    }
    entries: dict[str, Node] = texts(contents, now)
    entries |= {
        "cwd": link(process.cwd, now),
        "exe": link(_executable(process), now),
        "root": link("/", now),
        "fd": folder({str(fd): link(_target(process.fds[fd]), now) for fd in sorted(process.fds)}, now, 0o500),
        "ns": folder({name: link(_namespace(process, name), now) for name in _NAMESPACES}, now, 0o511),
    }
    return folder(entries, now)


def _name(process: Process) -> str:
    return posixpath.basename(process.argv[0])[:_LONGEST_NAME] if process.argv else "?"


def _executable(process: Process) -> str:
    found = process.fs.find(process.program_path)
    return process.fs.realpath(process.program_path) if found is not None else process.program_path


def _target(stream: Stream) -> str:
    if stream.terminal:
        return "/dev/pts/0"
    if isinstance(stream, Null):
        return "/dev/null"
    return stream.path if isinstance(stream, FileStream) else "pipe:[1]"


def _namespace(process: Process, name: str) -> str:
    """The number of a namespace; the host's user namespace and cgroup root are everybody's."""
    kind = "pid" if name == "pid_for_children" else name
    first = process.machine.init or process
    own = 0 if kind == "user" else first.host_pid * len(_NAMESPACES) + _NAMESPACES.index(kind)
    return f"{kind}:[{_FIRST_NAMESPACE + own}]"


def _status(process: Process) -> str:
    confinement, state = process.machine.confinement, process.state
    effective = process.bounding if process.uid == 0 else 0
    cpus = confinement.cpus or tuple(range(process.machine.facts.cpus))
    rows = {
        "Name": _name(process),
        "Umask": f"{process.umask:04o}",
        "State": f"{state} ({_STATES[state]})",
        "Tgid": process.pid,
        "Ngid": 0,
        "Pid": process.pid,
        "PPid": process.ppid,
        "TracerPid": 0,
        "Uid": "\t".join([str(process.uid)] * 4),
        "Gid": "\t".join([str(process.gid)] * 4),
        "FDSize": 64,
        "Groups": "".join(f"{group} " for group in sorted(process.groups)),
        "VmPeak": f"{_MEMORY >> 10:8} kB",
        "VmSize": f"{_MEMORY >> 10:8} kB",
        "VmRSS": f"{_MEMORY >> 11:8} kB",
        "Threads": 1,
        "CapInh": _mask(0),
        "CapPrm": _mask(effective),
        "CapEff": _mask(effective),
        "CapBnd": _mask(process.bounding),
        "CapAmb": _mask(0),
        "NoNewPrivs": int(confinement.no_new_privileges),
        "Seccomp": 2 if confinement.filtered else 0,
        "Seccomp_filters": int(confinement.filtered),
        "Cpus_allowed": f"{sum(1 << cpu for cpu in cpus):x}",
        "Cpus_allowed_list": ranges(cpus),
        "Mems_allowed_list": 0,
    }
    return "".join(f"{name}:\t{value}\n" for name, value in rows.items())


def _mask(bits: int) -> str:
    return f"{bits:016x}"


def ranges(numbers: tuple[int, ...]) -> str:
    """'0-2,5' of 0, 1, 2 and 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _stat(process: Process, now: int) -> str:
    started = (process.started - boot_time(process.machine.facts, now)) // TICK
    numbers = [process.ppid, process.pgid, process.pgid, 0, -1, 4_194_304, *[0] * 9, 20, 0, 1, 0, started, _MEMORY]
    return f"{process.pid} ({_name(process)}) {process.state} {' '.join(map(str, numbers))}{' 0' * 29}\n"
