"""sleep, ps, kill, killall, pidof, top: processes of this machine's pid namespace."""

from __future__ import annotations

import posixpath

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import SIGNAL_NAMES, Process, parse_signal
from dockerlab.runtime.programs.accounts import Names
from dockerlab.runtime.programs.environment import duration
from dockerlab.runtime.programs.formats import instant
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, complain, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.world import NANOSECOND


@program("sleep", usage="[N]...")
def sleep(proc: Process, args: Arguments) -> Waiting:
    """Let the lab's clock run."""
    if not args.operands:
        raise missing_operand()
    yield from proc.sleep(sum(duration(text) for text in args.operands))
    return 0


@program("kill", raw=True, usage="[-l] [-SIG] PID...")
def kill(proc: Process, args: Arguments) -> int:
    """Send a signal."""
    words = args.operands
    signum: int | None = 15
    if words[:1] == ["-l"]:
        return _list_signals(proc, words[1:])
    if words[:1] == ["-s"] or words[:1] == ["-n"]:
        signum, words = parse_signal(words[1] if len(words) > 1 else ""), words[2:]
    elif words and words[0].startswith("-") and words[0] not in ("-", "--") and len(words) > 1:
        signum, words = parse_signal(words[0][1:]), words[1:]
    if signum is None:
        raise ProgramFailure(
            f"{args.operands[0].lstrip('-')}: invalid signal",
            busybox=f"bad signal name '{args.operands[0].lstrip('-')}'",
        )
    pids = [word for word in words if word != "--"]
    if not pids:
        raise ProgramFailure("no process ID specified", busybox="you need to specify whom to kill")
    return max([_signal(proc, pid, signum) for pid in pids])


def _list_signals(proc: Process, words: list[str]) -> int:
    if words:
        number = int(words[0]) - 128 if words[0].isdigit() and int(words[0]) > 128 else parse_signal(words[0])
        proc.out(f"{SIGNAL_NAMES.get(number or 0, '0') if words[0].isdigit() else number}\n")
        return 0
    names = [f"{number:2}) {'SIG' if not is_busybox(proc) else ''}{name}" for number, name in SIGNAL_NAMES.items()]
    proc.out("\n".join(names) + "\n")
    return 0


def _signal(proc: Process, text: str, signum: int) -> int:
    if not text.lstrip("-").isdigit():
        return complain(proc, f"invalid number '{text}'" if is_busybox(proc) else f"failed to parse argument: '{text}'")
    pid = int(text)
    group = [other for other in proc.machine.alive() if other.pgid == -pid or pid == -1] if pid < 0 else []
    target = proc.machine.processes.get(pid)
    targets = group or ([target] if target else [])
    if not targets:
        return complain(
            proc, f"can't kill pid {pid}: No such process" if is_busybox(proc) else f"({pid}): No such process"
        )
    try:
        for each in targets:
            each.kill(signum, proc)
    except FileSystemError:
        return complain(
            proc,
            f"can't kill pid {pid}: Operation not permitted"
            if is_busybox(proc)
            else f"({pid}): Operation not permitted",
        )
    return 0


def name_of(process: Process) -> str:
    """A process's short name, as /proc/PID/comm has it."""
    return posixpath.basename(process.argv[0]) if process.argv else "?"


@program("killall", "pkill", options="s:q019f", long="signal=s quiet=q", usage="[-SIG] NAME...")
def killall(proc: Process, args: Arguments) -> int:
    """Send a signal to all processes of a name."""
    digits = "".join(name for name, _ in args.given if name.isdigit())
    signum = parse_signal(args.value("s") or digits or "TERM")
    if signum is None:
        raise UsageFailure(f"unknown signal {args.value('s')}", busybox=f"bad signal name '{args.value('s')}'")
    code = 0
    for name in args.operands:
        found = [other for other in proc.machine.alive() if name_of(other) == name and other is not proc]
        for each in found:
            each.kill(signum, proc)
        if not found:
            code = complain(proc, f"{name}: no process killed" if is_busybox(proc) else f"{name}: no process found")
    return code


@program("pidof", "pgrep", options="so:fx", usage="[-s] NAME...")
def pidof(proc: Process, args: Arguments) -> int:
    """Print the pids of a name, youngest first."""
    pids = [
        str(other.pid)
        for other in reversed(proc.machine.alive())
        if name_of(other) in args.operands and other is not proc
    ]
    if pids:
        proc.out(("\n" if proc.argv[0].endswith("pgrep") else " ").join(pids) + "\n")
    return 0 if pids else 1


@program("ps", raw=True, usage="[-o COL1,COL2=HEADER]")
def ps(proc: Process, args: Arguments) -> int:
    """List processes."""
    words = args.operands
    everyone = list(proc.machine.processes.values())
    if "-o" in words:
        return _chosen(proc, words, everyone)
    if is_busybox(proc):
        proc.out(_busybox_table(proc, everyone))
        return 0
    letters = "".join(words).replace("-", "")
    if "u" in letters and "f" not in letters:
        proc.out(_user_table(proc, everyone))
    elif "f" in letters:
        proc.out(_full_table(proc, everyone))
    else:
        rows = [f"{each.pid:>7} {_terminal(each):<8} 00:00:00 {name_of(each)}" for each in everyone]
        proc.out("\n".join(["    PID TTY          TIME CMD", *rows]) + "\n")
    return 0


BUSYBOX_WIDTHS = {
    "user": 8, "group": 8, "comm": 16, "pid": 5, "ppid": 5, "pgid": 5, "etime": 7, "nice": 5, "time": 6, "tty": 6,
    "vsz": 4, "sid": 5, "stat": 4, "rss": 4,
}  # fmt: skip
"""Columns of busybox's `ps -o` (procps/ps.c); the last one of a row is as long as it is."""


def _command(process: Process) -> str:
    line = " ".join(process.argv)
    return f"[{name_of(process)}] <defunct>" if process.state == "Z" else line


def _terminal(process: Process) -> str:
    return "pts/0" if process.tty else "?"


def _busybox_table(proc: Process, everyone: list[Process]) -> str:
    names = Names(proc.fs)
    lines = ["PID   USER     TIME  COMMAND"]
    for each in everyone:
        command = f"[{name_of(each)}]" if each.state == "Z" else " ".join(each.argv)
        lines.append(f"{each.pid:5} {names.user(each.uid)[:8]:<8}  0:00 {command}")
    return "\n".join(lines) + "\n"


def _started(process: Process) -> str:
    return f"{instant(process.started):%H:%M}"


def _user_table(proc: Process, everyone: list[Process]) -> str:
    names = Names(proc.fs)
    lines = ["USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"]
    for each in everyone:
        state = each.state + ("s" if each.ppid == 0 else "")
        who = f"{names.user(each.uid):<8} {each.pid:>7}  0.0  0.0   4624  3712 {_terminal(each):<8} {state:<4}"
        lines.append(f"{who} {_started(each)}   0:00 {_command(each)}")
    return "\n".join(lines) + "\n"


def _full_table(proc: Process, everyone: list[Process]) -> str:
    names = Names(proc.fs)
    lines = ["UID          PID    PPID  C STIME TTY          TIME CMD"]
    for each in everyone:
        who = f"{names.user(each.uid):<8} {each.pid:>7} {each.ppid:>7}  0"
        lines.append(f"{who} {_started(each)} {_terminal(each):<8} 00:00:00 {_command(each)}")
    return "\n".join(lines) + "\n"


def _to_the_right(proc: Process, column: str, row: int) -> bool:
    """Whether a cell of `ps -o` is set flush right: numbers are; of the titles only procps's."""
    return column.endswith("pid") and not (is_busybox(proc) and row == 0)


def _chosen(proc: Process, words: list[str], everyone: list[Process]) -> int:
    """-o pid,comm,…: columns by name."""
    names = Names(proc.fs)
    wanted = [part.partition("=") for part in words[words.index("-o") + 1].split(",")]
    rows = []
    for each in everyone:
        age = (proc.kernel.clock.now - each.started) // NANOSECOND
        values = {
            "pid": each.pid, "ppid": each.ppid, "user": names.user(each.uid), "comm": name_of(each),
            "args": _command(each), "cmd": _command(each), "stat": each.state, "state": each.state, "uid": each.uid,
            "pgid": each.pgid, "etime": f"{age // 60:02}:{age % 60:02}", "time": "00:00:00", "tty": _terminal(each),
            "vsz": 4624, "rss": 3712,
        }  # fmt: skip
        rows.append([str(values.get(column, "-")) for column, _, _ in wanted])
    titles = [
        title if equals else column.upper().replace("COMM", "COMMAND").replace("ARGS", "COMMAND")
        for column, equals, title in wanted
    ]
    table = [titles, *rows] if any(titles) else rows
    widths = [max(len(row[at]) for row in table) for at in range(len(wanted))]
    if is_busybox(proc):
        widths = [BUSYBOX_WIDTHS.get(column, width) for (column, _, _), width in zip(wanted, widths, strict=True)]
    for number, row in enumerate(table):
        cells = [
            cell.rjust(width) if _to_the_right(proc, wanted[at][0], number) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        proc.out(" ".join(cells).rstrip() + "\n")
    return 0


@program("top", options="bn:d:", usage="[-b] [-n COUNT] [-d SECONDS]")
def top(proc: Process, args: Arguments) -> int:
    """One look at the processes (there is no screen to redraw)."""
    memory = proc.machine.facts.memory >> 10
    proc.out(f"Mem: {memory // 4}K used, {memory - memory // 4}K free, 1024K shrd, 0K buff, {memory // 8}K cached\n")
    proc.out("CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\n")
    proc.out("  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n")
    names = Names(proc.fs)
    for each in proc.machine.processes.values():
        proc.out(
            f"{each.pid:5} {each.ppid:5} {names.user(each.uid):<8} {each.state}     4624   0%   0   0% "
            f"{_command(each)}\n"
        )
    return 0
