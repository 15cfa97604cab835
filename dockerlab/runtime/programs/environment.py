"""env, printenv, pwd, which, and programs that start others: nice, nohup, timeout, setsid."""

from __future__ import annotations

import posixpath
import re

from dockerlab.errors import FileSystemError
from dockerlab.runtime.permissions import may
from dockerlab.runtime.process import DEFAULT_PATH, Process, ProgramError, parse_signal
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, complain, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

TIMED_OUT = 124


@program(
    "env",
    options="+iu:C:0v",
    long="ignore-environment=i unset=u chdir=C null=0",
    usage="[-i0] [-u NAME]... [-] [NAME=VALUE]... [PROG ARGS]",
    usage_code=125,
)
def env(proc: Process, args: Arguments) -> Waiting:
    """Print the environment, or run a program in a changed one."""
    words = list(args.operands)
    empty = "i" in args or words[:1] == ["-"]
    words = words[1:] if words[:1] == ["-"] else words
    variables = {} if empty else dict(proc.env)
    for name in args.all("u"):
        variables.pop(name, None)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if words:
        return (yield from run_other(proc, words, env=variables, cwd=args.value("C") or None))
    ending = "\0" if "0" in args else "\n"
    proc.out("".join(f"{name}={value}{ending}" for name, value in variables.items()))
    return 0


def run_other(proc: Process, words: list[str], **how: object) -> Waiting:
    """Run a program; where that fails, say it in the flavour's words and return 126 or 127."""
    try:
        return (yield from proc.run(words, **how))
    except ProgramError as error:
        reason = "No such file or directory" if error.code == 127 else error.reason
        gnu = {"timeout": "failed to run command ", "nohup": "failed to run command "}.get(proc.argv[0], "")
        text = f"can't execute '{words[0]}': {reason}" if is_busybox(proc) else f"{gnu}'{words[0]}': {reason}"
        return complain(proc, text, error.code)


@program("printenv", options="0", long="null=0", usage="[VARIABLE]...", usage_code=2)
def printenv(proc: Process, args: Arguments) -> int:
    """Print the environment, or some of it."""
    ending = "\0" if "0" in args else "\n"
    if not args.operands:
        proc.out("".join(f"{name}={value}{ending}" for name, value in proc.env.items()))
        return 0
    found = [proc.env[name] for name in args.operands if name in proc.env]
    proc.out("".join(value + ending for value in found))
    return 0 if len(found) == len(args.operands) else 1


@program("pwd", options="LP", long="logical=L physical=P", usage="[-LP]")
def pwd(proc: Process, args: Arguments) -> int:
    """Print the working directory."""
    try:
        proc.out(f"{proc.fs.realpath(proc.cwd)}\n")
    except FileSystemError as error:
        raise ProgramFailure(
            f"couldn't find directory entry in '..': {error.strerror}", busybox=f"getcwd: {error.strerror}"
        ) from None
    return 0


@program("which", options="as", usage="[-a] COMMAND...")
def which(proc: Process, args: Arguments) -> int:
    """Print where programs are found."""
    if not args.operands and is_busybox(proc):
        raise missing_operand()
    code = 0 if args.operands else 1
    for name in args.operands:
        found = [file for file in _candidates(proc, name) if _executable(proc, file)]
        if not found:
            code = 1
        proc.out("".join(f"{file}\n" for file in (found if "a" in args else found[:1])))
    return code


def _candidates(proc: Process, name: str) -> list[str]:
    if "/" in name:
        return [name]
    folders = proc.env.get("PATH", DEFAULT_PATH).split(":")
    return [posixpath.join(folder or ".", name) for folder in folders]


def _executable(proc: Process, file: str) -> bool:
    try:
        status = proc.fs.stat(proc.path(file))
    except FileSystemError:
        return False
    return status.kind == "f" and may(proc, status, 1)


@program("nice", options="+n:0123456789", long="adjustment=n", usage="[-n ADJUST] [PROG ARGS]", usage_code=125)
def nice(proc: Process, args: Arguments) -> Waiting:
    """Run a program with another priority, which makes no difference here."""
    if not args.operands:
        proc.out("0\n")
        return 0
    return (yield from run_other(proc, args.operands))


@program("nohup", options="+", usage="PROG ARGS", usage_code=125)
def nohup(proc: Process, args: Arguments) -> Waiting:
    """Run a program that outlives a hang-up; a terminal's output goes to nohup.out."""
    if not args.operands:
        raise missing_operand()
    proc.handlers[1] = "ignore"
    how: dict[str, object] = {}
    if proc.is_terminal(1):
        complain(proc, "ignoring input and appending output to 'nohup.out'")
        how["stdout"] = proc.open("nohup.out", "a")
    return (yield from run_other(proc, args.operands, **how))


@program("setsid", options="+cwf", long="wait=w fork=f", usage="[-c] PROG ARGS")
def setsid(proc: Process, args: Arguments) -> Waiting:
    """Run a program in a session of its own."""
    if not args.operands:
        raise missing_operand()
    return (yield from run_other(proc, args.operands))


@program(
    "timeout",
    options="+s:k:vfp",
    long="signal=s kill-after=k preserve-status=p foreground=f",
    usage="[-s SIG] SECS PROG ARGS",
    usage_code=125,
)
def timeout(proc: Process, args: Arguments) -> Waiting:
    """Run a program and end it when it takes too long: exit code 124 (busybox: that of the signal)."""
    if len(args.operands) < 2:
        raise UsageFailure("missing operand")
    signum = parse_signal(args.value("s", "TERM"))
    if signum is None:
        raise UsageFailure(f"'{args.value('s')}': invalid signal", busybox=f"bad signal name '{args.value('s')}'")
    seconds = duration(args.operands[0])
    words = args.operands[1:]
    try:
        child = proc.spawn(words)
    except ProgramError:
        return (yield from run_other(proc, words))
    ended = yield from proc.kernel.until(lambda: child.exit_code is not None, seconds or None)
    if ended:
        return (yield from proc.wait(child))
    child.kill(signum, proc)
    if "k" in args:
        yield from proc.kernel.until(lambda: child.exit_code is not None, duration(args.value("k")))
        child.kill(9, proc)
    code = yield from proc.wait(child)
    return code if "p" in args or is_busybox(proc) else TIMED_OUT


UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> float:
    """A time with a unit: '1', '0.5', '2m', '1h'; 'infinity' is a very long one."""
    if text in ("inf", "infinity"):
        return 1e9
    found = re.fullmatch(r"(\d+\.?\d*|\.\d+)([smhd]?)", text)
    if not found:
        raise UsageFailure(f"invalid time interval '{text}'", busybox=f"invalid number '{text}'")
    return float(found[1]) * UNITS[found[2]]
