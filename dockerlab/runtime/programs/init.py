"""docker-init, which is tini: process 1 that hands signals on and reaps (`docker run --init`; tini, src/tini.c)."""

from __future__ import annotations

from collections.abc import Callable

from dockerlab.runtime.executables import EXEC_FORMAT
from dockerlab.runtime.process import SIGNAL_NAMES, Process, ProgramError
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.signals import SIGCHLD, UNCATCHABLE


@program("docker-init", raw=True)
def docker_init(proc: Process, args: Arguments) -> Waiting:
    """Start the words after `--` as a child, and be a good process 1 until it ends."""
    words = args.operands[args.operands[:1] == ["--"] :]
    try:
        child = proc.spawn(words)
    except ProgramError as error:
        reason = "No such file or directory" if error.code == 127 else error.reason
        proc.err(f"[FATAL tini ({proc.machine.next_pid()})] exec {words[0]} failed: {reason}\n")
        return 1 if error.reason == EXEC_FORMAT else error.code
    for number in SIGNAL_NAMES:
        if number not in UNCATCHABLE and number != SIGCHLD:
            proc.handlers[number] = _handing_on(child)
    proc.handlers[SIGCHLD] = lambda _: _reap(proc, child)
    return (yield from proc.wait(child))


def _handing_on(child: Process) -> Callable[[int], None]:
    return lambda number: child.kill(number)


def _reap(proc: Process, child: Process) -> None:
    """Bury the processes that lost their parents."""
    for each in list(proc.machine.processes.values()):
        if each.parent is proc and each is not child and each.exit_code is not None:
            proc.reap(each)
