"""id, whoami, groups, su, gosu: who a process runs as."""

from __future__ import annotations

from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.process import DEFAULT_PATH, Process, ProgramError
from dockerlab.runtime.process import User as Credentials
from dockerlab.runtime.programs.accounts import Names, User, find_group, find_user, groups_of
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, complain, is_busybox, missing_operand
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program


@program("id", options="ugGnrz", long="user=u group=g groups=G name=n real=r", usage="[-ugGnr] [USER]")
def id_(proc: Process, args: Arguments) -> int:
    """Print numbers and names of a user and its groups."""
    uid, gid, groups = _credentials(proc, args.operands[0] if args.operands else "")
    names = Names(proc.fs)
    everyone = list(dict.fromkeys([gid, *groups]))
    if "u" in args:
        proc.out(f"{names.user(uid) if 'n' in args else uid}\n")
    elif "g" in args:
        proc.out(f"{names.group(gid) if 'n' in args else gid}\n")
    elif "G" in args:
        proc.out(" ".join(names.group(one) if "n" in args else str(one) for one in everyone) + "\n")
    else:
        proc.out(_described(names, uid, gid, everyone, alone=is_busybox(proc) and not groups) + "\n")
    return 0


def _credentials(proc: Process, name: str) -> tuple[int, int, list[int]]:
    if not name:
        return proc.uid, proc.gid, list(proc.groups)
    user = find_user(proc.fs, name)
    if user is None:
        raise ProgramFailure(f"'{name}': no such user", busybox=f"unknown user {name}")
    return user.uid, user.gid, groups_of(proc.fs, user.name, user.gid)


def _described(names: Names, uid: int, gid: int, groups: list[int], *, alone: bool) -> str:
    def named(number: int, name: str) -> str:
        return f"{number}({name})" if name else str(number)

    text = f"uid={named(uid, names.user(uid, ''))} gid={named(gid, names.group(gid, ''))}"
    if alone:
        return text
    return f"{text} groups={','.join(named(one, names.group(one, '')) for one in groups)}"


@program("whoami", usage="")
def whoami(proc: Process, args: Arguments) -> int:
    """Print the user's name."""
    if args.operands:
        raise UsageFailure(f"extra operand '{args.operands[0]}'")
    user = find_user(proc.fs, str(proc.uid))
    if user is None:
        raise ProgramFailure(f"cannot find name for user ID {proc.uid}", busybox=f"unknown uid {proc.uid}")
    proc.out(f"{user.name}\n")
    return 0


@program("groups", usage="[USER]")
def groups(proc: Process, args: Arguments) -> int:
    """Print the names of a user's groups."""
    names = Names(proc.fs)
    for name in args.operands or [""]:
        _, gid, more = _credentials(proc, name)
        line = " ".join(names.group(one) for one in dict.fromkeys([gid, *more]))
        proc.out(f"{name} : {line}\n" if name else f"{line}\n")
    return 0


def credentials_of(proc: Process, user: User) -> Credentials:
    """A user's numbers for a new process."""
    return Credentials(user.uid, user.gid, tuple(groups_of(proc.fs, user.name, user.gid)))


@program(
    "su",
    options="c:s:lmp",
    long="command=c shell=s login=l preserve-environment=p",
    usage="[-lmp] [-s SH] [-] [USER [FILE ARGS]]",
)
def su(proc: Process, args: Arguments) -> Waiting:
    """Run a shell as another user; only root need not know a password."""
    words = list(args.operands)
    login = "l" in args
    if words[:1] == ["-"]:
        login, words = True, words[1:]
    name = words.pop(0) if words else "root"
    command = args.value("c")
    user = find_user(proc.fs, name)
    if user is None:
        text = f"user {name} does not exist or the user entry does not contain all the required fields"
        raise ProgramFailure(text, busybox=f"unknown user {name}")
    if proc.uid != 0:
        raise ProgramFailure("Authentication failure", busybox="must be suid to work properly")
    _check_switch(proc, "cannot set groups: Operation not permitted", "cannot set user id: Operation not permitted")
    env = dict(proc.env) | {"HOME": user.home, "SHELL": user.shell}
    env |= {"USER": user.name, "LOGNAME": user.name} if user.uid or login else {}
    env |= {"PATH": DEFAULT_PATH} if login else {}
    argv = [args.value("s") or user.shell or "/bin/sh", *(["-c", command] if command else words)]
    cwd = user.home if login and proc.fs.is_dir(user.home) else None
    if is_busybox(proc):
        # Busybox has no session to close, so it goes on as the shell; with PAM su waits for it.
        proc.cwd = cwd or proc.cwd
        return (yield from _become(proc, argv, user, env))
    return (yield from _run_as(proc, argv, user, env, cwd))


@program("su-exec", "gosu", raw=True, usage="USER COMMAND...")
def su_exec(proc: Process, args: Arguments) -> Waiting:
    """Run a command as another user, as entrypoint scripts do."""
    if len(args.operands) < 2:
        raise missing_operand()
    name, _, group = args.operands[0].partition(":")
    user = find_user(proc.fs, name)
    if user is None:
        raise ProgramFailure(
            f"error: failed switching to '{name}': unable to find user {name}: no matching entries in passwd file"
        )
    _check_switch(proc, *[f'error: failed switching to "{args.operands[0]}": operation not permitted'] * 2)
    found = find_group(proc.fs, group) if group else None
    user = User(user.name, user.uid, found.gid if found else user.gid, "", user.home, user.shell)
    return (yield from _become(proc, args.operands[1:], user, dict(proc.env) | {"HOME": user.home}))


def _check_switch(proc: Process, groups: str, user: str) -> None:
    """setgroups(2), then setuid(2), each with a capability of its own; the texts are what GNU says without it."""
    if not proc.capable(Capability.SETGID):
        raise ProgramFailure(groups, busybox="can't set groups: Operation not permitted")
    if not proc.capable(Capability.SETUID):
        raise ProgramFailure(user, busybox="setuid: Operation not permitted")


def _become(proc: Process, argv: list[str], user: User, env: dict[str, str]) -> Waiting:
    """Go on as another program and user (setuid(2), then execve(2)): same pid, so that signals reach the program."""
    who = credentials_of(proc, user)
    try:
        found = proc.machine.find(argv, env=env, cwd=proc.cwd, user=who, fs=proc.root)
    except ProgramError as error:
        reason = "No such file or directory" if error.code == 127 else error.reason
        return complain(proc, f"failed to execute {argv[0]}: {reason}", error.code)
    proc.uid, proc.gid, proc.groups = who.uid, who.gid, tuple(who.groups)
    proc.argv, proc.program_path, proc.flavour = list(found.argv), found.path, found.flavour
    proc.env = env
    proc.handlers = {signum: handler for signum, handler in proc.handlers.items() if handler == "ignore"}
    result = found.program(proc)
    return result if isinstance(result, int) else (yield from result)


def _run_as(proc: Process, argv: list[str], user: User, env: dict[str, str], cwd: str | None) -> Waiting:
    try:
        return (yield from proc.run(argv, env=env, cwd=cwd, user=credentials_of(proc, user)))
    except ProgramError as error:
        reason = "No such file or directory" if error.code == 127 else error.reason
        return complain(proc, f"failed to execute {argv[0]}: {reason}", error.code)
